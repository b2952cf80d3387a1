"""One console at a time: work on a thing that others on this host must not do meanwhile."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from console.operations.bulk.place import Place, unix_now
from console.operations.bulk.plan import PlanRefused
from console.operations.journal import Barred, JournalError
from console.operations.leases import claim, release, renew

HELD, RENEWED = 6.0, 2.0
"""Seconds that it stays held when its console vanishes, and between two renewals."""

SETTLED_WITHIN = 300.0
"""Seconds for which targets are held while what was left of their commands is settled."""


@asynccontextmanager
async def alone(place: Place, what: str) -> AsyncIterator[None]:
    """Hold `what` while the block runs.

    Raises:
        PlanRefused: another console holds it. JournalError: that cannot be recorded.
    """
    now, name = unix_now(), f"{what} {secrets.token_hex(4)}"
    taking = claim(place.journal.site, [what], (name, place.actor.operator), now, now + HELD)
    try:
        await place.journal.write(beside=taking)
    except Barred as barred:
        raise PlanRefused(str(barred)) from None
    keeping = asyncio.create_task(_keep(place, name))
    try:
        yield
    finally:
        keeping.cancel()
        await place.ledger.write(beside=release(name))


async def hold_for(place: Place, run: str, targets: Sequence[str]) -> None:
    """Take targets for a run whose console is gone, as if it went on: until it lets go, or for a while.

    Raises:
        PlanRefused: another run holds one of them. JournalError: that cannot be recorded.
    """
    now = unix_now()
    try:
        taking = claim(place.journal.site, targets, (run, place.actor.operator), now, now + SETTLED_WITHIN)
        await place.journal.write(beside=taking)
    except Barred as barred:
        raise PlanRefused(str(barred)) from None


async def _keep(place: Place, name: str) -> None:
    while True:
        await asyncio.sleep(RENEWED)
        try:
            now = unix_now()
            await place.journal.write(beside=renew(name, 1, now, now + HELD))
        except (JournalError, Barred):
            return  # what is held ends by itself; the work meets the same failure
