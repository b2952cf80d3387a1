"""Reading the journal: whole, the last ones, of one command; never changing it."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from console.operations.journal import FILE_NAME, Entry, JournalError, RecordKind, read

from .small import journal

Write = Callable[..., Awaitable[None]]


@pytest.fixture
async def write(tmp_path: Path) -> Write:
    async def entries(*ops: str) -> None:
        one = journal(tmp_path)
        await one.write(*(Entry(kind=RecordKind.INTENT, op=op) for op in ops))
        await one.close()

    return entries


def test_where_nothing_was_commanded_there_is_nothing_and_nothing_is_made(tmp_path: Path) -> None:
    assert list(read(tmp_path)) == []
    assert list(read(tmp_path / "nowhere")) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("op", "last", "seqs"),
    [
        ("", None, [1, 2, 3, 4]),
        ("", 3, [2, 3, 4]),
        ("", 99, [1, 2, 3, 4]),
        ("", 0, []),
        ("a", None, [1, 3]),
        ("a", 1, [3]),
        ("missing", None, []),
        ("' OR 1=1 --", None, []),
    ],
)
async def test_which_records(
    tmp_path: Path, write: Write, op: str, last: int | None, seqs: list[int]
) -> None:
    await write("a", "b", "a", "c")
    assert [record.seq for record in read(tmp_path, op=op, last=last)] == seqs


async def test_reading_while_another_writes(tmp_path: Path, write: Write) -> None:
    await write("a")
    one = journal(tmp_path)
    await one.write(Entry(kind=RecordKind.INTENT, op="b"))
    assert len(list(read(tmp_path))) == 2
    await one.write(Entry(kind=RecordKind.INTENT, op="c"))
    assert len(list(read(tmp_path))) == 3
    await one.close()


async def test_reading_changes_nothing(tmp_path: Path, write: Write) -> None:
    await write("a")
    before = (tmp_path / FILE_NAME).read_bytes()
    list(read(tmp_path))
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    "body", ["'not json'", "'{}'", "NULL", "x'ff00'", "7", '\'{"seq": "one"}\'', "cast(x'ff' as text)"]
)
async def test_a_damaged_record_is_an_error_not_a_guess(tmp_path: Path, write: Write, body: str) -> None:
    await write("a")
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE record RENAME TO old")
        connection.execute("CREATE TABLE record (seq, kind, op, body, hash)")
        connection.execute(f"INSERT INTO record VALUES (1, 'intent', 'a', {body}, '')")
    with pytest.raises(JournalError):
        list(read(tmp_path))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"x" * 5000)
    with pytest.raises(JournalError, match="not a database"):
        list(read(tmp_path))


def test_a_directory_that_may_not_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", denied)
    with pytest.raises(JournalError, match="Permission denied"):
        list(read(tmp_path))


async def test_a_path_with_marks_that_mean_something_in_an_address(tmp_path: Path) -> None:
    directory = tmp_path / "50% of #1?mode=rwc"
    one = journal(directory)
    await one.write(Entry(kind=RecordKind.START))
    await one.close()
    assert len(list(read(directory))) == 1
