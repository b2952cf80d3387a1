"""What a port says of itself: unknown is never 'no', 'closed' or nothing."""

import pytest
from msgspec.structs import replace

from console.state.entities import Port
from console.text import safe

from .small import reading

NEVER_SEEN = Port(port_id=4)


def test_a_port_never_seen_says_nothing() -> None:
    words = ("mode", "port_type", "bin_id", "task_id", "bin_mode", "case_state")
    assert [getattr(NEVER_SEEN, word) for word in words] == [None] * 6
    flags = ("case_error", "case_active", "autocase", "open")
    assert not any(getattr(NEVER_SEEN, flag) for flag in flags)


@pytest.mark.parametrize(
    ("mode", "is_open"),
    [("OPEN", True), ("INSERT", True), ("RUNOUT", True), ("CLOSED", False), (None, False)],
)
def test_open(mode: str | None, is_open: bool) -> None:
    assert Port(port_id=4, reading=reading(mode=mode)).open is is_open


@pytest.mark.parametrize(
    ("case", "active"),
    [("NOOP", False), ("EREQ", True), ("ERSO", True), ("ECMP", False), ("ICMP", False), (None, False)],
)
def test_case_active(case: str | None, active: bool) -> None:
    assert Port(port_id=4, reading=reading(case=case)).case_active is active


@pytest.mark.parametrize(("error", "shown"), [(True, True), (False, False), (None, False)])
def test_case_error(error: bool | None, shown: bool) -> None:
    assert Port(port_id=4, reading=reading(case="ERSO", error=error)).case_error is shown


def test_the_bin_and_its_mode() -> None:
    port = Port(port_id=4, reading=reading(bin_id=7, bin_mode="OPEN", task_id=3, port_type="AC"))
    assert (port.bin_id, port.bin_mode, port.task_id, port.autocase) == (7, "OPEN", 3, True)


def test_what_is_shown_has_no_times() -> None:
    seen = reading(bin_id=7, bin_mode="OPEN", port_type="AC", case="ERSO", error=True)
    port = Port(port_id=4, reading=seen, seen_at=100.0, hatch=safe("O"))
    assert port.shown == ("OPEN", 7, "OPEN", "ERSO", True, "O", None)
    assert port.shown == replace(port, seen_at=101.0, changed_at=101.0, failure=safe("no answer")).shown
