"""Bins that leave the system and come into it: removebin, createbin, insertbin, flushportbin."""

from typing import Any

import pytest

from console.autostore.catalogue import Interface
from console.simulator.warehouse import Warehouse

from .small import (
    ARRIVAL,
    AUTOCASE,
    CASE_BIN,
    DISABLED,
    LEAVING,
    OTHER,
    PLAIN,
    UNTIL_OPEN,
    bin_mode,
    call,
    hand_over,
    lines,
    outcome,
    site,
    wait,
    with_open_bin,
)

BOTH = pytest.mark.parametrize("interface", Interface)


def inserting() -> Warehouse:
    world = site()
    call(world, "openport", port_id=PLAIN)
    return world


def test_a_removed_bin_is_outside_and_its_task_is_done() -> None:
    world = site()
    hand_over(world, 20, 3)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    said = lines(world)
    assert call(world, "removebin", port_id=PLAIN, bin_id=3, task_id=20003) == {}
    assert said == ["BM,3,X"]
    assert bin_mode(world, 3) == "OUTSIDE"
    assert world.tasks.groups == {}
    port = world.ports[PLAIN]
    assert (port.selected_bin, port.selected_task, port.visitors) == (None, None, set())
    assert outcome(world, "openbin", port_id=PLAIN, bin_id=3) == 1016


def test_an_incomplete_task_stays_but_its_bin_cannot_come() -> None:
    world = site()
    hand_over(world, 20, 3)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    call(world, "removebin", port_id=PLAIN, bin_id=3, taskcomplete=False)
    assert world.ports[PLAIN].selected_taskgroup == 20
    assert outcome(world, "openbin", port_id=PLAIN) == 1016


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"port_id": 3, "bin_id": 3}, 1000),
        ({"port_id": OTHER, "bin_id": 3}, 1009),
        ({"port_id": PLAIN, "bin_id": 77}, 1011),
        ({"port_id": PLAIN, "bin_id": 4}, 1010),
        ({"port_id": PLAIN, "bin_id": 3, "task_id": 5}, 1012),
    ],
)
def test_removebin_refuses(arguments: dict[str, int], code: int) -> None:
    world = site()
    with_open_bin(world, PLAIN, 3)
    assert outcome(world, "removebin", **arguments) == code
    assert bin_mode(world, 3) == "OPEN"


def test_removebin_refuses_a_bin_that_is_not_open_yet() -> None:
    world = site()
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN, bin_id=3)
    wait(world, ARRIVAL)
    assert outcome(world, "removebin", port_id=PLAIN, bin_id=3) == 1027


@BOTH
@pytest.mark.parametrize("named", [{}, {"content": 99}])
def test_a_removed_bin_comes_back_with_its_content_or_another(
    interface: Interface, named: dict[str, int]
) -> None:
    world = site()
    with_open_bin(world, OTHER, 3)
    call(world, "removebin", port_id=OTHER, bin_id=3)
    call(world, "openport", port_id=PLAIN)
    assert outcome(world, "insertbin", interface=interface, port_id=PLAIN, bin_id=3, **named) == "ok"
    assert bin_mode(world, 3) == "CLOSED"
    wait(world, LEAVING)
    assert world.bins[3].free
    assert world.bins[3].content == named.get("content", 7)


@BOTH
def test_a_new_bin_is_defined_inserted_and_told_in_full(interface: Interface) -> None:
    world = inserting()
    said = lines(world)
    arguments: dict[str, Any] = {"port_id": PLAIN, "bin_id": 50, "content": 8, "bin_type": 2}
    assert outcome(world, "insertbin", interface=interface, **arguments) == "ok"
    wait(world, LEAVING)
    assert (world.bins[50].mode, world.bins[50].content) == ("GRID", 8)
    assert said[0] == "BD,50,220,ST"
    assert said[1:3] == ["BL,50,1,1,1,1,C", "BL,50,1"]
    assert said[3].startswith("BL,50,1,")
    assert said[3].endswith(",G,8,220")


def test_the_target_grid_is_kept_until_another_is_named() -> None:
    world = inserting()
    arguments: dict[str, Any] = {"port_id": PLAIN, "bin_id": 50, "content": 8, "bin_type": 1}
    call(world, "insertbin", interface=Interface.BIN, target_grid=5, **arguments)
    info: Any = call(world, "getbininfo", bin_id=50)
    assert info["bins"]["bin"] == [{"bin_id": 50, "content": 8, "target_grid": 5}]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"port_id": 3, "bin_id": 50}, 1000),
        ({"port_id": DISABLED, "bin_id": 50}, 1009),
        ({"port_id": AUTOCASE, "bin_id": 50}, 1009),
        ({"port_id": OTHER, "bin_id": 50}, 1099),
        ({"port_id": PLAIN, "bin_id": 50}, 1010),
        ({"port_id": PLAIN, "bin_id": 50, "content": 8}, 1010),
        ({"port_id": PLAIN, "bin_id": 50, "bin_type": 1}, 1006),
        ({"port_id": PLAIN, "bin_id": 3}, 1010),
    ],
)
@BOTH
def test_insertbin_refuses(interface: Interface, arguments: dict[str, int], code: int) -> None:
    world = inserting()
    call(world, "openport", port_id=OTHER, category=(1,))
    assert outcome(world, "insertbin", interface=interface, **arguments) == code
    assert 50 not in world.bins


def test_a_bin_on_its_way_in_cannot_be_inserted_again() -> None:
    world = inserting()
    arguments: dict[str, Any] = {"port_id": PLAIN, "bin_id": 50, "content": 8, "bin_type": 1}
    assert [outcome(world, "insertbin", **arguments) for _ in range(2)] == ["ok", 1010]


@BOTH
def test_a_created_bin_is_known_and_outside(interface: Interface) -> None:
    world = site()
    said = lines(world)
    assert outcome(world, "createbin", interface=interface, bin_id=50, bin_type=5) == "ok"
    assert said == ["BD,50,425,ST"]
    assert bin_mode(world, 50) == "OUTSIDE"
    assert outcome(world, "createbin", interface=interface, bin_id=50, bin_type=5) == 1010
    call(world, "openport", port_id=PLAIN)
    assert outcome(world, "insertbin", port_id=PLAIN, bin_id=50) == "ok"
    assert world.bins[50].content == 0


def test_the_bin_interface_defines_a_standard_bin_without_a_type() -> None:
    world = site()
    call(world, "createbin", interface=Interface.BIN, bin_id=50)
    assert world.bins[50].height == 330


@BOTH
@pytest.mark.parametrize(("seconds", "mode"), [(ARRIVAL, "TOGRID"), (UNTIL_OPEN, "CLOSED")])
def test_a_flushed_bin_goes_away_and_its_task_is_not_done(
    interface: Interface, seconds: float, mode: str
) -> None:
    world = site()
    hand_over(world, 20, 3)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    wait(world, seconds)
    assert outcome(world, "flushportbin", interface=interface, port_id=PLAIN, bin_id=3) == "ok"
    assert bin_mode(world, 3) == mode
    assert world.ports[PLAIN].selected_bin is None
    wait(world, LEAVING)
    assert world.bins[3].free
    assert call(world, "openbin", port_id=PLAIN)["task_id"] == 20003


@pytest.mark.parametrize(
    ("port_id", "bin_id", "code"), [(3, 3, 1000), (PLAIN, 77, 1011), (PLAIN, 4, 1010), (OTHER, 3, 1010)]
)
def test_flushportbin_refuses(port_id: int, bin_id: int, code: int) -> None:
    world = site()
    with_open_bin(world, PLAIN, 3)
    assert outcome(world, "flushportbin", port_id=port_id, bin_id=bin_id) == code
    assert bin_mode(world, 3) == "OPEN"


def test_a_bin_on_its_way_cannot_be_flushed_nor_one_whose_case_is_moving() -> None:
    world = site()
    call(world, "openport", port_id=AUTOCASE, category=(1,))
    call(world, "openbin", port_id=AUTOCASE, bin_id=CASE_BIN)
    assert outcome(world, "flushportbin", port_id=AUTOCASE, bin_id=CASE_BIN) == 1010
    wait(world, UNTIL_OPEN)
    call(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN)
    assert outcome(world, "flushportbin", port_id=AUTOCASE, bin_id=CASE_BIN) == 1027
