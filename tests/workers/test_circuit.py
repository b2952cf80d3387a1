"""A lost source is asked by one probe at a time, at growing distance."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.workers.circuit import BACKOFF_FIRST, BACKOFF_MOST, FAILURES_TO_OPEN, Circuit, backoff

NOW = 100.0


def circuit() -> Circuit:
    return Circuit(random.Random(1))


def ask(one: Circuit, now: float) -> bool:
    """Begin a read if that may be; returns whether it may."""
    may = one.wait(now) == 0
    if may:
        one.begin()
    return may


def opened(at: float = NOW) -> Circuit:
    one = circuit()
    for _ in range(FAILURES_TO_OPEN):
        one.failed(at - 1, at)
    return one


def test_it_is_closed_at_first_and_any_number_may_ask() -> None:
    one = circuit()
    assert not one.lost
    assert one.wait(NOW) == 0
    assert all(ask(one, NOW) for _ in range(100))


def test_it_opens_after_three_failures_in_a_row() -> None:
    one = circuit()
    lost = []
    for _ in range(3):
        one.failed(NOW, NOW + 1)
        lost.append(one.lost)
    assert lost == [False, False, True]


def test_an_answer_in_between_starts_the_count_anew() -> None:
    one = circuit()
    for _ in range(5):
        one.failed(NOW, NOW + 1)
        one.failed(NOW, NOW + 1)
        assert one.succeeded() is False
    assert not one.lost


def test_one_probe_at_a_time_once_a_second_has_passed() -> None:
    one = opened()
    assert not ask(one, NOW + 0.9)
    assert one.wait(NOW + 0.4) == pytest.approx(0.6)
    assert ask(one, NOW + 1)
    assert not ask(one, NOW + 1)
    assert one.wait(NOW + 1) == float("inf")


def test_a_failed_probe_lets_the_next_one_wait_longer() -> None:
    one, now, waits = opened(), NOW, []
    for _ in range(8):
        wait = one.wait(now)
        waits.append(wait)
        now += wait
        assert ask(one, now)
        one.failed(now, now + 0.5)
        now += 0.5
    assert waits[:4] == sorted(waits[:4])
    assert max(waits) <= BACKOFF_MOST
    assert waits[-1] > 20


def test_a_good_probe_closes_it() -> None:
    one = opened()
    assert ask(one, NOW + 1)
    assert one.succeeded() is True
    assert not one.lost
    assert ask(one, NOW + 1)
    assert ask(one, NOW + 1)


def test_reads_that_were_under_way_when_it_opened_count_no_more() -> None:
    one = opened()
    for _ in range(20):
        one.failed(NOW - 0.5, NOW + 0.5)
    assert one.wait(NOW) == pytest.approx(1.0)


def test_nor_do_they_end_a_probe() -> None:
    one = opened()
    assert ask(one, NOW + 1)
    one.failed(NOW - 0.5, NOW + 1.1)
    assert not ask(one, NOW + 60)


def test_an_answer_to_a_read_that_was_under_way_closes_it() -> None:
    one = opened()
    assert one.succeeded() is True
    assert not one.lost


@given(
    st.lists(st.tuples(st.sampled_from(["ask", "answer", "fail"]), st.floats(0.01, 40)), max_size=60),
    st.integers(0, 2**32),
)
def test_while_it_is_open_at_most_one_read_begins_at_a_time(
    steps: list[tuple[str, float]], seed: int
) -> None:
    one, now = Circuit(random.Random(seed)), NOW
    under_way: list[float] = []
    begun_while_lost = 0
    for step, seconds in steps:
        now += seconds
        lost = one.lost
        if step == "ask" and ask(one, now):
            begun_while_lost += lost
            under_way.append(now)
            assert begun_while_lost <= 1
        elif step != "ask" and under_way:
            begun = under_way.pop()
            begun_while_lost = 0
            one.succeeded() if step == "answer" else one.failed(begun, now)
        assert one.wait(now) <= BACKOFF_MOST or under_way


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
