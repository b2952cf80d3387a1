"""Due times: spread, jitter, back-off; who comes first; and what hurry, forgive, drop and add do to them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.state.entities import Key, Kind
from console.state.pace import Pace
from console.state.quality import STALE_MOST
from console.workers.schedule import APART, FAILING_MOST, Schedule

from .small import key, keys

NOW = 100.0
INFINITE = float("inf")


def schedule(*, seed: int = 1) -> Schedule:
    return Schedule(random.Random(seed))


def taken(source: Schedule, now: float) -> set[int]:
    """Take all that is due."""
    found = []
    while (one := source.take(now)) is not None:
        found.append(int(one.id))
    assert len(found) == len(set(found))
    return set(found)


def test_nothing_is_due_before_something_is_added() -> None:
    empty = schedule()
    assert empty.next_due() == INFINITE
    assert empty.take(NOW) is None


def test_first_turns_are_spread_over_a_second() -> None:
    source = schedule()
    source.add(keys(2000), Pace(30.0), NOW)
    for tenth in range(1, 11):
        assert 120 < len(taken(source, NOW + tenth / 10)) < 280


def test_short_intervals_spread_within_themselves() -> None:
    source = schedule()
    source.add(keys(100), Pace(0.2), NOW)
    assert len(taken(source, NOW + 0.2)) == 100


def test_the_spread_is_the_same_every_time() -> None:
    first, second = schedule(seed=1), schedule(seed=2)
    for one in (first, second):
        one.add(keys(100), Pace(1.0), NOW)
    assert taken(first, NOW + 0.5) == taken(second, NOW + 0.5)


def test_the_longest_overdue_comes_first() -> None:
    source = schedule()
    source.add(keys(50), Pace(1.0), NOW)
    order = []
    while (one := source.take(NOW + 1)) is not None:
        order.append(one)
    again = schedule()
    again.add(keys(50), Pace(1.0), NOW)
    for one in order:
        assert again.take(again.next_due()) == one


def test_a_key_in_flight_is_not_due_until_it_is_done() -> None:
    source = schedule()
    source.add([key(4)], Pace(1.0), NOW)
    assert source.take(NOW + 1) == key(4)
    assert source.take(NOW + 1000) is None
    assert source.next_due() == INFINITE
    source.done(key(4), NOW + 1000, ok=True)
    assert source.take(NOW + 1001) == key(4)


@given(st.floats(0.1, 1000), st.integers(0, 2**32))
def test_the_next_turn_is_within_the_interval(interval: float, seed: int) -> None:
    source = schedule(seed=seed)
    source.add([key(4)], Pace(interval), NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW + 1, ok=True)
    assert 0.9 * interval <= source.next_due() - (NOW + 1) <= interval + 1e-9


def test_failures_wait_longer_and_a_success_forgets_them() -> None:
    source = schedule()
    source.add([key(4)], Pace(1.0), NOW)
    waits = []
    for ok in (False, False, False, False, True, False):
        now = source.next_due()
        source.take(now)
        source.done(key(4), now, ok=ok)
        waits.append(source.next_due() - now)
    assert waits == sorted(waits[:4]) + waits[4:]
    assert waits[3] > 5
    assert waits[4] <= 1
    assert waits[5] == 1


def test_a_failed_read_waits_no_less_than_its_interval() -> None:
    source = schedule()
    source.add([key(4)], Pace(60.0), NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW, ok=False)
    assert source.next_due() >= NOW + 0.9 * 60


def test_a_dropped_key_is_not_asked() -> None:
    source = schedule()
    source.add(keys(2), Pace(1.0), NOW)
    source.drop(key(1))
    source.drop(key(99))
    assert taken(source, NOW + 1000) == {2}


def test_a_key_dropped_in_flight_does_not_come_back() -> None:
    source = schedule()
    source.add([key(4)], Pace(1.0), NOW)
    source.take(NOW + 1)
    source.drop(key(4))
    source.done(key(4), NOW + 2, ok=True)
    assert source.next_due() == INFINITE


def test_a_key_that_was_dropped_starts_anew_when_it_is_added_again() -> None:
    source = schedule()
    source.add([key(4)], Pace(1.0), NOW)
    now = NOW
    for _ in range(5):
        now = source.next_due()
        source.take(now)
        source.done(key(4), now, ok=False)
    source.drop(key(4))
    source.add([key(4)], Pace(1.0), now)
    now = source.next_due()
    source.take(now)
    source.done(key(4), now, ok=False)
    assert source.next_due() == now + 1


def test_a_key_dropped_and_added_in_flight_is_not_asked_twice_at_once() -> None:
    source = schedule()
    source.add([key(4)], Pace(1.0), NOW)
    source.take(NOW + 1)
    source.drop(key(4))
    source.add([key(4)], Pace(5.0), NOW + 1)
    assert source.take(NOW + 100) is None
    source.done(key(4), NOW + 100, ok=True)
    assert NOW + 104.5 <= source.next_due() <= NOW + 105


def test_a_shorter_interval_counts_at_once() -> None:
    source = schedule()
    source.add([key(4)], Pace(3600.0), NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW + 1, ok=True)
    source.add([key(4)], Pace(1.0), NOW + 2)
    assert source.next_due() <= NOW + 3


def test_adding_a_key_again_changes_nothing_else() -> None:
    source = schedule()
    source.add([key(4)], Pace(1.0), NOW)
    due = source.next_due()
    source.add([key(4)], Pace(1.0), NOW + 0.1)
    assert source.next_due() == due


def read(source: Schedule, now: float, *, ok: bool = True, number: int = 4) -> None:
    """Take a key that is due and report it done in the same moment."""
    assert source.take(now) == key(number)
    source.done(key(number), now, ok=ok)


def test_second_turns_are_spread_over_the_interval() -> None:
    source = schedule()
    source.add(keys(2000), Pace(10.0), NOW)
    for number in taken(source, NOW + 1):
        source.done(key(number), NOW + 1, ok=True)
    assert source.next_due() > NOW + 2
    for second in range(2, 11):
        assert 120 < len(taken(source, NOW + 1 + second)) < 330


def test_hurry_brings_a_turn_forward_but_not_within_a_second_of_the_last() -> None:
    source = schedule()
    source.add([key(4)], Pace(60.0), NOW)
    read(source, NOW + 1)
    source.hurry(key(4), NOW + 1.2)
    assert source.next_due() == NOW + 1 + APART
    source.hurry(key(4), NOW + 5)
    assert source.next_due() == NOW + 1 + APART
    read(source, NOW + 5)
    source.hurry(key(4), NOW + 30)
    assert source.next_due() == NOW + 30
    read(source, NOW + 30)
    assert source.next_due() >= NOW + 30 + 0.9 * 60


def test_a_key_that_is_hurried_waits_its_turn_among_those_that_are_late() -> None:
    source = schedule()
    source.add(keys(2), Pace(10.0), NOW)
    for one in keys(2):
        source.take(NOW + 1)
        source.done(one, NOW + 1, ok=True)
    source.hurry(key(2), NOW + 50)
    assert source.take(NOW + 50) == key(1)
    assert source.take(NOW + 50) == key(2)


def test_a_key_hurried_in_flight_is_read_once_more() -> None:
    source = schedule()
    source.add([key(4)], Pace(60.0), NOW)
    assert source.take(NOW + 1) == key(4)
    source.hurry(key(4), NOW + 1.1)
    assert source.take(NOW + 50) is None
    source.done(key(4), NOW + 50, ok=True)
    assert source.next_due() == NOW + 50 + APART
    read(source, NOW + 60)
    assert source.next_due() > NOW + 60 + 0.9 * 60 - 1


def test_a_key_that_fails_is_not_read_again_at_once_because_it_was_hurried() -> None:
    source = schedule()
    source.add([key(4)], Pace(60.0), NOW)
    source.take(NOW + 1)
    source.hurry(key(4), NOW + 1)
    source.done(key(4), NOW + 2, ok=False)
    assert source.next_due() > NOW + 50


def test_hurrying_what_is_not_asked_does_nothing() -> None:
    source = schedule()
    source.hurry(key(5), NOW)
    assert source.next_due() == INFINITE


SLOW, FAST = Pace(10.0), Pace(1.0, weight=5.0)
"""Twenty seconds late, or two, and they are stale."""


def waiting(slow_late: float, fast_late: float) -> Schedule:
    """A slow key 1 and a fast key 2 that are so late at NOW."""
    source = schedule()
    for one, pace, late in ((key(1), SLOW, slow_late), (key(2), FAST, fast_late)):
        source.add([one], pace, NOW - 100)
        source.take(NOW - 99)
        source.done(one, NOW - 99, ok=True)
        turn = source._turns[one]
        source._put(one, turn, NOW - late)
    return source


@pytest.mark.parametrize(
    ("slow_late", "fast_late", "first"),
    [
        (1.0, 0.5, 2),
        (8.0, 0.5, 1),
        (8.0, 0.7, 1),
        (17.0, 1.8, 2),
        (18.0, 1.7, 1),
        (40.0, 1.9, 2),
        (99.0, 1.9, 1),
        (0.0, -1.0, 1),
        (-1.0, 0.0, 2),
    ],
)
def test_who_is_nearer_to_growing_stale_comes_first_and_then_who_weighs_more(
    slow_late: float, fast_late: float, first: int
) -> None:
    assert waiting(slow_late, fast_late).take(NOW) == key(first)


def test_a_key_that_is_of_more_interest_is_due_by_its_new_pace() -> None:
    source = schedule()
    source.add([key(4)], SLOW, NOW)
    read(source, NOW + 1)
    source.add([key(4)], FAST, NOW + 1.5)
    assert source.next_due() == NOW + 2
    source.add([key(4)], SLOW, NOW + 1.6)
    assert source.next_due() == NOW + 2
    read(source, NOW + 2)
    assert source.next_due() >= NOW + 2 + 9


def test_a_new_pace_does_not_cut_the_wait_after_a_failure() -> None:
    source = schedule()
    source.add([key(4)], SLOW, NOW)
    for _ in range(5):
        read(source, source.next_due(), ok=False)
    due = source.next_due()
    source.add([key(4)], FAST, due - 5)
    assert source.next_due() == due


def failed(source: Schedule, count: int) -> float:
    """Let so many keys fail; returns when."""
    now = NOW + 1
    for _ in range(count):
        one = source.take(now)
        assert one is not None
        source.done(one, now, ok=False)
    return now


def test_keys_that_failed_are_asked_few_at_a_time_and_never_hold_up_the_others() -> None:
    source = Schedule(random.Random(1), failing_at_once=2)
    source.add(keys(20), FAST, NOW)
    now = failed(source, 20) + 100
    live = Key(Kind.SYSTEM)
    source.add([live], FAST, now)
    first, second = source.take(now), source.take(now)
    assert {first, second} < set(keys(20))
    assert source.next_due() > now
    assert source.take(now + 1) == live
    assert source.take(now + 1000) is None
    assert first is not None
    source.done(first, now + 1000, ok=True)
    assert source.take(now + 1000) in keys(20)
    assert source.next_due() > now + 1000


def test_what_fails_for_long_is_asked_about_once_a_minute_in_the_end() -> None:
    source = schedule()
    source.add([key(4)], FAST, NOW)
    for _ in range(20):
        read(source, source.next_due(), ok=False)
    now = source.next_due()
    read(source, now, ok=False)
    assert 0.75 * FAILING_MOST <= source.next_due() - now <= FAILING_MOST


def test_a_key_that_failed_stays_in_its_lane_when_it_is_hurried() -> None:
    source = schedule()
    source.add(keys(3), FAST, NOW)
    now = failed(source, 3) + 0.5
    for one in keys(3):
        source.hurry(one, now)
    assert source.take(now + 0.5) in keys(3)
    assert source.take(now + 0.5) is None


def test_forgiven_keys_are_due_within_a_second() -> None:
    source = Schedule(random.Random(1), failing_at_once=50)
    source.add(keys(50), FAST, NOW)
    now = NOW
    for _ in range(6):
        now += 100
        for number in taken(source, now):
            source.done(key(number), now, ok=False)
    assert taken(source, now + 20) == set()
    source.forgive(now)
    assert len(taken(source, now + 0.5)) < 50
    taken(source, now + 1)
    assert source.next_due() == INFINITE
    source.done(key(1), now + 1, ok=True)
    assert source.next_due() <= now + 2


def test_forgiving_leaves_healthy_keys_alone() -> None:
    source = schedule()
    source.add([key(4)], Pace(60.0), NOW)
    read(source, NOW + 1)
    due = source.next_due()
    source.forgive(NOW + 2)
    assert source.next_due() == due


def test_a_key_that_failed_once_waits_hardly_longer_than_the_others() -> None:
    """Where twice as much is due as there may be calls, each of 200 keys is read every twenty seconds."""
    source = Schedule(random.Random(1), failing_at_once=2)
    source.add(keys(200), Pace(10.0), NOW)
    failed_at = waited = 0.0
    unlucky = None
    for tenth in range(1200):
        now = NOW + tenth / 10
        taken_now = source.take(now)
        if taken_now is None:
            continue
        if unlucky is None and now > NOW + 50:
            unlucky, failed_at = taken_now, now
            source.done(taken_now, now, ok=False)
            continue
        if taken_now == unlucky and not waited:
            waited = now - failed_at
        source.done(taken_now, now, ok=True)
    assert 0 < waited < STALE_MOST
