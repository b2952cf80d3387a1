"""Keeps the system mode and every configured port of one controller true in the store, by reading."""

import asyncio
import random
from collections.abc import Iterable

from console.autostore.client import AutoStoreClient
from console.autostore.methods import find
from console.autostore.replies import PortReading
from console.state.entities import Behind, Key, Kind, Port, SourceName
from console.state.quality import STALE_MOST, Quality
from console.state.store import Store
from console.text import safe
from console.workers.budget import Budget
from console.workers.circuit import Circuit
from console.workers.poller import Poller
from console.workers.schedule import Schedule

SYSTEM = Key(Kind.SYSTEM)

ACCOUNT_EVERY = 1.0
"""Seconds between two counts of the ports that are older than they should be."""

_FAILING_SHARE = 4
"""One in so many reads at the same time may be of a port that failed the last time."""

_TELLS_NOTHING = "does not tell what ports are doing: name the call (:)"
"""What is said of ports where no call reads them: the Bin interface (autostore.md 4.6)."""


class PortReader:
    """Reads the ports and the system mode of a controller, each at its pace (`Store.pace`).

    Where the site's interface has no call for a port's state, its ports stay unreachable.

    Args:
        budget: how many calls a second there may be; without one, as many as are due.
        at_once: most reads at the same time.
    """

    def __init__(
        self,
        client: AutoStoreClient,
        store: Store,
        *,
        rng: random.Random,
        budget: Budget | None = None,
        at_once: int = 8,
    ) -> None:
        self._client = client
        self._store = store
        self._slow = safe(f"the controller answers slowly, and {at_once} calls at a time are allowed")
        self._scarce = safe("" if budget is None else f"{budget.rate:g} calls a second are allowed")
        self._poller = Poller(
            SourceName.AUTOSTORE,
            store,
            Schedule(rng, failing_at_once=max(1, at_once // _FAILING_SHARE)),
            Circuit(rng),
            observe=self._observe,
            miss=self._miss,
            readers=at_once,
            budget=budget,
            probe=SYSTEM,
        )
        self._reads_ports = find("getportstatus", client.interface) is not None
        self._poller.add([SYSTEM], store.paces.watched)
        self.repace(store.ports)
        if not self._reads_ports:
            for port_id in store.ports:
                store.miss_port(port_id, f"the {client.interface} interface {_TELLS_NOTHING}")

    async def run(self) -> None:
        """Read until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poller.run())
            group.create_task(self._account_for_ever())

    def repace(self, port_ids: Iterable[int]) -> None:
        """Follow the pace of ports that are of more or of less interest than before."""
        if self._reads_ports:
            for port_id in port_ids:
                self._poller.add([_key(port_id)], self._store.pace(self._store.ports[port_id]))

    def repace_all(self) -> None:
        """Follow what the Log Publisher's word is worth: it changes every pace."""
        self._poller.add([SYSTEM], self._store.paces.watched)
        self.repace(self._store.ports)

    def hurry(self, port_id: int) -> None:
        """Read a port in its next turn: something was told of it that only a read makes clear."""
        self._poller.hurry(_key(port_id))

    async def _observe(self, key: Key) -> None:
        begun = self._store.clock()
        if key == SYSTEM:
            self._store.see_system(await self._client.system_status(), begun)
            return
        port_id = int(key.id)
        told = self._told(self._store.ports[port_id], begun)
        reading = await self._client.look(port_id, told)
        self._store.see_port(reading, begun, whole=_all_read(reading, told))
        self.repace([port_id])

    def _told(self, port: Port, now: float) -> PortReading | None:
        """Return what of a port need not be read again, for the Log Publisher would have told of a change.

        That is so only of what was read since it tells, and not for longer than a belief may ever be old:
        a connection can be dead for half a minute before anybody notices. An error of a case is never told.
        """
        stream, read = self._store.stream, port.whole_at
        if not stream.complete or stream.since is None or port.reading is None or read is None:
            return None
        if read <= stream.since or now - read >= STALE_MOST:
            return None
        case = None if port.case_active or port.case_error else port.reading.case
        return PortReading(status=port.reading.status, bin=port.reading.bin, case=case)

    def _miss(self, key: Key, reason: str) -> None:
        if key == SYSTEM:
            self._store.miss_system(reason)
        else:
            self._store.miss_port(int(key.id), reason)

    async def _account_for_ever(self) -> None:
        while True:
            await asyncio.sleep(ACCOUNT_EVERY)
            self._store.note_behind(self._behind())

    def _behind(self) -> Behind | None:
        """Return how many ports are late and why; while the controller is lost, that says it all."""
        source = self._store.sources.get(SourceName.AUTOSTORE)
        if source is not None and source.ok is False:
            return None
        ports = self._store.ports.values()
        late = sum(1 for port in ports if port.failure is None and not self._is_fresh(port))
        scarce = self._poller.held(within=2 * ACCOUNT_EVERY)
        return Behind(late, self._scarce if scarce else self._slow) if late else None

    def _is_fresh(self, port: Port) -> bool:
        return self._store.port_quality(port) is Quality.LIVE


def _key(port_id: int) -> Key:
    return Key(Kind.PORT, port_id)


def _all_read(reading: PortReading, told: PortReading | None) -> bool:
    """Whether nothing of a reading is there only because it was told."""
    if told is None:
        return True
    kept_bin = reading.bin is not None and reading.bin is told.bin
    return not (kept_bin or (reading.case is not None and reading.case is told.case))
