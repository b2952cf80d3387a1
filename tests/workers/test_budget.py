"""So many calls a second, whoever makes them, and only reads in the background wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.workers.budget import OWED, SAVED, Budget

NOW = 100.0


def spent(budget: Budget, calls: int, now: float = NOW) -> Budget:
    for _ in range(calls):
        budget.spend(now)
    return budget


def test_a_new_budget_lets_some_begin_at_once_and_then_one_at_a_time() -> None:
    budget = Budget(100.0, at_once=8)
    begun = 0
    while budget.wait(NOW) == 0:
        budget.spend(NOW)
        begun += 1
    assert begun == SAVED * 100
    assert budget.wait(NOW) == pytest.approx(0.01)
    assert budget.wait(NOW + 0.01) == pytest.approx(0.0, abs=1e-9)


def test_however_low_the_rate_as_many_as_may_be_in_flight_begin_together() -> None:
    budget = Budget(1.0, at_once=8)
    assert budget.wait(NOW, promised=7) == 0
    assert budget.wait(NOW, promised=8) > 0


def test_what_is_promised_is_kept_back() -> None:
    budget = spent(Budget(100.0, at_once=1), 20)
    assert budget.wait(NOW, promised=4) == 0
    assert budget.wait(NOW, promised=5) == pytest.approx(0.01)


def test_nothing_is_saved_for_ever() -> None:
    budget = spent(Budget(100.0, at_once=8), 25)
    assert spent(budget, 25, NOW + 1e6).wait(NOW + 1e6) > 0


def test_calls_that_did_not_wait_are_paid_back_but_not_for_long() -> None:
    budget = spent(Budget(100.0, at_once=8), 50)
    assert budget.wait(NOW) == pytest.approx(0.26)
    spent(budget, 5000)
    assert budget.wait(NOW) == pytest.approx(OWED + 0.01)


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    budget = spent(Budget(100.0, at_once=8), 25)
    spent(budget, 1, NOW - 50)
    assert budget.wait(NOW - 50) == pytest.approx(0.02)
    assert budget.wait(NOW) == pytest.approx(0.02)


@given(
    st.sampled_from([1.0, 3.0, 100.0]),
    st.integers(1, 16),
    st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_who_waits_never_exceeds_the_rate(rate: float, at_once: int, pauses: list[float]) -> None:
    budget, now, begun = Budget(rate, at_once), 0.0, 0
    for pause in pauses:
        now += pause
        while budget.wait(now) == 0:
            budget.spend(now)
            begun += 1
        assert begun <= max(at_once, SAVED * rate) + rate * now + 1e-6
