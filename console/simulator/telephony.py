"""What a MOR system keeps: users, devices, rules, CLIs and call flows (mor.md section 5)."""

from collections.abc import Mapping

from msgspec import Struct

ADMIN_ID = 0

ADMIN = "admin"
RESELLER = "reseller"
ACCOUNTANT = "accountant"


class User(Struct):
    """An account. `owner_id` is the admin or reseller it belongs to; who may sign has an `api_secret`.

    `manages_devices` is an accountant's permission; `api_permissions` restricts the account to the
    calls it names: 1 to read, 2 to write (mor.md 1.3). None restricts nothing.
    """

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
    manages_devices: bool = False
    api_permissions: Mapping[str, int] | None = None

    @property
    def owns_users(self) -> bool:
        """Whether it signs with a key of its own, for users of its own."""
        return self.usertype in (ADMIN, RESELLER) and bool(self.api_secret)


class Device(Struct):
    """An end point that makes or takes calls; texts are as the server stores them.

    `by_address` devices are known by where they call from and have no password of their own.
    `settings` are further values of device_details_get, by the names it gives them. `held_by` is
    the text with which device_delete refuses, when something else needs the device.
    """

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
    by_address: bool = False
    description: str = ""
    pin: str = ""
    extension: str = ""
    caller_name: str = ""
    caller_number: str = ""
    settings: dict[str, str] = {}
    held_by: str = ""

    @property
    def channel(self) -> str:
        """How call flows and CLIs name it, like SIP/101."""
        return f"{self.device_type}/{self.username or self.device_id}"


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


class Cli(Struct):
    """A number or a domain by which a device is known."""

    cli_id: int
    device_id: int
    number: str
    domain: str = ""
    description: str = ""
    comment: str = ""
    banned: str = "0"
    ivr_id: str = ""
    added_at: str = ""


class Step(Struct, frozen=True):
    """What a device does with a call in one state; `to_device` is which other one gets it then, if any."""

    action: str = ""
    data: tuple[str, ...] = ()
    to_device: int | None = None


STATES = ("Before call", "Call", "Answered", "No answer", "Busy", "Failed")
"""The states of a call flow, in the order in which device_callflow_get lists them."""

USUAL_FLOW: Mapping[str, Step] = {
    state: Step({"Before call": "", "Call": "Dial"}.get(state, "Hangup")) for state in STATES
}
