"""What a value is worth, from its age alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.state.quality import STALE_LEAST, STALE_MOST, Quality, age_text, judge, stale_limit

seconds = st.floats(0, 1e7, allow_nan=False)


@pytest.mark.parametrize(
    ("interval", "limit"),
    [(0.0, 2.0), (0.1, 2.0), (2 / 3, 2.0), (0.7, 2.1), (1.0, 3.0), (10.0, 30.0), (11.0, 30.0), (3600, 30.0)],
)
def test_the_limit_is_three_intervals_within_bounds(interval: float, limit: float) -> None:
    assert stale_limit(interval) == pytest.approx(limit)


@given(seconds)
def test_the_limit_never_leaves_its_bounds(interval: float) -> None:
    assert STALE_LEAST <= stale_limit(interval) <= STALE_MOST


@pytest.mark.parametrize(
    ("seen_at", "now", "failing", "quality"),
    [
        (None, 100.0, False, Quality.NEVER),
        (None, 100.0, True, Quality.UNREACHABLE),
        (100.0, 100.0, False, Quality.LIVE),
        (100.0, 103.0, False, Quality.LIVE),
        (100.0, 103.001, False, Quality.STALE),
        (100.0, 102.9, True, Quality.LIVE),
        (100.0, 103.001, True, Quality.UNREACHABLE),
    ],
)
def test_quality(seen_at: float | None, now: float, failing: bool, quality: Quality) -> None:
    assert judge(seen_at, now, 3.0, failing=failing) is quality


@given(seconds, seconds, seconds, st.booleans())
def test_nothing_older_than_its_limit_is_live(
    seen_at: float, now: float, interval: float, failing: bool
) -> None:
    limit = stale_limit(interval)
    live = judge(seen_at, now, limit, failing=failing) is Quality.LIVE
    assert live == (now - seen_at <= limit)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (-3.0, "0.0 s"),
        (0.0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (9.95, "10 s"),
        (31.4, "31 s"),
        (99.4, "99 s"),
        (99.5, "1 min"),
        (240.0, "4 min"),
        (5999.0, "99 min"),
        (6000.0, "1 h 40"),
        (7500.0, "2 h 05"),
        (360_000.0, "100 h 00"),
    ],
)
def test_ages_in_words(age: float, words: str) -> None:
    assert age_text(age) == words


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_no_age_is_negative(age: float) -> None:
    assert "-" not in age_text(age)
