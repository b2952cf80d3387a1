"""Which key is due next; pure, the time is passed in.

Keys of one pace wait in one lane, by due time. Of those that are due the one goes first whose
lateness weighs most: measured by how late it may be without growing stale. So nothing grows stale
as long as that can be helped; beyond that the heavier paces come first, and still no key waits for
ever, for whatever waits gains weight.
"""

import heapq
import random
from collections.abc import Iterable
from zlib import crc32

from console.state.entities import Key
from console.state.pace import SELDOM, Pace
from console.workers.circuit import backoff

FIRST_WITHIN = 1.0
"""Seconds over which first turns are spread, where there are many."""

FIRST_RATE = 100
"""First turns a second where there are few."""

APART = 1.0
"""Least seconds between two reads of a key that is hurried (autostore.md 8 #4)."""

FAILING_MOST = 60.0
"""Most seconds between two reads of a key that fails again and again (rule 69)."""

_EASE = 0.9
"""Part of the time until it is stale for which a late key weighs no more than any other."""

_OUTDATED_MOST = 100
"""Outdated turns that may lie in a lane before it is swept, beside one for each key."""


class _Lane:
    """Keys in the order of their due times; `slack` is how many seconds late they may be."""

    def __init__(self, slack: float, weight: float) -> None:
        self.heap: list[tuple[float, Key]] = []
        self._slack = slack
        self._weight = weight

    def weigh(self, late: float) -> float:
        used_up = late / self._slack
        return used_up if used_up <= _EASE else self._weight * used_up


class _Turn:
    """A key's place: `due` and `lane` are None while it is being read, `again` if once more is wanted.

    `share` is 0 to 1, always the same for the same key: where in each interval its turn comes.
    """

    __slots__ = ("again", "done_at", "due", "failures", "lane", "pace", "share")

    def __init__(self, key: Key, pace: Pace) -> None:
        self.pace = pace
        self.share = crc32(repr(key).encode()) / 2**32
        self.lane: _Lane | None = None
        self.due: float | None = None
        self.done_at: float | None = None
        self.failures = 0
        self.again = False

    def soonest(self, wait: float, now: float) -> float:
        """Return when it may be read that was to wait for so long after its last read."""
        return now if self.done_at is None else max(now, self.done_at + wait)


class Schedule:
    """Due times of keys. A key that was taken is not due again until it is reported done.

    First turns are spread over up to a second by a hash of the key's name, and second turns over the
    interval, so that two thousand ports are not asked in one burst; each next turn carries a little
    jitter. Keys that failed have lanes of their own: they are asked ever more seldom, and few at a time,
    so that they never hold up the others. What failed only once has not long to wait: one reply may be
    lost by chance.

    Args:
        failing_at_once: most of such keys that are in flight.
    """

    def __init__(self, rng: random.Random, *, failing_at_once: int = 1) -> None:
        self._rng = rng
        self._failing_at_once = failing_at_once
        self._turns: dict[Key, _Turn] = {}
        self._in_flight: set[Key] = set()
        self._failing_in_flight: set[Key] = set()
        self._lanes: dict[Pace, _Lane] = {}
        self._failed_once = _Lane(slack=SELDOM, weight=1.0)
        self._failing = _Lane(slack=FAILING_MOST, weight=1.0)

    @property
    def in_flight(self) -> int:
        """How many keys are being read."""
        return len(self._in_flight)

    def add(self, keys: Iterable[Key], pace: Pace, now: float) -> None:
        """Ask `keys` at this pace from now on; first turns fall within a second.

        A key that is asked already only gets the new pace, counted from its last read.
        """
        keys = tuple(keys)
        within = min(pace.interval, FIRST_WITHIN, (len(self._turns) + len(keys)) / FIRST_RATE)
        for key in keys:
            turn = self._turns.get(key)
            if turn is None:
                self._turns[key] = turn = _Turn(key, pace)
                if key not in self._in_flight:
                    self._put(key, turn, now + turn.share * within)
            elif turn.pace != pace:
                turn.pace = pace
                if turn.due is not None and not turn.failures:
                    first = turn.done_at is None
                    due = turn.due if first else min(turn.due, turn.soonest(pace.interval, now))
                    self._put(key, turn, due)

    def drop(self, key: Key) -> None:
        """Stop asking `key`."""
        self._turns.pop(key, None)

    def hurry(self, key: Key, now: float) -> None:
        """Make `key` due now, but no sooner than a second after its last read.

        One that is being read is read once more: the answer may be older than the reason to hurry.
        """
        turn = self._turns.get(key)
        if turn is None:
            return
        if turn.due is None:
            turn.again = True
        else:
            self._put(key, turn, min(turn.due, turn.soonest(APART, now)))

    def take(self, now: float) -> Key | None:
        """Return a key that is due, the one whose lateness weighs most; it is then in flight."""
        due = [(now - first, lane) for first, lane in self._firsts() if first <= now]
        if not due:
            return None
        _, lane = max(due, key=lambda one: one[1].weigh(one[0]))
        return self._taken(lane.heap[0][1])

    def take_early(self, key: Key) -> Key | None:
        """Return `key` whether or not it is due; it is then in flight. None when it cannot be taken."""
        turn = self._turns.get(key)
        return None if turn is None or turn.lane is None else self._taken(key)

    def _taken(self, key: Key) -> Key:
        turn = self._turns[key]
        if turn.lane in (self._failed_once, self._failing):
            self._failing_in_flight.add(key)
        turn.due = turn.lane = None
        self._in_flight.add(key)
        return key

    def next_due(self) -> float:
        """Return the time at which something may be taken; infinite when nothing waits."""
        return min((first for first, _ in self._firsts()), default=float("inf"))

    def done(self, key: Key, now: float, *, ok: bool) -> None:
        """Report that a taken key was read; a failed one waits longer each time."""
        self._in_flight.discard(key)
        self._failing_in_flight.discard(key)
        turn = self._turns.get(key)
        if turn is None:
            return
        again, turn.again = turn.again, False
        first, turn.done_at = turn.done_at is None, now
        turn.failures = 0 if ok else turn.failures + 1
        wait = APART if again and ok else self._wait(turn, first=first)
        self._put(key, turn, now + max(wait, backoff(turn.failures, self._rng, FAILING_MOST)))

    def _wait(self, turn: _Turn, *, first: bool) -> float:
        interval = turn.pace.interval
        if first and interval > FIRST_WITHIN:
            return FIRST_WITHIN + turn.share * (interval - FIRST_WITHIN)
        return interval * self._rng.uniform(0.9, 1.0)

    def forgive(self, now: float) -> None:
        """Make every key that waits after a failure due within a second: the source is back."""
        for key, turn in self._turns.items():
            if turn.failures and turn.due is not None:
                self._put(key, turn, min(turn.due, now + self._rng.random()))

    def _firsts(self) -> list[tuple[float, _Lane]]:
        """Return the lanes in which a key may be taken, and when the first of each is due."""
        lanes = list(self._lanes.values())
        if len(self._failing_in_flight) < self._failing_at_once:
            lanes += (self._failed_once, self._failing)
        for lane in lanes:
            self._discard_outdated(lane)
        return [(lane.heap[0][0], lane) for lane in lanes if lane.heap]

    def _lane_of(self, turn: _Turn) -> _Lane:
        if turn.failures:
            return self._failed_once if turn.failures == 1 else self._failing
        pace = turn.pace
        if pace not in self._lanes:
            self._lanes[pace] = _Lane(max(pace.limit - pace.interval, pace.interval), pace.weight)
        return self._lanes[pace]

    def _put(self, key: Key, turn: _Turn, due: float) -> None:
        turn.due, turn.lane = due, self._lane_of(turn)
        heap = turn.lane.heap
        heapq.heappush(heap, (due, key))
        if len(heap) > 2 * len(self._turns) + _OUTDATED_MOST:
            heap[:] = [
                (one.due, waiting)
                for waiting, one in self._turns.items()
                if one.lane is turn.lane and one.due is not None
            ]
            heapq.heapify(heap)

    def _discard_outdated(self, lane: _Lane) -> None:
        while lane.heap:
            due, key = lane.heap[0]
            turn = self._turns.get(key)
            if turn is not None and turn.lane is lane and turn.due == due:
                return
            heapq.heappop(lane.heap)
