"""What a look before and after a command shows: how it compares, and how it is kept as plain data; pure."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from console.autostore.replies import PortReading
from console.mor.replies import DeviceDetails, DeviceRule
from console.state.entities import Key, Kind, Port, RuleList
from console.text import safe


class DeviceState(Struct, frozen=True):
    """A device as its details say; no `facts` means that the server knows no such device.

    The facts are texts by the names that device_update has for them; secrets are not among them.
    """

    device_id: int
    facts: Mapping[str, str] | None = None
    seen_at: float | None = None


class UserDevices(Struct, frozen=True):
    """Which devices a user has."""

    user_id: int
    ids: frozenset[int] = frozenset()
    seen_at: float | None = None


class Created(Struct, frozen=True):
    """Which devices of a user carry the mark of a command that was to create one."""

    user_id: int
    ids: frozenset[int] = frozenset()
    seen_at: float | None = None


Belief: TypeAlias = Port | RuleList | DeviceState | UserDevices | Created


def substance(belief: Belief) -> object:
    """Return what was seen, without when: two looks are equal when nothing changed between them."""
    match belief:
        case Port():
            return belief.reading
        case RuleList():
            return belief.rules
        case DeviceState():
            return belief.facts
        case UserDevices() | Created():
            return belief.ids


def changed(before: Belief, after: Belief) -> bool:
    """Return whether a look shows something else than the one before the command."""
    if isinstance(after, Created):
        return bool(after.ids)
    return substance(before) != substance(after)


def lost_sight(before: Belief, after: Belief) -> bool:
    """Whether a look misses what the look before the command showed: nothing follows from that."""
    if not (isinstance(before, Port) and isinstance(after, Port)):
        return False
    same_bin = after.bin_id is not None and after.bin_id == before.bin_id
    return (before.case_state is not None and after.case_state is None) or (
        same_bin and before.bin_mode is not None and after.bin_mode is None
    )


def in_words(belief: Belief | None) -> str:
    """Return what was seen in a few words; nothing when nobody looked."""
    match belief:
        case None:
            return ""
        case RuleList():
            return f"{len(belief.rules)} rules"
        case DeviceState():
            return "no such device" if belief.facts is None else f"device {belief.facts.get('username', '')}"
        case UserDevices() | Created():
            return f"{len(belief.ids)} devices"
        case Port():
            return _port_words(belief)


def _port_words(port: Port) -> str:
    parts = [f"mode {port.mode}"]
    if port.bin_id is not None:
        parts.append(f"bin {port.bin_id} {port.bin_mode or ''}".strip())
    if port.case_state is not None:
        parts.append(f"case {port.case_state}" + (" in error" if port.case_error else ""))
    return ", ".join(parts)


def plain(belief: Belief | None) -> Any:
    """Return what was seen as data that JSON and TOML can hold, without secrets; None when nobody looked."""
    match belief:
        case None:
            return None
        case Port():
            return None if belief.reading is None else _without_none(msgspec.to_builtins(belief.reading))
        case RuleList():
            return [_without_none(msgspec.to_builtins(rule)) for rule in belief.rules]
        case DeviceState():
            return {} if belief.facts is None else dict(belief.facts)
        case UserDevices() | Created():
            return sorted(belief.ids)


def _without_none(value: Any) -> Any:
    """Leave out what is unknown: TOML has no word for it, and the types take what is missing for it."""
    if isinstance(value, dict):
        return {name: _without_none(one) for name, one in value.items() if one is not None}
    return value


def from_plain(key: Key, seen: Any) -> Belief:
    """Return the belief about what `key` names that `plain` was made of.

    Raises:
        ValueError: that cannot be what was seen there.
    """
    number = int(key.id)
    try:
        match key.kind:
            case Kind.PORT:
                return Port(port_id=number, reading=None if seen is None else _reading(seen))
            case Kind.RULES:
                rules = [msgspec.convert(_with_none(DeviceRule, rule), DeviceRule) for rule in seen or ()]
                return RuleList(device_id=number, rules=tuple(rules))
            case Kind.DEVICE:
                facts = msgspec.convert(seen, dict[str, str]) if seen else None
                return DeviceState(device_id=number, facts=facts)
            case Kind.DEVICES:
                return UserDevices(user_id=number, ids=msgspec.convert(seen or [], frozenset[int]))
            case _:
                raise ValueError(f"nothing of {key.kind} is kept")
    except (msgspec.ValidationError, TypeError, AttributeError) as error:  # of quite another shape
        raise ValueError(str(error)) from None


def _reading(seen: Any) -> PortReading:
    status = {"port_type": None, "mode": None, **dict(seen.get("status", {}))}
    more = dict(seen)
    if "bin" in more:
        more["bin"] = {"mode": None, "port_id": None, **dict(more["bin"])}
    return msgspec.convert({**more, "status": status}, PortReading)


def _with_none(shape: type[Struct], seen: Mapping[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(shape.__struct_fields__), **seen}


def device_state(details: DeviceDetails, at: float) -> DeviceState:
    """Return the facts of a device that a change could be told by."""
    facts = {name: value for name, value in details.everything.items() if isinstance(value, str)}
    facts["trunk"] = details.trunk
    name, number = _caller(details.callerid)
    facts |= {"callerid_name": name, "callerid_number": number}
    return DeviceState(device_id=details.device_id, facts=facts, seen_at=at)


def _caller(callerid: str) -> tuple[str, str]:
    """Take apart a caller's name and number, printed as `"name" <number>`."""
    name, bracket, number = callerid.partition("<")
    return safe(name.strip().strip('"')), safe(number.rstrip("> ")) if bracket else ""
