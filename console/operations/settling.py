"""What became of a command that was accepted or is unknown: looks until that is certain, or time is up.

Accepted is not done: only a later look that shows the goal confirms it (operations-safety rule 4).
An unknown command is waited out, and then two equal looks settle it (rule 5).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from console.operations.beliefs import Belief, changed, lost_sight, substance
from console.operations.orders import Goal, Look
from console.outcome import CallFailed
from console.state.entities import Phase

Sleep = Callable[[float], Awaitable[object]]

LOOK_FIRST = 0.25
LOOK_MOST = 2.0
"""Seconds between two looks while waiting for the goal: growing from the first to the most."""

FLIGHT_LEAST = 5.0
EQUAL_LOOKS_APART = 2.0
"""Seconds an unknown command may still be in flight, and between the two looks that settle it (rule 5)."""

SETTLING_LOOKS = 4
"""Looks at most in search of two equal ones: robots go on moving, and a reply can be lost."""

BLIND = "nothing that can be read shows whether it happened"
"""Why nobody can say what became of a command that may have been carried out."""

log = logging.getLogger(__name__)


class Finding(NamedTuple):
    """How a command ended, and why where the word alone does not say it."""

    phase: Phase
    reason: str | None = None


def unread(*, accepted: bool) -> Finding:
    """Return how a command ends of which nothing that can be read tells what it did (rules 4 and 6)."""
    return Finding(Phase.UNVERIFIED) if accepted else Finding(Phase.STILL_UNKNOWN, BLIND)


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

    async def confirm(self, goal: Goal, before: Belief, op_id: str = "") -> Finding:
        """Return whether an accepted command reaches its goal within its patience."""
        if goal.blind(before):
            return unread(accepted=True)
        end = self._clock() + goal.patience
        pause = LOOK_FIRST
        while True:
            after = await self._look_or_none(goal, before, op_id)
            if after is not None and changed(before, after) and goal.reached(before, after):
                return Finding(Phase.CONFIRMED)
            if self._clock() >= end:
                blind = "its state could not be read" if after is None else "not seen"
                return Finding(Phase.NOT_REACHED, f"{blind} within {goal.patience:g} s")
            await self._sleep(pause)
            pause = min(2 * pause, LOOK_MOST)

    async def reconcile(self, goal: Goal, before: Belief, op_id: str = "", *, flown: float = 0.0) -> Finding:
        """Return what became of an unknown command, once it can no longer be on its way.

        `flown` are seconds since it was sent.
        """
        if goal.blind(before):
            return unread(accepted=False)
        await self._sleep(max(0.0, self._flight - flown))
        last = await self._look_or_none(goal, before, op_id)
        for _ in range(SETTLING_LOOKS - 1):
            await self._sleep(EQUAL_LOOKS_APART)
            previous, last = last, await self._look_or_none(goal, before, op_id)
            if previous is not None and last is not None and substance(previous) == substance(last):
                return _judged(goal, before, last)
        blind = "its state could not be read" if last is None else "its state does not come to rest"
        return Finding(Phase.STILL_UNKNOWN, blind)

    async def _look_or_none(self, goal: Goal, before: Belief, op_id: str) -> Belief | None:
        try:
            if goal.look_after is not None:
                return await goal.look_after(self._look, before, op_id)
            return await self._look(goal.key)
        except CallFailed:
            return None
        except Exception:
            log.exception("looking at %s failed", goal.key)
            return None


def _judged(goal: Goal, before: Belief, after: Belief) -> Finding:
    if lost_sight(before, after):
        return Finding(Phase.STILL_UNKNOWN, "part of its state could not be read")
    if changed(before, after):
        return Finding(Phase.APPLIED if goal.reached(before, after) else Phase.OTHER_STATE)
    if goal.reached(before, before):
        return Finding(Phase.STILL_UNKNOWN, "it was so before")
    return Finding(Phase.NOT_APPLIED)
