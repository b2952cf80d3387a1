"""A bin's way from the grid to the port and back: openbin and closebin."""

from typing import Any

import pytest

from console.autostore.values import BinMode
from console.simulator.warehouse import Warehouse

from .small import (
    ARRIVAL,
    AUTOCASE,
    CASE_BIN,
    DISABLED,
    LEAVING,
    OTHER,
    PLAIN,
    PRESENTING,
    UNTIL_OPEN,
    call,
    hand_over,
    outcome,
    site,
    wait,
    with_open_bin,
)


def bin_state(world: Warehouse, bin_id: int) -> Any:
    answer: Any = call(world, "getbinstate", bin_id=bin_id)
    return answer["bins"]["bin"][0]


def test_a_bin_is_named_at_once_arrives_is_presented_and_goes_back() -> None:
    world = site()
    hand_over(world, 20, 3)
    call(world, "openport", port_id=PLAIN, category=(1,))
    assert call(world, "openbin", port_id=PLAIN) == {"bin_id": 3, "task_id": 20003}
    assert bin_state(world, 3) == {"bin_id": 3, "bin_mode": "GRID"}
    wait(world, ARRIVAL)
    assert bin_state(world, 3) == {"bin_id": 3, "bin_mode": "PORT", "port_id": PLAIN}
    wait(world, PRESENTING)
    assert bin_state(world, 3) == {"bin_id": 3, "bin_mode": "OPEN", "port_id": PLAIN}
    assert call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=20003) == {}
    assert bin_state(world, 3) == {"bin_id": 3, "bin_mode": "CLOSED", "port_id": PLAIN}
    wait(world, LEAVING)
    assert bin_state(world, 3) == {"bin_id": 3, "bin_mode": "GRID"}


def test_the_port_shows_what_it_has_selected_until_the_bin_is_closed() -> None:
    world = site()
    hand_over(world, 20, 3, 4)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    selected = {"selected_bin": 3, "selected_task": 20003, "selected_taskgroup": 20}
    assert call(world, "getportstatus", port_id=PLAIN).items() >= selected.items()
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=20003)
    status = call(world, "getportstatus", port_id=PLAIN)
    assert status.keys() & selected.keys() == {"selected_taskgroup"}


def test_the_next_bin_can_be_called_while_the_last_one_leaves() -> None:
    world = site()
    hand_over(world, 20, 3, 4)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=20003)
    assert call(world, "openbin", port_id=PLAIN)["bin_id"] == 4


def test_closebin_finishes_the_task_and_the_last_one_its_group() -> None:
    world = site()
    hand_over(world, 20, 3)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=20003)
    assert world.tasks.groups == {}
    assert world.ports[PLAIN].selected_taskgroup is None


def test_an_incomplete_task_comes_again() -> None:
    world = site()
    hand_over(world, 20, 3)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=20003, taskcomplete=False)
    assert world.ports[PLAIN].selected_taskgroup == 20
    assert outcome(world, "openbin", port_id=PLAIN) == 1016
    wait(world, LEAVING)
    assert call(world, "openbin", port_id=PLAIN) == {"bin_id": 3, "task_id": 20003}


@pytest.mark.parametrize(("content", "after"), [(None, 7), (0, 0), (99, 99)])
def test_closebin_sets_the_content_code_when_one_is_given(content: int | None, after: int) -> None:
    world = site()
    task = with_open_bin(world, PLAIN, 3)
    call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=task, content=content)
    assert world.bins[3].content == after
    assert 3 in [bin_.bin_id for bin_ in world.bins.holding(after)]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"port_id": 3, "bin_id": 3}, 1000),
        ({"port_id": OTHER, "bin_id": 3}, 1009),
        ({"port_id": DISABLED, "bin_id": 3}, 1009),
        ({"port_id": PLAIN, "bin_id": 77}, 1011),
        ({"port_id": PLAIN, "bin_id": 4}, 1010),
        ({"port_id": PLAIN, "bin_id": 3}, 1012),
        ({"port_id": PLAIN, "bin_id": 3, "task_id": 5}, 1012),
    ],
)
def test_closebin_refuses(arguments: dict[str, int], code: int) -> None:
    world = site()
    with_open_bin(world, PLAIN, 3)
    assert outcome(world, "closebin", **arguments) == code
    assert world.bins[3].mode is BinMode.OPEN


@pytest.mark.parametrize("seconds", [0.0, ARRIVAL])
def test_closebin_refuses_a_bin_that_is_not_open_yet(seconds: float) -> None:
    world = site()
    call(world, "openport", port_id=PLAIN, category=(1,))
    task = call(world, "openbin", port_id=PLAIN, bin_id=3)["task_id"]
    wait(world, seconds)
    assert outcome(world, "closebin", port_id=PLAIN, bin_id=3, task_id=task) == 1027


def test_closebin_refuses_while_the_case_is_moving() -> None:
    world = site()
    task = with_open_bin(world, AUTOCASE, CASE_BIN)
    call(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN)
    assert outcome(world, "closebin", port_id=AUTOCASE, bin_id=CASE_BIN, task_id=task) == 1027


def test_a_missing_task_is_forgiven_by_switch_but_not_a_wrong_one() -> None:
    world = site(closebin_needs_task=False)
    with_open_bin(world, PLAIN, 3)
    assert outcome(world, "closebin", port_id=PLAIN, bin_id=3, task_id=5) == 1012
    assert outcome(world, "closebin", port_id=PLAIN, bin_id=3) == "ok"


@pytest.mark.parametrize(("port_id", "code"), [(3, 1000), (OTHER, 1009), (DISABLED, 1009), (PLAIN, 1020)])
def test_openbin_refuses_a_port_that_cannot_take_a_bin(port_id: int, code: int) -> None:
    world = site()
    with_open_bin(world, PLAIN, 3)
    assert outcome(world, "openbin", port_id=port_id) == code
