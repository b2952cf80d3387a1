"""The way to the terminal: a frame is made when the terminal has taken the one before.

Textual queues what it writes, and once the queue is full it waits; on a link that has stalled that
stops everything, polling included. Here nothing is painted while something is still on its way:
what changes meanwhile is gathered by the screen, and painted once when the terminal takes bytes again.
"""

import os
import threading
import time
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, cast

from textual.drivers.linux_driver import LinuxDriver

SLOW_WITHIN, SLOW_SECONDS, SLOW_FRAMES = 10.0, 3.0, 3
"""A link is slow when, within so many seconds, it was waited for so long for so many frames or more.

One long wait alone is a link that was interrupted.
"""

WAIT_COUNTS = 0.1
"""Seconds from which a frame counts as one that was waited for."""

STALLED_SECONDS = 1.0
"""After this long a person cannot have seen what was written last."""

LAST_SECONDS = 1.0
"""How long, on the way out, a terminal that takes nothing is waited for."""


class Outlet:
    """Writes to the terminal, on the thread that Textual has for that, and counts."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.taken = 0
        self.taken_at = 0.0

    def write(self, text: str) -> int:
        """Write all of it, however long that takes; a terminal that is gone takes everything."""
        data = memoryview(text.encode("utf-8", "replace"))
        with suppress(OSError):
            while data:
                data = data[os.write(self._descriptor, data) :]
        self.taken_at = time.monotonic()
        self.taken += 1
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._descriptor


class Pace:
    """When a frame may go out, and what the link is like; times are passed in.

    `period` is the least distance of two frames, in seconds. A link once found `slow` stays that.
    """

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._given = 0
        self._given_at: float | None = None
        self._painted_at = float("-inf")
        self._waits: list[tuple[float, float]] = []
        self._slow = False
        self.period = 0.0

    def give(self, now: float) -> None:
        """Note that something more is to be written."""
        if not self._behind():
            self._given_at = now
        self._given += 1

    def may_paint(self, now: float) -> bool:
        """Return whether a frame may go out now."""
        return not self._behind() and now - self._painted_at >= self.period

    def paint(self, now: float) -> None:
        """Note that a frame goes out."""
        self._painted_at = now

    @property
    def slow(self) -> bool:
        """Whether the terminal takes frames slowly."""
        self._behind()
        return self._slow

    def stalled(self, now: float) -> bool:
        """Return whether the terminal has taken nothing for so long that it shows something old."""
        return self._behind() and now - (self._given_at or now) > STALLED_SECONDS

    def _behind(self) -> bool:
        """Return whether something is on its way, after noting how long the last took that is not."""
        if self._given_at is not None and self._outlet.taken == self._given:
            self._took(self._outlet.taken_at - self._given_at, self._outlet.taken_at)
            self._given_at = None
        return self._given_at is not None

    def _took(self, seconds: float, now: float) -> None:
        if seconds < WAIT_COUNTS:
            return
        self._waits = [(at, wait) for at, wait in (*self._waits, (now, seconds)) if at > now - SLOW_WITHIN]
        waited = sum(wait for _, wait in self._waits)
        self._slow = self._slow or (len(self._waits) >= SLOW_FRAMES and waited >= SLOW_SECONDS)


class PacedDriver(LinuxDriver):
    """The terminal, never waited for."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        assert self._file is not None
        outlet = Outlet(self._file.fileno())
        self._file = cast(TextIOWrapper, outlet)
        self.pace = Pace(outlet)

    def write(self, data: str) -> None:
        """Hand over what is to be written."""
        self.pace.give(time.monotonic())
        super().write(data)

    def close(self) -> None:
        """Let the last bytes go; a terminal that takes none must not keep the console from ending."""
        last = threading.Thread(target=super().close, daemon=True)
        last.start()
        last.join(LAST_SECONDS)

    def _sigcont_application(self, *arguments: Any) -> None:
        """Begin afresh after a stop, also after one that was not announced, as SIGSTOP is not.

        Textual would then take the terminal's settings for those to be left behind in the end.
        """
        if not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application(*arguments)
