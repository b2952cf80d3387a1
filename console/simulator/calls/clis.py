"""Calls about CLIs, by which the server knows who is calling (mor.md 3.11 to 3.13)."""

from console.simulator.calls import pages
from console.simulator.calls.devices import owned
from console.simulator.calls.params import Params, ident, is_number, storable
from console.simulator.softswitch import IVRS, Denied, Softswitch
from console.simulator.telephony import Cli, User


def device_clis_get(world: Softswitch, caller: User, params: Params) -> str:
    """List the CLIs of the caller's users: all, or those of one device or one user.

    Raises:
        Denied: there is no such device or user; having none is an error here.
    """
    clis = _visible(world, caller)
    if params.get("devices_id"):
        device = owned(world, caller, params["devices_id"])
        clis = [cli for cli in clis if cli.device_id == device.device_id]
    if params.get("users_id"):
        user = world.user_of(caller, ident(params["users_id"]))
        if user is None:
            raise Denied("User was not found")
        clis = [cli for cli in clis if world.devices[cli.device_id].user_id == user.id]
    if not clis:
        raise Denied("CLIs were not found")
    return pages.flat_list(("page", "status"), [_shown(world, cli) for cli in clis])


def cli_add(world: Softswitch, caller: User, params: Params) -> str:
    """Tie a number or a domain to a device.

    Raises:
        Denied: the first mistake; a device that is not the caller's counts as no access.
    """
    number, domain = params.get("cli_number", ""), params.get("cli_domain", "")
    if not params.get("device_id"):
        raise Denied("Device ID cannot be empty")
    if not (number or domain):
        raise Denied("CLI Number cannot be empty")
    if number and not is_number(number):
        raise Denied("CLI must be numeric")
    if params.get("ivr_id") and params["ivr_id"] not in IVRS:
        raise Denied("IVR was not found")
    device = world.device_of(caller, ident(params["device_id"]))
    texts = {name: params.get(f"cli_{name}", "") for name in ("domain", "description")}
    texts |= {name: params.get(name, "") for name in ("comment", "ivr_id")}
    if device is None or not all(map(storable, (number, *texts.values()))):
        raise Denied("Access Denied")
    for cli in world.clis.values():
        if number and cli.number == number:
            owner = world.users[world.devices[cli.device_id].user_id]
            raise Denied(f"CLI already exists. It is assigned to {owner.username} device")
    world.add_cli(device, number, banned="1" if params.get("banned") == "1" else "0", **texts)
    return pages.status("CLI successfully created")


def cli_delete(world: Softswitch, caller: User, params: Params) -> str:
    """Untie a number from its device.

    Raises:
        Denied: no device of the caller's users has it.
    """
    for cli in _visible(world, caller):
        if cli.number and cli.number == params.get("cli_number"):
            del world.clis[cli.cli_id]
            return pages.status("CLI successfully deleted")
    raise Denied("CLI was not found")


def cli_info_get(world: Softswitch, caller: User, params: Params) -> str:
    """Find the device that a number is tied to.

    Raises:
        Denied: no number is given, or no device of the caller's users has it.
    """
    number, domain = params.get("cli", ""), params.get("domain", "")
    if not number:
        raise Denied("CLI is empty")
    found = [cli for cli in _visible(world, caller) if cli.number == number and domain in ("", cli.domain)]
    if not found:
        raise Denied("CLI not found")
    records = [{"user_id": world.devices[cli.device_id].user_id, "device_id": cli.device_id} for cli in found]
    return pages.record_list(("page", "cli"), "device", records)


def _visible(world: Softswitch, caller: User) -> list[Cli]:
    return [cli for cli in world.clis.values() if world.device_of(caller, cli.device_id) is not None]


def _shown(world: Softswitch, cli: Cli) -> pages.Values:
    return {
        "cli_id": cli.cli_id,
        "cli_cli": cli.number,
        "cli_domain": cli.domain,
        "cli_device": world.devices[cli.device_id].channel,
        "cli_description": cli.description,
        "cli_added_at": cli.added_at,
        "cli_updated_at": cli.added_at,
        "cli_comment": cli.comment,
        "cli_email_callback": "0",
        "cli_banned": cli.banned,
    }
