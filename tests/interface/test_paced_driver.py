"""When frames go out, and how it is noticed that the terminal is slow or has stalled."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.interface.paced_driver import SLOW_FRAMES, SLOW_SECONDS, STALLED_SECONDS, Outlet, Pace


class Link(Outlet):
    """A terminal that takes what it is told to."""

    def __init__(self) -> None:
        super().__init__(-1)

    def take(self, number: int, now: float) -> None:
        """Take so many writes."""
        self.taken += number
        self.taken_at = now


def frames(*seconds: float) -> Pace:
    """Return what is known of a link that took so long for each frame."""
    link = Link()
    pace = Pace(link)
    now = 0.0
    for took in seconds:
        assert pace.may_paint(now)
        pace.paint(now)
        pace.give(now)
        now += took
        link.take(1, now)
    return pace


def test_no_frame_is_made_while_something_is_on_its_way() -> None:
    link = Link()
    pace = Pace(link)
    assert pace.may_paint(0.0)
    pace.give(0.0)
    pace.give(0.1)
    assert not pace.may_paint(0.2)
    link.take(1, 0.3)
    assert not pace.may_paint(0.4)
    link.take(1, 0.5)
    assert pace.may_paint(0.6)


def test_frames_keep_their_distance_where_there_is_one() -> None:
    pace = Pace(Link())
    pace.period = 0.25
    painted = []
    for now in range(0, 1000, 33):
        if pace.may_paint(now / 1000):
            pace.paint(now / 1000)
            painted.append(now)
    assert painted == [0, 264, 528, 792]


@pytest.mark.parametrize(
    ("seconds", "slow"),
    [
        ([0.01] * 1000, False),
        ([SLOW_SECONDS / SLOW_FRAMES] * SLOW_FRAMES, True),
        ([SLOW_SECONDS / SLOW_FRAMES] * (SLOW_FRAMES - 1), False),
        ([0.09] * 1000, False),
        ([0.3] * 9, False),
        ([0.3] * 11, True),
        ([60.0, *[0.01] * 100, 60.0, *[0.01] * 100, 60.0], False),
        ([*[2.0] * SLOW_FRAMES, *[0.01] * 3000], True),
    ],
)
def test_a_link_is_slow_when_frame_after_frame_is_waited_for(seconds: list[float], slow: bool) -> None:
    assert frames(*seconds).slow is slow


def test_a_terminal_that_takes_nothing_has_stalled_after_a_while() -> None:
    link = Link()
    pace = Pace(link)
    assert not pace.stalled(1000.0)
    pace.give(1000.0)
    assert not pace.stalled(1000.0 + STALLED_SECONDS)
    pace.give(1000.9)
    assert pace.stalled(1000.1 + STALLED_SECONDS), "what was given first waits"
    link.take(2, 1005.0)
    assert not pace.stalled(1006.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0, 2)), max_size=30))
def test_a_frame_goes_out_only_when_all_was_taken(steps: list[tuple[int, int, float]]) -> None:
    link = Link()
    pace = Pace(link)
    now, given_ = 0.0, 0
    for gives, takes, seconds in steps:
        for _ in range(gives):
            pace.give(now)
        given_ += gives
        now += seconds
        link.take(min(takes, given_ - link.taken), now)
        assert pace.may_paint(now) is (link.taken == given_)


def test_everything_is_written_and_counted() -> None:
    reader, writer = os.pipe()
    outlet = Outlet(writer)
    assert outlet.write("ä\x1b[0m") == len("ä\x1b[0m")
    outlet.write("half a pair \ud800 too")
    assert os.read(reader, 100) == "ä\x1b[0mhalf a pair ? too".encode()
    assert outlet.taken == 2
    os.close(reader)
    outlet.write("nobody there")
    assert outlet.taken == 3, "a terminal that is gone must not hold up anything"
    os.close(writer)
