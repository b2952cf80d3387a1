"""Questions, and the system mode that other methods depend on."""

from typing import Any

import pytest

from console.autostore.values import SystemMode

from .small import AUTOCASE, CASE_BIN, DISABLED, PLAIN, PUPPET, call, outcome, site, with_open_bin


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
