"""The journal as a whole: verified, exported, followed, retired in part, and older files still read."""

import asyncio
import hashlib
import json
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from patience import PATIENCE, eventually

from console.operations.journal import (
    FILE_NAME,
    FIRST_PREVIOUS,
    Entry,
    Journal,
    JournalError,
    Query,
    RecordKind,
    document,
    follow,
    latest,
    read,
)
from console.operations.journal.exporting import COLUMNS, csv_text, json_lines
from console.operations.journal.keeping import Room, retire, room, warnings
from console.operations.journal.verifying import verify
from console.operations.journal.writer import document_beside

from .small import journal

INTENT, OUTCOME, PLAN = RecordKind.INTENT, RecordKind.OUTCOME, RecordKind.PLAN


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Journal]:
    made = journal(tmp_path)
    yield made
    await made.close()


async def some(one: Journal, count: int = 10) -> None:
    """Records about two ports and two runs."""
    await one.write(
        *(
            Entry(
                kind=INTENT if number % 2 else OUTCOME,
                op=f"op{number // 2}",
                target=f"port {number % 2}",
                run=f"r{number % 3}" if number % 3 else "",
                reason="=1+1" if number == 3 else "",
            )
            for number in range(1, count + 1)
        )
    )


@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        (Query(), list(range(1, 11))),
        (Query(run="r1"), [1, 4, 7, 10]),
        (Query(target="port 0", last=2), [8, 10]),
        (Query(kinds=(INTENT,)), [1, 3, 5, 7, 9]),
        (Query(kinds=(INTENT, OUTCOME), after=8), [9, 10]),
        (Query(run="r1", kinds=(OUTCOME,), until=9), [4]),
        (Query(op="op2"), [4, 5]),
        (Query(last=0), []),
        (Query(since=datetime(2000, 1, 1, tzinfo=UTC)), list(range(1, 11))),
        (Query(since=datetime(2100, 1, 1, tzinfo=UTC)), []),
    ],
)
async def test_which_records(one: Journal, tmp_path: Path, query: Query, seqs: list[int]) -> None:
    await some(one)
    assert [record.seq for record in read(tmp_path, query)] == seqs
    assert latest(tmp_path) == 10


async def test_records_since_a_moment(one: Journal, tmp_path: Path) -> None:
    for _ in range(20):
        await one.write(Entry(kind=RecordKind.START))
    records = list(read(tmp_path))
    for record in records:
        found = next(read(tmp_path, since=record.utc))
        assert found.utc == record.utc


async def test_every_filter_goes_by_an_index(one: Journal, tmp_path: Path) -> None:
    """What is filtered must not be read through: a journal has a million records."""
    await some(one)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        for name in ("op", "run", "target"):
            assert f"record_{name}" in _plan(connection, f"{name} = 'x' AND {name} <> ''")
        assert "record_kind" in _plan(connection, "kind IN ('x')")


def _plan(connection: sqlite3.Connection, condition: str) -> str:
    (step,) = connection.execute(f"EXPLAIN QUERY PLAN SELECT body FROM record WHERE {condition}").fetchall()
    return str(step[3])


async def test_a_whole_chain_verifies_and_tells_how_far_it_is(one: Journal, tmp_path: Path) -> None:
    assert verify(tmp_path / "nowhere").records == 0
    await some(one)
    told: list[tuple[int, int]] = []
    found = verify(tmp_path, lambda done, total: told.append((done, total)))
    assert (found.records, found.first, found.problem, told[-1]) == (10, 1, "", (10, 10))
    last = list(json_lines(tmp_path))[-1]
    assert found.head == hashlib.sha256(last.encode()).hexdigest()


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("UPDATE record SET body = replace(body, 'op2', 'op9') WHERE seq = 4", "record 4 was changed"),
        ("DELETE FROM record WHERE seq = 4", "record 4 is missing"),
        ("UPDATE record SET seq = 99 WHERE seq = 10", "record 10 is missing"),
        ("UPDATE record SET body = 'x', hash = 'y' WHERE seq = 4", "record 4 cannot be read"),
        ("DELETE FROM record WHERE seq < 4", "record 4 does not follow"),
    ],
)
async def test_where_a_chain_breaks(one: Journal, tmp_path: Path, harm: str, problem: str) -> None:
    await some(one)
    await one.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute(harm)
    assert problem in verify(tmp_path).problem


async def test_a_record_that_was_rewritten_with_its_hash_still_shows(one: Journal, tmp_path: Path) -> None:
    await some(one)
    await one.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        (body,) = connection.execute("SELECT body FROM record WHERE seq = 4").fetchone()
        forged = body.replace("op2", "op9")
        digest = hashlib.sha256(forged.encode()).hexdigest()
        connection.execute("UPDATE record SET body = ?, hash = ? WHERE seq = 4", (forged, digest))
    assert verify(tmp_path).problem == "record 5 does not follow from the one before"


async def test_json_lines_are_the_very_bytes_that_were_hashed(one: Journal, tmp_path: Path) -> None:
    await some(one)
    previous = FIRST_PREVIOUS
    for line in json_lines(tmp_path):
        assert json.loads(line)["previous"] == previous
        previous = hashlib.sha256(line.encode()).hexdigest()
    assert len(list(json_lines(tmp_path, Query(run="r1")))) == 4


async def test_csv_has_no_formulas(one: Journal, tmp_path: Path) -> None:
    await some(one)
    text = "".join(csv_text(tmp_path))
    lines = text.split("\r\n")
    assert lines[0] == ",".join(COLUMNS)
    assert len(lines) == 12
    assert "'=1+1" in lines[3]


async def test_following_gives_what_is_there_and_what_comes(one: Journal, tmp_path: Path) -> None:
    await some(one, 3)
    seen: list[int] = []

    async def watch() -> None:
        async for record in follow(tmp_path, Query(last=2)):
            seen.append(record.seq)
            if len(seen) == 4:
                return

    watching = asyncio.create_task(watch())
    await eventually(lambda: seen == [2, 3])
    await some(one, 2)
    await asyncio.wait_for(watching, PATIENCE)
    assert seen == [2, 3, 4, 5]


async def test_documents_are_found_by_the_beginning_of_their_digest(one: Journal, tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        document(tmp_path / "nowhere", "ab")
    for digest in ("abc1", "abd2"):
        await one.write(Entry(kind=PLAN, plan=digest), beside=document_beside(digest, digest.encode()))
    assert document(tmp_path, "abc") == ("abc1", b"abc1")
    for wrong in ("ab", "", "x", "%", "abc1~"):
        with pytest.raises(LookupError):
            document(tmp_path, wrong)


NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("share", "days", "words"),
    [
        (0.5, 10, []),
        (0.19, 10, ["19 % of the journal's disk is free"]),
        (0.09, 10, ["only 9 % of the journal's disk is free: commands end when it is full"]),
        (0.5, 31, ["the journal has records older than 30 days: export and retire them"]),
    ],
)
def test_what_a_person_should_see_to(share: float, days: int, words: list[str]) -> None:
    found = Room(size=1, free=1, free_share=share, records=1, oldest=NOW - timedelta(days=days))
    assert list(warnings(found, 30, NOW)) == words


async def test_how_much_room_there_is(one: Journal, tmp_path: Path) -> None:
    assert room(tmp_path / "nowhere").records == 0
    await some(one)
    found = room(tmp_path)
    assert (found.records, found.size > 4096, 0 < found.free_share <= 1) == (10, True, True)
    assert found.oldest == next(read(tmp_path)).utc


async def test_old_records_move_into_a_file_and_the_chain_goes_on(one: Journal, tmp_path: Path) -> None:
    await one.write(*[Entry(kind=PLAN)] * 10)
    until = list(read(tmp_path))[-1].utc + timedelta(microseconds=1)
    await asyncio.sleep(0.002)
    await one.write(*[Entry(kind=PLAN)] * 4)
    into = tmp_path / "old.jsonl"
    assert await retire(one, until, into) == 10
    assert stat.S_IMODE(into.stat().st_mode) == 0o600
    assert [json.loads(line)["seq"] for line in into.read_text().splitlines()] == list(range(1, 11))
    kinds = [record.entry.kind for record in read(tmp_path)]
    assert (len(kinds), kinds[-1]) == (5, RecordKind.RETIRED)
    assert (verify(tmp_path).problem, verify(tmp_path).first) == ("", 11)
    with pytest.raises(FileExistsError):
        await retire(one, until, into)
    await one.close()
    again = journal(tmp_path)
    await again.write(Entry(kind=RecordKind.START))
    assert again.aside is None
    await again.close()


UNFINISHED = {
    "a command": (Entry(kind=INTENT, op="open"), 3),
    "a command to be settled": (Entry(kind=OUTCOME, op="open", outcome="unknown"), 3),
    "a run": (Entry(kind=RecordKind.RUN_START, run="open"), 3),
    "a refused command": (Entry(kind=OUTCOME, op="over", outcome="refused"), 5),
    "a settled command": (Entry(kind=RecordKind.SETTLED, op="over"), 5),
    "a run that ended": (Entry(kind=RecordKind.RUN_END, run="over"), 5),
}


@pytest.mark.parametrize("what", UNFINISHED)
async def test_what_is_not_over_is_not_retired(one: Journal, tmp_path: Path, what: str) -> None:
    told, moved = UNFINISHED[what]
    await one.write(
        Entry(kind=RecordKind.START),
        Entry(kind=RecordKind.RUN_START, run="other"),
        Entry(kind=RecordKind.RUN_END, run="other"),
        told,
        Entry(kind=PLAN),
    )
    assert await retire(one, datetime(2100, 1, 1, tzinfo=UTC), tmp_path / "old.jsonl") == moved
    assert verify(tmp_path).problem == ""


async def test_a_damaged_journal_that_was_kept_is_told_of_until_it_is_taken_away(
    one: Journal, tmp_path: Path
) -> None:
    await some(one)
    await one.close()
    (tmp_path / FILE_NAME).write_bytes(b"precious notes " * 100)
    again = journal(tmp_path)
    await again.write(Entry(kind=RecordKind.START))
    await again.close()
    assert again.aside is not None
    found = room(tmp_path)
    assert found.damaged == (again.aside.name,)
    assert again.aside.name in warnings(found, 30, datetime.now(UTC))[0]
    again.aside.unlink()
    assert room(tmp_path).damaged == ()


async def test_retiring_nothing_leaves_no_trace(one: Journal, tmp_path: Path) -> None:
    await some(one)
    into = tmp_path / "old.jsonl"
    assert await retire(one, datetime(2000, 1, 1, tzinfo=UTC), into) == 0
    assert not into.exists()
    assert latest(tmp_path) == 10


OLD_SCHEMA = """
CREATE TABLE record (
    seq  INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    op   TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX record_op ON record (op);
"""
OLD_BODY = (
    '{{"seq":{seq},"previous":"{previous}","utc":"2026-01-02T03:04:05Z","clock":7.5,"boot_id":"b",'
    '"host":"h","version":"0.1","site":"Hall 2","mode":"LIVE","actor":{{"operator":"tess","role":'
    '"technician","uid":1,"login_uid":null,"login_session":null,"claims":{{}}}},'
    '"entry":{{"kind":"intent","op":"a{seq}","target":"port 4","action":"openport"}}}}'
)


async def test_an_older_file_is_read_and_written_on(tmp_path: Path) -> None:
    previous = FIRST_PREVIOUS
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.executescript(OLD_SCHEMA)
        for seq in (1, 2):
            body = OLD_BODY.format(seq=seq, previous=previous)
            previous = hashlib.sha256(body.encode()).hexdigest()
            connection.execute(
                "INSERT INTO record VALUES (?, 'intent', ?, ?, ?)", (seq, f"a{seq}", body, previous)
            )
    assert [record.entry.op for record in read(tmp_path, op="a2")] == ["a2"]
    one = journal(tmp_path)
    await one.write(Entry(kind=OUTCOME, op="a2", target="port 4"))
    await one.close()
    assert verify(tmp_path).problem == ""
    assert [record.seq for record in read(tmp_path, target="port 4")] == [1, 2, 3]
    assert next(read(tmp_path)).process == ""


async def test_a_journal_without_any_table_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    assert list(read(tmp_path)) == []
    assert verify(tmp_path).problem == ""
    assert latest(tmp_path) == 0


async def test_a_tail_that_was_cut_off_does_not_show_in_the_chain_alone(one: Journal, tmp_path: Path) -> None:
    """That is why the head is printed: kept elsewhere, it tells."""
    await some(one)
    head = verify(tmp_path).head
    await one.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM record WHERE seq > 7")
    found = verify(tmp_path)
    assert (found.problem, found.head != head) == ("", True)


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"x" * 5000)
    for work in (verify, room, latest):
        with pytest.raises(JournalError):
            work(tmp_path)
