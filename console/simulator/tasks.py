"""Task groups and their tasks, in the order in which ports prefer them (autostore.md section 3)."""

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

UNORDERED = 2_147_483_648
"""Rank of a task without `order`: it may come anywhere, here after those that have one."""


class Task(Struct):
    """One bin to present; `order` ranks tasks inside their group, lower first."""

    task_id: int
    bin_id: int
    taskgroup_id: int = 0
    item: int | None = None
    order: int = UNORDERED
    estpicktime: int | None = None


class TaskGroup(Struct):
    """Tasks worked together at one port; `tasks` holds the unfinished ones, `port_id` who works it.

    `sequence_port` is the port whose sequence it stands in.
    """

    taskgroup_id: int
    category: int
    req_time: datetime
    priority: int
    shipment: int | None = None
    start_time: datetime | None = None
    suspended: bool = False
    port_id: int | None = None
    sequence_port: int | None = None
    tasks: dict[int, Task] = {}


_Rank: TypeAlias = tuple[datetime, int, int]


def _rank(group: TaskGroup) -> _Rank:
    return (group.req_time, group.priority, group.taskgroup_id)


class TaskBook:
    """All unfinished task groups. A group without unfinished tasks leaves the book."""

    def __init__(self) -> None:
        self.groups: dict[int, TaskGroup] = {}
        self.tasks: dict[int, Task] = {}
        self._tasks_by_bin: dict[int, dict[int, Task]] = {}
        self._unbound_by_category: dict[int, list[_Rank]] = {}
        self._sequences: dict[int, list[int]] = {}

    def add(self, group: TaskGroup, tasks: Iterable[Task]) -> None:
        """Take in a new group, bound to no port; the ids of group and tasks must be new."""
        group.tasks = {}
        self.groups[group.taskgroup_id] = group
        self.release(group)
        self.extend(group, tasks)

    def extend(self, group: TaskGroup, tasks: Iterable[Task]) -> None:
        """Add tasks, whose ids must be new, to a group of the book."""
        for task in tasks:
            task.taskgroup_id = group.taskgroup_id
            group.tasks[task.task_id] = self.tasks[task.task_id] = task
            self._tasks_by_bin.setdefault(task.bin_id, {})[task.task_id] = task

    def update(self, group: TaskGroup, **values: Any) -> None:
        """Change a group's own values, and its rank with them."""
        if group.port_id is None:
            self._unlist(group)
        for name, value in values.items():
            setattr(group, name, value)
        if group.port_id is None:
            self.release(group)

    def sequence(self, port_id: int) -> list[int]:
        """Return the unfinished groups that stand in a port's sequence."""
        return list(self._sequences.get(port_id, ()))

    def set_sequence(self, port_id: int, taskgroup_ids: Sequence[int]) -> None:
        """Replace a port's sequence; the groups must be in the book, and in no other sequence."""
        for taskgroup_id in self.sequence(port_id):
            self.groups[taskgroup_id].sequence_port = None
        self._sequences[port_id] = list(taskgroup_ids)
        for taskgroup_id in taskgroup_ids:
            self.groups[taskgroup_id].sequence_port = port_id

    def bind(self, group: TaskGroup, port_id: int) -> None:
        """Let one port work the group; it must be bound to none."""
        self._unlist(group)
        group.port_id = port_id

    def release(self, group: TaskGroup) -> None:
        """Let any port have the group; it must be in the book."""
        group.port_id = None
        insort(self._unbound_by_category.setdefault(group.category, []), _rank(group))

    def finish(self, task: Task) -> None:
        """Take a task off its group, and the group out of the book when it was the last."""
        group = self.groups[task.taskgroup_id]
        del self.tasks[task.task_id], group.tasks[task.task_id], self._tasks_by_bin[task.bin_id][task.task_id]
        if group.tasks:
            return
        if group.port_id is None:
            self._unlist(group)
        if group.sequence_port is not None:
            self._sequences[group.sequence_port].remove(group.taskgroup_id)
        del self.groups[group.taskgroup_id]

    def for_bin(self, bin_id: int) -> list[Task]:
        """Return the unfinished tasks that want that bin."""
        return list(self._tasks_by_bin.get(bin_id, {}).values())

    def unbound(self, categories: Iterable[int]) -> Iterator[TaskGroup]:
        """Yield groups no port has, best first: earliest req_time, then lower priority number."""
        ranks = heapq.merge(*(self._unbound_by_category.get(category, ()) for category in sorted(categories)))
        return (self.groups[taskgroup_id] for _, _, taskgroup_id in ranks)

    def of_shipment(self, shipment: int) -> list[TaskGroup]:
        """Return the groups of a shipment, best first."""
        return sorted((group for group in self.groups.values() if group.shipment == shipment), key=_rank)

    def _unlist(self, group: TaskGroup) -> None:
        ranks = self._unbound_by_category[group.category]
        del ranks[bisect_left(ranks, _rank(group))]
