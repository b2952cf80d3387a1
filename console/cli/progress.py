"""How far a long run is: a bar on a terminal, a line now and then in a pipe; always on stderr."""

import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from shutil import get_terminal_size
from typing import TextIO

_BAR = 24
_REDRAWN_EVERY = 0.1
_LINES = 10
_LATEST = 20
"""Steps from which the time that is left is guessed (rule 30)."""


class Gauge:
    """Draws how far something is, out of `total`.

    Args:
        out: standard error when left out.
        clock: seconds of a clock that never jumps.
    """

    def __init__(
        self, total: int, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._out = out or sys.stderr
        self._clock = clock
        self._bar = self._out.isatty()
        self._tenth = 0
        self._drawn_at = float("-inf")
        self._width = 0

    def show(self, done: int, note: str, *, at_once: bool = False) -> None:
        """Show that `done` are done, unless that was shown a moment ago; `at_once` shows it anyway."""
        if self._bar:
            now = self._clock()
            if at_once or now - self._drawn_at >= _REDRAWN_EVERY:
                self._drawn_at = now
                self._draw(f"{bar(done, self._total)} {note}")
            return
        tenth = done * _LINES // max(self._total, 1)
        if at_once or tenth != self._tenth:
            self._tenth = tenth
            self._write(f"portside: {note}\n")

    def end(self) -> None:
        """Take the bar away."""
        if self._bar and self._width:
            self._draw("")
            self._write("\r")
            self._width = 0

    def _draw(self, line: str) -> None:
        line = line[: get_terminal_size().columns - 1]  # a line that wraps could not be drawn over
        self._write(f"\r{line:<{self._width}}")
        self._width = len(line)

    def _write(self, text: str) -> None:
        with suppress(OSError):  # nobody looks any more: that is no reason to stop
            self._out.write(text)
            self._out.flush()


class Progress:
    """Shows steps of `total`, and how long the rest will take. The arguments are those of `Gauge`."""

    def __init__(
        self, total: int, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._gauge = Gauge(total, out, clock)
        self._total = total
        self._clock = clock
        self._done = 0
        self._times = deque([clock()], maxlen=_LATEST + 1)

    def step(self, note: str) -> None:
        """Show that one more is done; `note` says what came of it so far."""
        self._done += 1
        self._times.append(self._clock())
        self._gauge.show(self._done, f"{self._done} of {self._total}, {note}, {self._left()} left")

    def end(self) -> None:
        """Take the bar away."""
        self._gauge.end()

    def _left(self) -> str:
        steps = len(self._times) - 1
        seconds = (self._times[-1] - self._times[0]) / steps * (self._total - self._done)
        return f"{seconds:.0f} s"


def bar(done: int, total: int) -> str:
    """Return how far something is, as a picture of fixed width."""
    full = done * _BAR // max(total, 1)
    return f"[{'#' * full}{'.' * (_BAR - full)}]"
