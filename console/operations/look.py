"""A fresh look at what a command is about: read now, kept in the store, returned."""

from typing import TYPE_CHECKING

from console.operations.orders import Belief
from console.outcome import NotSent
from console.state.entities import Key, Kind, Port, RuleList
from console.state.store import Store

if TYPE_CHECKING:  # the clients bring the network stack, which the first frame does not wait for
    from console.autostore.client import AutoStoreClient
    from console.mor.client import MorClient


class Looker:
    """Looks at a port, or at the rules of a device."""

    def __init__(self, store: Store, autostore: "AutoStoreClient | None", mor: "MorClient | None") -> None:
        self._store = store
        self._autostore = autostore
        self._mor = mor

    async def __call__(self, key: Key) -> Belief:
        """Return the belief that `key` names, as it is now.

        Raises:
            CallFailed: it could not be read.
        """
        begun = self._store.clock()
        if key.kind is Kind.PORT and self._autostore is not None:
            reading = await self._autostore.look(int(key.id))
            self._store.see_port(reading, begun)
            return Port(port_id=int(key.id), reading=reading, seen_at=begun)
        if key.kind is Kind.RULES and self._mor is not None:
            rules = await self._mor.rules(int(key.id))
            self._store.see_rules(int(key.id), rules, begun)
            return RuleList(device_id=int(key.id), rules=rules, seen_at=begun)
        raise NotSent(f"there is no way to look at {key.kind} {key.id}")
