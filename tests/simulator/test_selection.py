"""Which bin openbin chooses."""

from typing import Any

import pytest

from console.simulator.warehouse import AD_HOC_TASKS, Warehouse

from .small import (
    AUTOCASE,
    CASE_BIN,
    LEAVING,
    OTHER,
    PLAIN,
    UNTIL_OPEN,
    at,
    call,
    hand_over,
    outcome,
    site,
    wait,
)


def opened(world: Warehouse, port_id: int = PLAIN, **arguments: Any) -> Warehouse:
    call(world, "openport", port_id=port_id, **(arguments or {"category": (1,)}))
    return world


def next_bin(world: Warehouse, port_id: int = PLAIN, **wish: int) -> Any:
    return call(world, "openbin", port_id=port_id, **wish)["bin_id"]


def finish(world: Warehouse, port_id: int = PLAIN) -> None:
    """Close the bin that was called, and let it leave."""
    port = world.ports[port_id]
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=port_id, bin_id=port.selected_bin, task_id=port.selected_task)
    wait(world, LEAVING)


def test_earlier_req_time_goes_first_then_the_lower_priority_number() -> None:
    world = site()
    hand_over(world, 20, 3, req_time=at(9), priority=1)
    hand_over(world, 21, 4, req_time=at(8), priority=2)
    hand_over(world, 22, 5, req_time=at(8), priority=1, category=2)
    opened(world, category=(1, 2))
    came = []
    for _ in range(3):
        came.append(next_bin(world))
        finish(world)
    assert came == [5, 4, 3]


def test_tasks_come_in_their_order_and_the_group_is_finished_before_another() -> None:
    world = site()
    hand_over(world, 20, 5, 3)
    opened(world)
    assert next_bin(world) == 5
    finish(world)
    hand_over(world, 19, 4, req_time=at(1))
    assert next_bin(world) == 3


@pytest.mark.parametrize(
    ("port", "group"),
    [
        ({"category": (2,)}, {}),
        ({"category": (1,), "req_time": at(14)}, {"req_time": at(15)}),
        ({"category": (1,)}, {"suspended": True}),
        ({"category": (1,)}, {"start_time": at(20)}),
        ({"category": (1,), "port_mode": "RUNOUT"}, {}),
        ({"category": (1,), "port_mode": "INSERT"}, {}),
        ({"content": (7,), "port_mode": "RUNOUT"}, {}),
        ({"port_mode": "SEQUENCE"}, {}),
        ({}, {}),
    ],
)
def test_a_port_does_not_get_what_its_filters_keep_out(port: dict[str, Any], group: dict[str, Any]) -> None:
    world = site()
    hand_over(world, 20, 3, **group)
    call(world, "openport", port_id=PLAIN, **port)
    assert outcome(world, "openbin", port_id=PLAIN) == 1015


def test_a_req_time_equal_to_the_filter_is_not_later() -> None:
    world = site()
    hand_over(world, 20, 3, req_time=at(14))
    assert next_bin(opened(world, category=(1,), req_time=at(14))) == 3


def test_a_group_whose_start_time_has_come_is_served() -> None:
    world = site()
    hand_over(world, 20, 3, start_time=at(7))
    opened(world)
    wait(world, 3600)
    assert next_bin(world) == 3


def test_a_group_is_worked_at_one_port_at_a_time() -> None:
    world = site()
    hand_over(world, 20, 3, 4)
    opened(world, PLAIN)
    opened(world, OTHER)
    next_bin(world, PLAIN)
    assert outcome(world, "openbin", port_id=OTHER) == 1015
    assert outcome(world, "openbin", port_id=OTHER, taskgroup_id=20) == 1019
    assert outcome(world, "openbin", port_id=OTHER, task_id=20004) == 1019
    call(world, "closeport", port_id=PLAIN)
    wait(world, LEAVING)
    assert next_bin(world, OTHER) == 3


def test_matching_work_whose_bin_is_elsewhere_is_not_ready() -> None:
    world = site()
    hand_over(world, 20, 3)
    hand_over(world, 21, 3, category=2)
    opened(world, PLAIN, category=(1,))
    opened(world, OTHER, category=(2,))
    next_bin(world, PLAIN)
    assert outcome(world, "openbin", port_id=OTHER) == 1016
    assert outcome(world, "openbin", port_id=OTHER, bin_id=3) == 1016


def test_a_task_never_overtakes_one_of_lower_order() -> None:
    world = site()
    hand_over(world, 20, 3, 4)
    hand_over(world, 21, 3, category=2)
    opened(world, OTHER, category=(2,))
    next_bin(world, OTHER)
    opened(world, PLAIN)
    assert outcome(world, "openbin", port_id=PLAIN) == 1016


def test_a_bin_with_a_case_only_comes_to_an_autocase_port() -> None:
    world = site()
    hand_over(world, 20, CASE_BIN)
    hand_over(world, 21, 3, req_time=at(9))
    opened(world, PLAIN)
    assert next_bin(world, PLAIN) == 3
    opened(world, AUTOCASE)
    assert next_bin(world, AUTOCASE) == CASE_BIN


def test_bins_are_served_by_content_code_without_a_task() -> None:
    world = opened(site(), content=(7,))
    assert call(world, "openbin", port_id=PLAIN) == {"bin_id": 1}
    wait(world, UNTIL_OPEN)
    assert outcome(world, "closebin", port_id=PLAIN, bin_id=1, task_id=1) == 1012
    assert outcome(world, "closebin", port_id=PLAIN, bin_id=1) == "ok"


def test_no_bin_of_the_content_code() -> None:
    assert outcome(opened(site(), content=(8,)), "openbin", port_id=PLAIN) == 1015


def test_a_named_bin_nobody_planned_gets_a_task_of_the_warehouse() -> None:
    world = opened(site())
    assert call(world, "openbin", port_id=PLAIN, bin_id=3) == {"bin_id": 3, "task_id": AD_HOC_TASKS + 1}


def test_a_named_bin_that_is_planned_for_the_port_gets_that_task() -> None:
    world = site()
    hand_over(world, 20, 3)
    assert call(opened(world), "openbin", port_id=PLAIN, bin_id=3) == {"bin_id": 3, "task_id": 20003}


def test_an_ad_hoc_bin_leaves_the_group_selected() -> None:
    world = site()
    hand_over(world, 20, 3, 4)
    opened(world)
    next_bin(world)
    finish(world)
    next_bin(world, bin_id=9)
    finish(world)
    assert next_bin(world) == 4


def test_naming_a_suspended_group_resumes_it() -> None:
    world = site()
    group = hand_over(world, 20, 3, suspended=True)
    opened(world)
    assert next_bin(world, taskgroup_id=20) == 3
    assert not group.suspended


def test_naming_a_task_or_a_shipment() -> None:
    world = site()
    hand_over(world, 20, 3)
    hand_over(world, 21, 4, 5, shipment=77, category=9)
    opened(world)
    assert next_bin(world, task_id=21005) == 5
    finish(world)
    assert next_bin(world, shipment=77) == 4


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"bin_id": 77}, 1011),
        ({"task_id": 5}, 1017),
        ({"taskgroup_id": 5}, 1018),
        ({"shipment": 5}, 1015),
        ({"taskgroup_id": 20, "bin_id": 9}, 1015),
        ({"taskgroup_id": 20, "shipment": 78}, 1015),
        ({"task_id": 20003, "bin_id": 4}, 1015),
    ],
)
def test_openbin_refuses_a_wish_it_cannot_meet(wish: dict[str, int], code: int) -> None:
    world = site()
    hand_over(world, 20, 3, 4, shipment=77)
    assert outcome(opened(world), "openbin", port_id=PLAIN, **wish) == code


@pytest.mark.parametrize("wish", [{"shipment": 78}, {"taskgroup_id": 21}, {"task_id": 21005}])
def test_another_shipment_has_to_wait_for_the_selected_one(wish: dict[str, int]) -> None:
    world = site()
    hand_over(world, 20, 3, 4, shipment=77)
    hand_over(world, 21, 5, shipment=78)
    opened(world)
    next_bin(world)
    finish(world)
    assert outcome(world, "openbin", port_id=PLAIN, **wish) == 1021
    next_bin(world)
    finish(world)
    assert outcome(world, "openbin", port_id=PLAIN, **wish) == "ok"
