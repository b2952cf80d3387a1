"""What is told of the journal elsewhere: its head, and perhaps a copy of each record (rules 50 and 51).

A head that another host keeps shows that records at the end were cut off. A copy is only a copy:
what a syslog loses is still in the journal. Nobody ever waits for either.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from msgspec import Struct

from console.operations.journal import syslog
from console.operations.journal.head import Head
from console.settings.tables import JournalCopies
from console.settings.values import SyslogAddress
from console.text import safe

COPIES_MOST = 1000
"""Copies that wait to be sent; beyond that the oldest are left out."""

CLOSING = 1.0
"""Most seconds that closing waits for what is still to be sent."""

Row = tuple[int, str, str]
"""A record's number, its text, and its hash."""

Send = Callable[[SyslogAddress, Iterable[bytes]], None]


class Said(Struct, frozen=True):
    """A head that was sent, or tried to be, at `at` seconds."""

    head: Head
    at: float


def pause(head: Head, said: Said | None, now: float, told: JournalCopies) -> float:
    """Return the seconds until `head` is to be sent; 0 is now.

    A head that did not change is sent again, for a line may be lost. One with a smaller number is
    that of a journal that was begun afresh.
    """
    if said is None or not said.head.seq <= head.seq < said.head.seq + told.heads_records:
        return 0.0
    return max(0.0, said.at + told.heads_seconds - now)


class _Tries:
    """Counts the tries in a row that failed."""

    def __init__(self) -> None:
        self.failed = 0
        self.reason = ""

    def note(self, error: Exception | None) -> None:
        self.failed = self.failed + 1 if error is not None else 0
        self.reason = str(error)

    def warning(self, what: str, address: SyslogAddress | None) -> tuple[str, ...]:
        if not self.failed:
            return ()
        tries = "1 try" if self.failed == 1 else f"{self.failed} tries"
        return (safe(f"{what} to {address}: {tries} failed, the last: {self.reason}"),)


class Elsewhere:
    """Sends what is told elsewhere, on a thread of its own that begins with the first of it.

    Args:
        told: where to, and how often.
        whose: the journal in words: its site and its account.
    """

    def __init__(self, told: JournalCopies, whose: str, send: Send = syslog.send) -> None:
        self._told = told
        self._whose = whose
        self._send = send
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._head: Head | None = None
        self._said: Said | None = None
        self._copies: deque[str] = deque(maxlen=COPIES_MOST)
        self._closing = False
        self._heads = _Tries()
        self._copied = _Tries()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What does not arrive, in words; blank while all does, as far as anybody can tell."""
        heads = self._heads.warning("the head of the journal cannot be sent", self._told.heads_to)
        return (*heads, *self._copied.warning("copies of records cannot be sent", self._told.copy_to))

    def written(self, rows: Sequence[Row]) -> None:
        """Take note of records that are on the disk, at least one; returns at once."""
        with self._news:
            if self._told.heads_to is not None:
                self._head = Head(rows[-1][0], rows[-1][2])
            if self._told.copy_to is not None:
                self._copies.extend(body for _, body, _ in rows)
            if self._pause() == 0:
                self._wake()

    def close(self) -> None:
        """Send what is left, and wait for that, but not for long."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(CLOSING)

    def _wake(self) -> None:
        if self._thread is not None:
            self._news.notify()
            return
        thread = threading.Thread(target=self._work, name="journal elsewhere", daemon=True)
        with suppress(RuntimeError):  # no more threads: the next record tries again
            thread.start()
            self._thread = thread

    def _work(self) -> None:
        closing = False
        while not closing:
            with self._news:
                self._news.wait_for(lambda: self._closing or self._pause() == 0, self._pause())
                closing, head, copies = self._closing, self._due(), tuple(self._copies)
                self._copies.clear()
            if head is not None and self._told.heads_to is not None:
                self._try(self._heads, self._told.heads_to, "head", [f"{head} {self._whose}"])
            if copies and self._told.copy_to is not None:
                self._try(self._copied, self._told.copy_to, "record", copies)

    def _pause(self) -> float | None:
        """Return the seconds until something is to be sent; None is until there is more."""
        if self._copies:
            return 0.0
        return None if self._head is None else pause(self._head, self._said, time.monotonic(), self._told)

    def _due(self) -> Head | None:
        """Return the head if it is to be sent now; it counts as sent then, and no try is repeated at once."""
        head, now = self._head, time.monotonic()
        if head is None:
            return None
        if self._closing:
            due = self._said is None or self._said.head != head
        else:
            due = pause(head, self._said, now, self._told) == 0
        self._said = Said(head, now) if due else self._said
        return head if due else None

    def _try(self, tries: _Tries, address: SyslogAddress, subject: str, texts: Sequence[str]) -> None:
        now = datetime.now(UTC)
        try:
            self._send(address, [syslog.line(address, subject, text, now) for text in texts])
        except Exception as error:  # whatever it was, it did not arrive; a thread that ends tells nobody
            tries.note(error)
        else:
            tries.note(None)
