"""A fresh look at what a command is about: read now, kept in the store, returned."""

from typing import TYPE_CHECKING

from console.autostore.methods import find
from console.operations.beliefs import Belief, DeviceState, UserDevices, device_state
from console.outcome import NotSent, Refused
from console.state.entities import Key, Kind, Port, RuleList
from console.state.store import Store

if TYPE_CHECKING:  # the clients bring the network stack, which the first frame does not wait for
    from console.autostore.client import AutoStoreClient
    from console.mor.client import MorClient

_PORT_STATE = "getportstatus"

NO_PORT_STATE = "does not tell what ports are doing: name the call itself, it is sent without a look"
"""What is said of an interface without a call for a port's state: the Bin interface (autostore.md 4.6)."""

NO_SUCH_DEVICE = "Device was not found"
"""What the server answers about a device that is not there, or not the caller's (mor.md 4)."""


class Looker:
    """Looks at a port, at a device or its rules, or at the devices of a user."""

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
        number = int(key.id)
        if key.kind is Kind.PORT and self._autostore is not None:
            if find(_PORT_STATE, self._autostore.interface) is None:
                raise NotSent(f"the {self._autostore.interface} interface {NO_PORT_STATE}")
            reading = await self._autostore.look(number)
            self._store.see_port(reading, begun)
            return Port(port_id=number, reading=reading, seen_at=begun)
        if self._mor is not None:
            match key.kind:
                case Kind.RULES:
                    rules = await self._mor.rules(number)
                    self._store.see_rules(number, rules, begun)
                    return RuleList(device_id=number, rules=rules, seen_at=begun)
                case Kind.DEVICES:
                    devices = await self._mor.devices(number)
                    self._store.see_devices(number, devices, begun)
                    ids = frozenset(device.device_id for device in devices)
                    return UserDevices(user_id=number, ids=ids, seen_at=begun)
                case Kind.DEVICE:
                    return await self._device(self._mor, number, begun)
        raise NotSent(f"there is no way to look at {key.kind} {key.id}")

    async def _device(self, mor: "MorClient", device_id: int, begun: float) -> DeviceState:
        try:
            return device_state(await mor.details(device_id), begun)
        except Refused as refusal:
            if refusal.meaning != NO_SUCH_DEVICE:
                raise
            return DeviceState(device_id=device_id, seen_at=begun)
