"""Whatever is done to a schedule: no key starves, none is in flight twice, and the budget holds."""

import copy
import random
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.state.entities import Key
from console.state.pace import Pace, paces
from console.workers.budget import SAVED, Budget
from console.workers.schedule import FAILING_MOST, FIRST_WITHIN, Schedule

from .small import key

numbers = st.integers(1, 6)
PACES = (Pace(0.5), *paces(1.0, told=False))
SLACK = 1e-6


class Polled(RuleBasedStateMachine):
    """A schedule beside a plain account of what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.schedule = Schedule(random.Random(7))
        self.paces: dict[Key, Pace] = {}
        self.in_flight: set[Key] = set()
        self.due_before: dict[Key, float] = {}

    @rule(number=numbers, pace=st.sampled_from(PACES))
    def add(self, number: int, pace: Pace) -> None:
        self.schedule.add([key(number)], pace, self.now)
        self.paces[key(number)] = pace
        self.due_before.setdefault(key(number), self.now + FIRST_WITHIN)

    @rule(number=numbers)
    def drop(self, number: int) -> None:
        self.schedule.drop(key(number))
        self.paces.pop(key(number), None)
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
            assert taken in self.paces
            assert taken not in self.in_flight
            self.in_flight.add(taken)
        assert self.schedule.in_flight == len(self.in_flight)

    @precondition(lambda self: self.in_flight)
    @rule(pick=st.randoms(use_true_random=False), ok=st.booleans())
    def done(self, pick: random.Random, ok: bool) -> None:
        one = pick.choice(sorted(self.in_flight))
        self.in_flight.discard(one)
        self.schedule.done(one, self.now, ok=ok)
        if one in self.paces:
            longest = max(self.paces[one].interval, FIRST_WITHIN)
            self.due_before[one] = self.now + (longest if ok else max(longest, FAILING_MOST))

    @rule()
    def forgive(self) -> None:
        self.schedule.forgive(self.now)

    @invariant()
    def nobody_starves(self) -> None:
        waiting = {one for one in self.paces if one not in self.in_flight}
        for one in waiting:
            assert self._all_due_by(self.due_before[one] + SLACK) >= {one}
        assert self._all_due_by(float("inf")) == waiting

    def _all_due_by(self, when: float) -> set[Key]:
        """Take everything from a copy."""
        twin = copy.deepcopy(self.schedule)
        twin._failing_at_once = 100
        found = set()
        while (one := twin.take(when)) is not None:
            found.add(one)
        return found

    @invariant()
    def it_does_not_grow(self) -> None:
        for lane in (self.schedule._failing, *self.schedule._lanes.values()):
            assert len(lane.heap) <= 2 * 6 + 101


TestPolled = Polled.TestCase
TestPolled.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_lanes_of_outdated_turns_are_swept() -> None:
    source = Schedule(random.Random(1))
    for number in range(10_000):
        source.add([key(number)], PACES[number % 4], 0.0)
        source.hurry(key(number), 0.0)
        source.take(float(number))
        source.done(key(number), float(number), ok=True)
        source.drop(key(number))
    assert sum(len(lane.heap) for lane in source._lanes.values()) < 600


class Reads(NamedTuple):
    """How the keys of a simulated source are read: `cost` calls that take `takes` seconds each."""

    pace: Pace
    cost: int
    takes: float
    fails: bool


class Begun(NamedTuple):
    at: float
    key: Key


class Account(NamedTuple):
    """What was begun when, and when calls were made."""

    begun: list[Begun]
    calls: list[float]
    most_at_once: int


def read_for(seconds: float, sources: list[Reads], rate: float, at_once: int) -> Account:
    """Read by a schedule and a budget as the poller does, in no time."""
    schedule, budget, now = Schedule(random.Random(5)), Budget(rate, at_once), 0.0
    reads = {key(number): one for number, one in enumerate(sources)}
    for one, how in reads.items():
        schedule.add([one], how.pace, now)
    under_way: list[tuple[float, Key, bool]] = []
    account, most = Account([], [], 0), 0
    while now < seconds:
        wait = float("inf")
        if schedule.in_flight < at_once:
            wait = max(schedule.next_due() - now, budget.wait(now, schedule.in_flight))
        if wait <= 0:
            taken = schedule.take(now)
            assert taken is not None
            account.begun.append(Begun(now, taken))
            how = reads[taken]
            under_way += [
                (now + call * how.takes, taken, call == how.cost) for call in range(1, how.cost + 1)
            ]
            most = max(most, schedule.in_flight)
            continue
        under_way.sort()
        if under_way and under_way[0][0] <= now + wait:
            now, taken, last = under_way.pop(0)
            budget.spend(now)
            account.calls.append(now)
            if last:
                schedule.done(taken, now, ok=not reads[taken].fails)
        else:
            now += max(wait, SLACK)
    return account._replace(most_at_once=most)


sources = st.lists(
    st.builds(
        Reads,
        pace=st.sampled_from(paces(1.0, told=False)),
        cost=st.integers(1, 3),
        takes=st.sampled_from([0.01, 0.3]),
        fails=st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=40,
)
rates, numbers_at_once = st.sampled_from([2.0, 5.0, 20.0]), st.integers(1, 8)


def slack(pace: Pace) -> float:
    return pace.limit - pace.interval


def longest_gap(one: Reads, among: list[Reads], rate: float, at_once: int) -> float:
    """Seconds after which a key must have had a turn.

    While it is late by t, another gets a turn only when it is late by t * its slack / its weight over
    the slack of the key; so in the second half of the wait each has few turns.
    """
    looks = min(rate / max(how.cost for how in among), at_once / max(how.cost * how.takes for how in among))
    others = sum(1 + slack(one.pace) * how.pace.weight / slack(how.pace) for how in among)
    return (
        one.pace.interval + slack(one.pace) + 2 * others / looks + max(how.cost * how.takes for how in among)
    )


@given(sources, rates, numbers_at_once)
@settings(max_examples=40)
def test_no_key_starves_however_scarce_calls_are(among: list[Reads], rate: float, at_once: int) -> None:
    seconds = 200.0
    account = read_for(seconds, among, rate, at_once)
    turns: dict[Key, list[float]] = defaultdict(lambda: [0.0])
    for at, one in account.begun:
        turns[one].append(at)
    for number, how in enumerate(among):
        gaps = [later - earlier for earlier, later in pairwise([*turns[key(number)], seconds])]
        if not how.fails:
            assert max(gaps) <= longest_gap(how, among, rate, at_once)


@given(sources, rates, numbers_at_once)
@settings(max_examples=40)
def test_the_budget_is_never_exceeded(among: list[Reads], rate: float, at_once: int) -> None:
    account = read_for(30.0, among, rate, at_once)
    assert account.most_at_once <= at_once
    # A look may turn out to need two calls more than the one that it was let through for.
    spare = max(float(at_once), SAVED * rate) + 2 * at_once
    for first, begun in enumerate(account.calls):
        for count, at in enumerate(account.calls[first:], 1):
            assert count <= rate * (at - begun) + spare + 1


@pytest.mark.parametrize(
    ("watched", "awake", "asleep", "told"),
    [(60, 0, 1940, False), (60, 400, 1540, True), (150, 0, 1000, False)],
)
def test_what_the_budget_allows_is_kept_from_growing_stale(
    watched: int, awake: int, asleep: int, told: bool
) -> None:
    choice = paces(1.0, told=told)
    counts = zip(choice, (watched, awake, asleep), strict=True)
    among = [Reads(pace, 1, 0.005, False) for pace, count in counts for _ in range(count)]
    account = read_for(120.0, among, 100.0, 8)
    settled = 40.0  # by then all were read, and take their regular turns
    last: dict[Key, float] = {}
    for at, one in account.begun:
        limit = among[int(one.id)].pace.limit
        assert last.get(one, 0.0) < settled or at - last[one] < limit
        last[one] = at
    assert len(last) == len(among)
