"""A journal that cannot be written says so, and the next write tries anew (rule 47)."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest

from console.operations.journal import Entry, Journal, JournalError, RecordKind, read
from console.operations.journal import file as journal_file

from .small import journal
from .test_journal import assert_chained

START = Entry(kind=RecordKind.START)
LONG = Entry(kind=RecordKind.INTENT, reason="x" * 100_000)


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Journal]:
    made = journal(tmp_path / "state")
    yield made
    await made.close()


async def refused(one: Journal, *entries: Entry) -> str:
    with pytest.raises(JournalError) as refusal:
        await one.write(*(entries or (START,)))
    assert str(one.path) in str(refusal.value)
    return str(refusal.value)


async def written(one: Journal, count: int) -> None:
    """The next write succeeds; then there are `count` records in one chain, and one that tells of the gap."""
    await one.write(START)
    kinds = [record.entry.kind for record in read(one.path.parent)]
    assert (len(kinds), kinds.count(RecordKind.GAP)) == (count + 1, 1)
    assert_chained(one.path)


async def test_a_file_stands_where_the_directory_should_be(one: Journal) -> None:
    one.path.parent.write_text("")
    assert "exists" in await refused(one)
    one.path.parent.unlink()
    await written(one, 1)


async def test_a_directory_stands_where_the_file_should_be(one: Journal) -> None:
    one.path.mkdir(parents=True)
    await refused(one)
    one.path.rmdir()
    await written(one, 1)


async def test_a_directory_that_cannot_be_written(one: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", denied)
        assert "Permission denied" in await refused(one)
    await written(one, 1)


async def test_a_file_that_is_no_database_is_kept_aside_and_a_new_one_says_so(one: Journal) -> None:
    one.path.parent.mkdir()
    one.path.write_bytes(b"precious notes " * 100)
    await one.write(START)
    assert one.aside is not None
    assert one.aside.read_bytes() == b"precious notes " * 100
    fresh, start = read(one.path.parent)
    assert (fresh.entry.kind, start.entry.kind) == (RecordKind.FRESH, RecordKind.START)
    assert one.aside.name in fresh.entry.reason
    assert_chained(one.path)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE record SET body = replace(body, '\"a1\"', '\"a9\"') WHERE op = 'a1'",
        "UPDATE record SET hash = 'x' WHERE seq = 2",
        "DELETE FROM record WHERE seq = 2",
        "UPDATE record SET body = x'ff00' WHERE seq = 3",
    ],
)
async def test_a_chain_that_is_broken_is_kept_aside_as_it_is(one: Journal, harm: str) -> None:
    await one.write(*(Entry(kind=RecordKind.INTENT, op=f"a{number}") for number in range(4)))
    await one.close()
    with closing(sqlite3.connect(one.path)) as connection, connection:
        connection.execute(harm)
    again = journal(one.path.parent)
    await again.write(START)
    assert [record.entry.kind for record in read(one.path.parent)] == [RecordKind.FRESH, RecordKind.START]
    assert again.aside is not None
    with closing(sqlite3.connect(again.aside)) as kept:
        (count,) = kept.execute("SELECT count(*) FROM record").fetchone()
    assert count == (3 if harm.startswith("DELETE") else 4)
    await again.close()


async def test_a_database_of_something_else_is_left_as_it_is(one: Journal) -> None:
    one.path.parent.mkdir()
    with closing(sqlite3.connect(one.path)) as other:
        other.execute("CREATE TABLE record (name TEXT)")
    assert "something else" in await refused(one)
    with closing(sqlite3.connect(one.path)) as other:
        assert other.execute("SELECT sql FROM sqlite_master").fetchall() == [
            ("CREATE TABLE record (name TEXT)",)
        ]


async def test_a_full_disk(one: Journal) -> None:
    await one.write(START)
    assert one._connection is not None
    one._connection.execute("PRAGMA max_page_count = 20")
    assert "full" in await refused(one, LONG)
    assert one._connection is None
    await written(one, 2)


async def test_an_error_when_it_is_made_durable_counts_as_not_written(
    one: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection refuses at the last moment, as it does when a sync fails."""
    await one.write(START)
    real = one._connection
    assert real is not None

    class Failing:
        def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
            if statement == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return real.execute(statement, *values)

        def executemany(self, statement: str, rows: Any) -> sqlite3.Cursor:
            return real.executemany(statement, rows)

        def close(self) -> None:
            real.close()

    one._connection = Failing()  # type: ignore[assignment]
    assert "disk I/O error" in await refused(one)
    await written(one, 2)


async def test_what_cannot_be_encoded_is_refused_alone(one: Journal) -> None:
    await one.write(START)
    wrong = Entry(kind=RecordKind.INTENT, reason="\ud800")
    ends = await asyncio.gather(one.write(START), one.write(wrong), one.write(START), return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), JournalError, type(None)]
    await one.write(START)
    assert [record.entry.kind for record in read(one.path.parent)] == [RecordKind.START] * 4
    assert_chained(one.path)


async def test_what_was_owed_is_told_with_the_gap(one: Journal) -> None:
    one.path.parent.write_text("")
    await refused(one)
    one.owe(Entry(kind=RecordKind.INTENT, op="b", despite="the hall is on fire"))
    one.path.parent.unlink()
    await one.write(START)
    gap, owed, start = (record.entry for record in read(one.path.parent))
    assert (gap.kind, owed.op, start.kind) == (RecordKind.GAP, "b", RecordKind.START)
    assert "1 records before this one may be missing" in gap.reason
    await one.write(START)
    assert len(list(read(one.path.parent))) == 4


async def test_another_console_that_never_lets_go(one: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_file, "BUSY_SECONDS", 0.1)
    await one.write(START)
    await one.close()
    again = journal(one.path.parent)
    with closing(sqlite3.connect(one.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "locked" in await refused(again)
        other.execute("ROLLBACK")
    await written(again, 2)
    await again.close()


@pytest.mark.parametrize(
    ("code", "tries"), [(sqlite3.SQLITE_BUSY, 3), (sqlite3.SQLITE_IOERR, 1), (sqlite3.SQLITE_READONLY, 1)]
)
def test_consoles_that_open_at_the_same_moment_wait_for_each_other(code: int, tries: int) -> None:
    """SQLite itself does not wait when two switch a new file to WAL."""
    asked = []

    class Connection:
        def execute(self, statement: str) -> None:
            asked.append(statement)
            if len(asked) < 3:
                error = sqlite3.OperationalError("it said no")
                error.sqlite_errorcode = code
                raise error

    connection: Any = Connection()
    with nullcontext() if tries == 3 else pytest.raises(sqlite3.OperationalError):
        journal_file.switch_to_wal(connection)
    assert asked == ["PRAGMA journal_mode=WAL"] * tries


async def test_a_file_that_was_removed_keeps_nothing_so_nothing_is_written_to_it(one: Journal) -> None:
    await one.write(START)
    shutil.rmtree(one.path.parent)
    await refused(one)
    await written(one, 1)


async def test_a_file_that_was_replaced_is_noticed(one: Journal, tmp_path: Path) -> None:
    await one.write(START)
    other = journal(tmp_path / "other")
    await other.write(START, START)
    await other.close()
    one.path.parent.rename(tmp_path / "away")
    other.path.parent.rename(one.path.parent)
    assert "replaced" in await refused(one)
    await written(one, 3)
