"""What is sent of the journal to elsewhere: its head and copies of its records, which nobody waits for."""

import asyncio
import json
import re
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import eventually

from console.operations.journal import FILE_NAME, Entry, Journal, RecordKind, elsewhere, read, syslog
from console.operations.journal.elsewhere import Elsewhere, Said, pause
from console.operations.journal.head import Head
from console.operations.journal.verifying import verify
from console.settings.tables import JournalCopies
from console.settings.values import SyslogAddress

from .small import ACTOR
from .syslogs import Listener

NOTHING = Entry(kind=RecordKind.WAVE)
NOBODY = SyslogAddress("udp://127.0.0.1:9")
"""Where a test sends to that never sends."""

Listen = Callable[[str], Listener]


@pytest.fixture
def listen(tmp_path: Path) -> Iterator[Listen]:
    """Opens listeners, and closes them at the end."""
    with ExitStack() as stack:
        yield lambda scheme: stack.enter_context(Listener(scheme, tmp_path))


@asynccontextmanager
async def journal(directory: Path, told: JournalCopies) -> AsyncIterator[Journal]:
    one = Journal(directory / "state", site="Hall 2", mode="LIVE", actor=ACTOR, told=told)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(one.close)
        yield one


def heads_to(address: SyslogAddress, records: int = 100, seconds: float = 3600.0) -> JournalCopies:
    return JournalCopies(heads_to=address, heads_records=records, heads_seconds=seconds)


def head(directory: Path) -> str:
    found = verify(directory / "state")
    return f"{found.last}:{found.head}"


# When


@pytest.mark.parametrize(
    ("seq", "said", "at", "wanted"),
    [
        (1, None, 0.0, 0.0),  # nothing was sent yet
        (7, 7, 10.0, 50.0),  # nothing new: again after a minute, for a line may be lost
        (8, 7, 59.0, 1.0),
        (8, 7, 60.0, 0.0),
        (8, 7, 75.0, 0.0),
        (106, 7, 10.0, 50.0),
        (107, 7, 10.0, 0.0),  # a hundred more
        (5000, 7, 10.0, 0.0),
        (3, 7, 10.0, 0.0),  # a journal begun afresh
    ],
)
def test_when_the_head_is_sent(seq: int, said: int | None, at: float, wanted: float) -> None:
    before = None if said is None else Said(Head(said, "a"), 0.0)
    assert pause(Head(seq, "b"), before, at, JournalCopies()) == wanted


@given(st.lists(st.tuples(st.integers(0, 150), st.floats(0, 90)), max_size=30))
def test_nobody_can_cut_more_than_a_minute_or_a_hundred_records(steps: list[tuple[int, float]]) -> None:
    told, seq, now = JournalCopies(), 1, 0.0
    said: Said | None = None
    for records, seconds in steps:
        seq, now = seq + records, now + seconds
        if pause(Head(seq, ""), said, now, told) == 0:
            said = Said(Head(seq, ""), now)
        assert said is not None
        assert seq - said.head.seq < told.heads_records
        assert now - said.at < told.heads_seconds


# What


def test_a_line_is_that_of_its_syslog(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 22, 6, 0, 0, 1500, UTC)
    monkeypatch.setattr("platform.node", lambda: "hall pc\n<7>")
    monkeypatch.setattr("os.getpid", lambda: 42)
    told = syslog.line(SyslogAddress("udp://log:514"), "head", "7:ab Hall Ö", now)
    assert told == "<110>1 2026-11-22T06:00:00.001500Z hallpc<7> portside 42 head - 7:ab Hall Ö".encode()
    here = syslog.line(SyslogAddress("unix:/dev/log"), "record", "{}", now)
    assert here == b"<110>portside[42]: record {}"
    assert len(syslog.line(NOBODY, "record", "x" * 100_000, now)) == 8000


@pytest.mark.parametrize("scheme", ["udp", "tcp"])
async def test_the_head_is_sent_at_the_first_record_every_so_many_and_at_the_end(
    tmp_path: Path, listen: Listen, scheme: str
) -> None:
    log = listen(scheme)
    async with journal(tmp_path, heads_to(log.address, records=5)) as one:
        for sent in (1, 2, 3):
            await one.write(NOTHING)
            await eventually(lambda sent=sent: len(log.heads) == sent)  # type: ignore[misc]
            await one.write(*[NOTHING] * 4)
    await eventually(lambda: len(log.heads) == 4)
    hashes = [record.previous for record in read(tmp_path / "state")][1:]
    assert log.heads == [*(f"{seq}:{hashes[seq - 1]}" for seq in (1, 6, 11)), head(tmp_path)]
    assert all(line.endswith(" Hall 2 uid 7") for line in log.lines)
    assert re.match(r"<110>1 \d{4}-\d\d-\d\dT[0-9:.]+Z \S+ portside \d+ head - ", log.lines[0])


async def test_records_of_other_consoles_count(tmp_path: Path, listen: Listen) -> None:
    log = listen("udp")
    async with journal(tmp_path, heads_to(log.address)) as one, journal(tmp_path, JournalCopies()) as other:
        await one.write(NOTHING)
        await eventually(lambda: len(log.heads) == 1)
        await other.write(*[NOTHING] * 99)
        await one.write(NOTHING)
        await eventually(lambda: len(log.heads) == 2)
        assert log.heads[-1] == head(tmp_path)
        assert log.heads[-1].startswith("101:")


async def test_the_head_is_sent_again_though_nothing_is_new(tmp_path: Path, listen: Listen) -> None:
    log = listen("udp")
    async with journal(tmp_path, heads_to(log.address, seconds=0.05)) as one:
        await one.write(NOTHING)
        await eventually(lambda: len(log.heads) >= 3)
    assert set(log.heads) == {head(tmp_path)}


@pytest.mark.parametrize(
    ("scheme", "before"), [("unix", "]: record "), ("udp", " record - "), ("tcp", " record - ")]
)
async def test_a_copy_of_each_record_goes_to_a_syslog(
    tmp_path: Path, listen: Listen, scheme: str, before: str
) -> None:
    log = listen(scheme)
    async with journal(tmp_path, JournalCopies(copy_to=log.address)) as one:
        await one.write(*[NOTHING] * 3)
        await one.write(Entry(kind=RecordKind.EXPORT, reason="into\nold.csv"))
    await eventually(lambda: len(log.lines) == 4)
    copies = [json.loads(line.partition(before)[2]) for line in log.lines]
    assert [(one["seq"], one["entry"]["kind"]) for one in copies][2:] == [(3, "wave"), (4, "export")]


async def test_a_journal_begun_afresh_is_told_of_at_once(tmp_path: Path, listen: Listen) -> None:
    log, copies = listen("udp"), listen("unix")
    told = JournalCopies(heads_to=log.address, copy_to=copies.address, heads_seconds=3600.0)
    async with journal(tmp_path, told) as one:
        await one.write(*[NOTHING] * 9)
        await eventually(lambda: len(log.heads) == 1)
        one._give_up()
        (tmp_path / "state" / FILE_NAME).write_bytes(b"no database" * 100)
        await one.write(NOTHING)
        await eventually(lambda: log.heads[-1] == head(tmp_path))
        assert log.heads[-1].startswith("2:")
    await eventually(lambda: len(copies.lines) == 11)
    assert '"kind":"fresh"' in copies.lines[9]


async def test_by_default_nothing_is_sent_and_no_thread_is_begun(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    async with journal(tmp_path, JournalCopies()) as one:
        await one.write(NOTHING)
        started = {thread.name for thread in set(threading.enumerate()) - before}
        assert not any("elsewhere" in name for name in started)
        assert one.warnings == ()


# What does not arrive


class Stuck:
    """Sends nothing until it may."""

    def __init__(self) -> None:
        self.tries = 0
        self.may = threading.Event()

    def __call__(self, address: SyslogAddress, lines: Iterable[bytes]) -> None:
        self.tries += 1
        self.may.wait(30)


async def test_nobody_waits_for_a_syslog_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = Stuck()
    monkeypatch.setattr(elsewhere, "CLOSING", 0.01)
    told = JournalCopies(heads_to=NOBODY, heads_records=1, copy_to=NOBODY)
    async with journal(tmp_path, told) as one:
        one._elsewhere = Elsewhere(told, "Hall 2", stuck)
        await one.write(NOTHING)
        await eventually(lambda: stuck.tries == 1)
        for _ in range(50):
            await one.write(*[NOTHING] * 30)
        assert len(one._elsewhere._copies) == elsewhere.COPIES_MOST
        assert stuck.tries == 1
    stuck.may.set()
    assert len(list(read(tmp_path / "state"))) == 1501


@pytest.mark.parametrize("scheme", ["udp", "tcp"])
async def test_what_does_not_arrive_is_one_warning_until_it_arrives_again(
    tmp_path: Path, listen: Listen, scheme: str
) -> None:
    log = listen(scheme)
    gone = SyslogAddress(f"{scheme}://127.0.0.1:{free_port()}")
    async with journal(tmp_path, heads_to(gone, records=1)) as one:
        for failed in ("1 try failed", "2 tries failed", "3 tries failed"):
            await one.write(NOTHING)
            await eventually(lambda failed=failed: failed in "".join(one.warnings))  # type: ignore[misc]
        (words,) = one.warnings
        assert words.startswith(f"the head of the journal cannot be sent to {gone}: 3 tries failed, the last")
        assert "refused" in words
        assert one._elsewhere is not None
        one._elsewhere._told = heads_to(log.address, records=1)
        await one.write(NOTHING)
        await eventually(lambda: one.warnings == ())
        await eventually(lambda: log.heads == [head(tmp_path)])


def free_port() -> int:
    with Listener("tcp", Path()) as nobody:
        return int(nobody.address.rpartition(":")[2])


@pytest.mark.parametrize("address", ["unix:/nowhere/at/all", f"udp://{'a' * 64}.example:514"])
async def test_a_syslog_that_cannot_be_there_is_a_warning_and_no_fault(tmp_path: Path, address: str) -> None:
    async with journal(tmp_path, heads_to(SyslogAddress(address))) as one:
        await one.write(NOTHING)
        await eventually(lambda: len(one.warnings) == 1)
        await asyncio.wait_for(one.write(NOTHING), 5)


# What it is for


async def test_a_tail_that_was_cut_off_shows_by_a_head_that_was_kept(tmp_path: Path, listen: Listen) -> None:
    log = listen("udp")
    async with journal(tmp_path, heads_to(log.address)) as one:
        await one.write(*[NOTHING] * 9)
    await eventually(lambda: len(log.heads) == 1)
    kept = Head.read(log.heads[0])
    state = tmp_path / "state"
    assert verify(state, kept=kept).problem == ""
    with closing(sqlite3.connect(state / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM record WHERE seq > 7")
    assert verify(state).problem == "", "the chain alone does not see it"
    assert verify(state, kept=kept).problem == "it was cut: record 9 was written, and the last one is 7"
