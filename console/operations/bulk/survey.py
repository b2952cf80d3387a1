"""What is known of the targets of a plan: from what the console believes, or read anew."""

import asyncio
from collections.abc import Iterable

from console.operations.bulk.planning import Known, Seen
from console.operations.orders import Look
from console.outcome import CallFailed
from console.state.entities import Key, Kind, Port, RuleList
from console.state.quality import Quality, age_text
from console.state.store import Store

AT_ONCE = 8
"""Targets that are read at the same time; commands never wait behind these."""


def known_from(store: Store, keys: Iterable[Key]) -> Known:
    """Return what the store believes; only what is live can be judged by, and devices are always read."""
    return {key: _believed(store, key) for key in keys}


def _believed(store: Store, key: Key) -> Seen:
    belief: Port | RuleList | None = None
    quality = Quality.NEVER
    if key.kind is Kind.PORT and (port := store.ports.get(int(key.id))) is not None:
        belief, quality = port, store.port_quality(port)
    elif key.kind is Kind.RULES and (rules := store.rule_lists.get(int(key.id))) is not None:
        belief, quality = rules, store.list_quality(rules)
    if belief is None or belief.seen_at is None:
        return Seen(reason=str(quality.value))
    age = store.clock() - belief.seen_at
    reason = "" if quality is Quality.LIVE else f"its state is {age_text(age)} old"
    return Seen(belief=belief, age=age, reason=reason)


async def survey(look: Look, keys: Iterable[Key]) -> Known:
    """Read every target anew, a few at a time; one that cannot be read says why."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def read(key: Key) -> tuple[Key, Seen]:
        async with slots:
            try:
                return key, Seen(belief=await look(key), age=0.0)
            except CallFailed as failure:
                return key, Seen(reason=f"its state could not be read: {failure.reason}")

    return dict(await asyncio.gather(*(read(key) for key in keys)))
