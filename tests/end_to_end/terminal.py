"""A real pseudo-terminal with a program in it: what a person at a keyboard does and sees.

A thread reads whatever the program writes and keeps the picture up to date, so that the program
never waits for the test. Tests wait for conditions, never for a while.
"""

import fcntl
import os
import re
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import pyte
from patience import PATIENCE

Lines: TypeAlias = Sequence[str]
Condition: TypeAlias = str | re.Pattern[str] | Callable[[Lines], object]
"""A text or pattern that stands in a line of the screen, or a function of the lines."""

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "space": " ",
    "ctrl+q": "\x11",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
}

_LOOK_AGAIN = 0.2
"""Seconds after which a condition is looked at again even when nothing was drawn."""

_PRIVATE_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")


class Terminal:
    """One program in a terminal of its own, from start to end.

    Args:
        argv: the program, by its path, and its arguments.
        env: its whole environment.
        columns, rows: the size of the terminal.
    """

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], *, columns: int = 120, rows: int = 40
    ) -> None:
        self._argv = argv
        self._sent: list[str] = []
        self._received = bytearray()
        self._picture = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._picture)
        self._lines = [" " * columns] * rows
        self._news = threading.Condition()
        self._hanging_up = False
        self._exit_code: int | None = None
        self._master, self._line = os.openpty()
        fcntl.ioctl(self._line, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._settings_before = termios.tcgetattr(self._line)
        self.pid = _spawn(argv, env, os.ttyname(self._line))
        self._reader = threading.Thread(target=self._read_to_the_end, daemon=True)
        self._reader.start()

    # What a person does

    def press(self, *keys: str) -> None:
        """Press keys, as fast as a link can deliver them: names of `KEYS`, or text to type."""
        self.send("".join(KEYS.get(key, key) for key in keys))

    def paste(self, text: str) -> None:
        """Paste text as terminals do, in brackets."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def send(self, text: str) -> None:
        """Send characters as they are."""
        self._sent.append(text)
        os.write(self._master, text.encode())

    def click_on(self, text: str) -> None:
        """Press and release the mouse in the middle of a text on the screen, as terminals tell it."""
        line = next(number for number, line in enumerate(self.lines) if text in line)
        column = self.lines[line].index(text) + len(text) // 2
        self.send("".join(f"\x1b[<0;{column + 1};{line + 1}{end}" for end in "Mm"))

    def hang_up(self) -> None:
        """Take the terminal away, as a connection that is lost does."""
        self._hanging_up = True

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    # What a person sees

    @property
    def lines(self) -> Lines:
        """The lines of the screen."""
        with self._news:
            return tuple(self._lines)

    @property
    def received(self) -> bytes:
        """All bytes the program wrote so far."""
        with self._news:
            return bytes(self._received)

    def mark(self) -> int:
        """Return a mark for `bytes_since`."""
        return len(self.received)

    def bytes_since(self, mark: int) -> bytes:
        """Return the bytes the program wrote since the mark was set."""
        return self.received[mark:]

    def wait_for(self, *wanted: Condition, seconds: float = PATIENCE) -> Lines:
        """Return the screen as soon as all that is wanted is on it at once.

        Raises:
            AssertionError: it is not there in time, or the program has ended; with a transcript.
        """
        end = time.monotonic() + seconds
        with self._news:
            while True:
                lines = self._lines
                missing = [one for one in wanted if not _holds(one, lines)]
                if not missing:
                    return tuple(lines)
                if self._exit_code is not None:
                    raise AssertionError(f"ended before {_words(missing)}\n{self.transcript()}")
                if time.monotonic() > end:
                    raise AssertionError(f"not within {seconds:g} s: {_words(missing)}\n{self.transcript()}")
                self._news.wait(_LOOK_AGAIN)

    def wait_gone(self, *unwanted: Condition, seconds: float = PATIENCE) -> Lines:
        """Return the screen as soon as none of the texts is on it."""
        return self.wait_for(*map(without, unwanted), seconds=seconds)

    # How it ends

    def wait_for_end(self, seconds: float = PATIENCE) -> int:
        """Return the exit code as soon as the program has ended; -N when signal N ended it.

        Raises:
            AssertionError: it has not ended in time; with a transcript.
        """
        end = time.monotonic() + seconds
        with self._news:
            while self._exit_code is None:
                if time.monotonic() > end:
                    raise AssertionError(f"still there after {seconds:g} s\n{self.transcript()}")
                self._news.wait(_LOOK_AGAIN)
            return self._exit_code

    def modes_left_on(self) -> set[int]:
        """Return the numbers of the private modes that the program set and has not reset."""
        modes: set[int] = set()
        for numbers, end in _PRIVATE_MODE.findall(self.received):
            change = modes.update if end == b"h" else modes.difference_update
            change(map(int, numbers.split(b";")))
        return modes

    def settings_restored(self) -> bool:
        """Return whether echo and line editing are as they were before the program."""
        return termios.tcgetattr(self._line) == self._settings_before

    def close(self) -> None:
        """End the program, however it is, and free the terminal."""
        if self._exit_code is None:
            os.kill(self.pid, signal.SIGKILL)
        self._reader.join()
        os.close(self._line)
        if self._master >= 0:
            os.close(self._master)

    def transcript(self) -> str:
        """Return what happened here, for a person who looks for the reason of a failure."""
        with self._news:
            width = self._picture.columns
            return "\n".join(
                (
                    f"$ {' '.join(self._argv)}",
                    f"sent: {self._sent}",
                    f"exit code: {self._exit_code}",
                    f"last bytes: {bytes(self._received[-400:])!r}",
                    f"+{'-' * width}+",
                    *(f"|{line}|" for line in self._lines),
                    f"+{'-' * width}+",
                )
            )

    # Reading

    def _read_to_the_end(self) -> None:
        exit_code = None
        while True:
            if self._hanging_up and self._master >= 0:
                os.close(self._master)
                self._master = -1
            data = self._read_some()
            with self._news:
                self._draw(data)
                if exit_code is not None and not data:
                    self._exit_code = exit_code
                self._news.notify_all()
            if self._exit_code is not None:
                return
            if exit_code is None:  # asked before reading once more, so that nothing is missed
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                exit_code = os.waitstatus_to_exitcode(status) if pid else None

    def _draw(self, data: bytes) -> None:
        self._received += data
        self._stream.feed(data)
        for y in self._picture.dirty:
            row = self._picture.buffer[y]
            self._lines[y] = "".join(row[x].data for x in range(self._picture.columns))
        self._picture.dirty.clear()

    def _read_some(self) -> bytes:
        if self._master < 0:
            time.sleep(_LOOK_AGAIN / 4)
            return b""
        ready, _, _ = select.select([self._master], [], [], _LOOK_AGAIN / 4)
        return os.read(self._master, 65536) if ready else b""


def without(unwanted: Condition) -> Condition:
    """Return the condition that something is nowhere on the screen."""

    def absent(lines: Lines) -> bool:
        return not _holds(unwanted, lines)

    absent.__name__ = f"without {_words([unwanted])}"
    return absent


def _spawn(argv: Sequence[str], env: Mapping[str, str], line: str) -> int:
    """Start a program as the leader of a session whose terminal is `line`, and return its id."""
    return os.posix_spawn(
        argv[0],
        list(argv),
        dict(env),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, line, os.O_RDWR, 0),
            (os.POSIX_SPAWN_DUP2, 0, 1),
            (os.POSIX_SPAWN_DUP2, 0, 2),
        ],
        setsid=True,
        setsigdef=[signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGTERM],
    )


def _holds(wanted: Condition, lines: Lines) -> bool:
    match wanted:
        case str():
            return any(wanted in line for line in lines)
        case re.Pattern():
            return any(wanted.search(line) for line in lines)
        case _:
            return bool(wanted(lines))


def _words(conditions: Sequence[Condition]) -> str:
    return ", ".join(getattr(one, "__name__", repr(one)) for one in conditions)
