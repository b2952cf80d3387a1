"""Plans from tables and files: every bad row is named, and a plan runs only as and where it was made."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from patience import PATIENCE

from console.operations.bulk import plan_files
from console.operations.bulk.plan import Plan, sealed

from .cli_bulk import Hall, classes, shown_digest
from .programs import Simulator, journal

TABLE = b'\xef\xbb\xbfport,action,category\r\n2,port.open,"2 3"\r\n"3",port.open,1\r\n\r\n4,port.close,\r\n'
"""As spreadsheets write it: a mark at the start, CRLF, quotes, an empty line."""

WRONG = b"""port,action,category
2,port.open,1
2,port.open,2
x,port.open,1
3,port.opne,1
4,port.open,=1+1
5,port.open
6,port.close,1
"""

WRONG_LINES = {
    3: "the same as line 2",
    4: "port is not a number",
    5: "no action port.opne",
    6: "formula",
    7: "2 cells under 3 columns",
    8: "takes no category",
}


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("files"), "--ports", "20", "--devices", "8") as started:
        yield started


@pytest.fixture
def hall(home: Path, simulator: Simulator) -> Hall:
    return Hall(home, simulator, ports="1-20")


def test_a_mixed_plan_from_a_table_is_kept_shown_and_run(hall: Hall) -> None:
    table, file = hall.home / "morning.csv", hall.home / "morning.toml"
    table.write_bytes(TABLE)
    planned = hall.run("bulk", "plan", "--from", str(table), "--out", str(file), "--json")

    assert planned.code == 0
    assert [row["after"] for row in planned.json["rows"]] == [
        "mode OPEN, category 2 3",
        "mode OPEN, category 1",
        "mode CLOSED, case NOOP",
    ]
    assert planned.json["fates"] == {"included": 2, "already so": 1}
    assert file.stat().st_mode & 0o777 == 0o600
    assert hall.sent_to(2, 3, 4) == []

    shown = hall.run("bulk", "preview", str(file), "--json")
    assert shown.json["rows"] == planned.json["rows"]
    wrong = hall.run(f"bulk run {file} --yes 0123456789ab")
    done = hall.run(f"bulk run {file} --yes {shown_digest(planned)} --json")
    assert (wrong.code, done.code) == (2, 0)
    assert classes(done.json) == {"port 2": "confirmed", "port 3": "confirmed", "port 4": "already_so"}
    assert hall.sent(port_id=2)[0]["arguments"]["category"] == [2, 3]

    assert hall.run("bulk", "plan", "--from", str(table), "--out", str(file)).code == 2  # it is there already
    again = hall.run("bulk", "plan", "--from", str(file), "--json").json
    assert {row["fate"] for row in again["rows"]} <= {"refused", "already so"}


def test_every_bad_row_is_named_and_none_is_planned(hall: Hall) -> None:
    table = hall.home / "wrong.csv"
    table.write_bytes(WRONG)
    done = hall.run("bulk", "plan", "--from", str(table))

    assert (done.code, done.out) == (2, "")
    named = {
        int(line.partition("line ")[2].partition(":")[0]): line
        for line in done.err.splitlines()
        if "line " in line
    }
    assert [line for line, why in WRONG_LINES.items() if why not in named.pop(line, "")] == []
    assert named == {}
    assert not (hall.home / "state").exists()


WISHES = """
title = "South wall"

[[wish]]
action = "port.open"
targets = "13,14"
values = { category = [2, 3] }

[[wish]]
action = "port.close"
targets = [15]
"""

WRONG_WISHES = """
[[wish]]
action = "port.open"
targets = "13,14"

[[wish]]
action = "port.open"
targets = [14, 99]

[[wish]]
action = "port.open"
targets = 16
values = { category = 0 }
colour = "red"

[[wish]]
action = "port.close"
targets = 13
"""

WRONG_ENTRIES = ["line 6: entry 2: ", "line 10: entry 3: ", "line 16: entry 4: "]


def test_wishes_that_a_person_wrote_become_a_plan(hall: Hall) -> None:
    file = hall.home / "wishes.toml"
    file.write_text(WISHES)
    planned = hall.run("bulk", "plan", str(file), "--json")

    assert (planned.code, planned.json["title"]) == (0, "South wall")
    assert [(row["action"], row["target"], row["after"]) for row in planned.json["rows"]] == [
        ("port.open", "port 13", "mode OPEN, category 2 3"),
        ("port.open", "port 14", "mode OPEN, category 2 3"),
        ("port.close", "port 15", "mode CLOSED"),
    ]
    digest = shown_digest(planned)
    assert hall.run(f"bulk run {digest} --yes {digest}").code == 0
    assert hall.sent_to(13, 14, 15) == [("openport", 13), ("openport", 14)]
    (listed,) = hall.run("runs list --json").json
    assert listed["title"] == "South wall"
    assert datetime.fromisoformat(listed["started_utc"]).tzinfo is not None


def test_every_wrong_wish_is_named_and_none_is_planned(hall: Hall) -> None:
    file = hall.home / "wishes.toml"
    file.write_text(WRONG_WISHES)
    done = hall.run("bulk", "plan", "--from", str(file))
    beside = hall.run("bulk", "plan", str(file), "13")
    twice = hall.run("bulk", "plan", "port.open", "--from", str(file))
    file.write_text("[[wish\n")
    broken = hall.run("bulk", "plan", str(file))

    assert {one.code for one in (done, beside, twice, broken)} == {2}
    assert [one for one in WRONG_ENTRIES if one not in done.err] == []
    assert "nothing is planned: 3 problems" in done.err
    assert "names the targets" in beside.err
    assert "leave the action out" in twice.err
    assert "not TOML" in broken.err and "line 1" in broken.err
    assert not (hall.home / "state").exists()


def plan_of(hall: Hall, ports: str, name: str) -> Path:
    file = hall.home / name
    assert hall.run(f"bulk plan port.open {ports} --out {file}").code == 0
    return file


def refusal(hall: Hall, file: Path) -> str:
    """Return why a plan is not begun, with its own digest agreed to."""
    digest = file.read_text().partition('digest = "')[2][:8]
    done = hall.run(f"bulk run {file} --yes {digest}")
    assert (done.code, done.out) == (2, "")
    return done.err


def test_a_plan_that_is_not_what_was_shown(hall: Hall, tmp_path: Path, simulator: Simulator) -> None:
    file = plan_of(hall, "5,6", "plan.toml")
    text = file.read_text()
    plan = plan_files.load(file)

    file.write_text(text.replace("target = 6", "target = 7"))
    assert "changed since it was made" in refusal(hall, file)
    file.write_text("not TOML [")
    assert "this is no plan" in refusal(hall, file)
    file.write_text(plan_files.to_toml(in_the_future(plan)))
    assert "clock of this machine was moved back" in refusal(hall, file)
    file.write_text(plan_files.to_toml(sealed(replace(plan, title="made by hand"))))
    assert "not made on this host" in refusal(hall, file)

    file.write_text(text)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Hall(elsewhere, simulator, ports="1-20")
    assert "not made on this host" in refusal(other, file)
    settings = other.settings.read_text().replace("sites.hall2", "sites.hall3")
    other.settings.write_text(settings)
    assert "for the site hall2, and this is hall3" in refusal(other, file)
    assert hall.sent_to(5, 6, 7) == []


def in_the_future(plan: Plan) -> Plan:
    return sealed(replace(plan, made_utc=plan.made_utc + timedelta(hours=1)))


def test_an_expired_plan_is_made_again(home: Path, simulator: Simulator) -> None:
    hall = Hall(home, simulator, ports="1-20", safety="plan_seconds = 1")
    file = plan_of(hall, "8,9", "plan.toml")
    end = time.monotonic() + PATIENCE
    while hall.run(f"bulk preview {file} --json").json["seconds_left"]:
        assert time.monotonic() < end
    assert "make it again" in refusal(hall, file)
    assert hall.sent_to(8, 9) == []


def test_a_critical_plan_waits_for_a_second_person(home: Path, simulator: Simulator) -> None:
    hall = Hall(home, simulator, ports="1-20", safety='critical = ["port.open"]')
    shown = hall.run("port open 10 --yes --json")
    digest = shown.json["digest"]
    alone = hall.run(f"port open 10 --yes {digest}")
    own = hall.run(f"bulk approve {digest}")

    assert (shown.code, alone.code, own.code) == (2, 2, 2)
    assert shown.json["site_typed"] and shown.json["needs_approval"]
    assert f"portside bulk approve {digest[:8]}" in shown.err
    assert "a second person has to approve" in alone.err
    assert "role" in own.err or "own" in own.err
    assert hall.sent_to(10) == []


def test_one_class_once_more_and_the_way_back(hall: Hall) -> None:
    run = hall.run("port open 11,12 --yes --json").json["run"]
    nothing = hall.run(f"bulk retry {run}")
    shown = hall.run(f"bulk undo {run} --json")
    other = hall.run(f"bulk retry {run} --yes {shown_digest(shown)}")
    undone = hall.run(f"bulk undo {run} --yes {shown_digest(shown)} --json")

    assert (nothing.code, shown.code, other.code, undone.code) == (2, 2, 2, 0)
    assert "is failed" in nothing.err
    assert undone.json["parent"] == run
    assert hall.sent_to(11) == [("openport", 11), ("closeport", 11)]
    assert [row["kind"] for row in journal(hall.home)].count("undo") == 1

    report = hall.run(f"bulk report {run} --csv")
    assert (report.code, len(report.out.splitlines())) == (0, 3)
    assert hall.run("bulk report r-nowhere").code == 2
