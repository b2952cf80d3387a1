"""A disk that fails at the n-th operation, for every n, and one that forgets unsynced bytes (rule 79)."""

import asyncio
import errno
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from operations.hall import Console, Hall, opening

from console.operations.authority import NotAllowed
from console.operations.bulk.classes import Class
from console.operations.journal import Entry, JournalError, RecordKind, read
from console.operations.journal import file as journal_file
from console.operations.journal.verifying import verify
from console.operations.journal.writer import Beside, Journal

from .disk import Disk, disk

PORTS = (1, 2, 3)

APART = 1 if settings.default.max_examples > 1000 else 11
"""The n-th operation is tried for every n in the nightly profile, and for every eleventh otherwise."""


async def one_run(folder: Path, *, ports: tuple[int, ...] = PORTS) -> tuple[Hall, Counter[str]]:
    """What a run came to, whatever the disk does: nothing, when it could not even begin."""
    hall = Hall(len(ports))
    console = Console(hall, folder)
    try:
        run = await console.carry_out(opening(*ports))
        await console.commands.settled()
        assert sum(run.progress.counts.values()) == len(ports)
        return hall, Counter({cls.value: count for cls, count in run.progress.counts.items()})
    except (NotAllowed, JournalError):
        return hall, Counter()
    finally:
        await console.close()


def recorded(folder: Path) -> set[tuple[str, int]]:
    return {
        (record.entry.action, int(record.entry.target.removeprefix("port ")))
        for record in read(folder)
        if record.entry.kind is RecordKind.INTENT
    }


async def test_the_disk_is_under_the_journal(tmp_path: Path) -> None:
    """What the other tests stand on: its operations pass here, and what a sync has seen is kept."""
    with disk(tmp_path / "state") as under:
        hall, counts = await one_run(tmp_path / "state")
    assert counts == {"confirmed": 3}
    assert under.operations > 20
    assert recorded(tmp_path / "state") == set(hall.executed)


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("keeps_failing", [False, True], ids=["once", "from then on"])
async def test_every_nth_operation_fails(tmp_path: Path, error: int, keeps_failing: bool) -> None:
    ended: Counter[str] = Counter()
    for number in count(1 + (error + keeps_failing) % APART, APART):
        folder = tmp_path / f"state{number}"
        with disk(folder) as under:
            under.fails_at, under.keeps_failing, under.error = number, keeps_failing, error
            hall, counts = await one_run(folder)
            if under.operations < number:
                break
            ended += counts
        # The disk is well again: what is there is whole, and names everything that was sent.
        assert verify(folder).problem == ""
        assert set(hall.received) <= recorded(folder)
        assert all(count == 1 for count in Counter(hall.received).values())
        again = Console(hall, folder)
        await again.journal.write(Entry(kind=RecordKind.START))
        for told in again.bulk.interrupted():
            assert told.alive is False
        await again.close()
        assert verify(folder).problem == ""
    assert number > 40
    assert ended["confirmed"] and ended["not_started"]


class Promising(Journal):
    """A journal that remembers what it has promised to be on the disk, and tells when more is asked of it."""

    promised: list[Entry]
    asked: Callable[[], None]

    async def write(self, *entries: Entry, beside: Beside | None = None) -> None:
        writing = asyncio.ensure_future(super().write(*entries, beside=beside))
        await asyncio.sleep(0)
        self.asked()
        await writing
        self.promised += entries


@pytest.mark.parametrize("seed", range(3))
async def test_what_was_promised_is_there_after_the_power_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """At any moment of a run: every promised record is in what is left, and so is all that was sent."""
    monkeypatch.setattr(journal_file, "_CHECKPOINT_PAGES", 16)  # so that the file itself is written to
    random, hall, losses = Random(seed), Hall(24), count(1)
    faults: list[str] = []
    with disk(tmp_path / "state") as under:

        def power_goes() -> None:
            if random.random() < 0.3:
                left = tmp_path / f"left{next(losses)}"
                faults.extend(_after_the_power_went(under, left, random, hall, journal.promised))

        console = Console(hall, tmp_path / "state")
        journal = Promising(tmp_path / "state", site="Hall", mode="SIMULATOR", actor=console.journal.actor)
        journal.promised, journal.asked = [], power_goes
        await console.journal.close()
        console.journal = journal  # type: ignore[assignment]
        console.bulk.place.ledger.journal = journal
        console.commands._ledger.journal = journal
        run = await console.carry_out(opening(*range(1, 25)), fan_out=3)
        await console.close()
    assert faults == []
    assert run.progress.counts == {Class.CONFIRMED: 24}
    assert next(losses) > 8


def _after_the_power_went(
    under: Disk, left: Path, random: Random, hall: Hall, promised: list[Entry]
) -> Iterator[str]:
    """Say what is wrong with what the disk holds now, as a console that starts on it finds it."""
    kept, sent = Counter((one.kind, one.op) for one in promised), set(hall.received)
    under.image(left, random)
    try:
        there = Counter((one.entry.kind, one.entry.op) for one in read(left))
    except JournalError as error:
        yield str(error)
        return
    if kept - there:
        yield f"{left.name}: {kept - there} were promised"
    if sent - recorded(left):
        yield f"{left.name}: {sent - recorded(left)} were sent without a word"
    if problem := verify(left).problem:
        yield f"{left.name}: {problem}"


async def test_a_journal_that_is_not_synced_would_be_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the test above can fail: without syncs, promised records are gone."""
    real = journal_file.open_file

    def careless(path: Path):  # type: ignore[no-untyped-def]
        connection = real(path)
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    monkeypatch.setattr("console.operations.journal.writer.open_file", careless)
    with disk(tmp_path / "state") as under:
        hall = Hall(3)
        console = Console(hall, tmp_path / "state")
        await console.carry_out(opening(1, 2, 3))
        under.image(tmp_path / "left", Random(1))
        await console.close()
    assert not set(hall.received) <= recorded(tmp_path / "left")
