"""A source that is lost and comes back: one change, few questions, and soon everything is fresh."""

import asyncio

import pytest

from console.outcome import NotSent, Unknown
from console.state.entities import SourceName
from console.state.pace import Pace
from console.state.store import Store

from .small import Asked, key, keys, poller, run, running, until, virtual_store
from .test_poller import health

CONTROLLER = SourceName.AUTOSTORE
DOWN = NotSent("cannot connect")


async def lost_for(seconds: float, count: int = 40) -> tuple[Asked, Store, list[bool | None], float, int]:
    """Lose the source for a while; returns how long recovery took, and how often it was asked meanwhile."""
    source, store = Asked(), virtual_store()
    polling = poller(source, store)
    polling.add(keys(count), Pace(1.0))
    async with running(polling.run()):
        await until(lambda: len({one for _, one in source.answered}) == count)
        changes = health(store)
        source.failure = DOWN
        source.asked.clear()
        await asyncio.sleep(seconds)
        asked = len(source.asked)
        source.failure = None
        back = asyncio.get_running_loop().time()

        def all_fresh() -> bool:
            return {one for at, one in source.answered if at >= back} == set(keys(count))

        return source, store, changes, await until(all_fresh), asked


def test_however_many_keys_fail_it_is_one_change_each_way() -> None:
    _, store, changes, _, _ = run(lost_for(60))
    assert changes == [False, True]
    assert store.sources[CONTROLLER].failing_since is None


def test_a_lost_source_is_asked_seldom() -> None:
    *_, asked = run(lost_for(300))
    assert asked < 8 + 20


@pytest.mark.parametrize("seconds", [0.5, 1.5, 3.0])
def test_after_a_short_loss_everything_is_fresh_in_a_few_seconds(seconds: float) -> None:
    *_, recovery, _ = run(lost_for(seconds))
    assert recovery < 3.5


@pytest.mark.parametrize("count", [2, 40])
def test_after_a_long_loss_the_next_probe_comes_within_half_a_minute_and_then_all(count: int) -> None:
    source, *_, recovery, _ = run(lost_for(600, count))
    assert recovery < 32
    first = min(at for at, _ in source.answered if at > source.asked[-1][0] - recovery)
    assert source.answered[-1][0] - first < 2


def test_a_key_that_had_failed_for_long_is_forgiven_when_the_source_comes_back() -> None:
    async def work() -> float:
        source, store = Asked(), virtual_store()
        polling = poller(source, store)
        polling.add(keys(10), Pace(1.0))
        source.failures[key(1)] = Unknown("no complete answer")
        async with running(polling.run()):
            await until(lambda: len(source.times(key(1))) == 9, within=300)
            source.failure = DOWN
            await until(lambda: store.sources[CONTROLLER].ok is False)
            source.failure = source.failures[key(1)] = None
            await until(lambda: store.sources[CONTROLLER].ok is True)
            return await until(lambda: key(1) in {one for _, one in source.answered})

    assert run(work()) < 1.2


def test_probes_go_one_at_a_time() -> None:
    async def work() -> int:
        source, store = Asked(takes=3.0), virtual_store()
        source.failure = DOWN
        polling = poller(source, store)
        polling.add(keys(40), Pace(1.0))
        async with running(polling.run()):
            await until(lambda: store.sources.get(CONTROLLER) is not None)
            await asyncio.sleep(3)
            source.most_at_once = len(source.under_way)
            await asyncio.sleep(300)
        return source.most_at_once

    assert run(work()) == 1


def test_what_fails_at_the_very_start_is_lost_and_then_found() -> None:
    async def work() -> list[bool | None]:
        source, store = Asked(), virtual_store()
        source.failure = DOWN
        store.expect(CONTROLLER)
        changes = health(store)
        polling = poller(source, store)
        polling.add([key(1)], Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(60)
            source.failure = None
            await until(lambda: bool(source.answered))
        return changes

    assert run(work()) == [False, True]


def test_a_clock_that_jumps_forward_is_noticed_within_a_second() -> None:
    async def work() -> float:
        source, store = Asked(), virtual_store()
        offset = [0.0]
        loop = asyncio.get_running_loop()
        store.clock = lambda: loop.time() + offset[0]
        polling = poller(source, store)
        polling.add([key(1)], Pace(3600.0))
        async with running(polling.run()):
            await until(lambda: len(source.answered) == 1)
            await asyncio.sleep(5)
            offset[0] = 4000.0
            return await until(lambda: len(source.answered) == 2)

    assert run(work()) < 1.1
