"""Whether a head that was kept elsewhere still stands in the chain."""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.operations.journal import FILE_NAME, FIRST_PREVIOUS, Entry, Journal, RecordKind, read
from console.operations.journal.head import Head
from console.operations.journal.keeping import retire
from console.operations.journal.verifying import verify

from .small import journal

NOTHING = Entry(kind=RecordKind.WAVE)
RECORDS = 9


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Journal]:
    """A journal of nine records, still open."""
    made = journal(tmp_path)
    await made.write(*[NOTHING] * RECORDS)
    yield made
    await made.close()


def heads(directory: Path) -> list[Head]:
    """The heads that the journal had, the oldest first."""
    found = verify(directory)
    digests = [*[record.previous for record in read(directory)][1:], found.head]
    return [Head(seq, digest) for seq, digest in enumerate(digests, start=found.first)]


def change(directory: Path, *statements: str) -> None:
    with closing(sqlite3.connect(directory / FILE_NAME)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def problem(directory: Path, kept: Head) -> str:
    return verify(directory, kept=kept).problem


@given(st.integers(1, 10**15 - 1), st.binary(min_size=32, max_size=32))
def test_a_head_is_read_as_it_was_written(seq: int, digest: bytes) -> None:
    head = Head(seq, digest.hex())
    assert Head.read(str(head)) == head


@pytest.mark.parametrize(
    "text", ["", "7", f"7:{'a' * 63}", f"0:{'a' * 64}", f"7:{'A' * 64}", f"٣:{'a' * 64}"]
)
def test_what_is_no_head(text: str) -> None:
    with pytest.raises(ValueError, match="SEQ:HASH"):
        Head.read(text)


async def test_every_head_that_there_was_stands(one: Journal, tmp_path: Path) -> None:
    kept = heads(tmp_path)
    await one.write(NOTHING)
    assert [head.seq for head in kept] == list(range(1, RECORDS + 1))
    assert {problem(tmp_path, head) for head in kept} == {""}


@pytest.mark.parametrize("left", [0, 1, RECORDS - 1])
async def test_a_cut_tail_shows_by_every_head_of_it(one: Journal, tmp_path: Path, left: int) -> None:
    kept = heads(tmp_path)
    change(tmp_path, f"DELETE FROM record WHERE seq > {left}")
    assert verify(tmp_path).problem == ""
    for head in kept[left:]:
        assert (
            problem(tmp_path, head)
            == f"it was cut: record {head.seq} was written, and the last one is {left}"
        )
    assert {problem(tmp_path, head) for head in kept[:left]} <= {""}


async def test_a_journal_that_is_gone_was_cut(one: Journal, tmp_path: Path) -> None:
    kept = heads(tmp_path)[-1]
    assert problem(tmp_path / "nowhere", kept).startswith("it was cut: record 9")


async def test_a_chain_that_was_written_anew_shows_where_it_differs(one: Journal, tmp_path: Path) -> None:
    kept = heads(tmp_path)
    previous = kept[4].digest
    for record in list(read(tmp_path))[5:]:
        with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
            row = connection.execute("SELECT body FROM record WHERE seq = ?", (record.seq,)).fetchone()
            body = json.dumps(json.loads(row[0]) | {"previous": previous, "host": "elsewhere"})
            previous = hashlib.sha256(body.encode()).hexdigest()
            connection.execute(
                "UPDATE record SET body = ?, hash = ? WHERE seq = ?", (body, previous, record.seq)
            )
    assert verify(tmp_path).problem == "", "the chain alone does not see it"
    assert {problem(tmp_path, head) for head in kept[:5]} == {""}
    for head in kept[5:]:
        assert problem(tmp_path, head) == f"it was rewritten: record {head.seq} is not the one that was kept"


async def test_a_chain_that_breaks_says_so_whatever_was_kept(one: Journal, tmp_path: Path) -> None:
    kept = heads(tmp_path)[1]
    change(tmp_path, "UPDATE record SET body = replace(body, 'Hall 2', 'Hall 3') WHERE seq = 5")
    assert problem(tmp_path, kept) == "record 5 was changed"


async def test_of_records_that_were_retired_the_last_one_is_known(one: Journal, tmp_path: Path) -> None:
    kept = heads(tmp_path)
    until = list(read(tmp_path))[-1].utc + timedelta(microseconds=1)
    await asyncio.sleep(0.002)
    await one.write(NOTHING)
    assert await retire(one, until, tmp_path / "old.jsonl") == RECORDS
    assert problem(tmp_path, kept[-1]) == ""
    assert problem(tmp_path, Head(RECORDS, FIRST_PREVIOUS)).startswith("it was rewritten: record 9")
    assert "was moved out by `portside journal retire`" in problem(tmp_path, kept[-2])
