"""Ports that take task groups in the order of the WMS (autostore.md 4.4)."""

from typing import Any

import pytest

from console.simulator.warehouse import Warehouse

from .small import (
    CLOSING,
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


def sequencing(**switches: Any) -> Warehouse:
    """Ports 1 and 2 in SEQUENCE, task groups 20 to 23 of category 9 with bins 3 to 6."""
    world = site(**switches)
    for number in range(4):
        hand_over(world, 20 + number, 3 + number, category=9, req_time=at(10 - number))
    for port_id in (PLAIN, OTHER):
        call(world, "openport", port_id=port_id, port_mode="SEQUENCE")
    return world


def sequence(world: Warehouse, port_id: int = PLAIN) -> Any:
    answer: Any = call(world, "getportsequence", port_id=port_id)
    assert answer["port_id"] == port_id
    return answer["taskgroups"]["taskgroup_id"]


def set_sequence(world: Warehouse, *groups: int, port_id: int = PLAIN) -> int | str:
    return outcome(world, "setportsequence", port_id=port_id, taskgroup_id=groups)


def work(world: Warehouse) -> int:
    """Have the next bin, close it, and return which it was."""
    bin_id, task_id = call(world, "openbin", port_id=PLAIN).values()
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=PLAIN, bin_id=bin_id, task_id=task_id)
    wait(world, LEAVING)
    assert isinstance(bin_id, int)
    return bin_id


def test_groups_come_in_the_order_set_whatever_their_rank() -> None:
    world = sequencing()
    assert set_sequence(world, 21, 20) == "ok"
    assert outcome(world, "appendportsequence", port_id=PLAIN, taskgroup_id=(23,)) == "ok"
    assert sequence(world) == [21, 20, 23]
    assert [work(world) for _ in range(3)] == [4, 3, 6]
    assert sequence(world) == []
    assert outcome(world, "openbin", port_id=PLAIN) == 1015


def test_no_group_overtakes_one_whose_bin_is_not_ready() -> None:
    world = sequencing()
    hand_over(world, 30, 3, category=1)
    set_sequence(world, 20, 21)
    call(world, "closeport", port_id=OTHER)
    wait(world, CLOSING)
    call(world, "openport", port_id=OTHER, category=(1,))
    call(world, "openbin", port_id=OTHER)
    assert outcome(world, "openbin", port_id=PLAIN) == 1016


def test_setting_again_replaces_and_setting_nothing_empties() -> None:
    world = sequencing()
    set_sequence(world, 20, 21)
    assert set_sequence(world, 22) == "ok"
    assert sequence(world) == [22]
    assert set_sequence(world) == "ok"
    assert sequence(world) == []
    assert set_sequence(world, 20, port_id=OTHER) == "ok"


def test_a_suspended_group_is_passed_over() -> None:
    world = sequencing()
    world.tasks.groups[20].suspended = True
    set_sequence(world, 20, 21)
    assert work(world) == 4


def test_a_queued_group_belongs_to_its_port_and_cannot_be_updated() -> None:
    world = sequencing(sequenced_group_fault=1018)
    set_sequence(world, 20)
    changed = {"taskgroup_id": 20, "category": 1, "req_time": at(9), "priority": 1}
    assert outcome(world, "update_taskgroup", **changed) == 1018
    assert outcome(world, "openbin", port_id=OTHER, taskgroup_id=20) == 1019
    assert outcome(world, "add_task", taskgroup_id=20, task=({"task_id": 9, "bin_id": 8},)) == "ok"
    assert [work(world), work(world)] == [3, 8]


def test_closing_the_port_ends_its_sequence() -> None:
    world = sequencing()
    set_sequence(world, 20)
    call(world, "closeport", port_id=PLAIN)
    assert set_sequence(world, 20, port_id=OTHER) == "ok"


def test_a_finished_group_leaves_no_trace_for_another_of_its_id() -> None:
    world = sequencing()
    set_sequence(world, 20)
    call(world, "cancel_task", task_id=20003)
    hand_over(world, 20, 3, category=9)
    assert sequence(world) == []


@pytest.mark.parametrize(("groups", "code"), [((5,), 1018), ((20, 20), 1013), ((22,), 1013), ((23,), 1013)])
@pytest.mark.parametrize("method", ["setportsequence", "appendportsequence"])
def test_groups_that_do_not_fit_are_refused(method: str, groups: tuple[int, ...], code: int) -> None:
    world = sequencing()
    set_sequence(world, 21)
    set_sequence(world, 22, port_id=OTHER)
    call(world, "openbin", port_id=OTHER, taskgroup_id=23)
    assert outcome(world, method, port_id=PLAIN, taskgroup_id=groups) == code
    assert sequence(world) == [21]


def test_a_group_is_not_appended_twice() -> None:
    world = sequencing()
    set_sequence(world, 20)
    assert outcome(world, "appendportsequence", port_id=PLAIN, taskgroup_id=(20,)) == 1013


@pytest.mark.parametrize("method", ["setportsequence", "appendportsequence", "getportsequence"])
@pytest.mark.parametrize(
    ("switches", "port_id", "code"),
    [({}, 3, 1000), ({}, 8, 1009), ({}, 4, 1009), ({}, OTHER, 1009), ({"router": False}, PLAIN, 1000)],
)
def test_only_a_port_in_sequence_has_one(
    method: str, switches: dict[str, Any], port_id: int, code: int
) -> None:
    world = site(**switches)
    call(world, "openport", port_id=OTHER, category=(1,))
    groups = {} if method == "getportsequence" else {"taskgroup_id": ()}
    assert outcome(world, method, port_id=port_id, **groups) == code
