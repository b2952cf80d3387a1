"""Calls that name no device but something of one, a rule or a number: which device that is; pure.

A run holds devices (operations-safety rule 18), and a call that names none would slip past it. Which device
a rule is of, no call tells (mor.md section 3), only a list of rules that was read. Where that does not tell,
it is said with the command: not known to overlap is not refused.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from console.mor.calls import CLI_DELETE, DEVICE_RULE_DELETE
from console.operations.orders import Order
from console.state.entities import RuleList

OWNER_UNKNOWN = "which device that belongs to is not known here: a run may hold it"

_OF_A_DEVICE = frozenset({DEVICE_RULE_DELETE.name, CLI_DELETE.name})


def with_owner(order: Order, lists: Iterable[RuleList]) -> tuple[Order, str]:
    """Return the order with its device as the target, and blank; or the order as it is, and what is unclear.

    Args:
        lists: the rules of devices as they were read, however long ago: no rule moves to another device.
    """
    if order.method not in _OF_A_DEVICE or order.target.startswith("device "):
        return order, ""
    for listed in lists:
        if any(f"rule {rule.rule_id}" == order.target for rule in listed.rules):
            return replace(order, target=f"device {listed.device_id}"), ""
    return order, OWNER_UNKNOWN
