"""A small MOR system, and short ways to ask it things."""

import hashlib
import re
from typing import Any
from urllib.parse import urlencode

import msgspec

from console.simulator.mor_api import FORM, PREFIX, MorApi
from console.simulator.softswitch import Softswitch
from console.simulator.switches import MorSwitches
from console.simulator.telephony import ACCOUNTANT, ADMIN, ADMIN_ID, RESELLER, Device, User
from console.simulator.wire import Received, Reply

KEY, RESELLER_KEY = "456789", "dock"


def phones(*, key: str = KEY, **switches: Any) -> Softswitch:
    """Admin with users 100 (devices 2 and 7) and 101 (none); reseller 3 with user 200 (device 9).

    Accountant chief manages devices, accountant books does not.
    """
    users = (
        User(ADMIN_ID, "admin", ADMIN, password="admin1", api_secret=key, uniquehash="unique"),
        User(3, "dock", RESELLER, password="dock1", api_secret=RESELLER_KEY),
        User(4, "keyless", RESELLER),
        User(100, "hall", first_name="Hall & Co"),
        User(101, "yard"),
        User(200, "north", owner_id=3),
        User(8, "books", ACCOUNTANT),
        User(9, "chief", ACCOUNTANT, manages_devices=True),
    )
    devices = (
        Device(2, 100, "SIP", "1", True, "gate", "s<3&cr3t", "10.0.0.7", "5060"),
        Device(7, 100, "FAX", username="fax", hidden=True),
        Device(9, 200, username="north-1"),
    )
    return Softswitch(users, devices, switches=msgspec.convert(switches, MorSwitches))


def signed(key: str, *values: str) -> str:
    return hashlib.sha1("".join([*values, key]).encode()).hexdigest()


def ask(world: Softswitch, name: str, query: str = "", body: str = "", **more: Any) -> Reply:
    """What the server answers to a POST of that query and form body."""
    values = {"verb": "POST", "content_type": FORM, **more}
    received = Received(path=PREFIX + name, query=query, body=body.encode(), **values)
    return MorApi(world).read(received).answer()


def error(text: str) -> str:
    return f"<page> <error>{text}</error> </page>"


RULE = {"u": "admin", "device_id": "2", "name": "myrule", "cut": "353", "add": "0"}


def create_rule(world: Softswitch, **changes: str | None) -> str:
    """The body answered to a device_rule_create; None leaves a parameter of RULE out."""
    params = {name: value for name, value in {**RULE, **changes}.items() if value is not None}
    hashed = [params.get(name, "") for name in ("device_id", "name", "cut", "add")]
    params.setdefault("hash", signed(KEY, *hashed))
    return ask(world, "device_rule_create", body=urlencode(params)).body.decode()


def said(
    world: Softswitch, name: str, *hashed: str, u: str = "admin", key: str = KEY, **params: str | None
) -> str:
    """The body answered to a call of `u`, signed with the values of these parameters in this order.

    None leaves a parameter out.
    """
    sent = {name: value for name, value in {"u": u, **params}.items() if value is not None}
    sent.setdefault("hash", signed(key, *(sent.get(one, "") for one in hashed)))
    return ask(world, name, body=urlencode(sent)).body.decode()


def values(page: str) -> dict[str, str]:
    """The text of every element that holds nothing else, by its name; of several the last."""
    return dict(re.findall(r"<(\w+)>([^<]*)</\1>", page))
