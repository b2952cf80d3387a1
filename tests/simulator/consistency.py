"""What is true of every warehouse at every moment, whatever was asked of it."""

from collections import Counter

from console.autostore.values import BinMode, PortMode, PortType
from console.simulator.bins import AT_PORT
from console.simulator.warehouse import Warehouse


def check(world: Warehouse) -> None:
    """Raise an AssertionError if anything contradicts itself."""
    bins_are_selected_once_and_bound_for_that_port(world)
    ports_that_are_not_open_have_nothing_selected(world)
    bins_and_ports_agree_on_who_visits_whom(world)
    bins_stand_in_the_grid_or_nowhere_in_it(world)
    ports_and_task_groups_agree_on_who_works_which(world)
    sequences_hold_unfinished_groups_of_their_port(world)
    only_free_bins_that_somebody_wants_are_prepared(world)
    cases_move_only_at_an_autocase_port_with_that_bin_open(world)


def bins_are_selected_once_and_bound_for_that_port(world: Warehouse) -> None:
    selected = [port for port in world.ports.values() if port.selected_bin is not None]
    assert len({port.selected_bin for port in selected}) == len(selected)
    for port in selected:
        assert world.bins[port.selected_bin or 0].port_id == port.port_id
        assert port.is_open


def ports_that_are_not_open_have_nothing_selected(world: Warehouse) -> None:
    for port in world.ports.values():
        if not port.is_open:
            assert (port.selected_bin, port.selected_task) == (None, None)
            assert (port.selected_taskgroup, port.selected_shipment) == (None, None)
            assert not port.case.active
            assert world.tasks.sequence(port.port_id) == []
        if not port.is_open and not port.closing:
            assert port.custom or not port.visitors
            assert (port.categories, port.contents, port.req_time) == ((), (), None)


def bins_and_ports_agree_on_who_visits_whom(world: Warehouse) -> None:
    visits = {(bin_id, port.port_id) for port in world.ports.values() for bin_id in port.visitors}
    assert visits == {(bin_.bin_id, bin_.port_id) for bin_ in world.bins if bin_.port_id is not None}


def bins_stand_in_the_grid_or_nowhere_in_it(world: Warehouse) -> None:
    for bin_ in world.bins:
        stands = world.grid.place(bin_.bin_id) is not None
        assert stands == bin_.free
        if bin_.free:
            assert bin_.mode is bin_.mode_at_rest
        elif bin_.port_id is None:
            assert bin_.mode is BinMode.OUTSIDE
        else:
            assert bin_.mode in AT_PORT | {BinMode.GRID, BinMode.OUTSIDE}


def ports_and_task_groups_agree_on_who_works_which(world: Warehouse) -> None:
    selected = {
        port.selected_taskgroup: port.port_id
        for port in world.ports.values()
        if port.selected_taskgroup is not None
    }
    groups = world.tasks.groups.values()
    assert selected == {group.taskgroup_id: group.port_id for group in groups if group.port_id is not None}
    assert all(group.tasks for group in groups)
    unbound = [group.taskgroup_id for group in world.tasks.unbound({group.category for group in groups})]
    assert sorted(unbound) == sorted(group.taskgroup_id for group in groups if group.port_id is None)
    assert world.tasks.tasks == {key: task for group in groups for key, task in group.tasks.items()}


def sequences_hold_unfinished_groups_of_their_port(world: Warehouse) -> None:
    standing = {
        taskgroup_id: port_id for port_id in world.ports for taskgroup_id in world.tasks.sequence(port_id)
    }
    groups = world.tasks.groups.values()
    assert standing == {
        group.taskgroup_id: group.sequence_port for group in groups if group.sequence_port is not None
    }
    assert all(world.ports[port_id].mode is PortMode.SEQUENCE for port_id in standing.values())


def only_free_bins_that_somebody_wants_are_prepared(world: Warehouse) -> None:
    queued = Counter(world.preparation.queue)
    for bin_ in world.bins:
        if bin_.prepared:
            assert bin_.free
            assert queued[bin_.bin_id] or world.tasks.for_bin(bin_.bin_id)


def cases_move_only_at_an_autocase_port_with_that_bin_open(world: Warehouse) -> None:
    for port in world.ports.values():
        if port.case.active:
            assert port.port_type is PortType.AUTOCASE
            assert port.case.bin_id == port.selected_bin
            assert world.bins[port.selected_bin or 0].mode is BinMode.OPEN
        assert port.case.active or not port.case.error
