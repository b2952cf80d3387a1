"""The port's state machine: openport, closeport and the closing phase between."""

from typing import Any

import pytest

from console.autostore.values import PortMode

from .small import (
    AUTOCASE,
    CASE_STEP,
    CLOSING,
    DISABLED,
    LEAVING,
    PLAIN,
    PUPPET,
    UNTIL_OPEN,
    at,
    call,
    hand_over,
    outcome,
    site,
    wait,
    with_open_bin,
)


@pytest.mark.parametrize(
    ("arguments", "mode"),
    [
        ({}, "INSERT"),
        ({"req_time": at(14)}, "INSERT"),
        ({"category": (1, 2)}, "OPEN"),
        ({"content": (0,)}, "OPEN"),
        ({"port_mode": "INSERT"}, "INSERT"),
        ({"port_mode": "INSERT", "category": (1,)}, "INSERT"),
        ({"port_mode": "OPEN", "category": (1,)}, "OPEN"),
        ({"port_mode": "SWAP", "content": (7,)}, "SWAP"),
        ({"port_mode": "SEQUENCE"}, "SEQUENCE"),
        ({"port_mode": "RUNOUT"}, "RUNOUT"),
    ],
)
def test_openport_opens_a_closed_port_in_the_mode_its_page_says(arguments: dict[str, Any], mode: str) -> None:
    world = site()
    assert call(world, "openport", port_id=PLAIN, **arguments) == {}
    assert call(world, "getportstatus", port_id=PLAIN)["mode"] == mode


@pytest.mark.parametrize(
    ("switches", "arguments", "code"),
    [
        ({}, {"port_id": 3}, 1000),
        ({}, {"port_id": DISABLED}, 1000),
        ({}, {"port_id": PUPPET}, 1000),
        ({}, {"port_id": PLAIN, "port_mode": "OPEN"}, 1007),
        ({}, {"port_id": PLAIN, "port_mode": "SWAP"}, 1007),
        ({"unfitting_fault": 1099}, {"port_id": PLAIN, "port_mode": "SWAP"}, 1099),
        ({"router": False}, {"port_id": PLAIN, "port_mode": "SEQUENCE"}, 1000),
        ({"router": False, "no_router_fault": 1007}, {"port_id": PLAIN, "port_mode": "SEQUENCE"}, 1007),
    ],
)
def test_openport_refuses(switches: dict[str, Any], arguments: dict[str, Any], code: int) -> None:
    assert outcome(site(**switches), "openport", **arguments) == code


@pytest.mark.parametrize("mode", ["INSERT", "OPEN", "SWAP", "SEQUENCE", "RUNOUT"])
def test_an_open_port_refuses_to_open_again(mode: str) -> None:
    world = site()
    call(world, "openport", port_id=PLAIN, category=(1,), port_mode=mode)
    assert outcome(world, "openport", port_id=PLAIN, category=(2,)) == 1002
    assert outcome(world, "openport", port_id=PLAIN, port_mode="RUNOUT") == 1002
    assert world.ports[PLAIN].mode == mode
    assert world.ports[PLAIN].categories == (1,)


def test_runout_changes_the_mode_of_an_open_port_by_switch() -> None:
    world = site(runout_on_open_port=True)
    call(world, "openport", port_id=PLAIN, category=(1,))
    assert outcome(world, "openport", port_id=PLAIN, port_mode="RUNOUT") == "ok"
    assert world.ports[PLAIN].mode is PortMode.RUNOUT
    assert outcome(world, "openport", port_id=PLAIN, category=(1,)) == 1002


def test_closing_keeps_the_mode_until_it_is_done_and_then_forgets_everything() -> None:
    world = site()
    call(world, "openport", port_id=PLAIN, category=(1, 2), req_time=at(14))
    assert outcome(world, "closeport", port_id=PLAIN) == "ok"
    assert call(world, "getportstatus", port_id=PLAIN) == {
        "port_id": PLAIN,
        "port_type": "CO",
        "mode": "OPEN",
        "is_ready": False,
    }
    for name in ("openport", "closeport"):
        assert outcome(world, name, port_id=PLAIN) == 1001
    assert outcome(world, "openbin", port_id=PLAIN) == 1009
    wait(world, CLOSING)
    assert call(world, "getportstatus", port_id=PLAIN)["mode"] == "CLOSED"
    port = world.ports[PLAIN]
    assert (port.categories, port.contents, port.req_time, port.closing) == ((), (), None, False)
    assert outcome(world, "openport", port_id=PLAIN) == "ok"


@pytest.mark.parametrize(("port_id", "code"), [(PLAIN, 1009), (3, 1000), (DISABLED, 1000), (PUPPET, 1000)])
def test_closeport_refuses(port_id: int, code: int) -> None:
    assert outcome(site(), "closeport", port_id=port_id) == code


@pytest.mark.parametrize(
    ("seconds_after_openbin", "mode_while_leaving"),
    [(0.0, "GRID"), (3.5, "TOGRID"), (UNTIL_OPEN, "CLOSED")],
)
def test_a_closing_port_waits_for_its_bin_to_be_gone(
    seconds_after_openbin: float, mode_while_leaving: str
) -> None:
    world = site()
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN, bin_id=3)
    wait(world, seconds_after_openbin)
    call(world, "closeport", port_id=PLAIN)
    status = call(world, "getportstatus", port_id=PLAIN)
    assert "selected_bin" not in status
    assert "selected_task" not in status
    assert world.bins[3].mode == mode_while_leaving
    wait(world, CLOSING)
    assert world.ports[PLAIN].closing
    wait(world, LEAVING - CLOSING)
    assert world.ports[PLAIN].mode is PortMode.CLOSED
    assert world.bins[3].free


def test_closing_waits_for_a_bin_that_was_leaving_already() -> None:
    world = site()
    task = with_open_bin(world, PLAIN, 3)
    call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=task)
    call(world, "closeport", port_id=PLAIN)
    wait(world, CLOSING)
    assert world.ports[PLAIN].closing
    wait(world, LEAVING - CLOSING)
    assert world.ports[PLAIN].mode is PortMode.CLOSED


@pytest.mark.parametrize("suspend", [False, True])
def test_closeport_lets_the_task_group_go_and_suspends_it_if_asked(suspend: bool) -> None:
    world = site()
    group = hand_over(world, 20, 3, 4)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    assert group.port_id == PLAIN
    call(world, "closeport", port_id=PLAIN, suspend_taskgroup=suspend)
    assert group.port_id is None
    assert group.suspended == suspend
    assert world.ports[PLAIN].selected_taskgroup is None


def test_closeport_ends_a_case_action() -> None:
    world = site()
    with_open_bin(world, AUTOCASE, 101337)
    call(world, "case_extract", port_id=AUTOCASE, bin_id=101337)
    call(world, "closeport", port_id=AUTOCASE)
    wait(world, CASE_STEP)
    assert call(world, "case_getstate", port_id=AUTOCASE)["case_state"] == "NOOP"
