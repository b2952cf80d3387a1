"""What the worker of the phone switch reads: the users, the configured lists, and what is looked at."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from state.small import device, rule, user

from console.mor.replies import Device, DeviceRule, User
from console.outcome import Refused
from console.state.quality import Quality
from console.state.store import Store
from console.workers.devices import MANY, READERS, DeviceWorker, _kept

from .small import run, running, until, virtual_store

INTERVAL = 10.0


class Switch:
    """A client that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.failure: Exception | None = None
        self.at_once = self.most_at_once = 0

    async def users(self) -> tuple[User, ...]:
        await self._note("users")
        return (user(100), user(101))

    async def devices(self, user_id: int) -> tuple[Device, ...]:
        await self._note(f"devices {user_id}")
        return (device(user_id + 1, user_id),)

    async def rules(self, device_id: int) -> tuple[DeviceRule, ...]:
        await self._note(f"rules {device_id}")
        return (rule(1, device_id),)

    async def _note(self, question: str) -> None:
        self.asked[question] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.05)
        self.at_once -= 1
        if self.failure is not None:
            raise self.failure


class Bench:
    """A worker at work."""

    def __init__(self, *user_ids: int) -> None:
        self.switch, self.store = Switch(), virtual_store()
        client: Any = self.switch
        self.worker = DeviceWorker(client, self.store, user_ids, interval=INTERVAL, rng=random.Random(1))

    async def asked_within(self, seconds: float) -> set[str]:
        """Return what is asked in the next seconds."""
        self.switch.asked.clear()
        await asyncio.sleep(seconds)
        return set(self.switch.asked)


@asynccontextmanager
async def bench(*user_ids: int) -> AsyncIterator[Bench]:
    one = Bench(*user_ids)
    async with running(one.worker.run()):
        await until(lambda: one.store.users.seen_at is not None)
        await asyncio.sleep(1)
        yield one


Story = Callable[[Bench], Awaitable[None]]


def tell(story: Story, *user_ids: int) -> None:
    async def work() -> None:
        async with bench(*user_ids) as one:
            await story(one)

    run(work())


def test_users_and_configured_lists_are_read_every_interval() -> None:
    async def story(one: Bench) -> None:
        assert one.store.device_lists[100].devices == (device(101, 100),)
        for _ in range(5):
            assert await one.asked_within(INTERVAL + 0.5) == {"users", "devices 100", "devices 101"}

    tell(story, 100, 101)


def test_watching_a_user_reads_at_once_and_keeps_fresh() -> None:
    async def story(one: Bench) -> None:
        one.worker.watch_user(101)
        assert await one.asked_within(0.2) == {"devices 101"}
        assert one.store.device_lists[101].devices == (device(102, 101),)
        assert await one.asked_within(2 * INTERVAL) == {"users", "devices 100", "devices 101"}

    tell(story, 100)


def test_watching_another_user_forgets_the_one_before() -> None:
    async def story(one: Bench) -> None:
        one.worker.watch_user(101)
        await asyncio.sleep(1)
        one.worker.watch_user(102)
        assert await one.asked_within(2 * INTERVAL) == {"users", "devices 100", "devices 102"}
        one.worker.watch_user(None)
        assert await one.asked_within(2 * INTERVAL) == {"users", "devices 100"}

    tell(story, 100)


def test_watching_no_more_does_not_stop_a_configured_list() -> None:
    async def story(one: Bench) -> None:
        one.worker.watch_user(100)
        one.worker.watch_user(None)
        assert await one.asked_within(2 * INTERVAL) == {"users", "devices 100"}

    tell(story, 100)


def test_watching_rules_reads_those_of_one_device_only() -> None:
    async def story(one: Bench) -> None:
        for device_id in (1, 2, 3):
            one.worker.watch_rules(device_id)
        assert await one.asked_within(1) <= {"rules 1", "rules 2", "rules 3"}
        assert one.store.rule_lists[3].rules == (rule(1, 3),)
        assert await one.asked_within(2 * INTERVAL) == {"users", "rules 3"}
        one.worker.watch_rules(None)
        assert await one.asked_within(2 * INTERVAL) == {"users"}

    tell(story)


def test_watching_the_same_again_asks_nothing_more() -> None:
    async def story(one: Bench) -> None:
        one.worker.watch_rules(2)
        await asyncio.sleep(1)
        one.worker.watch_rules(2)
        assert await one.asked_within(1) == set()

    tell(story)


def test_refresh_reads_all_that_is_looked_at_at_once() -> None:
    async def story(one: Bench) -> None:
        one.worker.watch_user(101)
        one.worker.watch_rules(2)
        await asyncio.sleep(2)
        one.worker.refresh()
        assert await one.asked_within(0.3) == {"users", "devices 100", "devices 101", "rules 2"}
        assert max(one.switch.asked.values()) == 1

    tell(story, 100)


def test_never_more_than_a_few_questions_at_once() -> None:
    async def story(one: Bench) -> None:
        for _ in range(20):
            one.worker.refresh()
            await asyncio.sleep(0.07)
        assert one.switch.most_at_once <= READERS

    tell(story, *range(100, 150))


@pytest.mark.parametrize(
    "quality",
    [
        lambda store: store.list_quality(store.users),
        lambda store: store.list_quality(store.device_lists[100]),
        lambda store: store.list_quality(store.rule_lists[2]),
    ],
)
def test_what_is_refused_grows_old_and_says_why(quality: Callable[[Store], Quality]) -> None:
    async def story(one: Bench) -> None:
        one.worker.watch_rules(2)
        await asyncio.sleep(1)
        one.switch.failure = Refused("any", "Incorrect hash")
        await asyncio.sleep(INTERVAL)
        assert quality(one.store) is Quality.LIVE
        assert one.store.device_lists[100].failure == "any refused: Incorrect hash"
        await asyncio.sleep(35)
        assert quality(one.store) is Quality.UNREACHABLE
        assert all(source.ok for source in one.store.sources.values())

    tell(story, 100)


@pytest.mark.parametrize("count", [MANY - 1, MANY])
async def test_a_long_list_that_has_not_changed_stays_the_list_it_was(count: int) -> None:
    counts = (count, count, count + 1)
    known, same, longer = (tuple(device(number) for number in range(most)) for most in counts)
    kept = await _kept(known, same)
    assert kept is (known if count >= MANY else same)
    assert await _kept(known, longer) is longer
