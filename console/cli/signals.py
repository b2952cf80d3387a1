"""What signals mean to a verb: the innermost meaning counts, and the one before it counts again after."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

Meanings = Mapping[signal.Signals, Callable[[], object]]


@contextmanager
def heeding(meanings: Meanings) -> Iterator[None]:
    """Let signals do something on the running loop while the block runs.

    What was to be ignored from the start, as `nohup` asks for, still is. The loop's own way to take
    signals is not used: it does not say what they meant before, and ends with the default, which is death.
    """
    loop = asyncio.get_running_loop()

    def on_loop(meaning: Callable[[], object]) -> Callable[..., object]:
        return lambda *_: loop.call_soon_threadsafe(meaning)

    heeded = [number for number in meanings if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, on_loop(meanings[number])) for number in heeded}
    try:
        yield
    finally:
        for number, meaning in before.items():
            signal.signal(number, meaning)


def stop_event() -> asyncio.Event:
    """Return an event that is set when the program is told to stop."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    return stopped
