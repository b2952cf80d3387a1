"""What a supervisor alone does: command without a journal, and move old records (rules 48, 49 and 52)."""

import json
from pathlib import Path

import pytest

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
