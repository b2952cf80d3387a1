"""Digging bins out before a port asks for them (autostore.md 4.3, 4.8; page bin-preparation)."""

from collections import Counter, deque
from collections.abc import Iterable, Sequence

from console.autostore.values import BinMode
from console.simulator.bins import Bin, BinStock
from console.simulator.changes import BinPrepared
from console.simulator.course import Course
from console.simulator.tasks import TaskBook
from console.simulator.travel import Travel


class Preparation:
    """Prepares one bin after another: those of task groups first, then those of the queue.

    A bin may stand in the queue several times, and is prepared again until its last entry is gone.
    `tell_all` has the bins of task groups published too.
    """

    def __init__(
        self, course: Course, bins: BinStock, tasks: TaskBook, travel: Travel, *, tell_all: bool
    ) -> None:
        self.queue: list[int] = []
        self._queued: Counter[int] = Counter()
        self._of_tasks: deque[int] = deque()
        self._course = course
        self._bins = bins
        self._tasks = tasks
        self._travel = travel
        self._tell_all = tell_all

    def want(self, bin_ids: Iterable[int]) -> None:
        """Prepare bins that tasks need, as long as they still do when their turn comes."""
        self._of_tasks.extend(bin_ids)
        self.look()

    def insert(self, index: int, bin_ids: Sequence[int]) -> None:
        """Put bins into the queue from place `index` on, 0 being the foremost."""
        self.queue[index:index] = bin_ids
        self._queued.update(bin_ids)
        self.look()

    def append(self, bin_ids: Sequence[int]) -> None:
        self.insert(len(self.queue), bin_ids)

    def drop_foremost(self, bin_id: int) -> None:
        """Drop the foremost entry of a bin that was closed or removed, if it has one."""
        if self._queued[bin_id]:
            self.queue.remove(bin_id)
            self._forget([bin_id])

    def drop_rearmost(self, bin_ids: Iterable[int]) -> None:
        """Drop as many entries of each bin as it is named, from the rear."""
        wanted = Counter(bin_ids)
        kept = []
        for bin_id in reversed(self.queue):
            if wanted[bin_id]:
                wanted[bin_id] -= 1
                self._forget([bin_id])
            else:
                kept.append(bin_id)
        self.queue = kept[::-1]

    def drop_all(self) -> None:
        dropped, self.queue = self.queue, []
        self._forget(dropped)

    def look(self) -> None:
        """See whether there is something to prepare; call it when a bin is back in the grid."""
        if (self._of_tasks or self.queue) and not self._course.agenda.pending(("prepare", 0)):
            self._course.plan_robot("prepare", 0, self._course.delays.preparing, self._prepare_next)

    def reconsider(self, bin_id: int) -> None:
        """Let go of a prepared bin that neither the queue nor a task wants any more."""
        bin_ = self._bins[bin_id]
        if bin_.prepared and not self._queued[bin_id] and not self._tasks.for_bin(bin_id):
            bin_.prepared = False
            bin_.mode = bin_.mode_at_rest

    def _prepare_next(self) -> None:
        bin_ = self._next()
        if bin_ is None:
            return
        self._travel.raise_to_top(bin_)
        bin_.prepared = True
        bin_.mode = BinMode.PREPARED
        published = self._tell_all or self._queued[bin_.bin_id] > 0
        self._course.tell(BinPrepared(bin_.bin_id, published))
        self.look()

    def _next(self) -> Bin | None:
        while self._of_tasks:
            bin_ = self._bins[self._of_tasks.popleft()]
            if _can_be_prepared(bin_) and self._tasks.for_bin(bin_.bin_id):
                return bin_
        queued = (self._bins[bin_id] for bin_id in self.queue)
        return next((bin_ for bin_ in queued if _can_be_prepared(bin_)), None)

    def _forget(self, bin_ids: Iterable[int]) -> None:
        for bin_id in bin_ids:
            self._queued[bin_id] -= 1
            self.reconsider(bin_id)


def _can_be_prepared(bin_: Bin) -> bool:
    return bin_.free and not bin_.prepared
