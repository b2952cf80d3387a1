"""What is recorded besides commands and runs, as `portside journal` tells it."""

from pathlib import Path

import pytest

from console.cli.journal_shown import line_of
from console.operations.actor import whoami
from console.operations.journal import Entry, Journal, RecordKind, read

from .programs import portside

KINDS = {
    RecordKind.COMM_LOST: (Entry(kind=RecordKind.COMM_LOST, target="MOR", reason="refused"), "MOR  refused"),
    RecordKind.COMM_BACK: (
        Entry(kind=RecordKind.COMM_BACK, target="Log Publisher", reason="lost for 12 s"),
        "Log Publisher  lost for 12 s",
    ),
    RecordKind.EXPORT: (Entry(kind=RecordKind.EXPORT, reason="into run.csv"), "into run.csv"),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_kind_is_listed_followed_and_found(home: Path, kind: RecordKind) -> None:
    told, words = KINDS[kind]
    book = Journal(home / "state", site="hall2", mode="LIVE", actor=whoami("tess", "technician"))
    await book.write(Entry(kind=RecordKind.START), told)
    await book.close()
    found = portside(home, "journal", "list", "--kind", kind.value)
    assert found.out.splitlines()[-1].startswith("1 record of 0 commands")
    for part in (kind.value, *words.split("  ")):
        assert part in found.out
    (record,) = read(home / "state", kinds=(kind,))
    assert line_of(record).endswith(f"tess  {kind.value}  {words}")
