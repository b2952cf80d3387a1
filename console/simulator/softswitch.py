"""The MOR world: users, their devices, and the devices' rules (mor.md section 5); no I/O."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from console.simulator.record import Record
from console.simulator.switches import MorSwitches

ADMIN_ID = 0

ADMIN = "admin"
RESELLER = "reseller"


class Denied(Exception):
    """The API answers an error; `text` is its exact text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class User(Struct):
    """An account. `owner_id` is the admin or reseller it belongs to; who may call has an `api_secret`."""

    id: int
    username: str
    usertype: str = "user"
    owner_id: int = ADMIN_ID
    password: str = ""
    api_secret: str = ""
    uniquehash: str = ""
    first_name: str = ""
    last_name: str = ""
    balance: str = "0.0"
    blocked: int = 0
    lcr_id: int = 1
    tariff_id: int = 1
    hidden: int = 0

    @property
    def may_call(self) -> bool:
        return self.usertype in (ADMIN, RESELLER) and bool(self.api_secret)


class Device(Struct):
    """An end point that makes or takes calls; texts are as the server stores them."""

    device_id: int
    user_id: int
    device_type: str = "SIP"
    devicegroup_id: str = ""
    primary: bool = False
    username: str = ""
    secret: str = ""
    ipaddr: str = "0.0.0.0"
    port: str = "0"
    hidden: bool = False


class DeviceRule(Struct):
    """How a device wants its numbers changed; field names and order as device_rules_get answers them."""

    id: int
    device_id: int
    name: str
    enabled: int = 1
    cut: str = ""
    add: str = ""
    minlen: int = 1
    maxlen: int = 100
    pr_type: str = "dst"
    change_callerid_name: int = 0
    devicerulegroup_id: int = 0


class Softswitch:
    """A MOR system. Callers see only what belongs to users they own; the rest is as if not there."""

    def __init__(
        self,
        users: Iterable[User] = (),
        devices: Iterable[Device] = (),
        *,
        switches: MorSwitches | None = None,
    ) -> None:
        self.switches = switches or MorSwitches()
        self.record = Record("mor")
        self.now = 0.0
        self.users = {user.id: user for user in users}
        self.devices: dict[int, Device] = {}
        self._users_by_name = {user.username: user for user in self.users.values()}
        self._devices_by_user: dict[int, list[Device]] = {}
        self._rules_by_device: dict[int, list[DeviceRule]] = {}
        self._last_rule_id = 0
        for device in devices:
            self.devices[device.device_id] = device
            self._devices_by_user.setdefault(device.user_id, []).append(device)

    def advance(self, to: float) -> None:
        """Move the clock to `to` seconds since the world began."""
        self.now = max(self.now, to)

    def named(self, username: str) -> User | None:
        return self._users_by_name.get(username)

    def user_of(self, caller: User, user_id: int) -> User | None:
        """Return that user if the caller owns it."""
        user = self.users.get(user_id)
        return user if user is not None and user.owner_id == caller.id else None

    def users_of(self, caller: User) -> list[User]:
        """Return who the caller may see: an admin everyone, a reseller its own (mor.md 3.14)."""
        if caller.usertype == ADMIN:
            return list(self.users.values())
        return [user for user in self.users.values() if user.owner_id == caller.id]

    def device_of(self, caller: User, device_id: int) -> Device | None:
        """Return that device if it belongs to a user the caller owns."""
        device = self.devices.get(device_id)
        return device if device is not None and self.user_of(caller, device.user_id) is not None else None

    def devices_of(self, user: User) -> list[Device]:
        return self._devices_by_user.get(user.id, [])

    def rules_of(self, device_id: int) -> list[DeviceRule]:
        return self._rules_by_device.get(device_id, [])

    def add_rule(self, device_id: int, name: str, **more: Any) -> DeviceRule:
        """Give a device a new rule, enabled, under the next id."""
        self._last_rule_id += 1
        rule = DeviceRule(self._last_rule_id, device_id, name, **more)
        self._rules_by_device.setdefault(device_id, []).append(rule)
        return rule

    def snapshot(self) -> dict[str, Any]:
        """Return users, devices and rules as plain data that JSON can hold; secrets included."""
        plain: dict[str, Any] = msgspec.to_builtins(
            {
                "users": list(self.users.values()),
                "devices": list(self.devices.values()),
                "rules": [rule for rules in self._rules_by_device.values() for rule in rules],
            }
        )
        return plain
