"""Reads and events of the same port: the newer observation wins, in whatever order they arrive."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.state import reconcile
from console.state.entities import Port
from console.text import safe

from .small import reading

BIN = 7
NOTHING = Port(port_id=4)


def looked(
    at: float, mode: str = "OPEN", bin_id: int | None = BIN, before: Port = NOTHING, **more: Any
) -> Port:
    after = reconcile.look(before, reading(4, mode, bin_id=bin_id, **more), at)
    assert after is not None
    return after


def told(before: Port, bin_mode: str, at: float, bin_id: int = BIN) -> Port | None:
    return reconcile.bin_told(before, bin_id, safe(bin_mode), at)


def test_a_look_is_as_old_as_its_question() -> None:
    port = looked(100.0, bin_mode="PORT")
    after = told(port, "OPEN", 105.0)
    assert after is not None
    late = reconcile.look(after, reading(4, "OPEN", bin_id=BIN, bin_mode="PORT"), 104.0)
    assert late is not None
    assert (late.bin_mode, late.seen_at) == ("OPEN", 104.0)
    later = reconcile.look(late, reading(4, "OPEN", bin_id=BIN, bin_mode="CLOSED"), 106.0)
    assert later is not None
    assert later.bin_mode == "CLOSED"


def test_what_was_told_of_another_bin_says_nothing_of_this_one() -> None:
    port = looked(100.0, bin_mode="PORT")
    after = told(port, "OPEN", 105.0)
    assert after is not None
    other = reconcile.look(after, reading(4, "OPEN", bin_id=8, bin_mode="GRID"), 104.0)
    assert other is not None
    assert (other.bin_id, other.bin_mode) == (8, "GRID")


def test_a_look_that_could_not_read_the_bin_keeps_what_was_told_since() -> None:
    after = told(looked(100.0, bin_mode="PORT"), "OPEN", 105.0)
    assert after is not None
    assert looked(104.0, before=after).bin_mode == "OPEN"
    assert looked(106.0, before=after).bin_mode is None


@pytest.mark.parametrize(
    ("port", "at"),
    [
        (NOTHING, 100.0),
        (looked(100.0, bin_id=None), 101.0),
        (looked(100.0, bin_id=8), 101.0),
        (looked(100.0), 99.9),
        (told(looked(100.0), "OPEN", 110.0), 109.9),
    ],
)
def test_events_that_tell_nothing_new_of_the_bin(port: Port, at: float) -> None:
    assert told(port, "CLOSED", at) is None


def test_a_case_that_goes_on_is_no_longer_known_to_be_in_error() -> None:
    port = looked(100.0, case="EREQ", error=True)
    same = reconcile.case_told(port, BIN, safe("EREQ"), 101.0)
    further = reconcile.case_told(port, BIN, safe("ERSO"), 101.0)
    assert same is not None
    assert further is not None
    assert (same.case_error, same.case_since) == (True, 100.0)
    assert (further.case_error, further.case_since) == (False, 101.0)
    assert further.reading is not None and further.reading.case is not None
    assert further.reading.case.error is None


def test_a_case_told_since_is_not_undone_by_a_look() -> None:
    after = reconcile.case_told(looked(100.0, case="NOOP", error=False), BIN, safe("EREQ"), 105.0)
    assert after is not None
    assert looked(104.0, case="NOOP", error=False, before=after).case_state == "EREQ"
    assert looked(106.0, case="NOOP", error=False, before=after).case_state == "NOOP"
    assert reconcile.case_told(after, BIN, safe("ERSO"), 104.9) is None
    assert reconcile.case_told(NOTHING, BIN, safe("ERSO"), 104.9) is None


def test_hatches_are_told_apart_and_need_no_look() -> None:
    left = reconcile.hatch_told(NOTHING, 1, safe("B"), 100.0)
    assert left is not None
    both = reconcile.hatch_told(left, 2, safe("FO"), 101.0)
    assert both is not None
    assert (both.hatch, both.hatch_right, both.hatch_since) == ("B", "FO", 101.0)
    again = reconcile.hatch_told(both, 1, safe("B"), 105.0)
    assert again is not None
    assert (again.hatch_since, again.hatch_told_at) == (101.0, 105.0)
    assert reconcile.hatch_told(both, 1, safe("O"), 100.9) is None
    assert looked(99.0, before=both).hatch == "B"


def test_when_it_was_last_seen_to_change() -> None:
    port = looked(100.0, bin_mode="PORT")
    assert port.changed_at is None
    port = looked(101.0, bin_mode="PORT", before=port)
    assert port.changed_at is None
    after = told(port, "OPEN", 102.0)
    assert after is not None
    assert after.changed_at == 102.0
    assert looked(103.0, bin_mode="OPEN", before=after).changed_at == 102.0
    assert looked(103.0, "CLOSED", bin_mode="OPEN", before=after).changed_at == 103.0


def test_a_look_in_parts_leaves_open_when_the_whole_was_seen() -> None:
    port = looked(100.0, bin_mode="PORT")
    after = reconcile.look(port, reading(4, bin_id=BIN, bin_mode="PORT"), 101.0, whole=False)
    assert after is not None
    assert (after.seen_at, after.whole_at) == (101.0, 100.0)


class Step(NamedTuple):
    """An observation: of a look the modes of port and bin, of an event only one of them."""

    at: float
    mode: str | None
    bin_mode: str | None
    case: str | None

    def apply(self, port: Port) -> Port | None:
        if self.mode is not None:
            seen = reading(4, self.mode, bin_id=BIN, bin_mode=self.bin_mode, case=self.case, error=False)
            return reconcile.look(port, seen, self.at)
        if self.bin_mode is not None:
            return told(port, self.bin_mode, self.at)
        return reconcile.case_told(port, BIN, safe(self.case or ""), self.at)


times = st.integers(100, 130).map(float)
looks = st.builds(
    Step,
    at=times,
    mode=st.sampled_from(["OPEN", "CLOSED"]),
    bin_mode=st.sampled_from(["PORT", "OPEN"]),
    case=st.sampled_from(["EREQ", "ERSO"]),
)
bin_events = st.builds(
    Step, at=times, mode=st.none(), bin_mode=st.sampled_from(["PORT", "OPEN", "CLOSED"]), case=st.none()
)
case_events = st.builds(
    Step, at=times, mode=st.none(), bin_mode=st.none(), case=st.sampled_from(["EREQ", "ERSO", "ECMP"])
)
FIRST = Step(100.0, "OPEN", "GRID", "NOOP")


def newest(steps: list[Step], value: Callable[[Step], str | None]) -> tuple[float, set[str]]:
    """Of what the newest observations say, which one may be believed: of equally new ones any."""
    telling = [(step.at, found) for step in steps if (found := value(step)) is not None]
    at = max(when for when, _ in telling)
    return at, {found for when, found in telling if when == at}


@given(st.lists(looks | bin_events | case_events, max_size=12))
def test_in_whatever_order_they_arrive_the_newest_is_believed(steps: list[Step]) -> None:
    port = FIRST.apply(NOTHING)
    assert port is not None
    for step in steps:
        port = step.apply(port) or port
    all_steps = [FIRST, *steps]
    _, modes = newest(all_steps, lambda step: step.mode)
    assert port.mode in modes
    _, bin_modes = newest(all_steps, lambda step: step.bin_mode)
    assert port.bin_mode in bin_modes
    _, cases = newest(all_steps, lambda step: step.case)
    assert port.case_state in cases


@given(st.lists(looks | bin_events | case_events, max_size=12))
def test_no_time_is_later_than_the_newest_look(steps: list[Step]) -> None:
    port = FIRST.apply(NOTHING)
    assert port is not None
    for step in steps:
        port = step.apply(port) or port
    asked = [step.at for step in [FIRST, *steps] if step.mode is not None]
    assert port.seen_at == port.whole_at == max(asked)
