"""Reads the system mode and every configured port of one controller into the store."""

import random
from collections.abc import Iterable

from console.autostore.client import AutoStoreClient
from console.state.entities import Key, Kind, SourceName
from console.state.store import Store
from console.workers.poller import Poller
from console.workers.schedule import Circuit, Schedule

SYSTEM = Key(Kind.SYSTEM)


def port_poller(
    client: AutoStoreClient, store: Store, port_ids: Iterable[int], *, interval: float, rng: random.Random
) -> Poller:
    """Return the poller of a controller: its ports and its system mode, every `interval` seconds."""

    async def observe(key: Key) -> None:
        begun = store.clock()
        if key == SYSTEM:
            store.see_system(await client.system_status(), begun)
        else:
            store.see_port(await client.look(int(key.id)), begun)

    def miss(key: Key, reason: str) -> None:
        if key != SYSTEM:
            store.miss_port(int(key.id), reason)

    poller = Poller(SourceName.AUTOSTORE, store, Schedule(rng), Circuit(rng), observe=observe, miss=miss)
    poller.add([SYSTEM, *(Key(Kind.PORT, port_id) for port_id in port_ids)], interval)
    return poller
