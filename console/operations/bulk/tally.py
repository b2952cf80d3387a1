"""What each target of a run has come to, and how many there are of each class; pure.

The classes of all targets add up to their number at any instant (operations-safety rule 26): a target
is moved from one class to another, and never counted on its own.
"""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from console.operations.bulk.classes import OPEN, Class
from console.operations.bulk.plan import Fate, Plan

RECENT = 20
"""Targets done last, from which the rate is told (rule 30)."""

_OF_FATE = {Fate.INCLUDED: Class.NOT_STARTED, Fate.ALREADY: Class.ALREADY_SO}


class Item(Struct, frozen=True):
    """One target of a run: `number` in its plan, `op` the command's id, `at` seconds when it last moved."""

    number: int
    cls: Class
    op: str = ""
    reason: str = ""
    code: int | None = None
    at: float = 0.0


class Tally(Struct, frozen=True):
    """All targets of a run; `done_at` are the seconds at which the last few were done."""

    items: tuple[Item, ...]
    counts: Mapping[Class, int]
    done_at: tuple[float, ...] = ()

    def item(self, number: int) -> Item:
        """Return the target of that number."""
        return self.items[number - 1]

    def count(self, *classes: Class) -> int:
        """Return how many targets are of one of the classes."""
        return sum(self.counts.get(one, 0) for one in classes)


def begun(plan: Plan) -> Tally:
    """Return the tally of a plan of which nothing was carried out yet."""
    items = tuple(
        Item(number=item.number, cls=_OF_FATE.get(item.fate, Class.LEFT_OUT), reason=item.reason)
        for item in plan.items
    )
    return Tally(items, dict(Counter(item.cls for item in items)))


def moved(tally: Tally, after: Item) -> Tally:
    """Return the tally with one target changed."""
    place = after.number - 1
    before = tally.items[place]
    items = (*tally.items[:place], after, *tally.items[place + 1 :])
    counts = tally.counts
    if before.cls is not after.cls:
        counts = {
            one: count
            for one in {**counts, after.cls: 0}
            if (count := counts.get(one, 0) + (one is after.cls) - (one is before.cls))
        }
    done_at = tally.done_at
    if _under_way(before.cls) and not _under_way(after.cls):
        done_at = (*done_at, after.at)[-RECENT:]
    return replace(tally, items=items, counts=counts, done_at=done_at)


def _under_way(cls: Class) -> bool:
    return cls in OPEN or cls is Class.NOT_STARTED


def rate(tally: Tally, now: float) -> float | None:
    """Return how many targets are done a second, from the last few; None while that cannot be told."""
    if len(tally.done_at) < 2:
        return None
    took = max(now, tally.done_at[-1]) - tally.done_at[0]
    return (len(tally.done_at) - 1) / took if took > 0 else None
