"""What the console's own reads of the MOR server answer, as typed values."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from console.secret import Secret
from console.text import SafeText

Reply: TypeAlias = Mapping[str, Any]
"""Values of a success by name: ints, safe text and secrets; a list is a tuple of replies."""


class Device(Struct, frozen=True):
    """One device of devices_get; everything but the id is text as the server keeps it."""

    device_id: int
    user_id: int
    device_type: SafeText
    username: SafeText
    secret: Secret
    ipaddr: SafeText
    port: SafeText
    primary: bool
    devicegroup_id: SafeText
    callerid: SafeText

    @property
    def registered(self) -> bool:
        """Whether an address is known; `0.0.0.0` and port `0` mean not registered (mor.md 5.1)."""
        return self.ipaddr not in ("", "0.0.0.0") and self.port not in ("", "0")


class DeviceRule(Struct, frozen=True):
    """One rule of device_rules_get."""

    rule_id: int
    device_id: int
    name: SafeText
    enabled: bool
    cut: SafeText
    add: SafeText
    minlen: int | None
    maxlen: int | None
    pr_type: SafeText
    change_callerid_name: bool


class User(Struct, frozen=True):
    """One user of users_get."""

    user_id: int
    username: SafeText
    first_name: SafeText
    last_name: SafeText
    blocked: bool
    usertype: SafeText
