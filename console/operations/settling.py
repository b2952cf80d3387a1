"""What became of a command that was accepted or is unknown: looks until that is certain, or time is up.

Accepted is not done: only a later look that shows the goal confirms it (operations-safety rule 4).
An unknown command is waited out, and then two equal looks settle it (rule 5).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from console.operations.orders import Belief, Goal
from console.outcome import CallFailed
from console.state.entities import Key, Phase, Port

Look = Callable[[Key], Awaitable[Belief]]
Sleep = Callable[[float], Awaitable[object]]

LOOK_FIRST = 0.25
LOOK_MOST = 2.0
"""Seconds between two looks while waiting for the goal: growing from the first to the most."""

FLIGHT_LEAST = 5.0
EQUAL_LOOKS_APART = 2.0
"""Seconds an unknown command may still be in flight, and between the two looks that settle it (rule 5)."""

SETTLING_LOOKS = 4
"""Looks at most in search of two equal ones: robots go on moving, and a reply can be lost."""

log = logging.getLogger(__name__)


class Finding(NamedTuple):
    """How a command ended, and why where the word alone does not say it."""

    phase: Phase
    reason: str | None = None


class Settler:
    """Reads back what commands did.

    Args:
        look: reads what a key names, afresh.
        clock: seconds.
        deadline: seconds a call may take; an unknown one may be in flight for twice as long.
        sleep: waits; injected, as the clock is, so that time can be tested.
    """

    def __init__(
        self, look: Look, *, clock: Callable[[], float], deadline: float, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._look = look
        self._clock = clock
        self._flight = max(FLIGHT_LEAST, 2 * deadline)
        self._sleep = sleep

    async def confirm(self, goal: Goal, before: Belief) -> Finding:
        """Return whether an accepted command reaches its goal within its patience."""
        end = self._clock() + goal.patience
        pause = LOOK_FIRST
        while True:
            after = await self._look_or_none(goal.key)
            if after is not None and _seen(after) != _seen(before) and goal.reached(before, after):
                return Finding(Phase.CONFIRMED)
            if self._clock() >= end:
                blind = "its state could not be read" if after is None else "not seen"
                return Finding(Phase.NOT_REACHED, f"{blind} within {goal.patience:g} s")
            await self._sleep(pause)
            pause = min(2 * pause, LOOK_MOST)

    async def reconcile(self, goal: Goal, before: Belief) -> Finding:
        """Return what became of an unknown command, once it can no longer be on its way."""
        await self._sleep(self._flight)
        last = await self._look_or_none(goal.key)
        for _ in range(SETTLING_LOOKS - 1):
            await self._sleep(EQUAL_LOOKS_APART)
            previous, last = last, await self._look_or_none(goal.key)
            if previous is not None and last is not None and _seen(previous) == _seen(last):
                return _judged(goal, before, last)
        blind = "its state could not be read" if last is None else "its state does not come to rest"
        return Finding(Phase.STILL_UNKNOWN, blind)

    async def _look_or_none(self, key: Key) -> Belief | None:
        try:
            return await self._look(key)
        except CallFailed:
            return None
        except Exception:
            log.exception("looking at %s failed", key)
            return None


def _judged(goal: Goal, before: Belief, after: Belief) -> Finding:
    if _lost_sight(before, after):
        return Finding(Phase.STILL_UNKNOWN, "part of its state could not be read")
    if _seen(after) != _seen(before):
        return Finding(Phase.APPLIED if goal.reached(before, after) else Phase.OTHER_STATE)
    if goal.reached(before, before):
        return Finding(Phase.STILL_UNKNOWN, "it was so before")
    return Finding(Phase.NOT_APPLIED)


def _seen(belief: Belief) -> object:
    """Return what was seen, without when: two looks are equal when nothing changed between them."""
    return belief.reading if isinstance(belief, Port) else belief.rules


def _lost_sight(before: Belief, after: Belief) -> bool:
    """Whether a look misses what the look before the command showed: nothing follows from that."""
    if not (isinstance(before, Port) and isinstance(after, Port)):
        return False
    same_bin = after.bin_id is not None and after.bin_id == before.bin_id
    return (before.case_state is not None and after.case_state is None) or (
        same_bin and before.bin_mode is not None and after.bin_mode is None
    )
