"""Due times: spread, jitter, back-off; and what hurry, forgive, drop and add do to them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.workers.schedule import BACKOFF_FIRST, BACKOFF_MOST, Schedule, backoff

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
    source.add(keys(2000), 30.0, NOW)
    for tenth in range(1, 11):
        assert 120 < len(taken(source, NOW + tenth / 10)) < 280


def test_short_intervals_spread_within_themselves() -> None:
    source = schedule()
    source.add(keys(100), 0.2, NOW)
    assert len(taken(source, NOW + 0.2)) == 100


def test_the_spread_is_the_same_every_time() -> None:
    first, second = schedule(seed=1), schedule(seed=2)
    for one in (first, second):
        one.add(keys(100), 1.0, NOW)
    assert taken(first, NOW + 0.5) == taken(second, NOW + 0.5)


def test_the_longest_overdue_comes_first() -> None:
    source = schedule()
    source.add(keys(50), 1.0, NOW)
    order = []
    while (one := source.take(NOW + 1)) is not None:
        order.append(one)
    again = schedule()
    again.add(keys(50), 1.0, NOW)
    for one in order:
        assert again.take(again.next_due()) == one


def test_a_key_in_flight_is_not_due_until_it_is_done() -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
    assert source.take(NOW + 1) == key(4)
    assert source.take(NOW + 1000) is None
    assert source.next_due() == INFINITE
    source.done(key(4), NOW + 1000, ok=True)
    assert source.take(NOW + 1001) == key(4)


@given(st.floats(0.1, 1000), st.integers(0, 2**32))
def test_the_next_turn_is_within_the_interval(interval: float, seed: int) -> None:
    source = schedule(seed=seed)
    source.add([key(4)], interval, NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW + 1, ok=True)
    assert 0.9 * interval <= source.next_due() - (NOW + 1) <= interval + 1e-9


@given(st.integers(-2, 10_000), st.integers(0, 2**32))
def test_back_off_stays_within_its_bounds(failures: int, seed: int) -> None:
    wait = backoff(failures, random.Random(seed))
    assert wait == 0 if failures <= 0 else BACKOFF_FIRST <= wait <= BACKOFF_MOST


@pytest.mark.parametrize(
    ("failures", "least", "most"),
    [(1, 1.0, 1.0), (2, 1.5, 2.0), (3, 3.0, 4.0), (5, 12.0, 16.0), (6, 22.5, 30.0), (99, 22.5, 30.0)],
)
def test_back_off_doubles(failures: int, least: float, most: float) -> None:
    waits = [backoff(failures, random.Random(seed)) for seed in range(200)]
    assert least <= min(waits)
    assert max(waits) <= most
    assert len(set(waits)) > 1 or failures == 1


def test_failures_wait_longer_and_a_success_forgets_them() -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
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
    source.add([key(4)], 60.0, NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW, ok=False)
    assert source.next_due() >= NOW + 0.9 * 60


def test_hurry_makes_it_due_at_once() -> None:
    source = schedule()
    source.add([key(4)], 60.0, NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW + 1, ok=True)
    source.hurry(key(4), NOW + 2)
    assert source.next_due() == NOW + 2


def test_a_hurried_turn_takes_the_place_of_the_one_that_was_planned() -> None:
    source = schedule()
    source.add([key(4)], 60.0, NOW)
    source.hurry(key(4), NOW)
    source.take(NOW)
    source.done(key(4), NOW, ok=True)
    assert source.next_due() >= NOW + 0.9 * 60


def test_hurry_never_sends_a_key_to_the_back() -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
    overdue = source.next_due()
    source.hurry(key(4), NOW + 50)
    assert source.next_due() == overdue


@pytest.mark.parametrize("number", [4, 5])
def test_hurry_does_nothing_to_a_key_in_flight_or_unknown(number: int) -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
    source.take(NOW + 1)
    source.hurry(key(number), NOW + 1)
    assert source.take(NOW + 1000) is None


def test_a_dropped_key_is_not_asked() -> None:
    source = schedule()
    source.add(keys(2), 1.0, NOW)
    source.drop(key(1))
    source.drop(key(99))
    assert taken(source, NOW + 1000) == {2}


def test_a_key_dropped_in_flight_does_not_come_back() -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
    source.take(NOW + 1)
    source.drop(key(4))
    source.done(key(4), NOW + 2, ok=True)
    assert source.next_due() == INFINITE


def test_a_key_that_was_dropped_starts_anew_when_it_is_added_again() -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
    now = NOW
    for _ in range(5):
        now = source.next_due()
        source.take(now)
        source.done(key(4), now, ok=False)
    source.drop(key(4))
    source.add([key(4)], 1.0, now)
    now = source.next_due()
    source.take(now)
    source.done(key(4), now, ok=False)
    assert source.next_due() == now + 1


def test_a_key_dropped_and_added_in_flight_is_not_asked_twice_at_once() -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
    source.take(NOW + 1)
    source.drop(key(4))
    source.add([key(4)], 5.0, NOW + 1)
    assert source.take(NOW + 100) is None
    source.done(key(4), NOW + 100, ok=True)
    assert NOW + 104.5 <= source.next_due() <= NOW + 105


def test_a_shorter_interval_counts_at_once() -> None:
    source = schedule()
    source.add([key(4)], 3600.0, NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW + 1, ok=True)
    source.add([key(4)], 1.0, NOW + 2)
    assert source.next_due() <= NOW + 3


def test_adding_a_key_again_changes_nothing_else() -> None:
    source = schedule()
    source.add([key(4)], 1.0, NOW)
    due = source.next_due()
    source.add([key(4)], 1.0, NOW + 0.1)
    assert source.next_due() == due


def test_forgiven_keys_are_due_within_a_second_and_start_anew() -> None:
    source = schedule()
    source.add(keys(50), 1.0, NOW)
    now = NOW
    for _ in range(6):
        now = now + 40
        for number in taken(source, now):
            source.done(key(number), now, ok=False)
    assert taken(source, now + 20) == set()
    source.forgive(now)
    assert len(taken(source, now + 0.5)) < 50
    taken(source, now + 1)
    assert source.next_due() == INFINITE
    source.done(key(1), now + 1, ok=False)
    assert source.next_due() == pytest.approx(now + 2)


def test_forgiving_leaves_healthy_keys_alone() -> None:
    source = schedule()
    source.add([key(4)], 60.0, NOW)
    source.take(NOW + 1)
    source.done(key(4), NOW + 1, ok=True)
    due = source.next_due()
    source.forgive(NOW + 2)
    assert source.next_due() == due
