"""How often a port is read: by who looks, what it does, and whether the Log Publisher tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.state.entities import Port
from console.state.pace import RECENT, Pace, pace_of, paces
from console.state.quality import STALE_MOST

from .small import reading

NOW = 1000.0
ASKED, TOLD = paces(1.0, told=False), paces(1.0, told=True)


def port(mode: str | None = "CLOSED", **more: object) -> Port:
    seen = reading(mode=mode, **more)  # type: ignore[arg-type]
    return Port(port_id=4, reading=seen)


@pytest.mark.parametrize(
    ("interval", "told", "intervals", "limits"),
    [
        (1.0, False, (1, 3, 10), (3, 9, 30)),
        (1.0, True, (1.5, 10, 10), (4.5, 30, 30)),
        (5.0, False, (5, 10, 10), (15, 30, 30)),
        (60.0, False, (60, 60, 60), (30, 30, 30)),
        (60.0, True, (60, 60, 60), (30, 30, 30)),
    ],
)
def test_paces(interval: float, told: bool, intervals: tuple[float, ...], limits: tuple[float, ...]) -> None:
    choice = paces(interval, told=told)
    assert tuple(one.interval for one in choice) == intervals
    assert tuple(one.limit for one in choice) == limits


@given(st.floats(0.01, 3600), st.booleans())
def test_less_interest_is_never_read_more_often_and_weighs_no_more(interval: float, told: bool) -> None:
    choice = paces(interval, told=told)
    assert interval <= choice.watched.interval <= choice.awake.interval <= choice.asleep.interval
    assert choice.watched.weight >= choice.awake.weight >= choice.asleep.weight
    assert all(one.limit <= STALE_MOST for one in choice)


@given(st.floats(0.01, 3600))
def test_with_the_log_publisher_nothing_is_read_more_often(interval: float) -> None:
    pairs = zip(paces(interval, told=False), paces(interval, told=True), strict=True)
    assert all(asked.interval <= told.interval for asked, told in pairs)


@pytest.mark.parametrize(
    ("one", "pace"),
    [
        (Port(port_id=4), ASKED.asleep),
        (port("CLOSED"), ASKED.asleep),
        (port(None), ASKED.asleep),
        (port("DISABLED"), ASKED.asleep),
        (port("MULTIPORT_PUPPET"), ASKED.asleep),
        (port("OPEN"), ASKED.awake),
        (port("INSERT"), ASKED.awake),
        (port("a new mode"), ASKED.awake),
        (port("CLOSED", case="ERSO"), ASKED.awake),
        (port("CLOSED", case="ECMP"), ASKED.asleep),
        (replace(port("CLOSED"), changed_at=NOW - RECENT + 1), ASKED.awake),
        (replace(port("CLOSED"), changed_at=NOW - RECENT), ASKED.asleep),
    ],
)
def test_what_a_port_does_wakes_it(one: Port, pace: Pace) -> None:
    assert pace_of(one, ASKED, NOW, watched=False, marked=False) == pace


@pytest.mark.parametrize("mode", ["CLOSED", "OPEN", "DISABLED", None])
@pytest.mark.parametrize("choice", [ASKED, TOLD])
def test_what_somebody_looks_at_comes_first_and_what_is_marked_is_awake(
    mode: str | None, choice: object
) -> None:
    assert pace_of(port(mode), choice, NOW, watched=True, marked=False) == choice.watched  # type: ignore[arg-type,attr-defined]
    assert pace_of(port(mode), choice, NOW, watched=False, marked=True) == choice.awake  # type: ignore[arg-type,attr-defined]
