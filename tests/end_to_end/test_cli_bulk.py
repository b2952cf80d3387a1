"""`portside port`, `bin`, `case`, `rule`: shown before they are sent, sent once, and 0 only when it is so."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import PATIENCE

from console.cli.main import help_text, main

from .cli_bulk import Hall, classes, shown_digest
from .programs import Simulator, journal


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One for all tests here: each commands ports and devices of its own."""
    with Simulator(tmp_path_factory.mktemp("bulk"), "--ports", "40", "--devices", "20") as started:
        yield started


@pytest.fixture
def hall(home: Path, simulator: Simulator) -> Hall:
    return Hall(home, simulator)


def test_every_target_is_confirmed_and_then_already_so(hall: Hall) -> None:
    first = hall.run("port open 21-23 --yes --json")
    again = hall.run("port open 21-23 --yes --json")

    assert (first.code, again.code) == (0, 0)
    assert classes(first.json) == {f"port {n}": "confirmed" for n in (21, 22, 23)}
    assert again.json["fates"] == {"already so": 3}
    assert sorted(hall.sent_to(21, 22, 23)) == [("openport", 21), ("openport", 22), ("openport", 23)]


def test_without_agreement_nothing_is_sent_and_the_plan_that_was_shown_can_be_begun_once(hall: Hall) -> None:
    shown = hall.run("port open 24,25 category=1 --json")

    assert (shown.code, shown.json["count"]) == (2, 2)
    assert [row["after"] for row in shown.json["rows"]] == ["mode OPEN, category 1"] * 2
    assert hall.sent_to(24, 25) == []

    digest = shown_digest(shown)
    other = hall.run(f"port open 24,26 category=1 --yes {digest}")
    different = hall.run(f"port open 24,25 category=2 --yes {digest}")
    begun = hall.run(f"port open 24,25 category=1 --yes {digest}")
    twice = hall.run(f"port open 24,25 category=1 --yes {digest}")

    assert (other.code, different.code, begun.code, twice.code) == (2, 2, 0, 2)
    assert "about something else" in other.err
    assert "about something else" in different.err
    assert "begun already" in twice.err
    assert sorted(hall.sent_to(24, 25, 26)) == [("openport", 24), ("openport", 25)]


def test_many_targets_need_the_digest(home: Path, simulator: Simulator) -> None:
    hall = Hall(home, simulator, safety="typed_above = 1")
    refused = hall.run("port open 27,28 --yes")

    assert refused.code == 2
    assert hall.sent_to(27, 28) == []
    assert hall.run(f"port open 27,28 --yes {shown_digest(refused)}").code == 0
    assert len(hall.sent_to(27, 28)) == 2


def test_a_dry_run_looks_and_sends_nothing(hall: Hall) -> None:
    before = hall.simulator.record.read_bytes()
    done = hall.run("port open 1-20 category=1 --dry-run --yes --json")
    closing = hall.run("port close 19 --dry-run --csv")

    assert done.code == 0
    assert [row["would_send"] for row in done.json] == [True] * 20
    assert closing.code == 0
    assert closing.out.splitlines()[1].endswith("already closed")
    assert hall.simulator.record.read_bytes() == before
    assert journal(hall.home) == []


def test_one_that_is_refused_by_its_state_is_no_success(hall: Hall) -> None:
    assert hall.run("port open 29 --yes").code == 0
    done = hall.run("bin call 29,30 --yes --json")

    assert done.code == 6
    assert classes(done.json)["port 30"] == "left_out"
    assert {row["target"]: row["reason"] for row in done.json["rows"]}["port 30"] == "the port is closed"
    assert hall.sent_to(30) == []


def test_the_same_rule_for_many_devices_and_away_again(hall: Hall) -> None:
    rule = ("name=all calls", "cut=1", "add=2")
    assert hall.run("rule", "add", "3", *rule, "--yes").code == 0
    added = hall.run("rule", "add", "2-4", *rule, "--yes", "--json")
    deleted = hall.run("rule", "delete", "2-5", *rule, "--yes", "--json")

    assert (added.code, deleted.code) == (0, 0)
    assert classes(added.json) == {"device 2": "confirmed", "device 3": "already_so", "device 4": "confirmed"}
    assert list(classes(deleted.json).values()) == ["confirmed"] * 3 + ["already_so"]
    assert len(hall.sent(name="all calls")) == 3


def test_a_port_runs_out_and_is_then_closed(hall: Hall) -> None:
    assert hall.run("port runout 31 --yes --json").json["counts"] == {"confirmed": 1}
    assert hall.run("port open 32 --yes").code == 0
    done = hall.run("port close 31,32 --run-out --yes --json")

    assert hall.sent_to(31) == [("openport", 31), ("closeport", 31)]
    assert [row["class"] for row in done.json["rows"] if row["target"] == "port 31"] == [
        "already_so",
        "confirmed",
    ]


def bin_mode(hall: Hall, port: int) -> str:
    (row,) = hall.run(f"ports --ports {port} --json").json
    return f"{row['mode']} {row['bin_mode']}"


def test_bins_and_cases(hall: Hall) -> None:
    assert hall.run("port open 4 category=1 category=2 --yes").code == 0
    assert hall.run("bin call 4 --yes").code == 0
    end = time.monotonic() + PATIENCE
    while bin_mode(hall, 4) != "OPEN OPEN":
        assert time.monotonic() < end

    extracted = hall.run("case extract 4 --yes --json")
    assert (extracted.code, extracted.json["counts"]) == (0, {"confirmed": 1})
    hall.run("case cancel 4 --yes")
    hall.run("bin close 4 --yes")
    methods = [method for method, _ in hall.sent_to(4)]
    assert methods[:3] == ["openport", "openbin", "case_extract"]


READ_ONLY = {
    "flag": (("--read-only",), {}),
    "environment": ((), {"PORTSIDE_READ_ONLY": "1"}),
}


@pytest.mark.parametrize("way", READ_ONLY)
def test_read_only_looks_and_sends_nothing(hall: Hall, way: str) -> None:
    flags, variables = READ_ONLY[way]
    refused = hall.run("port", "open", "33", "--yes", *flags, **variables)
    looked = hall.run("port", "open", "33", "--dry-run", *flags, **variables)

    assert (refused.code, looked.code) == (2, 0)
    assert "read-only" in refused.err
    assert hall.sent_to(33) == []


def test_a_value_that_cannot_be_right_is_refused_for_all(hall: Hall) -> None:
    for words in ("category=x", "colour=red", "port_mode=OPEN port_mode=SWAP"):
        done = hall.run(f"port open 34,35 {words} --yes")
        assert (done.code, done.out) == (2, "")
        assert words.partition("=")[0] in done.err
    assert hall.sent_to(34, 35) == []
    assert not (hall.home / "state").exists()


def test_a_controller_that_does_not_answer_gets_nothing(hall: Hall) -> None:
    hall.settings.write_text(hall.settings.read_text().replace(hall.simulator.autostore_url, nobody()))
    done = hall.run("port open 36 --yes --json")

    assert (done.code, done.json["fates"]) == (5, {"skipped": 1})
    assert "could not be read" in done.json["rows"][0]["reason"]


def nobody() -> str:
    """Return an address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("verb", ["port", "bin", "case", "rule", "bulk", "runs"])
def test_each_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: portside {verb} ")
    assert verb in help_text()


def test_without_a_journal_nothing_is_sent(hall: Hall) -> None:
    (hall.home / "state").write_text("a file where the folder should be")
    done = hall.run("port open 36 --yes")

    assert (done.code, done.out) == (1, "")
    assert "journal" in done.err
    assert hall.sent_to(36) == []
