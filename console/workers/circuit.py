"""Whether a source may be asked at all, and how long to wait after failures; pure, the time is passed in."""

import random

BACKOFF_FIRST = 1.0
BACKOFF_MOST = 30.0
"""Bounds, in seconds, of the wait after a failed read."""

FAILURES_TO_OPEN = 3
"""Failures in a row after which a source counts as lost."""


def backoff(failures: int, rng: random.Random, most: float = BACKOFF_MOST) -> float:
    """Return the seconds to wait after `failures` failures in a row: doubling, with jitter, capped."""
    if failures <= 0:
        return 0.0
    longest = min(BACKOFF_FIRST * 2.0 ** min(failures - 1, 10), most)
    return max(BACKOFF_FIRST, longest * rng.uniform(0.75, 1.0))


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

    def begin(self) -> None:
        """Note that a read starts; while the source is lost, that read is the probe."""
        self._probing = self.lost

    def wait(self, now: float) -> float:
        """Return the seconds until a read may start, or the next probe; 0 when nothing hinders."""
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
