"""Reads what is due from one source, a few keys at a time, for ever.

Every read has one of three endings: an answer, a refusal (which is an answer too), or no
answer. No exception ends the poller: a fault of ours is shown as the key's failure, and as
the source's when there is nothing but faults.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from console.outcome import CallFailed, Refused
from console.state.entities import Key, SourceName
from console.state.pace import Pace
from console.state.store import Store
from console.workers.budget import Budget
from console.workers.circuit import Circuit
from console.workers.schedule import Schedule

Observe = Callable[[Key], Awaitable[None]]
Miss = Callable[[Key, str], None]

log = logging.getLogger(__name__)

WAIT_MOST = 1.0
"""Longest sleep, in seconds, so that a clock that jumped is noticed."""


class Poller:
    """Asks for each key in its turn, at most once at a time.

    Args:
        observe: reads a key into the store, or raises CallFailed.
        miss: notes in the store why a key could not be read.
        readers: most reads at the same time.
        budget: how many calls a second there may be; without one, as many as are due.
        probe: the key that is asked first whether a lost source is back: no other may be to blame.
    """

    def __init__(
        self,
        source: SourceName,
        store: Store,
        schedule: Schedule,
        circuit: Circuit,
        *,
        observe: Observe,
        miss: Miss,
        readers: int,
        budget: Budget | None = None,
        probe: Key | None = None,
    ) -> None:
        self._source = source
        self._store = store
        self._schedule = schedule
        self._circuit = circuit
        self._observe = observe
        self._miss = miss
        self._readers = readers
        self._budget = budget
        self._probe = probe
        self._held_at = float("-inf")
        self._turn = asyncio.Lock()
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Read until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._readers):
                group.create_task(self._read_for_ever())

    def held(self, within: float) -> bool:
        """Whether in the last seconds something was due and had to wait for the budget."""
        return self._store.clock() - self._held_at <= within

    def add(self, keys: Iterable[Key], pace: Pace) -> None:
        """Read `keys` at this pace from now on."""
        self._schedule.add(keys, pace, self._store.clock())
        self._news.set()

    def drop(self, key: Key) -> None:
        """Stop reading `key`."""
        self._schedule.drop(key)

    def hurry(self, key: Key) -> None:
        """Read `key` in its next turn: now, or a second after the last one."""
        self._schedule.hurry(key, self._store.clock())
        self._news.set()

    async def _read_for_ever(self) -> None:
        while True:
            async with self._turn:
                key = await self._next()
            try:
                await self._read(key)
            except Exception:
                log.exception("what came of reading %s could not be noted", key)

    async def _next(self) -> Key:
        while True:
            now = self._store.clock()
            hold, closed = self._hold(now), self._circuit.wait(now)
            if max(hold, closed) <= 0 and (key := self._take(now)) is not None:
                self._circuit.begin()
                return key
            self._news.clear()
            due = self._schedule.next_due() - now
            if hold > 0 >= due:
                self._held_at = now
            try:
                async with asyncio.timeout(min(max(hold, closed, due, 0.001), WAIT_MOST)):
                    await self._news.wait()
            except TimeoutError:
                pass

    def _take(self, now: float) -> Key | None:
        """Take what is due; while the source is lost, what tells best whether it is back."""
        probe = self._schedule.take_early(self._probe) if self._circuit.lost and self._probe else None
        return probe or self._schedule.take(now)

    def _hold(self, now: float) -> float:
        """Return the seconds for which the budget holds up a read."""
        return 0.0 if self._budget is None else self._budget.wait(now, self._schedule.in_flight)

    async def _read(self, key: Key) -> None:
        begun = self._store.clock()
        answered, failure = True, None
        try:
            await self._observe(key)
        except Refused as refusal:
            failure = str(refusal)
        except CallFailed as lost:
            answered, failure = False, str(lost)
        except Exception as error:
            log.exception("reading %s failed", key)
            answered, failure = False, f"a fault of this console: {type(error).__name__}"
        self._account(key, begun, answered=answered, ok=failure is None)
        self._tell(key, answered, failure)

    def _account(self, key: Key, begun: float, *, answered: bool, ok: bool) -> None:
        now = self._store.clock()
        if not answered:
            self._circuit.failed(begun, now)
        elif self._circuit.succeeded():
            self._schedule.forgive(now)
        self._schedule.done(key, now, ok=ok)
        self._news.set()

    def _tell(self, key: Key, answered: bool, failure: str | None) -> None:
        """Tell the store; after the accounts, which an error of a listener must not upset."""
        if failure is not None:
            self._miss(key, failure)
        if answered:
            self._store.source_answers(self._source, self._store.clock())
        elif self._circuit.lost:
            self._store.source_is_lost(self._source, failure or "", self._store.clock())
