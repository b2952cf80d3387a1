"""The stand-in for the warehouse management system: task groups that never run out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random

from msgspec import Struct

from console.simulator.tasks import Task, TaskGroup
from console.simulator.warehouse import Warehouse

CATEGORIES = (1, 2, 3, 4, 5)

EXAMPLE_BIN = 101_337
"""The bin that the pages case_extract and case_cancel print."""

FIRST_GROUP = 123_001
FIRST_TASK = 310_001

_ROUND = 10.0
"""Seconds between two looks at what is waiting."""

_TASKS = (1, 6)
_WITHIN = timedelta(hours=3)


class Orders:
    """Keeps `waiting` task groups in each category, and some more that only AutoCase ports can serve.

    The very first group asks for the example bin, in category 1 and before every other; no later one does.
    """

    def __init__(self, world: Warehouse, *, waiting: int, seed: int) -> None:
        self._world = world
        self._random = Random(seed)
        self._groups = count(FIRST_GROUP)
        self._tasks = count(FIRST_TASK)
        plain = [bin_.bin_id for bin_ in world.bins if not bin_.holds_case]
        cases = [bin_.bin_id for bin_ in world.bins if bin_.holds_case and bin_.bin_id != EXAMPLE_BIN]
        self._lines = [
            _Line(category, bin_ids, most)
            for category in CATEGORIES
            for bin_ids, most in ((plain, waiting), (cases, waiting // 8))
            if bin_ids
        ]

    def start(self) -> None:
        """Hand over the first groups and keep looking."""
        if EXAMPLE_BIN in self._world.bins:
            self._hand_over(CATEGORIES[0], self._world.utc, [EXAMPLE_BIN])
        self._refill()

    def _refill(self) -> None:
        for line in self._lines:
            line.waiting = [group for group in line.waiting if group in self._world.tasks.groups]
            while len(line.waiting) < line.most:
                due = (self._world.utc + self._random.random() * _WITHIN).replace(microsecond=0)
                size = min(len(line.bin_ids), self._random.randint(*_TASKS))
                bin_ids = self._random.sample(line.bin_ids, size)
                line.waiting.append(self._hand_over(line.category, due, bin_ids))
        self._world.agenda.plan(("orders", 0), _ROUND, self._refill)

    def _hand_over(self, category: int, due: datetime, bin_ids: Sequence[int]) -> int:
        group = TaskGroup(next(self._groups), category, due, priority=self._random.randint(1, 9))
        tasks = [
            Task(next(self._tasks), bin_id, order=order) for order, bin_id in enumerate(bin_ids, start=1)
        ]
        self._world.tasks.add(group, tasks)
        return group.taskgroup_id


class _Line(Struct):
    """Task groups of one category and one kind of bin; `waiting` are those not finished when last seen."""

    category: int
    bin_ids: list[int]
    most: int
    waiting: list[int] = []
