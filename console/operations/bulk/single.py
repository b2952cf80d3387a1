"""Single calls given as they are, without any condition, and still told what became of them; pure."""

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from console.autostore.replies import PortReading, PortStatus
from console.operations.beliefs import Belief, DeviceState, UserDevices
from console.operations.bulk.actions import ACTIONS
from console.operations.commands import command_id
from console.operations.orders import Order
from console.state.entities import Kind, Port, RuleList

_READ_BY = {
    Kind.PORT: "getportstatus",
    Kind.RULES: "device_rules_get",
    Kind.DEVICE: "device_details_get",
    Kind.DEVICES: "devices_get",
}
"""The call by which a target is looked at."""

_TARGET_PARAMS = {"port": ("port_id",), "device": ("device_id", "device"), "user": ("user_id",)}


def with_goal(order: Order, known: Collection[str]) -> Order:
    """Return the order with a way to tell that it happened, where there is one.

    Nothing that is seen keeps it from being sent: whoever makes a call by its name has decided that.

    Args:
        known: the names of the calls that the site's servers may know.
    """
    action = ACTIONS.get(command_id(order.method, order.arguments))
    if action is None or order.goal is not None or _READ_BY[action.looks_at] not in known:
        return order
    named = (_number(order.arguments.get(name)) for name in _TARGET_PARAMS[action.word])
    target = next((number for number in named if number is not None), None)
    if target is None:
        return order
    fields = {field.name for field in action.fields}
    values = {name: value for name, value in order.arguments.items() if name in fields}
    try:
        goal = action.order(target, values, _as_named(action.looks_at, target, order.arguments)).goal
    except ValueError:  # a rule named by its id alone: nobody knows of which device
        return order
    return order if goal is None else replace(order, goal=replace(goal, hindrance=lambda belief: None))


def _as_named(kind: Kind, target: int, arguments: Mapping[str, object]) -> Belief:
    """Return a target of which nothing is known but what the call itself says of it."""
    match kind:
        case Kind.PORT:
            return Port(port_id=target, reading=PortReading(_port(target, arguments)))
        case Kind.RULES:
            return RuleList(device_id=target)
        case Kind.DEVICE:
            return DeviceState(device_id=target)
        case _:
            return UserDevices(user_id=target)


def _port(target: int, arguments: Mapping[str, object]) -> PortStatus:
    bin_id, task_id = (_number(arguments.get(name)) for name in ("bin_id", "task_id"))
    return PortStatus(port_id=target, port_type=None, mode=None, bin_id=bin_id, task_id=task_id)


def _number(value: object) -> int | None:
    return int(str(value)) if str(value).isdecimal() else None
