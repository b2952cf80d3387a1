"""What is written is durable, private, complete, and chained."""

import asyncio
import hashlib
import json
import multiprocessing
import os
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from patience import eventually

from console import __version__
from console.operations.journal import (
    FILE_NAME,
    FIRST_PREVIOUS,
    Entry,
    Journal,
    JournalError,
    RecordKind,
    read,
)
from console.state.clock import awake_and_asleep

from .small import ACTOR, journal

START = Entry(kind=RecordKind.START)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


@pytest.fixture
async def written(tmp_path: Path) -> AsyncIterator[Journal]:
    """A journal with one record, still open."""
    one = journal(tmp_path / "deep" / "state")
    await one.write(START)
    yield one
    await one.close()


def names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def rows(path: Path) -> list[tuple[int, str, str, str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT seq, kind, op, body, hash FROM record ORDER BY seq").fetchall()


def assert_chained(path: Path) -> None:
    """Verify the chain without the journal's own code."""
    previous = FIRST_PREVIOUS
    for number, (seq, _, _, body, digest) in enumerate(rows(path), start=1):
        assert seq == number
        assert json.loads(body)["seq"] == seq
        assert json.loads(body)["previous"] == previous
        assert hashlib.sha256(body.encode()).hexdigest() == digest
        previous = digest


async def test_what_was_written_is_synced(written: Journal) -> None:
    connection = written._connection
    assert connection is not None
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


async def test_another_reader_sees_it_at_once(written: Journal) -> None:
    assert len(list(read(written.path.parent))) == 1


async def test_only_the_owner_may_read_it(written: Journal) -> None:
    assert stat.S_IMODE(written.path.parent.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in written.path.parent.iterdir()}
    assert modes[FILE_NAME] == 0o600
    assert set(modes.values()) == {0o600}


async def test_a_wide_umask_does_not_widen_it(tmp_path: Path) -> None:
    before = os.umask(0)
    one = journal(tmp_path / "state")
    try:
        await one.write(START)
        assert {stat.S_IMODE(path.stat().st_mode) for path in one.path.parent.iterdir()} == {0o600}
        assert stat.S_IMODE(one.path.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)
        await one.close()


async def test_a_record_says_where_when_and_who(written: Journal) -> None:
    entry = Entry(
        kind=RecordKind.INTENT,
        op="20261122-060000-0badcafe",
        target="port 4",
        action="openport",
        arguments={"category": [1, 2], "req_time": datetime(2026, 11, 22, tzinfo=UTC)},
        before="mode CLOSED",
    )
    began, clock = datetime.now(UTC), awake_and_asleep()
    await written.write(entry)
    record = list(read(written.path.parent))[-1]
    assert record.seq == 2
    assert began <= record.utc <= datetime.now(UTC)
    assert clock <= record.clock <= awake_and_asleep()
    assert (record.site, record.mode, record.actor) == ("Hall 2", "SIMULATOR", ACTOR)
    assert (record.version, record.host) == (__version__, os.uname().nodename)
    assert record.boot_id == BOOT_ID
    assert record.entry.arguments == {"category": [1, 2], "req_time": "2026-11-22T00:00:00Z"}
    assert (record.entry.kind, record.entry.op, record.entry.before) == ("intent", entry.op, "mode CLOSED")


async def test_the_chain_holds(written: Journal) -> None:
    for number in range(20):
        await written.write(Entry(kind=RecordKind.INTENT, op=str(number)), START)
    assert len(rows(written.path)) == 41
    assert_chained(written.path)


async def test_the_chain_goes_on_after_closing_and_opening(written: Journal) -> None:
    await written.close()
    again = journal(written.path.parent)
    await again.write(START)
    await again.close()
    assert len(rows(written.path)) == 2
    assert_chained(written.path)


async def test_what_is_changed_or_taken_out_breaks_the_chain(written: Journal) -> None:
    for number in range(3):
        await written.write(Entry(kind=RecordKind.INTENT, op=str(number)))
    await written.close()
    for harm in (
        "UPDATE record SET body = replace(body, '\"1\"', '\"7\"')",
        "DELETE FROM record WHERE seq = 2",
    ):
        with closing(sqlite3.connect(written.path, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            connection.execute(harm)
            connection.execute("COMMIT")
        with pytest.raises(AssertionError):
            assert_chained(written.path)


async def test_entries_written_together_are_all_there_or_none(
    written: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(JournalError):
        await written.write(START, Entry(kind=RecordKind.INTENT, arguments={"bad": object()}))
    assert len(rows(written.path)) == 1
    await written.write(START, START)
    assert len(rows(written.path)) == 3
    assert_chained(written.path)


def _write_many(directory: Path, name: str, barrier: "multiprocessing.synchronize.Barrier") -> None:
    async def work() -> None:
        one = journal(directory)
        barrier.wait()
        for number in range(25):
            await one.write(Entry(kind=RecordKind.INTENT, op=f"{name}-{number}"))
        await one.close()

    asyncio.run(work())


def test_several_consoles_that_start_at_once_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    consoles = [context.Process(target=_write_many, args=(tmp_path, name, barrier)) for name in "abc"]
    for console in consoles:
        console.start()
    for console in consoles:
        console.join(60)
    assert [console.exitcode for console in consoles] == [0, 0, 0]
    assert_chained(tmp_path / FILE_NAME)
    ops = [op for _, _, op, _, _ in rows(tmp_path / FILE_NAME)]
    for name in "abc":
        assert [op for op in ops if op.startswith(name)] == [f"{name}-{number}" for number in range(25)]


async def test_two_journals_in_one_process_write_one_chain(written: Journal) -> None:
    other = journal(written.path.parent)
    for _ in range(10):
        await asyncio.gather(other.write(START), written.write(START))
    await other.close()
    assert len(rows(written.path)) == 21
    assert_chained(written.path)


async def test_after_closing_nothing_is_left(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    one = journal(tmp_path)
    await one.write(START)
    await one.close()
    await one.close()
    with pytest.raises(JournalError, match="closed"):
        await one.write(START)
    await eventually(
        lambda: not any("journal" in thread.name for thread in set(threading.enumerate()) - before)
    )
    assert names(tmp_path) == [FILE_NAME]
