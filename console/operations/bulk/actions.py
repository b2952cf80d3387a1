"""All that a plan can do, by id."""

from collections.abc import Mapping

from console.operations.bulk.action import Action
from console.operations.bulk.phone_actions import PHONE_ACTIONS
from console.operations.bulk.port_actions import PORT_ACTIONS

ACTIONS: Mapping[str, Action] = {action.id: action for action in (*PORT_ACTIONS, *PHONE_ACTIONS)}
