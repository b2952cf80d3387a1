"""The case machine: case_extract, case_cancel, case_getstate."""

from collections.abc import Mapping

import pytest

from console.autostore.values import SystemMode
from console.simulator.warehouse import Warehouse

from .small import (
    ARRIVAL,
    AUTOCASE,
    CASE_BIN,
    CASE_STEP,
    PLAIN,
    UNTIL_OPEN,
    call,
    outcome,
    site,
    wait,
    with_open_bin,
)

CASE = {"port_id": AUTOCASE, "bin_id": CASE_BIN}


def presented() -> Warehouse:
    world = site()
    with_open_bin(world, AUTOCASE, CASE_BIN)
    return world


def state(world: Warehouse) -> Mapping[str, object]:
    return call(world, "case_getstate", port_id=AUTOCASE)


def shown(code: str, *, error: bool = False) -> dict[str, object]:
    bin_id = {} if code == "NOOP" else {"bin_id": CASE_BIN}
    return {"port_id": AUTOCASE, **bin_id, "case_state": code, "case_error": error}


def test_an_extraction_goes_through_its_states_and_can_begin_again() -> None:
    world = presented()
    assert state(world) == shown("NOOP")
    for _ in range(2):
        assert outcome(world, "case_extract", **CASE) == "ok"
        assert state(world) == shown("EREQ")
        wait(world, CASE_STEP)
        assert state(world) == shown("ERSO")
        wait(world, CASE_STEP)
        assert state(world) == shown("ECMP")


def test_a_jam_stays_until_it_is_cancelled_and_happens_once() -> None:
    world = presented()
    world.jams.add(CASE_BIN)
    call(world, "case_extract", **CASE)
    wait(world, 2 * CASE_STEP)
    assert state(world) == shown("ERSO", error=True)
    wait(world, 3600)
    assert state(world) == shown("ERSO", error=True)
    assert outcome(world, "case_extract", **CASE) == 1148
    assert outcome(world, "case_cancel", **CASE) == "ok"
    assert state(world) == shown("NOOP")
    call(world, "case_extract", **CASE)
    wait(world, 2 * CASE_STEP)
    assert state(world) == shown("ECMP")


def test_closing_the_bin_ends_the_action() -> None:
    world = presented()
    call(world, "case_extract", **CASE)
    wait(world, 2 * CASE_STEP)
    task = world.ports[AUTOCASE].selected_task
    call(world, "closebin", **CASE, task_id=task)
    assert state(world) == shown("NOOP")


@pytest.mark.parametrize("method", ["case_extract", "case_cancel"])
@pytest.mark.parametrize(
    ("port_id", "bin_id", "code"), [(3, 1, 1000), (PLAIN, 1, 1087), (AUTOCASE, 1, 1149), (AUTOCASE, 77, 1149)]
)
def test_both_refuse_the_wrong_port_or_bin(method: str, port_id: int, bin_id: int, code: int) -> None:
    assert outcome(presented(), method, port_id=port_id, bin_id=bin_id) == code


@pytest.mark.parametrize("method", ["case_extract", "case_cancel"])
def test_both_refuse_a_port_that_is_not_open(method: str) -> None:
    world = site()
    assert outcome(world, method, **CASE) == 1099
    call(world, "openport", port_id=AUTOCASE)
    assert outcome(world, method, **CASE) == 1099


@pytest.mark.parametrize("seconds", [0.0, ARRIVAL])
def test_a_case_is_not_extracted_before_its_bin_is_open(seconds: float) -> None:
    world = site()
    call(world, "openport", port_id=AUTOCASE, category=(1,))
    call(world, "openbin", **CASE)
    wait(world, seconds)
    assert outcome(world, "case_extract", **CASE) == 1149
    wait(world, UNTIL_OPEN - seconds)
    assert outcome(world, "case_extract", **CASE) == "ok"


def test_case_cancel_needs_an_action_and_the_action_an_error() -> None:
    world = presented()
    assert outcome(world, "case_cancel", **CASE) == 1152
    call(world, "case_extract", **CASE)
    for _ in range(2):
        assert outcome(world, "case_cancel", **CASE) == 1153
        assert outcome(world, "case_extract", **CASE) == 1148
        wait(world, CASE_STEP)
    assert outcome(world, "case_cancel", **CASE) == 1152


def test_case_getstate_refuses_other_ports() -> None:
    assert outcome(site(), "case_getstate", port_id=3) == 1000
    assert outcome(site(), "case_getstate", port_id=PLAIN) == 1087


def test_the_error_field_is_left_out_by_switch() -> None:
    world = site(case_error_shown=False)
    assert state(world) == {"port_id": AUTOCASE, "case_state": "NOOP"}


def test_the_case_pages_do_not_know_a_stopped_system() -> None:
    world = presented()
    world.set_system(SystemMode.STOPPED)
    assert outcome(world, "case_extract", **CASE) == "ok"
