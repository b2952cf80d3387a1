"""Questions, and the system mode that other methods depend on."""

from typing import Any

import pytest

from console.autostore.values import SystemMode
from console.simulator.ports import OVERLOAD_ONLY
from console.simulator.warehouse import Warehouse

from .small import (
    AUTOCASE,
    CASE_BIN,
    DISABLED,
    PLAIN,
    PUPPET,
    UNTIL_OPEN,
    call,
    outcome,
    site,
    wait,
    with_open_bin,
)


@pytest.mark.parametrize(
    ("port_id", "status"),
    [
        (PLAIN, {"port_type": "CO", "mode": "CLOSED", "is_ready": True}),
        (AUTOCASE, {"port_type": "AC", "mode": "CLOSED", "is_ready": True}),
        (DISABLED, {"port_type": "CO", "mode": "DISABLED", "is_ready": False}),
        (PUPPET, {"port_type": "CO", "mode": "MULTIPORT_PUPPET", "is_ready": False}),
    ],
)
def test_getportstatus(port_id: int, status: dict[str, Any]) -> None:
    assert call(site(), "getportstatus", port_id=port_id) == {"port_id": port_id, **status}


def test_getportstatus_tells_only_what_is_documented_by_switch() -> None:
    world = site(detailed_port_status=False)
    with_open_bin(world, PLAIN, 3)
    assert call(world, "getportstatus", port_id=PLAIN) == {
        "port_id": PLAIN,
        "port_type": "CO",
        "mode": "OPEN",
    }


def test_getportstatus_refuses_a_port_that_is_not_there() -> None:
    assert outcome(site(), "getportstatus", port_id=3) == 1000


@pytest.mark.parametrize(
    ("span", "ids"),
    [
        ({}, [*range(1, 11), CASE_BIN]),
        ({"bin_id": 4}, [4]),
        ({"min_bin_id": 9}, [9, 10, CASE_BIN]),
        ({"max_bin_id": 2}, [1, 2]),
        ({"min_bin_id": 4, "max_bin_id": 5}, [4, 5]),
        ({"min_bin_id": 11, "max_bin_id": 100}, []),
    ],
)
def test_getbinstate_finds_bins_by_id_and_span(span: dict[str, int], ids: list[int]) -> None:
    bins: Any = call(site(), "getbinstate", **span)
    assert [bin_["bin_id"] for bin_ in bins["bins"]["bin"]] == ids


@pytest.mark.parametrize(
    ("span", "code"), [({"bin_id": 77}, 1011), ({"min_bin_id": 5, "max_bin_id": 4}, 1010)]
)
def test_getbinstate_refuses(span: dict[str, int], code: int) -> None:
    assert outcome(site(), "getbinstate", **span) == code


@pytest.mark.parametrize("method", ["getbininfo", "getbinloc"])
@pytest.mark.parametrize(
    ("span", "code"), [({"bin_id": 77}, 1011), ({"min_bin_id": 5, "max_bin_id": 4}, 1010), ({}, "ok")]
)
def test_the_other_bin_queries_ask_alike(method: str, span: dict[str, int], code: int | str) -> None:
    assert outcome(site(), method, **span) == code


def test_getbininfo_tells_content_and_target_grid() -> None:
    info: Any = call(site(), "getbininfo", min_bin_id=9, max_bin_id=10)
    assert info["bins"]["bin"] == [
        {"bin_id": 9, "content": 7, "target_grid": 1},
        {"bin_id": 10, "content": 7, "target_grid": 1},
    ]


def located(world: Warehouse, bin_id: int) -> Any:
    answer: Any = call(world, "getbinloc", bin_id=bin_id)
    return answer["bins"]["bin"][0]


def test_getbinloc_tells_the_cell_unless_a_robot_has_the_bin() -> None:
    world = site()
    before = located(world, 3)
    assert before == {"bin_id": 3, "xpos": 1, "ypos": 3, "depth": 120 + 13 * 330}
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN, bin_id=3)
    assert located(world, 3) == {"bin_id": 3}
    wait(world, UNTIL_OPEN)
    assert located(world, 3) == {"bin_id": 3, "xpos": PLAIN, "ypos": 1, "depth": 1}


def test_bin_modes_come_as_letters_by_switch() -> None:
    world = site(bin_mode_letters=True)
    with_open_bin(world, PLAIN, 3)
    bins: Any = call(world, "getbinstate", min_bin_id=3, max_bin_id=4)
    assert [bin_["bin_mode"] for bin_ in bins["bins"]["bin"]] == ["O", "G"]


def test_getsystemmode_tells_mode_and_stopcode() -> None:
    world = site()
    assert call(world, "getsystemmode") == {"mode": 20, "stopcode": 0}
    world.set_system(SystemMode.STOPPED, stopcode=7)
    assert call(world, "getsystemmode") == {"mode": 70, "stopcode": 7}


@pytest.mark.parametrize("mode", [mode for mode in SystemMode if mode is not SystemMode.RUNNING])
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("openport", {"port_id": 3}),
        ("closeport", {"port_id": PLAIN}),
        ("openbin", {"port_id": PLAIN}),
        ("closebin", {"port_id": PLAIN, "bin_id": 3}),
    ],
)
def test_a_system_that_does_not_run_refuses_before_it_looks(
    mode: SystemMode, method: str, arguments: dict[str, int]
) -> None:
    world = site()
    world.set_system(mode)
    assert outcome(world, method, **arguments) == 1048
    assert outcome(world, "getportstatus", port_id=PLAIN) == "ok"


def test_getsystemstate_tells_charging_as_well() -> None:
    world = site()
    world.system.charging = 15
    assert call(world, "getsystemstate") == {"mode": 20, "stopcode": 0, "chargepercent": 15}


def test_get_simulation_speed() -> None:
    world = site()
    world.speed = 2.5
    assert call(world, "get_simulation_speed") == {"simulation_speed": 2.5}


def test_getportweight_adds_up_what_stands_at_a_port_with_a_scale() -> None:
    world = site()
    assert call(world, "getportweight", port_id=PLAIN) == {"port_id": PLAIN, "weight": 0}
    with_open_bin(world, PLAIN, 3)
    full = call(world, "getportweight", port_id=PLAIN, timeout_mode="H", timeout_value=100)["weight"]
    world.set_content(world.bins[3], 0)
    empty = call(world, "getportweight", port_id=PLAIN)["weight"]
    assert isinstance(full, int)
    assert isinstance(empty, int)
    assert 0 < empty < full < 40_000


def test_a_port_without_a_scale_has_no_weight_to_tell() -> None:
    world = site()
    world.ports[PLAIN].weight_equipment = OVERLOAD_ONLY
    assert call(world, "getportweight", port_id=PLAIN) == {"port_id": PLAIN}
    assert call(world, "getportconfig", port_id=PLAIN) == {"weight_equipment": 1}


@pytest.mark.parametrize("method", ["getportweight", "getportconfig"])
def test_questions_about_a_port_that_is_not_there(method: str) -> None:
    assert outcome(site(), method, port_id=3) == 1000
