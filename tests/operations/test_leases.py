"""Targets that a run holds: renewed while it goes on, and nothing sent to one that is its own no more."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from patience import eventually

from console.operations.authority import Authority
from console.operations.bulk.progress import RunState
from console.operations.bulk.runner import Run
from console.operations.journal import FILE_NAME, Barred
from console.operations.leases import NotHeld, claim, held, own, release, renew

from .consoles import QUICK, SITE, actor
from .hall import Console, Hall, opening, words
from .timeless import TimelessLoop, timeless
from .watched import WatchedConsole, WatchedHall

PORT = "port 4"
MINE = claim(SITE, [PORT], ("r1", "tess"), 0.0, 30.0)


@pytest.fixture
async def table(tmp_path: Path) -> Any:
    """The table of leases of a journal that was begun."""
    one = Console(Hall(4), tmp_path)
    await one.journal.write()
    await one.close()
    return sqlite3.connect(tmp_path / FILE_NAME)


@pytest.mark.parametrize(
    ("taken", "now", "mine"),
    [
        ([], 10.0, False),
        ([MINE], 10.0, True),
        ([MINE], 29.9, True),
        ([MINE], 30.0, False),
        ([MINE, renew("r1", 1, 29.0, 59.0)], 30.0, True),
        ([MINE, renew("r1", 1, 29.0, 59.0)], 59.0, False),
        ([MINE, release("r1")], 10.0, False),
        ([MINE, claim(SITE, [PORT], ("r2", "olga"), 31.0, 60.0)], 40.0, False),
        ([claim("Yard", [PORT], ("r1", "tess"), 0.0, 30.0)], 10.0, False),
        ([claim(SITE, ["port 5"], ("r1", "tess"), 0.0, 30.0)], 10.0, False),
    ],
)
def test_whether_a_target_is_a_runs_own(
    table: sqlite3.Connection, taken: Any, now: float, mine: bool
) -> None:
    for take in taken:
        take(table)
    check = own(SITE, PORT, "r1", now)
    if mine:
        check(table)
    else:
        with pytest.raises(NotHeld, match="run r1 was silent for too long: port 4 is not its own any more"):
            check(table)


def test_a_lease_that_ended_is_not_renewed(table: sqlite3.Connection) -> None:
    MINE(table)
    with pytest.raises(Barred, match="run r1 was silent for too long"):
        renew("r1", 1, 30.0, 60.0)(table)
    with pytest.raises(NotHeld):
        own(SITE, PORT, "r1", 30.0)(table)


BRIEF = replace(QUICK, commands_per_second=1.0, lease_seconds=5.0)
"""A command a second, and targets that are soon free when nothing is heard of their run."""


def on_loop(folder: Path, work: Callable[[WatchedConsole, TimelessLoop], Awaitable[Run]]) -> WatchedConsole:
    """Do something at a console whose time is that of a loop."""
    with timeless() as loop:
        console = WatchedConsole(WatchedHall(40, folder, loop), "console-1", BRIEF, Authority(), "tess", 1000)
        loop.run_until_complete(asyncio.wait_for(work(console, loop), 600))
    return console


def test_a_run_that_goes_on_longer_than_its_lease_keeps_its_targets(tmp_path: Path) -> None:
    async def work(one: WatchedConsole, loop: TimelessLoop) -> Run:
        run = await one.begin(opening(*range(1, 41)))
        await run.wait()
        assert loop.time() > 4 * BRIEF.lease_seconds
        assert words(run) == {"confirmed": 40}
        assert held(one.directory, SITE, 0.0) == {}
        await one.close()
        return run

    on_loop(tmp_path, work)


def test_a_run_that_stood_still_sends_nothing_more(tmp_path: Path) -> None:
    """As a process that is stopped, or a computer that sleeps: time goes by, and the run does nothing."""

    async def work(one: WatchedConsole, loop: TimelessLoop) -> Run:
        run = await one.begin(opening(*range(1, 41)))
        await asyncio.sleep(10.5)
        sent = len(one.hall.received)
        assert 5 < sent < 20
        loop.leap.passed += 2 * BRIEF.lease_seconds
        await run.wait()
        assert len(one.hall.received) == sent
        assert run.progress.state is RunState.ENDED
        assert "silent for too long" in run.progress.reason
        assert sum(words(run).values()) == 40
        assert words(run)["not_started"] == 40 - sent
        told = [record.entry.kind.value for record in one.records() if record.entry.kind == "not_started"]
        assert told == [], "nothing was begun with them"
        await one.close()
        return run

    on_loop(tmp_path, work)


async def test_nothing_is_sent_to_targets_that_another_run_took_meanwhile(tmp_path: Path) -> None:
    hall = Hall(12)
    one, other = Console(hall, tmp_path), Console(hall, tmp_path, who=actor("olga", 1001))
    hall.gate.clear()
    run = await one.begin(opening(*range(1, 13)), fan_out=1)
    await eventually(lambda: hall.under_way == 1)
    plan_of_others = opening(*range(5, 13))
    await one.journal.write(beside=release(run.id))
    second = await other.begin(plan_of_others)
    hall.gate.set()
    await asyncio.gather(run.wait(), second.wait())
    assert words(run) == {"confirmed": 1, "not_started": 11}
    assert "is not its own any more" in run.progress.reason
    assert words(second) == {"confirmed": 8}
    assert sorted(hall.executed) == sorted({("openport", port) for port in (1, *range(5, 13))})
    for console in (one, other):
        await console.close()
