"""Commands on phones beyond a new rule: deleting rules, and creating, changing and deleting devices.

A device is found again by the command's id in its description, everything else by reading the device
or its rules (operations-safety rules 5 and 7, mor.md section 6).
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from console.fields import Kind as FieldKind
from console.mor.calls import DEVICE_DELETE, DEVICE_RULE_DELETE, DEVICE_UPDATE
from console.mor.replies import DeviceRule
from console.operations.beliefs import Belief, Created, DeviceState, UserDevices
from console.operations.commands import any_order
from console.operations.orders import Goal, Look, Order
from console.outcome import Unknown
from console.state.entities import Key, Kind, RuleList, SourceName

PATIENCE = 10.0
"""Seconds that the server may take to show what it accepted."""

_SEARCHED_FIRST, _SEARCHED_MOST = 20, 200
"""New devices of a user that are read in search of a mark, the newest first: so many in any case, and so
many at most while it is not found."""


def delete_rule(rule: DeviceRule) -> Order:
    """Return the order that deletes a rule as it was seen; one that says something else by now stays."""

    def hindrance(belief: Belief) -> str | None:
        now = _rule_in(belief, rule.rule_id)
        if now is None:
            return f"rule {rule.rule_id} is not there any more"
        return None if now == rule else f"rule {rule.rule_id} says something else now"

    def reached(_before: Belief, after: Belief) -> bool:
        return isinstance(after, RuleList) and _rule_in(after, rule.rule_id) is None

    return Order(
        system=SourceName.MOR,
        method=DEVICE_RULE_DELETE.name,
        arguments={"device_rule_id": rule.rule_id},
        target=f"device {rule.device_id}",
        goal=Goal(Key(Kind.RULES, rule.device_id), hindrance, reached, PATIENCE),
    )


def create_device(user_id: int, values: Mapping[str, object]) -> Order:
    """Return the order that gives a user a device, which always has a PIN and carries the command's id."""

    def reached(_before: Belief, after: Belief) -> bool:
        return isinstance(after, Created) and bool(after.ids)

    goal = Goal(Key(Kind.DEVICES, user_id), lambda belief: None, reached, PATIENCE, look_after=_created)
    order = any_order(SourceName.MOR, "device_create", {**values, "user_id": user_id})
    return replace(order, goal=goal)


async def _created(look: Look, before: Belief, op_id: str) -> Belief:
    """Look for the devices that a command created: those new to their user that carry its id.

    Raises:
        CallFailed: one could not be read, or it is not among more new ones than are read.
    """
    if not isinstance(before, UserDevices):
        raise TypeError(type(before).__name__)
    now = await look(Key(Kind.DEVICES, before.user_id))
    new = sorted(now.ids - before.ids, reverse=True) if isinstance(now, UserDevices) else []
    found: set[int] = set()
    for place, device_id in enumerate(new):
        if found and place >= _SEARCHED_FIRST:
            break
        if place >= _SEARCHED_MOST:
            raise Unknown(f"{len(new)} devices are new, and the newest {_SEARCHED_MOST} are not it")
        device = await look(Key(Kind.DEVICE, device_id))
        if isinstance(device, DeviceState) and op_id in (device.facts or {}).get("description", ""):
            found.add(device_id)
    return Created(user_id=before.user_id, ids=frozenset(found), seen_at=now.seen_at)


def update_device(device_id: int, values: Mapping[str, object], seen: DeviceState | None = None) -> Order:
    """Return the order that changes a device. What it cannot be read back by is taken for granted by nobody.

    Args:
        seen: the device as it was planned on; one that differs by then in what is changed is left alone.
    """
    wanted = readable(values)

    def hindrance(belief: Belief) -> str | None:
        if not isinstance(belief, DeviceState) or belief.facts is None:
            return "there is no such device"
        return _changed(wanted, seen, belief)

    def reached(_before: Belief, after: Belief) -> bool:
        return isinstance(after, DeviceState) and says(after, wanted)

    def blind(before: Belief) -> bool:
        return not wanted or (isinstance(before, DeviceState) and says(before, wanted))

    return Order(
        system=SourceName.MOR,
        method=DEVICE_UPDATE.name,
        arguments={**values, "device": device_id},
        target=f"device {device_id}",
        goal=Goal(Key(Kind.DEVICE, device_id), hindrance, reached, PATIENCE, blind=blind),
    )


_TOLD_APART_BY = ("user_id", "device_type", "username", "extension", "description", "callerid")
"""What people know a device by: one that differs in these by then is not the one that was to go."""


def delete_device(device_id: int, seen: DeviceState | None = None) -> Order:
    """Return the order that deletes a device.

    Args:
        seen: the device as it was planned on; one that people would not know again by then stays.
    """

    def hindrance(belief: Belief) -> str | None:
        if not isinstance(belief, DeviceState) or belief.facts is None:
            return "there is no such device"
        return _changed(_TOLD_APART_BY, seen, belief)

    def reached(_before: Belief, after: Belief) -> bool:
        return isinstance(after, DeviceState) and after.facts is None

    return Order(
        system=SourceName.MOR,
        method=DEVICE_DELETE.name,
        arguments={"device": device_id},
        target=f"device {device_id}",
        goal=Goal(Key(Kind.DEVICE, device_id), hindrance, reached, PATIENCE),
    )


def _changed(names: Iterable[str], seen: DeviceState | None, now: DeviceState) -> str | None:
    """Return which of the named facts of a device is another than was seen, if that is known (rule 14)."""
    if seen is None or seen.facts is None or now.facts is None:
        return None
    differ = (name for name in names if now.facts.get(name) != seen.facts.get(name))
    return next((f"its {name} has changed" for name in differ), None)


_NOT_SHOWN = frozenset(
    {"authentication", "new_location_id", "fax_email_add", "fax_email_delete", "hidden"}
    | {field.name for field in DEVICE_UPDATE.params if field.kind is FieldKind.SECRET}
)
"""Parameters of device_update that device_details_get is not known to show, or that nobody may see."""


def readable(values: Mapping[str, object]) -> dict[str, str]:
    """Return those of the values of device_update that can be read back, as the server words them."""
    return {name: str(value) for name, value in values.items() if name not in _NOT_SHOWN}


def says(device: DeviceState, wanted: Mapping[str, str]) -> bool:
    """Return whether a device is known to be as wanted."""
    return device.facts is not None and all(device.facts.get(name) == text for name, text in wanted.items())


def _rule_in(belief: Belief, rule_id: int) -> DeviceRule | None:
    rules = belief.rules if isinstance(belief, RuleList) else ()
    return next((rule for rule in rules if rule.rule_id == rule_id), None)
