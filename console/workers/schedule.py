"""Which key is due next, and whether the source may be asked at all; pure, the time is passed in."""

import heapq
import random
from collections.abc import Iterable
from zlib import crc32

from console.state.entities import Key

BACKOFF_FIRST = 1.0
BACKOFF_MOST = 30.0
"""Bounds, in seconds, of the wait after a failed read."""

FIRST_WITHIN = 1.0
"""Seconds over which first turns are spread."""

_OUTDATED_MOST = 100
"""Outdated turns that may lie in the heap before it is swept, beside one for each key."""

FAILURES_TO_OPEN = 3
"""Failures in a row after which a source counts as lost."""


def backoff(failures: int, rng: random.Random) -> float:
    """Return the seconds to wait after `failures` failures in a row: doubling, with jitter, capped."""
    if failures <= 0:
        return 0.0
    longest = min(BACKOFF_FIRST * 2.0 ** min(failures - 1, 10), BACKOFF_MOST)
    return max(BACKOFF_FIRST, longest * rng.uniform(0.75, 1.0))


class Schedule:
    """Due times of keys. A key that was taken is not due again until it is reported done.

    First turns are spread over a second by a hash of the key's name, so that two thousand ports are
    not asked in one burst; each next turn carries a little jitter.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._interval: dict[Key, float] = {}
        self._failures: dict[Key, int] = {}
        self._due: dict[Key, float] = {}
        self._in_flight: set[Key] = set()
        self._heap: list[tuple[float, Key]] = []

    def add(self, keys: Iterable[Key], interval: float, now: float) -> None:
        """Ask `keys` every `interval` seconds from now on; first turns fall within a second.

        A key that is asked already only gets a new interval.
        """
        for key in keys:
            self._interval[key] = interval
            if key not in self._in_flight and self._due.get(key, float("inf")) > now + interval:
                share = crc32(repr(key).encode()) / 2**32
                self._put(key, now + share * min(interval, FIRST_WITHIN))

    def drop(self, key: Key) -> None:
        """Stop asking `key`."""
        self._interval.pop(key, None)
        self._failures.pop(key, None)
        self._due.pop(key, None)

    def hurry(self, key: Key, now: float) -> None:
        """Make `key` due at once, unless it is being read right now."""
        if self._due.get(key, now) > now:
            self._put(key, now)

    def take(self, now: float) -> Key | None:
        """Return a key that is due, the longest overdue first; it is then in flight."""
        self._discard_outdated()
        if not self._heap or self._heap[0][0] > now:
            return None
        _, key = heapq.heappop(self._heap)
        del self._due[key]
        self._in_flight.add(key)
        return key

    def next_due(self) -> float:
        """Return the time at which something is due; infinite when all is in flight."""
        self._discard_outdated()
        return self._heap[0][0] if self._heap else float("inf")

    def done(self, key: Key, now: float, *, ok: bool) -> None:
        """Report that a taken key was read; a failed one waits longer each time."""
        self._in_flight.discard(key)
        if key not in self._interval:
            return
        interval = self._interval[key]
        failures = 0 if ok else self._failures.get(key, 0) + 1
        self._failures[key] = failures
        self._put(key, now + max(interval * self._rng.uniform(0.9, 1.0), backoff(failures, self._rng)))

    def forgive(self, now: float) -> None:
        """Make every key that waits after a failure due within a second: the source is back."""
        for key, failures in self._failures.items():
            if failures and self._due.get(key, 0.0) > now + 1.0:
                self._put(key, now + self._rng.random())
            self._failures[key] = 0

    def _put(self, key: Key, due: float) -> None:
        self._due[key] = due
        heapq.heappush(self._heap, (due, key))
        if len(self._heap) > 2 * len(self._due) + _OUTDATED_MOST:
            self._heap = [(at, one) for one, at in self._due.items()]
            heapq.heapify(self._heap)

    def _discard_outdated(self) -> None:
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)


class Circuit:
    """Keeps a lost source from being asked by every key at once.

    After three failures in a row it is open: one probe at a time, at growing distance, until one
    succeeds. Reads that were under way when it opened say nothing new when they fail too.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._failures = 0
        self._opened_at = float("-inf")
        self._probe_at = float("-inf")
        self._probing = False

    @property
    def lost(self) -> bool:
        """Whether the source counts as lost."""
        return self._failures >= FAILURES_TO_OPEN

    def may_ask(self, now: float) -> bool:
        """Return whether a read may start now; while the source is lost, that read is the probe."""
        if not self.lost:
            return True
        if self._probing or now < self._probe_at:
            return False
        self._probing = True
        return True

    def wait(self, now: float) -> float:
        """Return the seconds until the next probe may start; 0 when nothing hinders."""
        if not self.lost:
            return 0.0
        return float("inf") if self._probing else max(0.0, self._probe_at - now)

    def succeeded(self) -> bool:
        """Report an answer, be it a refusal; returns whether the source was lost until now."""
        was_lost = self.lost
        self._failures = 0
        self._probing = False
        return was_lost

    def failed(self, begun: float, now: float) -> None:
        """Report that a read begun at `begun` had no answer."""
        if self.lost and begun <= self._opened_at:
            return
        self._failures += 1
        if self._failures == FAILURES_TO_OPEN:
            self._opened_at = now
        if self.lost:
            self._probing = False
            self._probe_at = now + backoff(self._failures - FAILURES_TO_OPEN + 1, self._rng)
