"""What happens of itself: stops, jams, hatches, ports out of service, locks."""

from collections.abc import Callable
from typing import Any

import pytest

from console.simulator import incidents
from console.simulator.changes import AlertRaised, DriverLost, DriverRegained, SystemChanged
from console.simulator.default_warehouse import build_warehouse
from console.simulator.warehouse import Warehouse

from .small import (
    AUTOCASE,
    CASE_BIN,
    CASE_STEP,
    CLOSING,
    DISABLED,
    HATCH,
    HATCHED,
    LEAVING,
    OTHER,
    PLAIN,
    PUPPET,
    STARTING,
    STOPPING,
    UNTIL_OPEN,
    bin_mode,
    call,
    lines,
    outcome,
    wait,
    wide_site,
    with_open_bin,
)


def changes(world: Warehouse) -> list[Any]:
    heard: list[Any] = []
    world.course.listeners.append(heard.append)
    return heard


def mode(world: Warehouse) -> Any:
    return call(world, "getsystemmode")["mode"]


def test_a_stopped_system_refuses_and_its_robots_stand_still_until_it_runs_again() -> None:
    world = wide_site()
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN, bin_id=3)
    incidents.stop_system(world, stopcode=7)
    assert call(world, "getsystemmode") == {"mode": 70, "stopcode": 7}
    assert outcome(world, "closeport", port_id=PLAIN) == 1048
    wait(world, 60)
    assert bin_mode(world, 3) == "GRID"
    incidents.start_system(world)
    assert mode(world) == 12
    wait(world, STARTING)
    assert call(world, "getsystemmode") == {"mode": 20, "stopcode": 0}
    wait(world, 1.0 + UNTIL_OPEN)
    assert bin_mode(world, 3) == "OPEN"


def test_a_delayed_stop_is_announced_and_comes_later() -> None:
    world = wide_site()
    said = lines(world)
    incidents.stop_system(world, delayed=True)
    assert (said, mode(world)) == (["AL,DSTP"], 40)
    wait(world, STOPPING)
    assert mode(world) == 70


def test_starting_overrules_a_stop_on_its_way() -> None:
    world = wide_site()
    incidents.stop_system(world, delayed=True)
    incidents.start_system(world)
    wait(world, STARTING + STOPPING)
    assert mode(world) == 20


def test_every_mode_of_the_system_is_told() -> None:
    world = wide_site()
    heard = changes(world)
    world.set_system(35, stopcode=4)
    assert heard == [SystemChanged(35, 4)]


def test_a_lost_driver_is_an_alert_after_twenty_seconds() -> None:
    world = wide_site()
    heard = changes(world)
    incidents.lose_driver(world)
    incidents.lose_driver(world)
    wait(world, 19.9)
    assert heard == [DriverLost()]
    assert not world.system.driver_missed
    wait(world, 0.2)
    assert isinstance(heard[1], AlertRaised)
    assert world.system.driver_missed
    incidents.regain_driver(world)
    incidents.regain_driver(world)
    assert heard[2:] == [DriverRegained()]


def test_a_driver_regained_in_time_is_no_alert() -> None:
    world = wide_site()
    said = lines(world)
    incidents.lose_driver(world)
    wait(world, 19)
    incidents.regain_driver(world)
    wait(world, 60)
    assert said == []


def test_a_slow_backup_is_an_alert() -> None:
    world = wide_site()
    said = lines(world)
    incidents.delay_backup(world)
    assert said == ["AL,BCK"]


def extracting(seconds: float) -> Warehouse:
    world = wide_site()
    with_open_bin(world, AUTOCASE, CASE_BIN)
    call(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN)
    wait(world, seconds)
    return world


@pytest.mark.parametrize(("seconds", "state"), [(0.0, "EREQ"), (CASE_STEP, "ERSO")])
def test_a_running_action_sticks_and_goes_on_when_it_is_freed(seconds: float, state: str) -> None:
    world = extracting(seconds)
    said = lines(world)
    incidents.stick_case(world, port_id=AUTOCASE)
    assert said == [f"AC,4,101337,{state}", "AC,4,101337,CR"]
    wait(world, 60)
    assert call(world, "case_getstate", port_id=AUTOCASE)["case_error"] is True
    incidents.free_case(world, port_id=AUTOCASE)
    wait(world, 2 * CASE_STEP)
    assert call(world, "case_getstate", port_id=AUTOCASE)["case_state"] == "ECMP"


def test_a_case_that_is_to_stick_does_so_in_the_next_action_of_its_bin() -> None:
    world = wide_site()
    with_open_bin(world, AUTOCASE, CASE_BIN)
    incidents.stick_case(world, port_id=AUTOCASE)
    call(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN)
    wait(world, 2 * CASE_STEP)
    assert outcome(world, "case_cancel", port_id=AUTOCASE, bin_id=CASE_BIN) == "ok"


def test_a_case_is_put_in_through_all_states() -> None:
    world = wide_site()
    with_open_bin(world, AUTOCASE, CASE_BIN)
    said = lines(world)
    incidents.insert_case(world, port_id=AUTOCASE)
    assert outcome(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN) == 1148
    wait(world, 60)
    assert said == [f"AC,4,101337,{state}" for state in ("IREQ", "IRTR", "ICRC", "ICIN", "ICMP")]
    assert outcome(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN) == "ok"


def test_an_insertion_sticks_too() -> None:
    world = wide_site()
    with_open_bin(world, AUTOCASE, CASE_BIN)
    incidents.stick_case(world, port_id=AUTOCASE)
    incidents.insert_case(world, port_id=AUTOCASE)
    wait(world, 60)
    assert call(world, "case_getstate", port_id=AUTOCASE) == {
        "port_id": AUTOCASE,
        "bin_id": CASE_BIN,
        "case_state": "IRTR",
        "case_error": True,
    }


def test_a_hatch_opens_and_closes_by_way_of_between() -> None:
    world = wide_site()
    said = lines(world)
    incidents.open_hatch(world, port_id=HATCHED)
    wait(world, HATCH)
    incidents.open_hatch(world, port_id=HATCHED)
    incidents.close_hatch(world, port_id=HATCHED)
    wait(world, HATCH)
    assert said == ["HS,7,B,1", "HS,7,O,1", "HS,7,B,1", "HS,7,C,1"]


def test_a_port_taken_down_sends_its_bins_back_and_opens_no_more() -> None:
    world = wide_site()
    with_open_bin(world, PLAIN, 3)
    incidents.take_port_down(world, port_id=PLAIN)
    assert call(world, "getportstatus", port_id=PLAIN) == {
        "port_id": PLAIN,
        "port_type": "CO",
        "mode": "DISABLED",
        "is_ready": False,
    }
    wait(world, LEAVING + CLOSING)
    assert world.bins[3].free
    assert world.ports[PLAIN].mode == "DISABLED"
    assert outcome(world, "openport", port_id=PLAIN) == 1000
    incidents.bring_port_up(world, port_id=PLAIN)
    assert outcome(world, "openport", port_id=PLAIN) == "ok"


def test_a_port_brought_up_before_it_is_empty_is_still_closing() -> None:
    world = wide_site()
    with_open_bin(world, PLAIN, 3)
    incidents.take_port_down(world, port_id=PLAIN)
    incidents.bring_port_up(world, port_id=PLAIN)
    assert outcome(world, "openport", port_id=PLAIN) == 1001
    wait(world, LEAVING + CLOSING)
    assert outcome(world, "openport", port_id=PLAIN) == "ok"


def cell_of(world: Warehouse, bin_id: int) -> dict[str, int]:
    place = world.grid.place(bin_id)
    assert place is not None
    assert place.cell is not None
    return dict(zip("xy", place.cell, strict=True))


@pytest.mark.parametrize("robot_error", [False, True])
def test_bins_of_a_locked_cell_cannot_be_had(robot_error: bool) -> None:
    world = wide_site()
    call(world, "openport", port_id=PLAIN, category=(1,))
    cell, said = cell_of(world, 3), lines(world)
    incidents.lock_cell(world, **cell, robot_error=robot_error)
    assert outcome(world, "openbin", port_id=PLAIN, bin_id=3) == 1016
    incidents.unlock_cell(world, **cell)
    assert outcome(world, "openbin", port_id=PLAIN, bin_id=3) == "ok"
    where = "{x},{y}".format(**cell)
    assert said[:2] == [f"CL,1,{'L' if robot_error else 'P'},{where}", f"CL,1,C,{where}"]


def test_a_start_clears_the_locks_of_robot_errors_only() -> None:
    world = build_warehouse(ports=1)
    for (x, y), robot_error in zip(world.grid.cells, (True, False), strict=False):
        incidents.lock_cell(world, x=x, y=y, robot_error=robot_error)
    incidents.start_system(world)
    assert list(world.grid.locks) == [world.grid.cells[1]]


def test_a_cell_can_be_suspended_for_lifting() -> None:
    world = wide_site()
    call(world, "openport", port_id=PLAIN, category=(1,))
    cell, said = cell_of(world, 3), lines(world)
    incidents.lock_lift_cell(world, **cell)
    assert outcome(world, "openbin", port_id=PLAIN, bin_id=3) == 1016
    incidents.unlock_lift_cell(world, **cell)
    assert outcome(world, "openbin", port_id=PLAIN, bin_id=3) == "ok"
    where = "{x},{y}".format(**cell)
    assert said[:2] == [f"LCL,{where},BOTH", f"LCL,{where},CLEAR"]


@pytest.mark.parametrize(
    ("incident", "arguments", "words"),
    [
        (incidents.stick_case, {"port_id": 3}, "no port 3"),
        (incidents.stick_case, {"port_id": PLAIN}, "not an AutoCase port"),
        (incidents.stick_case, {"port_id": AUTOCASE}, "has no bin"),
        (incidents.free_case, {"port_id": AUTOCASE}, "no case in error"),
        (incidents.insert_case, {"port_id": AUTOCASE}, "no open bin"),
        (incidents.open_hatch, {"port_id": PLAIN}, "no hatch"),
        (incidents.close_hatch, {"port_id": OTHER}, "no hatch"),
        (incidents.take_port_down, {"port_id": PUPPET}, "MultiPort"),
        (incidents.bring_port_up, {"port_id": PLAIN}, "in service"),
        (incidents.block_cell, {"port_id": PLAIN}, "not a custom port"),
        (incidents.clear_cell, {"port_id": HATCHED}, "not a custom port"),
        (incidents.lock_cell, {"x": 1024, "y": 1024}, "no bins"),
        (incidents.unlock_cell, {"x": 1, "y": 3}, "not locked"),
        (incidents.lock_lift_cell, {"x": 1, "y": 1}, "no bins"),
        (incidents.unlock_lift_cell, {"x": 1, "y": 1}, "no bins"),
    ],
)
def test_a_mistake_is_said_in_words_and_changes_nothing(
    incident: Callable[..., None], arguments: dict[str, int], words: str
) -> None:
    world = wide_site()
    before = world.snapshot()
    with pytest.raises(ValueError, match=words):
        incident(world, **arguments)
    assert world.snapshot() == before


def test_every_incident_can_be_had_by_name() -> None:
    assert incidents.INCIDENTS["take_port_down"] is incidents.take_port_down
    world = wide_site()
    incidents.INCIDENTS["bring_port_up"](world, port_id=DISABLED)
    assert world.ports[DISABLED].mode == "CLOSED"
