"""The Port Interface at a custom port (autostore.md 4.7, 7.2 and 7.5)."""

from typing import Any

import pytest

from console.autostore.catalogue import Interface
from console.simulator import incidents
from console.simulator.warehouse import Warehouse

from .small import (
    ARRIVAL,
    CELL,
    CLOSING,
    CUSTOM,
    HATCHED,
    LEAVING,
    bin_mode,
    call,
    hand_over,
    lines,
    outcome,
    wait,
    wide_site,
)

AT_CELL = "1,6,1,1"


def called(*bin_ids: int, **switches: Any) -> tuple[Warehouse, list[str]]:
    """The custom port open, its first bin called; and what the Log Publisher says from then on."""
    world = wide_site(**switches)
    hand_over(world, 20, *bin_ids)
    call(world, "openport", port_id=CUSTOM, category=(1,))
    call(world, "openbin", port_id=CUSTOM)
    return world, lines(world)


def delivered(*bin_ids: int) -> tuple[Warehouse, list[str]]:
    world, said = called(*bin_ids)
    call(world, "portlocationready", **CELL)
    wait(world, ARRIVAL)
    said.clear()
    return world, said


def set_mode(world: Warehouse, mode: str, bin_id: int = 3, **more: Any) -> int | str:
    return outcome(world, "portbinmode", port_id=CUSTOM, bin_id=bin_id, bin_mode=mode, **more)


@pytest.mark.parametrize("interface", Interface)
def test_a_bin_is_put_down_once_the_cell_is_ready(interface: Interface) -> None:
    world, said = called(3)
    assert outcome(world, "portcellallocate", interface=interface, **CELL) == "ok"
    wait(world, 60)
    assert (bin_mode(world, 3), said) == ("GRID", [])
    assert outcome(world, "portlocationready", interface=interface, **CELL) == "ok"
    wait(world, ARRIVAL)
    assert (bin_mode(world, 3), said) == ("PORT", [f"BL,3,{AT_CELL},P"])
    wait(world, 60)
    assert bin_mode(world, 3) == "PORT"


def test_a_cell_that_is_ready_early_serves_the_bin_called_later() -> None:
    world = wide_site()
    call(world, "openport", port_id=CUSTOM, category=(1,))
    call(world, "portlocationready", **CELL)
    wait(world, 60)
    call(world, "openbin", port_id=CUSTOM, bin_id=3)
    wait(world, ARRIVAL)
    assert bin_mode(world, 3) == "PORT"


def test_the_way_of_a_bin_through_its_modes_and_back() -> None:
    world, said = delivered(3)
    assert set_mode(world, "OPEN") == "ok"
    assert outcome(world, "closebin", port_id=CUSTOM, bin_id=3, task_id=20003) == "ok"
    assert set_mode(world, "CLOSED", content=99) == "ok"
    wait(world, 60)
    assert (bin_mode(world, 3), world.bins[3].content) == ("CLOSED", 99)
    assert outcome(world, "portbinready", **CELL, bin_id=3) == "ok"
    wait(world, LEAVING)
    assert world.bins[3].free
    assert said[:3] == ["BM,3,O", "BM,3,C", "BL,3,1"]
    assert said[3].startswith("BL,3,1,1,")


def test_an_occupied_cell_fails_once_for_every_time_it_is_called_ready() -> None:
    world, said = delivered(3, 4)
    set_mode(world, "OPEN")
    call(world, "closebin", port_id=CUSTOM, bin_id=3, task_id=20003)
    call(world, "openbin", port_id=CUSTOM)
    said.clear()
    for _ in range(2):
        call(world, "portlocationready", **CELL)
        wait(world, 60)
    assert said == ["LF,1,6,1"] * 2
    call(world, "portbinready", **CELL, bin_id=3)
    wait(world, LEAVING)
    call(world, "portlocationready", **CELL)
    wait(world, ARRIVAL)
    assert bin_mode(world, 4) == "PORT"


@pytest.mark.parametrize(
    "calls",
    [
        [("portlocationready", {"getbin": True})],
        [("portcellallocate", {"getbin": True}), ("portlocationready", {})],
    ],
)
def test_getbin_fetches_the_bin_that_stands_there_first(calls: list[tuple[str, Any]]) -> None:
    world, _ = delivered(3, 4)
    set_mode(world, "OPEN")
    call(world, "closebin", port_id=CUSTOM, bin_id=3, task_id=20003)
    call(world, "openbin", port_id=CUSTOM)
    for name, more in calls:
        call(world, name, **CELL, **more)
    wait(world, LEAVING)
    assert world.bins[3].free
    wait(world, ARRIVAL)
    assert bin_mode(world, 4) == "PORT"


def test_a_new_allocation_replaces_the_one_before() -> None:
    world, _ = called(3)
    call(world, "portcellallocate", **CELL, getbin=True)
    call(world, "portcellallocate", **CELL)
    assert not world.ports[CUSTOM].location.getbin


def test_a_blocked_cell_takes_no_bin_and_gives_none() -> None:
    world, said = called(3)
    incidents.block_cell(world, port_id=CUSTOM)
    call(world, "portlocationready", **CELL)
    wait(world, ARRIVAL)
    assert said == ["LF,1,6,1"]
    incidents.clear_cell(world, port_id=CUSTOM)
    call(world, "portlocationready", **CELL)
    wait(world, ARRIVAL)
    incidents.block_cell(world, port_id=CUSTOM)
    said.clear()
    call(world, "portbinready", **CELL, bin_id=3)
    wait(world, LEAVING)
    assert (said, bin_mode(world, 3)) == (["BM,3,R"], "TOGRID")
    incidents.clear_cell(world, port_id=CUSTOM)
    call(world, "portbinready", **CELL, bin_id=3)
    wait(world, LEAVING)
    assert world.bins[3].free


def test_only_a_bin_that_is_wanted_back_goes_outside() -> None:
    world, said = delivered(3)
    assert set_mode(world, "OUTSIDE") == 1007
    call(world, "flushportbin", port_id=CUSTOM, bin_id=3)
    assert bin_mode(world, 3) == "TOGRID"
    assert set_mode(world, "OUTSIDE") == "ok"
    assert said[-1] == "BM,3,X"
    assert world.ports[CUSTOM].visitors == set()


def test_a_bin_from_outside_comes_in() -> None:
    world = wide_site()
    said = lines(world)
    call(world, "portbinready", **CELL, bin_id=50, content=8, bin_type=1)
    assert bin_mode(world, 50) == "OUTSIDE"
    assert outcome(world, "portbinready", **CELL, bin_id=50) == 1010
    wait(world, LEAVING)
    assert world.bins[50].free
    assert said[0] == "BD,50,330,ST"
    assert said[1] == "BL,50,1"
    assert said[2].endswith(",G,8,330")


def test_a_bin_from_outside_fails_while_another_stands_in_the_cell() -> None:
    world, said = delivered(3)
    call(world, "createbin", bin_id=50, bin_type=1)
    call(world, "portbinready", **CELL, bin_id=50)
    wait(world, LEAVING)
    assert (said[-1], bin_mode(world, 50)) == ("BM,50,R", "TOGRID")
    assert set_mode(world, "OUTSIDE", bin_id=50) == "ok"
    call(world, "portbinready", **CELL, bin_id=3)
    wait(world, LEAVING)
    call(world, "portbinready", **CELL, bin_id=50)
    wait(world, LEAVING)
    assert world.bins[50].free


def test_closing_waits_until_the_bin_may_be_fetched() -> None:
    world, _ = delivered(3)
    call(world, "closeport", port_id=CUSTOM)
    wait(world, 60)
    assert world.ports[CUSTOM].closing
    call(world, "portbinready", **CELL, bin_id=3)
    wait(world, LEAVING)
    assert world.ports[CUSTOM].mode == "CLOSED"


def test_closing_sends_a_bin_on_a_robot_back_by_itself() -> None:
    world, _ = called(3)
    call(world, "closeport", port_id=CUSTOM)
    wait(world, LEAVING + CLOSING)
    assert world.ports[CUSTOM].mode == "CLOSED"
    assert world.bins[3].free


METHODS = {
    "portcellallocate": {},
    "portlocationready": {},
    "portbinready": {"bin_id": 3},
    "portbinmode": {"bin_id": 3, "bin_mode": "OPEN"},
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("port_id", "switches", "code"),
    [(3, {}, 1000), (HATCHED, {}, 1000), (HATCHED, {"not_custom_fault": 1099}, 1099)],
)
def test_only_custom_ports_have_the_port_interface(
    method: str, port_id: int, switches: dict[str, Any], code: int
) -> None:
    cell = {} if method == "portbinmode" else {"x": 6, "y": 1}
    world = wide_site(**switches)
    assert outcome(world, method, port_id=port_id, **cell, **METHODS[method]) == code


@pytest.mark.parametrize("method", ["portcellallocate", "portlocationready", "portbinready"])
def test_a_cell_of_another_place_is_refused(method: str) -> None:
    world, _ = delivered(3)
    assert outcome(world, method, port_id=CUSTOM, x=7, y=1, **METHODS[method]) == 1007


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"bin_id": 4}, 1010),
        ({"bin_id": 50}, 1010),
        ({"bin_id": 50, "content": 1}, 1010),
        ({"bin_id": 50, "bin_type": 1}, 1006),
    ],
)
def test_portbinready_refuses(arguments: dict[str, int], code: int) -> None:
    world, _ = delivered(3)
    assert outcome(world, "portbinready", **CELL, **arguments) == code
    assert 50 not in world.bins


def test_an_open_bin_cannot_be_fetched() -> None:
    world, _ = delivered(3)
    set_mode(world, "OPEN")
    assert outcome(world, "portbinready", **CELL, bin_id=3) == 1010


@pytest.mark.parametrize(("bin_id", "code"), [(77, 1011), (4, 1010)])
def test_portbinmode_refuses_bins_that_do_not_stand_there(bin_id: int, code: int) -> None:
    world, _ = delivered(3)
    assert set_mode(world, "OPEN", bin_id=bin_id) == code


@pytest.mark.parametrize("mode", ["OPEN", "CLOSED"])
def test_setting_the_mode_again_is_harmless(mode: str) -> None:
    world, said = delivered(3)
    assert [set_mode(world, mode), set_mode(world, mode)] == ["ok", "ok"]
    assert said == [f"BM,3,{mode[0]}"]
