"""A loop whose time passes at once, wall clocks that go with it, and a journal that never waits for its disk.

What happens in what order depends on nothing but what a test does: a failing example fails again.
"""

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

BEGIN = datetime(2026, 11, 22, 6, tzinfo=UTC)

_WITH_DATETIME = (
    *("operations.bulk.launch", "operations.bulk.place", "operations.bulk.runner", "operations.dispatch"),
    "operations.journal.writer",
)
_WITH_TIME = ("operations.bulk.archive", "operations.bulk.recovery")
_WITH_UPTIME = ("operations.bulk.place", "operations.journal.writer")


class _Leap(selectors.DefaultSelector):
    """Waits for nothing: when nothing is ready, the time until something is has passed."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "nothing will ever happen any more"
            self.passed += max(timeout, 0.0)
        return ready


class TimelessLoop(asyncio.SelectorEventLoop):
    """Its time passes only while nothing can be done, and work for threads is done at once."""

    def __init__(self) -> None:
        self.leap = _Leap()
        super().__init__(self.leap)

    def time(self) -> float:
        return self.leap.passed

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done


class AtOnce:
    """In place of a journal's thread: does what it is given before it returns."""

    def submit(self, work: Callable[[], None]) -> None:
        work()

    def shutdown(self, **_how: bool) -> None:
        pass


@contextmanager
def timeless() -> Iterator[TimelessLoop]:
    """Give a loop, let every clock that operations read go with it, and close it."""
    loop = TimelessLoop()

    def now(_zone: object = None) -> datetime:
        return BEGIN + timedelta(seconds=loop.time())

    clocks = SimpleNamespace(now=now), SimpleNamespace(time=lambda: now().timestamp(), sleep=lambda _: None)
    with ExitStack() as patches:
        for names, what, clock in (
            (_WITH_DATETIME, "datetime", clocks[0]),
            (_WITH_TIME, "time", clocks[1]),
            (_WITH_UPTIME, "awake_and_asleep", loop.time),
        ):
            for name in names:
                patches.enter_context(mock.patch(f"console.{name}.{what}", clock))
        patches.callback(loop.close)
        yield loop
