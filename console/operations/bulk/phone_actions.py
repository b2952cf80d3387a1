"""Phones in bulk: rules and devices; pure."""

from console.fields import Field
from console.mor.calls import (
    DEVICE_CREATE,
    DEVICE_DELETE,
    DEVICE_RULE_CREATE,
    DEVICE_RULE_DELETE,
    DEVICE_UPDATE,
    Profile,
)
from console.mor.replies import DeviceRule
from console.operations.beliefs import Belief, Created, DeviceState, UserDevices, in_words
from console.operations.bulk.action import Action, Judged, Undone, Values
from console.operations.bulk.plan import Fate
from console.operations.commands import RULE_FIELDS, Danger, add_rule, same_rule
from console.operations.orders import Order
from console.operations.phones import create_device, delete_device, delete_rule, readable, says, update_device
from console.state.entities import Kind, RuleList, SourceName

_NOT_KNOWN = Judged(Fate.SKIPPED, "its state is not known")


def _without(fields: tuple[Field, ...], name: str) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.name != name)


# Rules


def _check_rule(target: int, values: Values, profile: Profile) -> Values:
    checked = DEVICE_RULE_CREATE.check({**values, "device_id": target}, profile)
    return {name: value for name, value in checked.items() if name != "device_id"}


def _judge_new_rule(_target: int, values: Values, belief: Belief) -> Judged:
    if not isinstance(belief, RuleList):
        return _NOT_KNOWN
    before = in_words(belief)
    if any(same_rule(rule, values) for rule in belief.rules):
        return Judged(Fate.ALREADY, "has this rule", before, before)
    return Judged(Fate.INCLUDED, "", before, f"{len(belief.rules) + 1} rules, {_rule_words(values)} new")


def _rule_words(values: Values) -> str:
    return f"{values.get('name')} (cut {values.get('cut', '')}, add {values.get('add', '')})"


def _order_new_rule(target: int, values: Values, _belief: Belief) -> Order:
    return add_rule(target, values)


def _undo_new_rule(_target: int, values: Values, before: Belief, now: Belief) -> Undone | str:
    known = {rule.rule_id for rule in before.rules} if isinstance(before, RuleList) else set()
    rules = now.rules if isinstance(now, RuleList) else ()
    mine = [rule for rule in rules if rule.rule_id not in known and same_rule(rule, values)]
    if not mine:
        return "the rule is not there any more"
    return Undone("rule.delete", {"device_rule_id": mine[0].rule_id})


def _check_old_rule(target: int, values: Values, profile: Profile) -> Values:
    if "device_rule_id" in values:
        return DEVICE_RULE_DELETE.check(values)
    return _check_rule(target, values, profile)


def _judge_old_rule(_target: int, values: Values, belief: Belief) -> Judged:
    if not isinstance(belief, RuleList):
        return _NOT_KNOWN
    before = in_words(belief)
    found = _meant(belief, values)
    if not found:
        return Judged(Fate.ALREADY, "has no such rule", before, before)
    if len(found) > 1:
        ids = ", ".join(str(rule.rule_id) for rule in found)
        return Judged(Fate.REFUSED, f"has that rule {len(found)} times ({ids}): name one", before, before)
    words = _rule_words({"name": found[0].name, "cut": found[0].cut, "add": found[0].add})
    return Judged(Fate.INCLUDED, "", before, f"{len(belief.rules) - 1} rules, without {words}")


def _meant(belief: RuleList, values: Values) -> list[DeviceRule]:
    """Return the rules that are to be deleted: by id, or all that say the same."""
    rule_id = values.get("device_rule_id")
    if rule_id is not None:
        return [rule for rule in belief.rules if rule.rule_id == rule_id]
    return [rule for rule in belief.rules if same_rule(rule, values)]


def _order_old_rule(target: int, values: Values, belief: Belief) -> Order:
    found = _meant(belief, values) if isinstance(belief, RuleList) else []
    if len(found) != 1:
        raise ValueError(f"device {target}: {len(found)} such rules")
    return delete_rule(found[0])


def _undo_old_rule(_target: int, values: Values, before: Belief, _now: Belief) -> Undone | str:
    found = _meant(before, values) if isinstance(before, RuleList) else []
    if not found:
        return "what the rule said is not known"
    rule = found[0]
    if not rule.enabled:
        return "the rule was switched off, and a new one would not be"
    told = {
        "name": rule.name,
        "cut": rule.cut,
        "add": rule.add,
        "minlen": rule.minlen,
        "maxlen": rule.maxlen,
        "pr_type": rule.pr_type,
        "change_callerid_name": "1" if rule.change_callerid_name else "0",
    }
    return Undone("rule.add", {name: value for name, value in told.items() if value not in (None, "")})


# Devices


def _check_new_device(target: int, values: Values, profile: Profile) -> Values:
    checked = DEVICE_CREATE.check({**values, "user_id": target}, profile)
    return {name: value for name, value in checked.items() if name != "user_id"}


def _judge_new_device(_target: int, values: Values, belief: Belief) -> Judged:
    if not isinstance(belief, UserDevices):
        return _NOT_KNOWN
    words = str(values.get("description") or values.get("type") or "a device")
    return Judged(Fate.INCLUDED, "", in_words(belief), f"{len(belief.ids) + 1} devices, {words} new")


def _order_new_device(target: int, values: Values, _belief: Belief) -> Order:
    return create_device(target, values)


def _undo_new_device(_target: int, _values: Values, _before: Belief, now: Belief) -> Undone | str:
    if isinstance(now, Created) and len(now.ids) == 1:
        return Undone("device.delete", target=next(iter(now.ids)))
    return "the device it created is not found"


def _check_device(target: int, values: Values, profile: Profile) -> Values:
    checked = DEVICE_UPDATE.check({**values, "device": target}, profile)
    return {name: value for name, value in checked.items() if name != "device"}


def _judge_device(_target: int, values: Values, belief: Belief) -> Judged:
    if not isinstance(belief, DeviceState):
        return _NOT_KNOWN
    if belief.facts is None:
        return Judged(Fate.REFUSED, "there is no such device", "no such device")
    wanted = readable(values)
    before = ", ".join(f"{name} {belief.facts.get(name, '?')}" for name in wanted) or in_words(belief)
    if wanted and len(wanted) == len(values) and says(belief, wanted):
        return Judged(Fate.ALREADY, "already so", before, before)
    if not values:
        return Judged(Fate.REFUSED, "nothing to change was named", before, before)
    after = [f"{name} {values[name]}" for name in values]
    return Judged(Fate.INCLUDED, "", before, ", ".join(after))


def _order_device(target: int, values: Values, belief: Belief) -> Order:
    return update_device(target, values, belief if isinstance(belief, DeviceState) else None)


def _undo_device(_target: int, values: Values, before: Belief, _now: Belief) -> Undone | str:
    facts = before.facts if isinstance(before, DeviceState) else None
    if facts is None:
        return "what it was before is not known"
    unknown = [name for name in values if name not in readable(values) or name not in facts]
    if unknown:
        return f"its {unknown[0]} before is not known"
    return Undone("device.update", {name: facts[name] for name in values})


def _check_gone(_target: int, values: Values, _profile: Profile) -> Values:
    return DEVICE_DELETE.check({**values, "device": 1}) and {}


def _judge_gone(_target: int, _values: Values, belief: Belief) -> Judged:
    if not isinstance(belief, DeviceState):
        return _NOT_KNOWN
    if belief.facts is None:
        return Judged(Fate.ALREADY, "there is no such device", "no such device", "no such device")
    return Judged(Fate.INCLUDED, "", in_words(belief), "deleted")


def _order_gone(target: int, _values: Values, belief: Belief) -> Order:
    return delete_device(target, belief if isinstance(belief, DeviceState) else None)


def _undo_gone(_target: int, _values: Values, _before: Belief, _now: Belief) -> Undone | str:
    return "a deleted device does not come back: a new one has another id and other secrets"


PHONE_ACTIONS: tuple[Action, ...] = (
    Action(
        id="rule.add",
        title="new rule",
        system=SourceName.MOR,
        method=DEVICE_RULE_CREATE.name,
        danger=Danger.NONE,
        word="device",
        looks_at=Kind.RULES,
        fields=RULE_FIELDS,
        repeats=True,
        check=_check_rule,
        judge=_judge_new_rule,
        order=_order_new_rule,
        undo=_undo_new_rule,
    ),
    Action(
        id="rule.delete",
        title="delete rule",
        system=SourceName.MOR,
        method=DEVICE_RULE_DELETE.name,
        danger=Danger.DISRUPTIVE,
        word="device",
        looks_at=Kind.RULES,
        fields=(*DEVICE_RULE_DELETE.params, *RULE_FIELDS),
        repeats=True,
        check=_check_old_rule,
        judge=_judge_old_rule,
        order=_order_old_rule,
        undo=_undo_old_rule,
    ),
    Action(
        id="device.create",
        title="new device",
        system=SourceName.MOR,
        method=DEVICE_CREATE.name,
        danger=Danger.NONE,
        word="user",
        looks_at=Kind.DEVICES,
        fields=_without(DEVICE_CREATE.params, "user_id"),
        repeats=True,
        check=_check_new_device,
        judge=_judge_new_device,
        order=_order_new_device,
        undo=_undo_new_device,
    ),
    Action(
        id="device.update",
        title="change device",
        system=SourceName.MOR,
        method=DEVICE_UPDATE.name,
        danger=Danger.DISRUPTIVE,
        word="device",
        looks_at=Kind.DEVICE,
        fields=_without(DEVICE_UPDATE.params, "device"),
        check=_check_device,
        judge=_judge_device,
        order=_order_device,
        undo=_undo_device,
    ),
    Action(
        id="device.delete",
        title="delete device",
        system=SourceName.MOR,
        method=DEVICE_DELETE.name,
        danger=Danger.DISRUPTIVE,
        word="device",
        looks_at=Kind.DEVICE,
        fields=(),
        check=_check_gone,
        judge=_judge_gone,
        order=_order_gone,
        undo=_undo_gone,
    ),
)
