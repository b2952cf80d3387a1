"""What `portside call --settle` adds: the way to tell what became of a call that has no plan around it."""

from collections.abc import Mapping

from msgspec.structs import replace

from console.operations.beliefs import Belief
from console.operations.bulk.action import Action
from console.operations.bulk.actions import ACTIONS
from console.operations.commands import command_id
from console.operations.look import Looker
from console.operations.orders import Goal, Order
from console.site import Site
from console.state.entities import Kind

_NAMED_BY = {Kind.PORT: "port_id", Kind.RULES: "device_id", Kind.DEVICE: "device", Kind.DEVICES: "user_id"}


async def with_goal(site: Site, order: Order, values: Mapping[str, object]) -> Order:
    """Return the order with what shows whether it happened; as it is where nothing that can be read does.

    What speaks against a command in a plan does not stop a call: it is sent as it was asked for.

    Raises:
        CallFailed: its target cannot be looked at.
    """
    action = ACTIONS.get(command_id(order.method, values))
    target = values.get(_NAMED_BY[action.looks_at]) if action else None
    if action is None or not isinstance(target, int):
        return order
    look = Looker(site.store, site.autostore, site.mor)
    goal = _goal(action, target, values, await look(action.key(target)))
    return order if goal is None else replace(order, goal=replace(goal, hindrance=lambda belief: None))


def _goal(action: Action, target: int, values: Mapping[str, object], belief: Belief) -> Goal | None:
    names = {field.name for field in action.fields}
    given = {name: value for name, value in values.items() if name in names}
    try:
        return action.order(target, given, belief).goal
    except ValueError:  # what it is about is not there
        return None
