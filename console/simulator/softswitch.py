"""The MOR world: who owns which users, devices, rules and CLIs, and what changes them; no I/O."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from console.simulator.record import Record
from console.simulator.switches import MorSwitches
from console.simulator.telephony import ADMIN, USUAL_FLOW, Cli, Device, DeviceRule, Step, User

DAY_OF_THE_EXAMPLE = datetime(2016, 12, 12, 13, 55, tzinfo=UTC)
"""The world begins when the page of devices_get was written."""

IVRS = frozenset({"1", "2"})
"""Ids of the menus that a CLI can be sent to."""


class Denied(Exception):
    """The API answers an error; `text` is its exact text, `message` what it tells besides."""

    def __init__(self, text: str, message: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.message = message


class Softswitch:
    """A MOR system. Callers see only what belongs to users they own; the rest is as if not there."""

    def __init__(
        self,
        users: Iterable[User] = (),
        devices: Iterable[Device] = (),
        *,
        seed: int = 1,
        switches: MorSwitches | None = None,
    ) -> None:
        self.switches = switches or MorSwitches()
        self.record = Record("mor")
        self.random = Random(seed)
        self.now = 0.0
        self.users = {user.id: user for user in users}
        self.devices: dict[int, Device] = {}
        self.rules: dict[int, DeviceRule] = {}
        self.clis: dict[int, Cli] = {}
        self._flows: dict[int, dict[str, Step]] = {}
        self._users_by_name = {user.username: user for user in self.users.values()}
        self._devices_by_user: dict[int, list[Device]] = {}
        self._rules_by_device: dict[int, list[DeviceRule]] = {}
        self._last_device_id = self._last_rule_id = self._last_cli_id = 0
        for device in devices:
            self.add_device(device)

    @property
    def utc(self) -> datetime:
        """The time of day in the world."""
        return DAY_OF_THE_EXAMPLE + timedelta(seconds=self.now)

    def advance(self, to: float) -> None:
        """Move the clock to `to` seconds since the world began."""
        self.now = max(self.now, to)

    def switch(self, **changes: Any) -> None:
        """Turn some of the server's own switches (mor.md 1.2)."""
        self.switches = replace(self.switches, **changes)

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

    def add_device(self, device: Device) -> None:
        """Take in a device; its id must be new."""
        self.devices[device.device_id] = device
        self._devices_by_user.setdefault(device.user_id, []).append(device)
        self._last_device_id = max(self._last_device_id, device.device_id)

    def new_device(self, user: User, **more: Any) -> Device:
        """Give a user a device under the next id, with a password of the server's own making."""
        device_id = self._last_device_id + 1
        secret = f"{self.random.getrandbits(48):012x}"
        first = not self.devices_of(user)
        device = Device(device_id, user.id, primary=first, username=f"dev{device_id}", secret=secret, **more)
        self.add_device(device)
        return device

    def remove_device(self, device: Device) -> None:
        """Forget a device, and all that was only about it."""
        for rule in self.rules_of(device.device_id):
            del self.rules[rule.id]
        for cli in self.clis_of(device):
            del self.clis[cli.cli_id]
        self._rules_by_device.pop(device.device_id, None)
        self._flows.pop(device.device_id, None)
        self._devices_by_user[device.user_id].remove(device)
        del self.devices[device.device_id]

    def rules_of(self, device_id: int) -> list[DeviceRule]:
        return self._rules_by_device.get(device_id, [])

    def add_rule(self, device_id: int, name: str, **more: Any) -> DeviceRule:
        """Give a device a new rule, enabled, under the next id."""
        self._last_rule_id += 1
        rule = DeviceRule(self._last_rule_id, device_id, name, **more)
        self.rules[rule.id] = rule
        self._rules_by_device.setdefault(device_id, []).append(rule)
        return rule

    def remove_rule(self, rule: DeviceRule) -> None:
        del self.rules[rule.id]
        self._rules_by_device[rule.device_id].remove(rule)

    def clis_of(self, device: Device) -> list[Cli]:
        return [cli for cli in self.clis.values() if cli.device_id == device.device_id]

    def add_cli(self, device: Device, number: str, **more: Any) -> Cli:
        """Tie a number or a domain to a device, under the next id."""
        self._last_cli_id += 1
        added_at = f"{self.utc:%Y-%m-%d %H:%M:%S %z}"
        cli = Cli(self._last_cli_id, device.device_id, number, added_at=added_at, **more)
        self.clis[cli.cli_id] = cli
        return cli

    def flow_of(self, device: Device) -> dict[str, Step]:
        """Return what the device does with calls, by state."""
        return {**USUAL_FLOW, **self._flows.get(device.device_id, {})}

    def set_step(self, device: Device, state: str, step: Step) -> None:
        """Replace what the device does with calls in one state."""
        self._flows.setdefault(device.device_id, {})[state] = step

    def steps_to(self, device: Device) -> Iterator[Step]:
        """Yield the steps in which some device hands calls or faxes to this one."""
        for flow in self._flows.values():
            yield from (step for step in flow.values() if step.to_device == device.device_id)

    def snapshot(self) -> dict[str, Any]:
        """Return users, devices, rules and CLIs as plain data that JSON can hold; secrets included."""
        plain: dict[str, Any] = msgspec.to_builtins(
            {
                "users": list(self.users.values()),
                "devices": list(self.devices.values()),
                "rules": list(self.rules.values()),
                "clis": list(self.clis.values()),
            }
        )
        return plain
