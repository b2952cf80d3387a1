"""Calls about the rules of a device (source page device_rule_create, mor.md 3.7 and 3.8)."""

import re

import msgspec

from console.mor.calls import Profile
from console.simulator.calls.pages import RULE_ADDED, record_list
from console.simulator.calls.params import Params, ident
from console.simulator.softswitch import Denied, Device, Softswitch, User

MAX_TEXT = 255

_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def device_rules_get(world: Softswitch, caller: User, params: Params) -> str:
    """List the rules of a device; having none is an error here.

    Raises:
        Denied: the device is not the caller's, or has no rules.
    """
    rules = world.rules_of(_device(world, caller, params).device_id)
    if not rules:
        raise Denied("Device has no rules")
    return record_list(("page", "status", "device_rules"), "device_rule", map(msgspec.structs.asdict, rules))


def device_rule_create(world: Softswitch, caller: User, params: Params) -> str:
    """Give a device a rule.

    Raises:
        Denied: the device is not the caller's; what is blank (by the server's profile); or
            `Add failed` for a value the page does not allow.
    """
    device = _device(world, caller, params)
    _refuse_blank(params, world.switches.profile)
    name, cut, add = (params.get(field, "") for field in ("name", "cut", "add"))
    minlen, maxlen = _length(params.get("minlen") or "1"), _length(params.get("maxlen") or "100")
    pr_type = params.get("pr_type") or "dst"
    change_name = params.get("change_callerid_name") or "0"
    wrong = (
        any(len(text) > MAX_TEXT or _NOT_IN_XML.search(text) for text in (name, cut, add)),
        minlen > maxlen,
        pr_type not in ("src", "dst"),
        change_name not in ("0", "1"),
    )
    if any(wrong):
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
    return RULE_ADDED


def _device(world: Softswitch, caller: User, params: Params) -> Device:
    device = world.device_of(caller, ident(params.get("device_id", "")))
    if device is None:
        raise Denied("Device was not found")
    return device


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
