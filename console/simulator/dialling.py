"""What the rules of a device do to a number (mor.md 5.2); pure.

Several matching rules are not documented: the enabled one with the lowest id applies, and no other.
A rule whose prefix the number does not begin with does not match (assumed).
"""

from collections.abc import Iterable

from console.simulator.telephony import DeviceRule

AS_RECEIVED = "-"
UP_TO_HASH = "*#"


def dial(rules: Iterable[DeviceRule], number: str, pr_type: str = "dst") -> str:
    """Return the number as the device gets it: the one dialled (dst), or the caller's (src)."""
    for rule in sorted(rules, key=lambda one: one.id):
        if rule.pr_type == pr_type and _matches(rule, number):
            return _changed(rule, number)
    return number


def _matches(rule: DeviceRule, number: str) -> bool:
    """Tell whether a rule is for that number; its lengths are those before the change."""
    if not (rule.enabled and rule.minlen <= len(number) <= rule.maxlen):
        return False
    if rule.cut == UP_TO_HASH:
        return "#" in number
    return rule.cut == AS_RECEIVED or number.startswith(rule.cut)


def _changed(rule: DeviceRule, number: str) -> str:
    if rule.cut == AS_RECEIVED:
        return number
    kept = number.partition("#")[2] if rule.cut == UP_TO_HASH else number.removeprefix(rule.cut)
    return rule.add + kept
