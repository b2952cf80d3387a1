"""Runs a program in a pseudo-terminal and notes when which bytes came."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

CHECKOUT = str(Path(__file__).resolve().parents[2])


class Terminal:
    """A program on a terminal of its own; `output` is all it has written so far."""

    def __init__(self, arguments: Sequence[str], *, columns: int = 120, rows: int = 40) -> None:
        self.output = bytearray()
        self.started = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", PYTHONPATH=CHECKOUT)
            os.execv(sys.executable, [sys.executable, *arguments])
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGTERM)
        self.read_until(lambda: False, 3.0)
        os.close(self._master)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def read_until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Read until `done()`, the program's end, or `seconds` have passed; returns whether it was done."""
        end = time.perf_counter() + seconds
        while not done():
            left = end - time.perf_counter()
            if left <= 0 or not select.select([self._master], [], [], left)[0]:
                return done()
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return done()
            if not data:
                return done()
            self.output += data
        return True

    def press(self, keys: str) -> None:
        """Send keys, or whatever else a terminal sends."""
        os.write(self._master, keys.encode())

    def seconds_until(self, text: bytes, seconds: float = 30.0) -> float:
        """Return the seconds from the program's start until it has written `text`.

        Raises:
            TimeoutError: it has not.
        """
        if not self.read_until(lambda: text in self.output, seconds):
            raise TimeoutError(f"{text!r} was not written within {seconds} s")
        return time.perf_counter() - self.started

    def bytes_in(self, seconds: float) -> int:
        """Return how many bytes are written in the next `seconds`."""
        before = len(self.output)
        end = time.perf_counter() + seconds
        self.read_until(lambda: time.perf_counter() >= end, seconds)
        return len(self.output) - before
