"""Calls that read devices (source page devices_get, mor.md 3.3 and 3.14)."""

from xml.sax.saxutils import escape

from console.simulator.calls import pages
from console.simulator.calls.params import Params, ident
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.telephony import Device, User


def owned(world: Softswitch, caller: User, device_id: str) -> Device:
    """Return the device that a parameter names.

    Raises:
        Denied: it is not the caller's.
    """
    device = world.device_of(caller, ident(device_id))
    if device is None:
        raise Denied("Device was not found")
    return device


def devices_get(world: Softswitch, caller: User, params: Params) -> str:
    """List the devices of one of the caller's users.

    Raises:
        Denied: the user is not named, or is none of the caller's.
    """
    if not params.get("user_id"):
        raise Denied("user_id is empty")
    user = world.user_of(caller, ident(params["user_id"]))
    if user is None:
        raise Denied("User not found")
    devices = world.devices_of(user)
    if params.get("show_hidden_devices") == "0":
        devices = [device for device in devices if not device.hidden]
    return _as_printed(devices)


def device_details_get(world: Softswitch, caller: User, params: Params) -> str:
    """Answer all there is to know about a device, found by its id or else by its login name.

    Raises:
        Denied: it is not the caller's.
    """
    if params.get("device_id"):
        return pages.page(_details(owned(world, caller, params["device_id"])))
    name = params.get("device_u")
    named = (device for device in world.devices.values() if name and device.username == name)
    for device in named:
        if world.device_of(caller, device.device_id) is not None:
            return pages.page(_details(device))
    raise Denied("Device was not found")


def morphone_details_get(world: Softswitch, caller: User, _params: Params) -> str:
    """Answer what a softphone of the caller's own needs to log in.

    Raises:
        Denied: the caller has no device that could.
    """
    devices = [device for device in world.devices_of(caller) if not device.hidden]
    if not devices:
        raise Denied("Device was not found")
    device = max(devices, key=lambda one: one.primary)
    return pages.page(
        {
            "server_ip": "10.20.0.5",
            "server_port": "5060",
            "did_number": "",
            "device": {
                "username": device.username,
                "password": device.secret,
                "enabled_codecs": "alaw,ulaw,g729",
            },
        }
    )


def _as_printed(devices: list[Device]) -> str:
    """Return the list in the page's own layout, uneven indentation included."""
    elements = "\n ".join(_device(device) for device in devices)
    return f"<page>\n  <devices>\n{elements}{chr(10) if elements else ''}   </devices>\n </page>"


def _device(device: Device) -> str:
    return (
        f"    <device>\n"
        f"       <device_id>{device.device_id}</device_id>\n"
        f"       <device_type>{escape(device.device_type)}</device_type>\n"
        f"       <devicegroup_id>{escape(device.devicegroup_id)}</devicegroup_id>\n"
        f"       <primary_device>{'yes' if device.primary else 'no'}</primary_device>\n"
        f"       <username>{escape(device.username)}</username>\n"
        f"       <secret>{escape(device.secret)}</secret>\n"
        f"       <ipaddr>{escape(device.ipaddr)}</ipaddr>\n"
        f"       <port>{escape(device.port)}</port>\n"
        f"     </device>"
    )


_DETAILS_BEFORE_GROUP = {
    "works_not_logged": "1",
    "forward_to": "",
    "record": "0",
    "transfer": "no",
    "disallow": "all",
    "allow": "all",
    "deny": "0.0.0.0/0.0.0.0",
    "permit": "0.0.0.0/0.0.0.0",
    "nat": "yes",
    "qualify": "500",
    "fullcontact": "",
    "canreinvite": "no",
}
_DETAILS_BEFORE_DESCRIPTION = {
    "dtmfmode": "rfc2833",
    "callgroup": "",
    "pickupgroup": "",
    "fromuser": "",
    "fromdomain": "",
    "trustrpid": "no",
    "sendrpid": "no",
    "insecure": "no",
    "progressinband": "never",
    "videosupport": "no",
}
_DETAILS_AFTER_PIN = {
    "tell_balance": "0",
    "tell_time": "0",
    "tell_rtime_when_left": "60",
    "repeat_rtime_every": "60",
    "allowtransfer": "no",
    "dynamic": "yes",
    "balance": "0.0",
    "device_balance_enabled": "0",
}


def _details(device: Device) -> pages.Values:
    """Return the values in the order of the page's sample; what it does not name comes last."""
    known: dict[str, object] = {
        "id": device.device_id,
        "name": device.username,
        "host": device.ipaddr if device.by_address else "dynamic",
        "secret": device.secret,
        "context": "mor_local",
        "ipaddr": device.ipaddr,
        "port": device.port,
        "regseconds": 0 if device.ipaddr == "0.0.0.0" else 1_481_554_500,
        "accountcode": device.device_id,
        "callerid": _callerid(device),
        "extension": device.extension,
        "voicemail_active": "0",
        "username": device.username,
        "device_type": device.device_type,
        "user_id": device.user_id,
        "primary_did_id": "0",
        **_DETAILS_BEFORE_GROUP,
        "devicegroup_id": device.devicegroup_id,
        **_DETAILS_BEFORE_DESCRIPTION,
        "description": device.description,
        "istrunk": "0",
        "cid_from_dids": "0",
        "pin": device.pin,
        **_DETAILS_AFTER_PIN,
    }
    known["dynamic"] = "no" if device.by_address else "yes"
    return {**known, **device.settings, "codecs": {"audio_codecs": "alaw,ulaw,g729"}}


def _callerid(device: Device) -> str:
    number = f"<{device.caller_number}>" if device.caller_number else ""
    return f'"{device.caller_name}" {number}'.strip() if device.caller_name else number
