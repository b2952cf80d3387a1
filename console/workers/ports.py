"""Reads the system mode and every configured port of one controller into the store."""

import random
from collections.abc import Iterable

from console.autostore.client import AutoStoreClient
from console.autostore.methods import find
from console.state.entities import Key, Kind, SourceName
from console.state.store import Store
from console.workers.poller import Poller
from console.workers.schedule import Circuit, Schedule

SYSTEM = Key(Kind.SYSTEM)


def port_poller(
    client: AutoStoreClient, store: Store, port_ids: Iterable[int], *, interval: float, rng: random.Random
) -> Poller:
    """Return the poller of a controller: its ports and its system mode, every `interval` seconds.

    Where the site's interface has no call for a port's state, its ports stay unreachable.
    """

    async def observe(key: Key) -> None:
        begun = store.clock()
        if key == SYSTEM:
            store.see_system(await client.system_status(), begun)
        else:
            store.see_port(await client.look(int(key.id)), begun)

    def miss(key: Key, reason: str) -> None:
        if key == SYSTEM:
            store.miss_system(reason)
        else:
            store.miss_port(int(key.id), reason)

    poller = Poller(SourceName.AUTOSTORE, store, Schedule(rng), Circuit(rng), observe=observe, miss=miss)
    poller.add([SYSTEM], interval)
    if find("getportstatus", client.interface) is not None:
        poller.add([Key(Kind.PORT, port_id) for port_id in port_ids], interval)
    else:
        for port_id in port_ids:
            store.miss_port(port_id, f"the {client.interface} interface does not tell")
    return poller
