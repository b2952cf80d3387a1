"""What a supervisor alone does: command without a journal, and move old records (rules 48, 49 and 52)."""

import json
from pathlib import Path

import pytest

from console.operations.actor import whoami
from console.operations.journal import Entry, Journal, RecordKind

from .programs import Ended, Simulator, portside
from .sites import write_site

EMERGENCY = 'safety = { emergency = ["port.close"] }'


@pytest.fixture
def person(home: Path, shared_simulator: Simulator) -> Path:
    """The settings of a supervisor."""
    path = write_site(home, autostore_url=shared_simulator.autostore_url, more=EMERGENCY)
    path.write_text('role = "supervisor"\njournal_days = 30\n' + path.read_text())
    return path


def call(home: Path, settings: Path, *words: str) -> Ended:
    return portside(home, "call", *words, "--config", str(settings))


def test_an_emergency_command_goes_without_a_journal_for_a_reason(home: Path, person: Path) -> None:
    (home / "state").write_text("in the way")
    refused = call(home, person, "closeport", "port_id=13")
    assert (refused.code, refused.json["outcome"]) == (1, "not_sent")
    assert "no command without a journal" in refused.err

    done = call(home, person, "closeport", "port_id=13", "--despite", "a hand is in the way")
    assert (done.code, done.json["fault"]["code"]) == (3, 1009), "it arrived, and the port was closed"
    assert "note by hand" in done.err


@pytest.mark.parametrize(("role", "method"), [("technician", "closeport"), ("supervisor", "openport")])
def test_nobody_else_and_nothing_else_goes_without_a_journal(
    home: Path, person: Path, role: str, method: str
) -> None:
    person.write_text(person.read_text().replace("supervisor", role))
    (home / "state").write_text("in the way")
    refused = call(home, person, method, "port_id=13", "--despite", "I want to")
    assert (refused.code, refused.json["outcome"]) == (1, "not_sent")
    assert "waits for the journal" in refused.err


def test_old_records_are_moved_by_a_supervisor_who_means_it(home: Path, person: Path) -> None:
    call(home, person, "closeport", "port_id=13")
    line = ("journal", "retire", "--before", "2100-01-01", "--config", str(person))
    for refused in (portside(home, *line), as_technician(home, person, *line, "--yes")):
        assert (refused.code, refused.out) == (2, "")
    done = portside(home, *line, "--yes")
    assert (done.code, done.err) == (0, "")
    (kept,) = (home / "state").glob("journal-before-*.jsonl")
    rows = [json.loads(row)["entry"]["kind"] for row in kept.read_text().splitlines()]
    assert done.out == f"{len(rows)} records moved into {kept}\n"
    assert rows[-2:] == ["intent", "outcome"]
    assert [row["kind"] for row in portside(home, "journal", "--json").json] == ["retired"]
    assert portside(home, "journal", "verify").code == 0

    young = portside(home, "journal", "retire", "--yes", "--config", str(person))
    assert (young.code, young.out) == (0, "0 records moved: none is that old and over\n")


def as_technician(home: Path, settings: Path, *line: str) -> Ended:
    text = settings.read_text()
    settings.write_text(text.replace("supervisor", "technician"))
    try:
        return portside(home, *line)
    finally:
        settings.write_text(text)


async def test_what_no_look_settles_any_more_is_closed_by_a_supervisor_who_saw_it(
    home: Path, shared_simulator: Simulator
) -> None:
    await leave_a_command(home / "state")
    settings = write_site(home, mor_url=shared_simulator.mor_url, key=shared_simulator.secret)
    settings.write_text('role = "supervisor"\n' + settings.read_text())
    site = ("--config", str(settings))
    found = portside(home, "runs", "recover", "--json", *site)
    assert (found.code, found.json[0]["outcome"]) == (4, "UNKNOWN")
    assert "`portside journal close op1`" in found.json[0]["reason"]

    line = ("journal", "close", "op1", "--seen", "port 3 is closed", *site)
    read_only = portside(home, *line, PORTSIDE_READ_ONLY="yes")
    for refused in (portside(home, *line[:3], *site), as_technician(home, settings, *line), read_only):
        assert (refused.code, refused.out) == (2, "")
    done = portside(home, *line)
    assert (done.code, done.err) == (0, "")
    again = portside(home, *line)
    assert (again.code, again.err) == (2, "portside: op1 has its ending already\n")
    assert portside(home, "runs", "recover", "--json", *site).json == []
    shown = portside(home, "journal", "show", "op1").out
    assert "closed by tess, who says: port 3 is closed" in shown
    assert shown.endswith("3 records of 1 command; UNKNOWN 1\n")


async def leave_a_command(directory: Path) -> None:
    """Leave a command at a controller that the site had once, as a console that was killed does."""
    journal = Journal(directory, site="hall2", mode="LIVE", actor=whoami("tess", "technician"))
    journal._process = "1:1"
    told = Entry(kind=RecordKind.INTENT, op="op1", target="port 3", action="closeport", system="AutoStore")
    await journal.write(told)
    await journal.close()


def test_a_damaged_journal_is_told_of_until_it_is_taken_away(home: Path, person: Path) -> None:
    (home / "state").mkdir(mode=0o700)
    (home / "state" / "journal.sqlite").write_bytes(b"precious notes " * 100)
    first = call(home, person, "closeport", "port_id=13")
    again = call(home, person, "getsystemmode")
    (kept,) = (home / "state").glob("journal-damaged-*.sqlite")
    for done in (first, again):
        assert kept.name in done.err
    kept.unlink()
    assert call(home, person, "getsystemmode").err == ""
