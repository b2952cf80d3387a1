"""`portside journal`: records found, told, followed, taken along, and their chain verified."""

import asyncio
import csv
import hashlib
import io
import json
import signal
import sqlite3
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from patience import PATIENCE

from console.cli.journal_shown import summary
from console.operations.actor import whoami
from console.operations.journal import Entry, Journal, RecordKind, read

from .programs import PORTSIDE, Ended, environment, portside


async def write(home: Path, *entries: Entry, site: str = "hall2", operator: str = "tess") -> None:
    """Append records as a console at a site does."""
    book = Journal(home / "state", site=site, mode="LIVE", actor=whoami(operator, "technician"))
    await book.write(*entries)
    await book.close()


def told(op: str, kind: RecordKind, outcome: str = "", target: str = "port 4") -> Entry:
    return Entry(kind=kind, op=op, target=target, action="openport", outcome=outcome)


@pytest.fixture
async def kept(home: Path) -> Path:
    """Four commands: one confirmed, one settled after it was unknown, one unknown still, one refused."""
    await write(
        home,
        told("op1", RecordKind.INTENT),
        told("op1", RecordKind.OUTCOME, "accepted"),
        told("op1", RecordKind.SETTLED, "confirmed"),
        told("op2", RecordKind.INTENT, target="port 5"),
        told("op2", RecordKind.OUTCOME, "unknown", target="port 5"),
        told("op3", RecordKind.INTENT, target="port 6"),
        told("op3", RecordKind.OUTCOME, "unknown", target="port 6"),
        told("op2", RecordKind.SETTLED, "applied", target="port 5"),
    )
    refused = (told("op4", RecordKind.INTENT), told("op4", RecordKind.OUTCOME, "refused"))
    await write(home, *refused, site="hall3", operator="=sue")
    return home


def asked(home: Path, line: str) -> Ended:
    return portside(home, "journal", *line.split())


FILTERS = {
    "": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    "--last 3": [8, 9, 10],
    "--last 0": [],
    "--outcome unknown": [5, 7],
    "--outcome unknown --last 1": [7],
    "--outcome not-reached": [],
    "--site hall3": [9, 10],
    "--operator tess --kind settled": [3, 8],
    "--kind intent --kind outcome --last 3": [7, 9, 10],
    "--since 1h --site hall3 --outcome refused": [10],
    "--since 2100-01-01": [],
    "--run r1": [],
}


@pytest.mark.parametrize("line", FILTERS, ids=lambda line: line or "all")
def test_records_are_found(kept: Path, line: str) -> None:
    rows = asked(kept, f"list --json {line}")
    assert (rows.code, rows.err) == (0, "")
    assert [row["seq"] for row in rows.json] == FILTERS[line]


@pytest.mark.parametrize(
    "line", ["--outcome nonsense", "--kind nonsense", "--since never", "--last -1", "show", "--out x"]
)
def test_a_filter_that_cannot_be_right(kept: Path, line: str) -> None:
    done = asked(kept, line)
    assert (done.code, done.out) == (2, "")


def test_unknown_is_counted_apart(kept: Path) -> None:
    out = asked(kept, "list").out
    assert out.splitlines()[-1] == "10 records of 4 commands: 1 applied, 1 confirmed, 1 refused; UNKNOWN 1"
    assert "UNKNOWN" in next(line for line in out.splitlines() if line.startswith("5 "))


def test_the_last_word_about_a_command_counts(kept: Path) -> None:
    some = list(read(kept / "state", op="op2"))
    assert summary(some[:2]) == "2 records of 1 command; UNKNOWN 1"
    assert summary(some) == "3 records of 1 command: 1 applied; UNKNOWN 0"


async def test_a_command_of_which_nothing_more_is_told_is_unknown(home: Path) -> None:
    await write(home, told("op1", RecordKind.INTENT), told("op2", RecordKind.INTENT))
    await write(home, told("op2", RecordKind.OUTCOME, "refused"))
    assert asked(home, "list").out.endswith("3 records of 2 commands: 1 refused; UNKNOWN 1\n")
    endings_left_out = "2 records of 2 commands: 2 without an outcome; UNKNOWN 0\n"
    assert asked(home, "list --kind intent").out.endswith(endings_left_out)


def test_one_command_is_shown(kept: Path) -> None:
    assert [row["outcome"] for row in asked(kept, "show op2 --json").json] == ["", "unknown", "applied"]
    missing = asked(kept, "show op9")
    assert (missing.code, missing.out) == (2, "")


def test_an_export_is_the_chain_itself(kept: Path) -> None:
    lines = asked(kept, "export").out.splitlines()
    assert len(lines) == 10
    for line, after in pairwise(lines):
        assert json.loads(after)["previous"] == hashlib.sha256(line.encode()).hexdigest()
    (noted,) = asked(kept, "list --kind export --json").json
    assert noted["seq"] == 11


def test_an_export_into_a_file(kept: Path) -> None:
    file = kept / "export.csv"
    done = asked(kept, f"export --csv --out {file} --site hall3")
    again = asked(kept, f"export --csv --out {file}")

    assert (done.code, done.out, again.code) == (0, "", 2)
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [(row["seq"], row["operator"]) for row in rows] == [("9", "'=sue"), ("10", "'=sue")]


def test_a_whole_chain_holds(kept: Path) -> None:
    done = asked(kept, "verify")
    assert done.code == 0
    assert done.out.startswith("10 records hold, from number 1 on; the head is ")
    assert asked(kept, "verify --json").json["problem"] == ""


def test_a_changed_record_breaks_it(kept: Path) -> None:
    with sqlite3.connect(kept / "state" / "journal.sqlite") as connection:
        connection.execute("UPDATE record SET body = replace(body, 'port 5', 'port 9') WHERE seq = 5")
    connection.close()
    done = asked(kept, "verify")

    assert (done.code, done.out) == (1, "")
    assert "record 5 was changed" in done.err


def test_where_nothing_was_commanded_all_is_well(home: Path) -> None:
    for part in ("list --json", "verify", "export"):
        assert asked(home, part).code == 0
    assert not (home / "state").exists()


def test_it_is_followed_as_it_is_written(kept: Path) -> None:
    following = subprocess.Popen(
        [*PORTSIDE, "journal", "follow", "--json", "--last", "1", "--outcome", "refused"],
        env=environment(kept),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert following.stdout is not None
    try:
        assert json.loads(following.stdout.readline())["seq"] == 10
        more = (told("op5", RecordKind.OUTCOME, "accepted"), told("op6", RecordKind.OUTCOME, "refused"))
        asyncio.run(write(kept, *more))
        assert json.loads(following.stdout.readline())["op"] == "op6"
        following.send_signal(signal.SIGINT)
        assert following.wait(PATIENCE) == 0
    finally:
        following.kill()
        following.stdout.close()
        following.wait()
