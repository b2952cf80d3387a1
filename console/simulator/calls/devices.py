"""Calls about devices (source page devices_get)."""

from xml.sax.saxutils import escape

from console.simulator.calls.params import Params, ident
from console.simulator.softswitch import Denied, Device, Softswitch, User


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
