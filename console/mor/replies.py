"""What the console's own reads of the MOR server answer, as typed values."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from console.secret import Secret
from console.text import SafeText

Reply: TypeAlias = Mapping[str, Any]
"""Values of a success by name: ints, safe text and secrets; a list is a tuple of replies."""


class Device(Struct, frozen=True):
    """One device of devices_get, without its secret, which a list has no use for.

    Everything but the id is text as the server keeps it.
    """

    device_id: int
    user_id: int
    device_type: SafeText
    username: SafeText
    ipaddr: SafeText
    port: SafeText
    primary: bool
    devicegroup_id: SafeText
    callerid: SafeText

    @property
    def registered(self) -> bool:
        """Whether an address is known."""
        return _is_address(self.ipaddr, self.port)


class DeviceDetails(Struct, frozen=True):
    """One device of device_details_get: what a console works with, and in `everything` all that came.

    `user_id` is None on servers before 2019. `regseconds` is the Unix time at which the registration ends.
    """

    device_id: int
    user_id: int | None
    name: SafeText
    device_type: SafeText
    description: SafeText
    username: SafeText
    secret: Secret
    pin: Secret
    host: SafeText
    ipaddr: SafeText
    port: SafeText
    regseconds: int | None
    extension: SafeText
    callerid: SafeText
    devicegroup_id: SafeText
    trunk: SafeText
    codecs: tuple[SafeText, ...]
    everything: Reply

    @property
    def registered(self) -> bool:
        """Whether an address is known."""
        return _is_address(self.ipaddr, self.port)


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


class CallflowStep(Struct, frozen=True):
    """One row of device_callflow_get: in `state`, `action` is done with `data`, lowest `priority` first."""

    state: SafeText
    priority: int | None
    action: SafeText
    data: tuple[SafeText, ...]


class Callflow(Struct, frozen=True):
    """What a device does with calls; `device` is its name on the switch, such as `SIP/101`."""

    device_id: int
    user: SafeText
    device: SafeText
    steps: tuple[CallflowStep, ...]


class Cli(Struct, frozen=True):
    """One CLI of device_clis_get; `device` is a name like `SIP/101`, times are the server's own text."""

    cli_id: int
    number: SafeText
    domain: SafeText
    device: SafeText
    description: SafeText
    comment: SafeText
    added_at: SafeText
    updated_at: SafeText
    email_callback: bool
    banned: bool


class CliOwner(Struct, frozen=True):
    """The device that a CLI is tied to, from cli_info_get."""

    device_id: int
    user_id: int | None


class User(Struct, frozen=True):
    """One user of users_get."""

    user_id: int
    username: SafeText
    first_name: SafeText
    last_name: SafeText
    blocked: bool
    usertype: SafeText


def _is_address(ipaddr: str, port: str) -> bool:
    # `0.0.0.0` and port `0` mean not registered (mor.md 5.1).
    return ipaddr not in ("", "0.0.0.0") and port not in ("", "0")
