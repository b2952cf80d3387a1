"""Task groups and tasks (autostore.md 4.3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values, present
from console.simulator.tasks import UNORDERED, Task, TaskGroup
from console.simulator.warehouse import Warehouse

Tasks = Sequence[Mapping[str, Any]]


def create_taskgroup(
    world: Warehouse,
    *,
    taskgroup_id: int,
    category: int,
    req_time: datetime,
    priority: int,
    task: Tasks,
    shipment: int | None = None,
    start_time: datetime | None = None,
    suspended: bool = False,
) -> Values:
    """Hand over a task group; its bins are prepared from now on, even if it is suspended.

    Raises:
        Refusal: 1013 a group of that id is there; and as `_new_tasks`.
    """
    if taskgroup_id in world.tasks.groups:
        raise Refusal(Code.INVALID_PARAMETER_TASKGROUP_ID)
    tasks = _new_tasks(world, task)
    group = TaskGroup(
        taskgroup_id,
        category,
        req_time,
        priority,
        shipment=shipment,
        start_time=start_time,
        suspended=suspended,
    )
    world.tasks.add(group, tasks)
    world.preparation.want(one.bin_id for one in tasks)
    return {}


def update_taskgroup(
    world: Warehouse,
    *,
    taskgroup_id: int,
    category: int,
    req_time: datetime,
    priority: int,
    shipment: int | None = None,
    start_time: datetime | None = None,
    suspended: bool = False,
) -> Values:
    """Change all values of a task group: what is left out is gone, `suspended` too.

    Raises:
        Refusal: 1018 no such group; by switch the refusal of a group in a port sequence (1013).
    """
    group = _group(world, taskgroup_id)
    if group.sequence_port is not None:
        raise Refusal(world.switches.sequenced_group_fault)
    world.tasks.update(
        group,
        category=category,
        req_time=req_time,
        priority=priority,
        shipment=shipment,
        start_time=start_time,
        suspended=suspended,
    )
    return {}


def add_task(world: Warehouse, *, taskgroup_id: int, task: Tasks) -> Values:
    """Add tasks to a group, even to one in a port sequence.

    Raises:
        Refusal: 1018 no such group; and as `_new_tasks`.
    """
    group = _group(world, taskgroup_id)
    tasks = _new_tasks(world, task)
    world.tasks.extend(group, tasks)
    world.preparation.want(one.bin_id for one in tasks)
    return {}


def cancel_task(world: Warehouse, *, task_id: int) -> Values:
    """Take a task back; a bin that a port has selected for it stays selected.

    Raises:
        Refusal: 1017 no such task.
    """
    if task_id not in world.tasks.tasks:
        raise Refusal(Code.TASK_DOES_NOT_EXIST)
    world.drop_task(task_id)
    return {}


def gettaskinfo(
    world: Warehouse,
    *,
    taskgroup_id: int | None = None,
    min_taskgroup_id: int | None = None,
    max_taskgroup_id: int | None = None,
    task_id: int | None = None,
    category: int | None = None,
    suspended: bool | None = None,
    shipment: int | None = None,
) -> Values:
    """Tell the unfinished task groups that all filters let through; the layout is assumed.

    Raises:
        Refusal: 1018, 1017 no such group, no such task; 1013 the span runs backwards.
    """
    if min_taskgroup_id is not None and max_taskgroup_id is not None and max_taskgroup_id < min_taskgroup_id:
        raise Refusal(Code.INVALID_PARAMETER_TASKGROUP_ID)
    groups = [
        group
        for group in _asked_for(world, taskgroup_id, task_id)
        if (min_taskgroup_id or 0) <= group.taskgroup_id <= (max_taskgroup_id or group.taskgroup_id)
        and category in (None, group.category)
        and suspended in (None, group.suspended)
        and shipment in (None, group.shipment)
    ]
    return {"taskgroups": {"taskgroup": [_group_values(group, task_id) for group in groups]}}


def _asked_for(world: Warehouse, taskgroup_id: int | None, task_id: int | None) -> Iterable[TaskGroup]:
    if task_id is not None:
        if task_id not in world.tasks.tasks:
            raise Refusal(Code.TASK_DOES_NOT_EXIST)
        taskgroup_id = world.tasks.tasks[task_id].taskgroup_id
    return world.tasks.groups.values() if taskgroup_id is None else [_group(world, taskgroup_id)]


def _group(world: Warehouse, taskgroup_id: int) -> TaskGroup:
    group = world.tasks.groups.get(taskgroup_id)
    if group is None:
        raise Refusal(Code.TASKGROUP_DOES_NOT_EXIST)
    return group


def _new_tasks(world: Warehouse, tasks: Tasks) -> list[Task]:
    """Return the tasks.

    Raises:
        Refusal: 1011 a bin does not exist; 1012 a task of that id is there, or the id comes twice.
    """
    new = [Task(**values) for values in tasks]
    for task in new:
        world.bin(task.bin_id)
    ids = {task.task_id for task in new}
    if len(ids) < len(new) or ids & world.tasks.tasks.keys():
        raise Refusal(Code.INVALID_PARAMETER_TASK_ID)
    return new


def _group_values(group: TaskGroup, task_id: int | None) -> Values:
    tasks = [_task_values(task) for task in group.tasks.values() if task_id in (None, task.task_id)]
    return present(
        taskgroup_id=group.taskgroup_id,
        category=group.category,
        req_time=_time(group.req_time),
        priority=group.priority,
        shipment=group.shipment,
        start_time=None if group.start_time is None else _time(group.start_time),
        suspended=group.suspended,
        port_id=group.port_id,
        tasks={"task": tasks},
    )


def _task_values(task: Task) -> Values:
    return present(
        task_id=task.task_id,
        bin_id=task.bin_id,
        item=task.item,
        order=None if task.order == UNORDERED else task.order,
        estpicktime=task.estpicktime,
    )


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
