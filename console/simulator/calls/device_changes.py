"""Calls that create, change and delete devices (mor.md 3.4 to 3.6)."""

import re
from collections.abc import Mapping

from console.mor.calls import DEVICE_TYPES, Profile
from console.simulator.calls import callflow, pages
from console.simulator.calls.devices import owned
from console.simulator.calls.params import Params, ident, is_number, storable
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.telephony import Device, User

LOCATIONS = frozenset({"1", "2", "3"})
"""Ids of the places whose dialling rules a device can follow."""

_PIN_DIGITS = 6


def device_create(world: Softswitch, caller: User, params: Params) -> str:
    """Give a user a device; its password is the server's own making, and only newer servers answer it.

    Raises:
        Denied: the user is none of the caller's, or a value the page does not allow.
    """
    user = world.user_of(caller, ident(params.get("user_id", "")))
    if user is None:
        raise Denied("User was not found")
    device = world.new_device(
        user,
        device_type=_type(params),
        devicegroup_id=_group(world, user, params),
        pin=_pin(world, params),
        **_texts(params),
    )
    created: dict[str, object] = {"status": "Device created", "id": device.device_id}
    if world.switches.profile is Profile.LIVE:
        created |= {"username": device.username, "password": device.secret}
    return pages.page(created)


def device_update(world: Softswitch, caller: User, params: Params) -> str:
    """Change what is named. A value that does not fit changes nothing, and is a success all the same:
    the pages list no error for it, and such answers were met (mor.md section 6).

    Raises:
        Denied: the device is not the caller's, or there is no such location.
    """
    device = owned(world, caller, params.get("device", ""))
    location = params.get("new_location_id") or "1"
    if location not in LOCATIONS:
        raise Denied("Location was not found")
    if params.get("authentication") in ("0", "1"):
        device.by_address = params["authentication"] == "1"
    for name, value in params.items():
        if name in _FITS and _fits(world, device, name, value):
            _keep(device, name, value)
    return pages.success("Device successfully updated")


def device_delete(world: Softswitch, caller: User, params: Params) -> str:
    """Delete a device that nothing needs.

    Raises:
        Denied: it is not the caller's, something needs it, or registration over the API is off.
    """
    if not world.switches.registration_allowed:
        raise Denied("Registration over API is disabled")
    device = owned(world, caller, params.get("device", ""))
    held_by = device.held_by or callflow.held_by(world, device)
    if held_by:
        raise Denied(held_by)
    world.remove_device(device)
    return pages.status("Device was deleted")


def _type(params: Params) -> str:
    device_type = params.get("type") or "SIP"
    if device_type not in DEVICE_TYPES:
        raise Denied("Device_type_invalid")
    return device_type


def _group(world: Softswitch, user: User, params: Params) -> str:
    """Return the group: the user's primary one is numbered like the user here, others are those in use."""
    group = params.get("devicegroup_id", "")
    if group not in ("", str(user.id), *(device.devicegroup_id for device in world.devices_of(user))):
        raise Denied("Device_group_invalid")
    return group


def _pin(world: Softswitch, params: Params) -> str:
    pin = params["pin"] if "pin" in params else _random_pin(world)
    if pin and not is_number(pin):
        raise Denied("Pin_must_be_numeric")
    if pin and _pin_is_used(world, pin):
        raise Denied("Pin_is_already_used")
    return pin


def _random_pin(world: Softswitch) -> str:
    while True:
        pin = f"{world.random.randrange(10**_PIN_DIGITS):0{_PIN_DIGITS}}"
        if not _pin_is_used(world, pin):
            return pin


def _pin_is_used(world: Softswitch, pin: str) -> bool:
    return any(device.pin == pin for device in world.devices.values())


def _texts(params: Params) -> dict[str, str]:
    description, caller_id = params.get("description", ""), params.get("caller_id", "")
    for name, text in (("Description", description), ("Caller ID", caller_id)):
        if not storable(text):
            raise Denied("Device was not created", f"{name} is not valid")
    return {"description": description, "caller_number" if is_number(caller_id) else "caller_name": caller_id}


_ANY = ".{0,255}"
_NUMBER = "[0-9]{1,9}"
_SWITCH = "[01]"

_FITS: Mapping[str, str] = {
    "username": ".{1,255}",
    "host": ".{1,255}",
    "port": "[0-9]{1,5}",
    "new_location_id": _NUMBER,
    "callerid_number": _ANY,
    "callerid_name": _ANY,
    "trunk": "[012]",
    "fax_email_add": ".{1,255}",
    "fax_email_delete": ".{1,255}",
    "call_limit": _NUMBER,
    "inbound_call_limit": _NUMBER,
    "fromuser": _ANY,
    "password": ".{1,255}",
    "call_timeout": _NUMBER,
    "extension": "[a-z0-9#*]{1,255}",
    "pin": "[0-9]{0,255}",
    "hidden": _SWITCH,
    "language": _ANY,
    "allow_empty_callerid": "1",
    "comment": _ANY,
    "encryption": _SWITCH,
    "transport": "udp|tcp|udp,tcp|tcp,udp|tls",
    "hostname": _ANY,
    "device_balance_enabled": _SWITCH,
    "balance": r"-?[0-9]{1,15}(\.[0-9]{1,15})?",
    "ringing_timeout": "[1-9][0-9]{1,8}",
    "callerid_control_by_dids": _SWITCH,
}
"""What can be changed, and which texts of it the page allows."""

_FOR_NAMED = frozenset({"username", "password"})
_FOR_ADDRESSED = frozenset({"host", "port", "hostname"})
_UNIQUE = frozenset({"extension", "pin"})

_ATTRIBUTES: Mapping[str, str] = {
    **{name: name for name in ("username", "port", "extension", "pin")},
    "host": "ipaddr",
    "password": "secret",
    "callerid_number": "caller_number",
    "callerid_name": "caller_name",
}
_DETAILS: Mapping[str, str] = {"new_location_id": "location_id", "trunk": "istrunk"}
"""Names that device_details_get has for what device_update calls otherwise."""


def _fits(world: Softswitch, device: Device, name: str, value: str) -> bool:
    if not (storable(value) and re.fullmatch(_FITS[name], value, re.ASCII | re.DOTALL)):
        return False
    if name in (_FOR_NAMED if device.by_address else _FOR_ADDRESSED):
        return False
    taken = name in _UNIQUE and value and any(getattr(one, name) == value for one in world.devices.values())
    return not taken


def _keep(device: Device, name: str, value: str) -> None:
    addresses = device.settings.get("fax_emails", "").split()
    match name:
        case "hidden":
            device.hidden = value == "1"
        case "fax_email_add":
            device.settings["fax_emails"] = " ".join(dict.fromkeys([*addresses, value]))
        case "fax_email_delete":
            device.settings["fax_emails"] = " ".join(one for one in addresses if one != value)
        case _ if name in _ATTRIBUTES:
            setattr(device, _ATTRIBUTES[name], value)
        case _:
            device.settings[_DETAILS.get(name, name)] = value
