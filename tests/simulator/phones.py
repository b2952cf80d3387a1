"""A small MOR system, and short ways to ask it things."""

import hashlib
from typing import Any
from urllib.parse import urlencode

import msgspec

from console.simulator.mor_api import FORM, PREFIX, MorApi
from console.simulator.softswitch import ADMIN, ADMIN_ID, RESELLER, Device, Softswitch, User
from console.simulator.switches import MorSwitches
from console.simulator.wire import Received, Reply

KEY, RESELLER_KEY = "456789", "dock"


def phones(*, key: str = KEY, **switches: Any) -> Softswitch:
    """Admin with users 100 (devices 2 and 7) and 101 (none); reseller 3 with user 200 (device 9)."""
    users = (
        User(ADMIN_ID, "admin", ADMIN, password="admin1", api_secret=key, uniquehash="unique"),
        User(3, "dock", RESELLER, password="dock1", api_secret=RESELLER_KEY),
        User(4, "keyless", RESELLER),
        User(100, "hall", first_name="Hall & Co"),
        User(101, "yard"),
        User(200, "north", owner_id=3),
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
