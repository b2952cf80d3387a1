"""Calls about the rules of a device (source page device_rule_create, mor.md 3.7 to 3.9)."""

import re

import msgspec

from console.mor.calls import Profile
from console.simulator.calls import pages
from console.simulator.calls.devices import owned
from console.simulator.calls.params import Params, ident, storable
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.telephony import User

_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)


def device_rules_get(world: Softswitch, caller: User, params: Params) -> str:
    """List the rules of a device; having none is an error here.

    Raises:
        Denied: the device is not the caller's, or has no rules.
    """
    rules = world.rules_of(owned(world, caller, params.get("device_id", "")).device_id)
    if not rules:
        raise Denied("Device has no rules")
    records = map(msgspec.structs.asdict, rules)
    return pages.record_list(("page", "status", "device_rules"), "device_rule", records)


def device_rule_create(world: Softswitch, caller: User, params: Params) -> str:
    """Give a device a rule.

    Raises:
        Denied: the device is not the caller's; what is blank (by the server's profile); or
            `Add failed` for a value the page does not allow.
    """
    device = owned(world, caller, params.get("device_id", ""))
    _refuse_blank(params, world.switches.profile)
    name, cut, add = (params.get(field, "") for field in ("name", "cut", "add"))
    minlen, maxlen = _length(params.get("minlen") or "1"), _length(params.get("maxlen") or "100")
    pr_type = params.get("pr_type") or "dst"
    change_name = params.get("change_callerid_name") or "0"
    right = (
        all(map(storable, (name, cut, add))),
        minlen <= maxlen,
        pr_type in ("src", "dst"),
        change_name in ("0", "1"),
    )
    if not all(right):
        raise Denied("Add failed")
    world.add_rule(
        device.device_id,
        name,
        cut=cut,
        add=add,
        minlen=minlen,
        maxlen=maxlen,
        pr_type=pr_type,
        change_callerid_name=int(change_name),
    )
    return pages.success("Rule added")


def device_rule_delete(world: Softswitch, caller: User, params: Params) -> str:
    """Take a rule away.

    Raises:
        Denied: there is no such rule of a device of the caller's.
    """
    rule = world.rules.get(ident(params.get("device_rule_id", "")))
    if rule is None or world.device_of(caller, rule.device_id) is None:
        raise Denied("Device rule was not found")
    world.remove_rule(rule)
    return pages.success("Device rule was successfully deleted")


def _refuse_blank(params: Params, profile: Profile) -> None:
    blank = [field for field in ("name", "cut", "add") if not params.get(field, "").strip()]
    if "name" in blank or (blank and profile is Profile.Y2019):
        raise Denied(f"{blank[0]} cannot be blank")
    if len(blank) == 2:
        raise Denied("both add and cut cannot be blank")


def _length(text: str) -> int:
    if not _LENGTH.fullmatch(text):
        raise Denied("Add failed")
    return int(text)
