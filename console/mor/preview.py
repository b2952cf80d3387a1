"""What the rules of a device would make of a number: an estimate, worked out here (mor.md 5.2).

The pages say what a rule does, by words and examples, but not which of several rules wins; what had
to be assumed is listed with every result.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from console.fields import Arguments
from console.mor.replies import DeviceRule
from console.text import SafeText, safe

ASSUMPTIONS = (
    "This is an estimate: the server was not asked.",
    "Rules apply only when the device is reached through a DID, not between local devices.",
    "dst rules matter only for trunk devices.",
    "Rules are tried by ascending id, and the first that fits is the only one applied.",
    "A rule fits when the length before the change is in its range and the number begins with its cut.",
    "Cut *# fits a number with a # in it, and removes up to the first.",
    "Cut - sends the number as received, whatever the rule would add.",
)
"""What a preview takes for granted, in whole sentences to show beside it."""

REMOVE_TO_HASH = "*#"
AS_RECEIVED = "-"


class Side(StrEnum):
    """Which number a rule changes: the one called, or the caller's."""

    DST = "dst"
    SRC = "src"


class Why(StrEnum):
    """Why a rule was applied or not, in words that follow the rule's name."""

    APPLIED = "applied"
    OFF = "switched off"
    OTHER_SIDE = "for the other number"
    TOO_SHORT = "number too short"
    TOO_LONG = "number too long"
    NO_PREFIX = "number does not begin with the cut"
    NO_HASH = "no # in the number"
    NOT_REACHED = "an earlier rule applied"


class Verdict(Struct, frozen=True):
    """One rule and what became of it."""

    rule: DeviceRule
    why: Why


class Preview(Struct, frozen=True):
    """What a number would become; `name` is the caller's name, which only src rules can change.

    `verdicts` has every rule, in the order in which they are tried.
    """

    number: SafeText
    name: SafeText
    verdicts: tuple[Verdict, ...]
    assumptions: tuple[str, ...] = ASSUMPTIONS

    @property
    def applied(self) -> DeviceRule | None:
        """The rule that was applied, or None when the number stays as it is."""
        return next((verdict.rule for verdict in self.verdicts if verdict.why is Why.APPLIED), None)


def preview(rules: Iterable[DeviceRule], number: str, side: Side, name: str = "") -> Preview:
    """Return what the rules of one device would make of a number, and of the caller's name.

    A rule without an id yet (0) is tried last, as the server would number it.
    """
    verdicts: list[Verdict] = []
    applied: DeviceRule | None = None
    for rule in sorted(rules, key=lambda rule: (rule.rule_id == 0, rule.rule_id)):
        why = judge(rule, number, side)
        if why is Why.APPLIED and applied is not None:
            why = Why.NOT_REACHED
        elif why is Why.APPLIED:
            applied = rule
        verdicts.append(Verdict(rule, why))
    if applied is None:
        return Preview(safe(number), safe(name), tuple(verdicts))
    with_name = side is Side.SRC and applied.change_callerid_name and _misfit(applied, name) is None
    return Preview(
        number=safe(changed(applied, number)),
        name=safe(changed(applied, name) if with_name else name),
        verdicts=tuple(verdicts),
    )


def judge(rule: DeviceRule, number: str, side: Side) -> Why:
    """Return whether one rule, alone, would be applied to a number, or why not."""
    if not rule.enabled:
        return Why.OFF
    if rule.pr_type != side.value:
        return Why.OTHER_SIDE
    if rule.minlen is not None and len(number) < rule.minlen:
        return Why.TOO_SHORT
    if rule.maxlen is not None and len(number) > rule.maxlen:
        return Why.TOO_LONG
    return _misfit(rule, number) or Why.APPLIED


def _misfit(rule: DeviceRule, number: str) -> Why | None:
    """Return why the cut does not fit the number, or None when it does."""
    if rule.cut == AS_RECEIVED:
        return None
    if rule.cut == REMOVE_TO_HASH:
        return None if "#" in number else Why.NO_HASH
    return None if number.startswith(rule.cut) else Why.NO_PREFIX


def changed(rule: DeviceRule, number: str) -> str:
    """Return what a rule that fits makes of a number."""
    if rule.cut == AS_RECEIVED:
        return number
    rest = number.partition("#")[2] if rule.cut == REMOVE_TO_HASH else number.removeprefix(rule.cut)
    return rule.add + rest


def draft(arguments: Arguments) -> DeviceRule:
    """Return the rule that checked values of device_rule_create ask for, defaults filled in, id 0."""
    text = {name: safe(str(value)) for name, value in arguments.items()}
    return DeviceRule(
        rule_id=0,
        device_id=int(text["device_id"]),
        name=text["name"],
        enabled=True,
        cut=text.get("cut", safe("")),
        add=text.get("add", safe("")),
        minlen=int(text.get("minlen", "1")),
        maxlen=int(text.get("maxlen", "100")),
        pr_type=text.get("pr_type", safe("dst")),
        change_callerid_name=text.get("change_callerid_name") == "1",
    )
