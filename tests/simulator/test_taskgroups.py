"""Task groups over the interface: creating, changing, extending, cancelling, asking."""

from typing import Any

import pytest

from console.simulator.warehouse import Warehouse

from .small import (
    LEAVING,
    OTHER,
    PLAIN,
    PREPARING,
    UNTIL_OPEN,
    at,
    bin_mode,
    call,
    hand_over,
    lines,
    outcome,
    site,
    wait,
)

GROUP: dict[str, Any] = {"taskgroup_id": 20, "category": 1, "req_time": at(8), "priority": 5}
TASK = {"task_id": 7, "bin_id": 3}


def created(**more: Any) -> Warehouse:
    world = site()
    assert outcome(world, "create_taskgroup", **GROUP, task=(TASK,), **more) == "ok"
    return world


def known(world: Warehouse, **filters: Any) -> list[Any]:
    answer: Any = call(world, "gettaskinfo", **filters)
    return list(answer["taskgroups"]["taskgroup"])


def known_ids(world: Warehouse, **filters: Any) -> list[int]:
    return [group["taskgroup_id"] for group in known(world, **filters)]


def test_a_group_is_served_at_a_port_of_its_category() -> None:
    world = created()
    call(world, "openport", port_id=PLAIN, category=(1,))
    assert call(world, "openbin", port_id=PLAIN) == {"bin_id": 3, "task_id": 7}


@pytest.mark.parametrize("more", [{}, {"suspended": True}, {"start_time": at(20)}])
def test_its_bins_are_prepared_at_once_whether_it_can_be_served_or_not(more: dict[str, Any]) -> None:
    world = created(**more)
    said = lines(world)
    wait(world, PREPARING)
    assert bin_mode(world, 3) == "PREPARED"
    assert not any(line.startswith("BM") for line in said)


def test_that_its_bins_are_prepared_is_published_by_switch() -> None:
    world = site(task_preparation_told=True)
    said = lines(world)
    call(world, "create_taskgroup", **GROUP, task=(TASK,))
    wait(world, PREPARING)
    assert "BM,3,T" in said


def test_a_prepared_bin_goes_to_the_port_and_is_plain_again_afterwards() -> None:
    world = created()
    wait(world, PREPARING)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=PLAIN, bin_id=3, task_id=7)
    wait(world, LEAVING)
    assert bin_mode(world, 3) == "GRID"


@pytest.mark.parametrize(
    ("changed", "tasks", "code"),
    [
        ({}, [TASK], 1013),
        ({"taskgroup_id": 21}, [TASK], 1012),
        ({"taskgroup_id": 21}, [{"task_id": 8, "bin_id": 77}], 1011),
        ({"taskgroup_id": 21}, [{"task_id": 8, "bin_id": 3}, {"task_id": 8, "bin_id": 4}], 1012),
    ],
)
def test_create_taskgroup_refuses(changed: dict[str, Any], tasks: list[Any], code: int) -> None:
    world = created()
    assert outcome(world, "create_taskgroup", **(GROUP | changed), task=tasks) == code
    assert known_ids(world) == [20]


def test_update_replaces_every_value_and_leaving_suspended_out_lifts_it() -> None:
    world = created(suspended=True, shipment=77, start_time=at(9))
    call(world, "update_taskgroup", taskgroup_id=20, category=2, req_time=at(10), priority=1)
    assert known(world) == [
        {
            "taskgroup_id": 20,
            "category": 2,
            "req_time": "2008-12-12T10:00:00Z",
            "priority": 1,
            "suspended": False,
            "tasks": {"task": [TASK]},
        }
    ]


def test_update_changes_the_rank() -> None:
    world = site()
    hand_over(world, 20, 3, req_time=at(8))
    hand_over(world, 21, 4, req_time=at(9))
    call(world, "update_taskgroup", taskgroup_id=20, category=1, req_time=at(10), priority=1)
    call(world, "openport", port_id=PLAIN, category=(1,))
    assert call(world, "openbin", port_id=PLAIN)["bin_id"] == 4


def test_update_of_a_group_that_a_port_works_leaves_it_there() -> None:
    world = site()
    hand_over(world, 20, 3, 4)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    call(world, "update_taskgroup", taskgroup_id=20, category=2, req_time=at(10), priority=1)
    assert world.ports[PLAIN].selected_taskgroup == 20
    call(world, "closeport", port_id=PLAIN)
    call(world, "openport", port_id=OTHER, category=(2,))
    wait(world, LEAVING)
    assert call(world, "openbin", port_id=OTHER)["bin_id"] == 3


def test_update_refuses_an_unknown_group() -> None:
    assert outcome(site(), "update_taskgroup", **GROUP) == 1018


def test_added_tasks_are_worked_with_the_group() -> None:
    world = created()
    added = {"task_id": 8, "bin_id": 4, "item": 2, "order": 9, "estpicktime": 30}
    assert outcome(world, "add_task", taskgroup_id=20, task=(added,)) == "ok"
    assert known(world)[0]["tasks"]["task"] == [TASK, added]
    wait(world, 2 * PREPARING)
    assert bin_mode(world, 4) == "PREPARED"


@pytest.mark.parametrize(
    ("taskgroup_id", "task", "code"),
    [
        (21, {"task_id": 8, "bin_id": 3}, 1018),
        (20, {"task_id": 7, "bin_id": 4}, 1012),
        (20, {"task_id": 8, "bin_id": 77}, 1011),
    ],
)
def test_add_task_refuses(taskgroup_id: int, task: dict[str, int], code: int) -> None:
    world = created()
    assert outcome(world, "add_task", taskgroup_id=taskgroup_id, task=(task,)) == code
    assert known(world)[0]["tasks"]["task"] == [TASK]


def test_the_last_task_cancelled_ends_the_group_and_the_preparation() -> None:
    world = created()
    wait(world, PREPARING)
    assert outcome(world, "cancel_task", task_id=7) == "ok"
    assert known_ids(world) == []
    assert bin_mode(world, 3) == "GRID"
    assert outcome(world, "cancel_task", task_id=7) == 1017


def test_a_cancelled_task_leaves_the_selected_bin_selected() -> None:
    world = created()
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    call(world, "cancel_task", task_id=7)
    port = world.ports[PLAIN]
    assert (port.selected_bin, port.selected_task, port.selected_taskgroup) == (3, 7, None)
    wait(world, UNTIL_OPEN)
    assert outcome(world, "closebin", port_id=PLAIN, bin_id=3, task_id=7) == "ok"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, [20, 21, 22]),
        ({"taskgroup_id": 21}, [21]),
        ({"task_id": 22005}, [22]),
        ({"min_taskgroup_id": 21}, [21, 22]),
        ({"max_taskgroup_id": 20}, [20]),
        ({"min_taskgroup_id": 20, "max_taskgroup_id": 21}, [20, 21]),
        ({"category": 2}, [21]),
        ({"suspended": True}, [22]),
        ({"suspended": False}, [20, 21]),
        ({"shipment": 77}, [20, 22]),
        ({"shipment": 77, "suspended": False}, [20]),
        ({"taskgroup_id": 21, "category": 1}, []),
    ],
)
def test_gettaskinfo_tells_what_all_filters_let_through(filters: dict[str, Any], ids: list[int]) -> None:
    world = site()
    hand_over(world, 20, 3, shipment=77)
    hand_over(world, 21, 4, category=2)
    hand_over(world, 22, 5, 6, shipment=77, suspended=True)
    assert known_ids(world, **filters) == ids


def test_gettaskinfo_of_a_task_tells_only_that_one_and_who_works_it() -> None:
    world = site()
    hand_over(world, 20, 3, 4)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN)
    (group,) = known(world, task_id=20004)
    assert group["port_id"] == PLAIN
    assert group["tasks"]["task"] == [{"task_id": 20004, "bin_id": 4, "order": 2}]


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"taskgroup_id": 5}, 1018),
        ({"task_id": 5}, 1017),
        ({"min_taskgroup_id": 3, "max_taskgroup_id": 2}, 1013),
    ],
)
def test_gettaskinfo_refuses(filters: dict[str, int], code: int) -> None:
    assert outcome(created(), "gettaskinfo", **filters) == code
