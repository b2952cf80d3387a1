"""Which bin a port gets when it asks for one (autostore.md sections 3 and 4.2)."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from console.autostore.values import PortMode, PortType
from console.simulator.bins import Bin
from console.simulator.codes import Code, Refusal
from console.simulator.ports import Port
from console.simulator.tasks import Task, TaskGroup
from console.simulator.warehouse import Warehouse


class Wish(Struct, frozen=True, kw_only=True):
    """What an ad-hoc openbin names; all None is the normal request."""

    bin_id: int | None = None
    task_id: int | None = None
    taskgroup_id: int | None = None
    shipment: int | None = None

    @property
    def names_work(self) -> bool:
        """Whether only a task will do."""
        return any(name is not None for name in (self.task_id, self.taskgroup_id, self.shipment))

    def admits(self, task: Task) -> bool:
        return self.bin_id in (None, task.bin_id) and self.task_id in (None, task.task_id)


class Choice(Struct, frozen=True):
    """What the port will select; a bin that nobody planned has no task."""

    bin_id: int
    task_id: int | None = None
    taskgroup_id: int | None = None


def choose(world: Warehouse, port: Port, wish: Wish) -> Choice:
    """Return what the port gets; a port in INSERT serves nothing.

    Raises:
        Refusal: 1011, 1017, 1018 what the wish names does not exist; 1019 its group is worked at
            another port; 1021 its shipment is not the one selected; 1015 nothing matches; 1016
            something does, but its bin is not free.
    """
    _refuse_unknown(world, wish)
    refusal = Code.NO_TASKS_OR_BINS_FULFILLS_PORT_SELECT
    if port.mode is not PortMode.INSERT:
        for choice in _candidates(world, port, wish):
            if ready(world, world.bins[choice.bin_id], port):
                return choice
            refusal = Code.NO_READY_BINS_FULLFILLS_PORT_SELECT
    raise Refusal(refusal)


def _candidates(world: Warehouse, port: Port, wish: Wish) -> Iterator[Choice]:
    for group in _groups(world, port, wish):
        tasks = [task for task in group.tasks.values() if wish.admits(task)]
        for task in _next_in_order(tasks):
            yield Choice(task.bin_id, task.task_id, group.taskgroup_id)
    if wish.names_work:
        return
    if wish.bin_id is not None:
        yield Choice(wish.bin_id)
    elif port.mode is not PortMode.RUNOUT:
        for content in port.contents:
            for bin_ in world.bins.holding(content):
                yield Choice(bin_.bin_id)


def _refuse_unknown(world: Warehouse, wish: Wish) -> None:
    if wish.bin_id is not None:
        world.bin(wish.bin_id)
    if wish.task_id is not None and wish.task_id not in world.tasks.tasks:
        raise Refusal(Code.TASK_DOES_NOT_EXIST)
    if wish.taskgroup_id is not None and wish.taskgroup_id not in world.tasks.groups:
        raise Refusal(Code.TASKGROUP_DOES_NOT_EXIST)


def _groups(world: Warehouse, port: Port, wish: Wish) -> Iterable[TaskGroup]:
    """Return the task groups in question, best first."""
    named = _named_group(world, wish)
    if named is not None:
        _refuse_unbindable(port, named)
        return [named] if wish.shipment in (None, named.shipment) else []
    if wish.shipment is not None:
        if port.selected_shipment not in (None, wish.shipment):
            raise Refusal(Code.CONFLICTS_WITH_SELECTED_SHIPMENT)
        return [group for group in world.tasks.of_shipment(wish.shipment) if _admits(world, port, group)]
    if wish.bin_id is not None:
        wanting = [world.tasks.groups[task.taskgroup_id] for task in world.tasks.for_bin(wish.bin_id)]
        return [
            group for group in wanting if group.category in port.categories and _admits(world, port, group)
        ]
    if port.selected_taskgroup is not None:
        return [world.tasks.groups[port.selected_taskgroup]]
    if port.mode is PortMode.SEQUENCE:
        return _next_in_sequence(world, port)
    return [] if port.mode is PortMode.RUNOUT else _planned(world, port)


def _next_in_sequence(world: Warehouse, port: Port) -> list[TaskGroup]:
    """Return the foremost group that is not suspended; none overtakes it."""
    groups = (world.tasks.groups[taskgroup_id] for taskgroup_id in world.tasks.sequence(port.port_id))
    foremost = next((group for group in groups if not group.suspended), None)
    return [foremost] if foremost is not None and _admits(world, port, foremost) else []


def _named_group(world: Warehouse, wish: Wish) -> TaskGroup | None:
    if wish.taskgroup_id is not None:
        return world.tasks.groups[wish.taskgroup_id]
    if wish.task_id is not None:
        return world.tasks.groups[world.tasks.tasks[wish.task_id].taskgroup_id]
    return None


def _refuse_unbindable(port: Port, group: TaskGroup) -> None:
    if {group.port_id, group.sequence_port} - {None, port.port_id}:
        raise Refusal(Code.TASKGROUP_IS_SELECTED_BY_ANOTHER_PORT)
    if port.selected_shipment not in (None, group.shipment):
        raise Refusal(Code.CONFLICTS_WITH_SELECTED_SHIPMENT)


def _planned(world: Warehouse, port: Port) -> Iterator[TaskGroup]:
    for group in world.tasks.unbound(port.categories):
        if port.req_time is not None and group.req_time > port.req_time:
            return
        if _admits(world, port, group):
            yield group


def _admits(world: Warehouse, port: Port, group: TaskGroup) -> bool:
    elsewhere = {group.port_id, group.sequence_port} - {None, port.port_id}
    if group.suspended or elsewhere:
        return False
    return group.start_time is None or group.start_time <= world.utc


def _next_in_order(tasks: list[Task]) -> list[Task]:
    """Return the tasks of the lowest order: no task overtakes one of a lower order."""
    lowest = min((task.order for task in tasks), default=0)
    return sorted((task for task in tasks if task.order == lowest), key=lambda task: task.task_id)


def ready(world: Warehouse, bin_: Bin, port: Port) -> bool:
    """Tell whether a robot can bring the bin now; one with a case only fits an AutoCase port."""
    fits = port.port_type is PortType.AUTOCASE or not bin_.holds_case
    return fits and bin_.free and not world.grid.locked(bin_.bin_id)
