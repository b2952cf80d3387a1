"""Reading for ever: three endings of a read, and one reader for a key at a time."""

import asyncio
import logging
from itertools import pairwise

import pytest

from console.outcome import NotSent, Refused, Unknown
from console.state.entities import Key, SourceName
from console.state.pace import Pace
from console.state.store import Store
from console.workers.budget import Budget
from console.workers.schedule import APART

from .small import Asked, key, keys, poller, run, running, until, virtual_store

CONTROLLER = SourceName.AUTOSTORE


def test_every_key_is_read_about_once_an_interval() -> None:
    async def work() -> Asked:
        source = Asked()
        polling = poller(source, virtual_store())
        polling.add(keys(50), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(10)
        return source

    source = run(work())
    for one in keys(50):
        times = source.times(one)
        assert 9 <= len(times) <= 12
        assert all(0.8 < later - earlier < 1.2 for earlier, later in pairwise(times))


@pytest.mark.parametrize("interval", [0.3, 1.0, 7.0])
def test_a_key_on_its_own_keeps_its_interval(interval: float) -> None:
    async def work() -> list[float]:
        source = Asked()
        polling = poller(source, virtual_store())
        polling.add([key(1)], Pace(interval))
        async with running(polling.run()):
            await asyncio.sleep(50 * interval)
        return source.times(key(1))

    times = run(work())
    regular = pairwise(times[1:])  # the second turn comes sooner, to spread the keys
    assert all(0.85 < (later - earlier) / interval < 1.1 for earlier, later in regular)
    assert len(times) > 45


def test_no_more_reads_at_once_than_readers() -> None:
    async def work() -> int:
        source = Asked(takes=0.5)
        polling = poller(source, virtual_store(), readers=3)
        polling.add(keys(50), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(10)
        return source.most_at_once

    assert run(work()) == 3


def test_hurrying_a_key_never_reads_it_twice_at_once() -> None:
    async def work() -> Asked:
        source = Asked(takes=0.3)
        polling = poller(source, virtual_store())
        polling.add([key(1)], Pace(10.0))
        async with running(polling.run()):
            for _ in range(80):
                polling.hurry(key(1))
                await asyncio.sleep(0.05)
        return source

    times = run(work()).times(key(1))
    assert len(times) == 4
    assert all(later - earlier > APART for earlier, later in pairwise(times))


def test_a_hurried_key_is_read_at_once() -> None:
    async def work() -> float:
        source = Asked()
        polling = poller(source, virtual_store())
        polling.add([key(1)], Pace(3600.0))
        async with running(polling.run()):
            await until(lambda: len(source.answered) == 1)
            await asyncio.sleep(30.123)
            polling.hurry(key(1))
            return await until(lambda: len(source.answered) == 2)

    assert run(work()) < 0.05


def test_a_key_added_later_is_read_and_a_dropped_one_no_more() -> None:
    async def work() -> Asked:
        source = Asked()
        polling = poller(source, virtual_store())
        polling.add([key(1)], Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(5)
            polling.add([key(2)], Pace(1.0))
            polling.drop(key(1))
            source.asked.clear()
            await asyncio.sleep(5)
        return source

    source = run(work())
    assert source.times(key(1)) == []
    assert len(source.times(key(2))) >= 4


def health(store: Store) -> list[bool | None]:
    """Every change of the controller's health from now on."""
    changes: list[bool | None] = []

    def listen(changed: frozenset[Key]) -> None:
        changes.append(store.sources[CONTROLLER].ok)

    store.listen(listen)
    return changes


@pytest.mark.parametrize(
    ("ending", "said", "ok"),
    [
        (None, [], True),
        (
            Refused("getportstatus", "no such port", 1000),
            ["getportstatus refused (1000): no such port"],
            True,
        ),
        (NotSent("cannot connect"), ["cannot connect"], False),
        (Unknown("no complete answer within 5 s"), ["no complete answer within 5 s"], False),
        (ZeroDivisionError("secret text"), ["a fault of this console: ZeroDivisionError"], False),
    ],
)
def test_three_endings(
    ending: Exception | None, said: list[str], ok: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)

    async def work() -> tuple[Asked, Store, list[bool | None]]:
        source, store = Asked(), virtual_store()
        source.failure = ending
        store.expect(CONTROLLER)
        changes = health(store)
        polling = poller(source, store)
        polling.add(keys(20), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(120)
        return source, store, changes

    source, store, changes = run(work())
    assert changes == [ok]
    assert store.sources[CONTROLLER].ok is ok
    assert store.sources[CONTROLLER].reason == (None if ok else said[0])
    assert {reason for _, reason in source.missed} == set(said)


def test_one_bad_key_does_not_take_the_source_down() -> None:
    async def work() -> tuple[Asked, Store]:
        source, store = Asked(), virtual_store()
        source.failures[key(1)] = Unknown("no complete answer")
        polling = poller(source, store)
        polling.add(keys(20), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(100)
        return source, store

    source, store = run(work())
    assert store.sources[CONTROLLER].ok is True
    assert {one for one, _ in source.missed} == {key(1)}
    assert 4 <= len(source.times(key(1))) <= 10
    assert len(source.times(key(2))) > 80


def test_a_fault_of_ours_is_logged_and_the_reading_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> Asked:
        source = Asked()
        source.failures[key(1)] = RuntimeError("a bug")
        polling = poller(source, virtual_store(), readers=1)
        polling.add(keys(3), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(20)
        return source

    source = run(work())
    assert len(source.times(key(2))) > 10
    assert "a bug" in caplog.text


def test_a_listener_that_breaks_does_not_end_the_reading(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> Asked:
        source, store = Asked(), virtual_store()

        def broken(_keys: frozenset[Key]) -> None:
            raise RuntimeError("a bug in a pane")

        store.listen(broken)
        source.failure = Unknown("lost")
        polling = poller(source, store)
        polling.add(keys(5), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(10)
            source.failure = None
            await until(lambda: len(source.answered) > 20)
        return source

    assert {one for _, one in run(work()).answered} == set(keys(5))
    assert "a bug in a pane" in caplog.text


def test_a_read_that_never_ends_holds_up_no_other_key() -> None:
    async def work() -> Asked:
        source = Asked()
        store = virtual_store()
        polling = poller(source, store, readers=2)
        read = source.observe

        async def observe(one: Key) -> None:
            await (asyncio.Event().wait() if one == key(1) else read(one))

        polling._observe = observe
        polling.add(keys(4), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(20)
        return source

    source = run(work())
    assert all(len(source.times(one)) > 15 for one in keys(4)[1:])


def test_a_poller_without_keys_waits_for_the_first() -> None:
    async def work() -> float:
        source = Asked()
        polling = poller(source, virtual_store())
        async with running(polling.run()):
            await asyncio.sleep(60)
            polling.add([key(1)], Pace(1.0))
            return await until(lambda: bool(source.answered))

    assert run(work()) < 1.1


def test_reads_wait_for_the_budget_and_it_is_said_that_they_do() -> None:
    async def work() -> tuple[Asked, bool, bool]:
        source, store = Asked(), virtual_store()
        budget = Budget(10.0, at_once=4)
        polling = poller(source, store, readers=4, budget=budget)
        read = source.observe

        async def observe(one: Key) -> None:
            await read(one)
            budget.spend(store.clock())

        polling._observe = observe
        polling.add(keys(30), Pace(1.0))
        before = polling.held(within=1.0)
        async with running(polling.run()):
            await asyncio.sleep(60)
            return source, before, polling.held(within=1.0)

    source, before, after = run(work())
    assert 590 <= len(source.asked) <= 610
    assert all(len(source.times(one)) >= 18 for one in keys(30))
    assert (before, after) == (False, True)


def test_a_budget_that_is_not_used_up_holds_nothing_up() -> None:
    async def work() -> tuple[int, bool]:
        source, store = Asked(), virtual_store()
        polling = poller(source, store, budget=Budget(100.0, at_once=8))
        polling.add(keys(30), Pace(1.0))
        async with running(polling.run()):
            await asyncio.sleep(20)
            return len(source.asked), polling.held(within=20.0)

    asked, held = run(work())
    assert asked > 590
    assert not held
