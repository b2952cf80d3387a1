"""An event loop whose time passes only when nothing is left to do, and a source to read from."""

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from console.state.entities import Key, Kind, SourceName
from console.state.store import Store
from console.workers.budget import Budget
from console.workers.circuit import Circuit
from console.workers.poller import Poller
from console.workers.schedule import Schedule

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Sleeps cost no time: the clock jumps to the next timer as soon as nothing is ready."""

    def __init__(self) -> None:
        self._now = 1000.0
        super().__init__(_NoWaiting(self))

    def time(self) -> float:
        return self._now

    def jump(self, seconds: float) -> None:
        self._now += seconds


class _NoWaiting(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everything waits, and nothing will ever happen")
        self._loop.jump(max(0.0, timeout))
        return super().select(0)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def virtual_store(*port_ids: int) -> Store:
    """A store on the time of the running loop."""
    return Store(port_ids, clock=asyncio.get_running_loop().time)


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> Any:
    """Run a worker for the length of a block, then see that cancelling it ends it and all it began."""
    others = asyncio.all_tasks()
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert asyncio.all_tasks() == others


class Asked:
    """A source that is asked by key: what it answers, and when it was asked what."""

    def __init__(self, takes: float = 0.01) -> None:
        self.takes = takes
        self.failure: Exception | None = None
        self.failures: dict[Key, Exception | None] = {}
        self.asked: list[tuple[float, Key]] = []
        self.answered: list[tuple[float, Key]] = []
        self.missed: list[tuple[Key, str]] = []
        self.under_way: list[Key] = []
        self.most_at_once = 0

    async def observe(self, key: Key) -> None:
        assert key not in self.under_way, f"{key} is being read already"
        loop = asyncio.get_running_loop()
        self.asked.append((loop.time(), key))
        self.under_way.append(key)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            await asyncio.sleep(self.takes)
            failure = self.failures.get(key) or self.failure
            if failure is not None:
                raise failure
            self.answered.append((loop.time(), key))
        finally:
            self.under_way.remove(key)

    def miss(self, key: Key, reason: str) -> None:
        self.missed.append((key, reason))

    def times(self, key: Key) -> list[float]:
        return [at for at, one in self.asked if one == key]


def key(number: int) -> Key:
    return Key(Kind.PORT, number)


def keys(count: int) -> list[Key]:
    return [key(number) for number in range(1, count + 1)]


def poller(
    source: Asked, store: Store, *, readers: int = 8, seed: int = 1, budget: Budget | None = None
) -> Poller:
    rng = random.Random(seed)
    return Poller(
        SourceName.AUTOSTORE,
        store,
        Schedule(rng),
        Circuit(rng),
        observe=source.observe,
        miss=source.miss,
        readers=readers,
        budget=budget,
    )


async def until(condition: Callable[[], bool], within: float = 60.0) -> float:
    """Wait for a condition, and return how many seconds that took; time is virtual."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while not condition():
        assert loop.time() - begun < within, "it never came"
        await asyncio.sleep(0.01)
    return loop.time() - begun
