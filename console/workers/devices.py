"""Reads users, their devices and the rules of the device that is looked at into the store."""

import asyncio
import operator
import random
from collections.abc import Iterable
from typing import TypeVar

from console.mor.client import MorClient
from console.state.entities import Key, Kind, SourceName
from console.state.pace import Pace
from console.state.store import Store
from console.workers.circuit import Circuit
from console.workers.poller import Poller
from console.workers.schedule import Schedule

Rows = TypeVar("Rows", bound=tuple[object, ...])

USERS = Key(Kind.USERS)
READERS = 4
"""Most calls at the same time: MOR documents no limit, and runs beside a billing system."""

MANY = 1000
"""Rows above which a list is compared off the event loop."""


class DeviceWorker:
    """The poller of a MOR server.

    The users and the device lists of `user_ids` are read every `interval` seconds. Of other users,
    and of rules, only what is looked at: there is no call that lists everything.
    """

    def __init__(
        self, client: MorClient, store: Store, user_ids: Iterable[int], *, interval: float, rng: random.Random
    ) -> None:
        self._client = client
        self._store = store
        self._pace = Pace(interval)
        self._always = frozenset(Key(Kind.DEVICES, user_id) for user_id in user_ids)
        self._watched: dict[Kind, Key] = {}
        self._poller = Poller(
            SourceName.MOR,
            store,
            Schedule(rng),
            Circuit(rng),
            observe=self._observe,
            miss=self._miss,
            readers=READERS,
        )
        self._poller.add([USERS, *self._always], self._pace)

    async def run(self) -> None:
        """Read until cancelled."""
        await self._poller.run()

    def watch_user(self, user_id: int | None) -> None:
        """Keep the devices of this user fresh, and of no other but the configured ones."""
        self._watch(Kind.DEVICES, user_id)

    def watch_rules(self, device_id: int | None) -> None:
        """Keep the rules of this device fresh, and of no other."""
        self._watch(Kind.RULES, device_id)

    def refresh(self) -> None:
        """Read everything that is looked at again, next."""
        for key in (USERS, *self._always, *self._watched.values()):
            self._poller.hurry(key)

    def _watch(self, kind: Kind, of: int | None) -> None:
        wanted = None if of is None else Key(kind, of)
        before = self._watched.pop(kind, None)
        if wanted is not None:
            self._watched[kind] = wanted
        if before == wanted:
            return
        if before is not None and before not in self._always:
            self._poller.drop(before)
        if wanted is not None:
            self._poller.add([wanted], self._pace)
            self._poller.hurry(wanted)

    async def _observe(self, key: Key) -> None:
        begun = self._store.clock()
        match key.kind:
            case Kind.USERS:
                self._store.see_users(await self._client.users(), begun)
            case Kind.DEVICES:
                known = self._store.device_lists.get(int(key.id))
                devices = await self._client.devices(int(key.id))
                devices = await _kept(known.devices if known else (), devices)
                self._store.see_devices(int(key.id), devices, begun)
            case _:
                self._store.see_rules(int(key.id), await self._client.rules(int(key.id)), begun)

    def _miss(self, key: Key, reason: str) -> None:
        match key.kind:
            case Kind.USERS:
                self._store.miss_users(reason)
            case Kind.DEVICES:
                self._store.miss_devices(int(key.id), reason)
            case _:
                self._store.miss_rules(int(key.id), reason)


async def _kept(known: Rows, read: Rows) -> Rows:
    """Return what is known already where nothing changed, so that nobody compares it again."""
    if len(read) < MANY:
        return read
    return known if await asyncio.to_thread(operator.eq, known, read) else read
