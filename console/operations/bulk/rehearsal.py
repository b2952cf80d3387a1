"""A dry run: fresh looks at every target, and what would be sent; no call that changes anything (rule 22)."""

import asyncio

from msgspec import Struct

from console.operations.beliefs import from_plain
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.plan import Plan, Planned
from console.operations.orders import Look
from console.outcome import CallFailed

AT_ONCE = 8


class Rehearsed(Struct, frozen=True):
    """One target: whether its command would be sent now; not `predicted` where nobody can say."""

    number: int
    name: str
    would_send: bool
    reason: str = ""
    predicted: bool = True


async def rehearse(plan: Plan, look: Look) -> tuple[Rehearsed, ...]:
    """Return what would become of the targets of a plan that are to be commanded."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(item: Planned) -> Rehearsed:
        async with slots:
            return await _rehearsed(item, look)

    return tuple(await asyncio.gather(*(one(item) for item in plan.included)))


async def _rehearsed(item: Planned, look: Look) -> Rehearsed:
    if item.when or item.step > 1:
        reason = "what it will be like when its turn comes is not known"
        return Rehearsed(item.number, item.name, would_send=False, reason=reason, predicted=False)
    action = ACTIONS[item.action]
    try:
        order = action.order(item.target, item.arguments, from_plain(action.key(item.target), item.seen))
        if order.goal is not None:
            hindrance = order.goal.hindrance(await look(order.goal.key))
            return Rehearsed(item.number, item.name, would_send=hindrance is None, reason=hindrance or "")
        return Rehearsed(item.number, item.name, would_send=True)
    except ValueError as error:
        return Rehearsed(item.number, item.name, would_send=False, reason=str(error))
    except CallFailed as failure:
        reason = f"its state could not be read: {failure.reason}"
        return Rehearsed(item.number, item.name, would_send=False, reason=reason)
