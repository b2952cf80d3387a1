"""Whatever is done to a schedule: no key starves, and none is in flight twice."""

import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.state.entities import Key
from console.workers.schedule import BACKOFF_MOST, Schedule

from .small import key

numbers = st.integers(1, 6)
INTERVALS = (0.5, 1.0, 10.0)
SLACK = 1e-6


class Polled(RuleBasedStateMachine):
    """A schedule beside a plain account of what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.schedule = Schedule(random.Random(7))
        self.intervals: dict[Key, float] = {}
        self.in_flight: set[Key] = set()
        self.due_before: dict[Key, float] = {}

    @rule(number=numbers, interval=st.sampled_from(INTERVALS))
    def add(self, number: int, interval: float) -> None:
        self.schedule.add([key(number)], interval, self.now)
        self.intervals[key(number)] = interval
        known = self.due_before.get(key(number), self.now + 1.0)
        self.due_before[key(number)] = max(known, self.now + 1.0)

    @rule(number=numbers)
    def drop(self, number: int) -> None:
        self.schedule.drop(key(number))
        self.intervals.pop(key(number), None)
        self.due_before.pop(key(number), None)

    @rule(number=numbers)
    def hurry(self, number: int) -> None:
        self.schedule.hurry(key(number), self.now)

    @rule(seconds=st.floats(0.01, 40))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def take(self) -> None:
        due = self.schedule.next_due()
        taken = self.schedule.take(self.now)
        assert (taken is not None) == (due <= self.now)
        if taken is not None:
            assert taken in self.intervals
            assert taken not in self.in_flight
            self.in_flight.add(taken)

    @precondition(lambda self: self.in_flight)
    @rule(pick=st.randoms(use_true_random=False), ok=st.booleans())
    def done(self, pick: random.Random, ok: bool) -> None:
        one = pick.choice(sorted(self.in_flight))
        self.in_flight.discard(one)
        self.schedule.done(one, self.now, ok=ok)
        if one in self.intervals:
            longest = self.intervals[one] if ok else max(self.intervals[one], BACKOFF_MOST)
            self.due_before[one] = self.now + longest

    @rule()
    def forgive(self) -> None:
        self.schedule.forgive(self.now)

    @invariant()
    def nobody_starves(self) -> None:
        waiting = {one for one in self.intervals if one not in self.in_flight}
        latest = max((self.due_before[one] for one in waiting), default=None)
        if latest is None:
            assert self.schedule.next_due() == float("inf")
            return
        assert self.schedule.next_due() <= latest + SLACK
        assert waiting == self._all_due_by(latest + SLACK)

    def _all_due_by(self, when: float) -> set[Key]:
        """Take everything from a copy."""
        copy = Schedule(random.Random(7))
        copy._due = dict(self.schedule._due)
        copy._heap = list(self.schedule._heap)
        found = set()
        while (one := copy.take(when)) is not None:
            found.add(one)
        return found

    @invariant()
    def it_does_not_grow(self) -> None:
        assert len(self.schedule._heap) <= 2 * 6 + 101


TestPolled = Polled.TestCase
TestPolled.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_heap_of_outdated_turns_is_swept() -> None:
    source = Schedule(random.Random(1))
    for number in range(10_000):
        source.add([key(number)], 86_400.0, 0.0)
        source.hurry(key(number), 0.0)
        source.take(float(number))
        source.done(key(number), float(number), ok=True)
        source.drop(key(number))
    assert len(source._heap) < 200
