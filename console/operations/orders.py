"""What is handed to the dispatcher: one call, and how to tell that it happened."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from console.state.entities import Key, Port, RuleList, SourceName

Belief: TypeAlias = Port | RuleList
"""What a look before and after a command shows."""


class Goal(Struct, frozen=True):
    """How a command is checked against the world, before and after it is sent.

    `key` names what to look at. `hindrance` says why it must not be sent in the state a fresh look
    shows, or None. `reached` compares the look before with a later one. `patience` is how many
    seconds an accepted command may take to show.
    """

    key: Key
    hindrance: Callable[[Belief], str | None]
    reached: Callable[[Belief, Belief], bool]
    patience: float


class Order(Struct, frozen=True):
    """One command as a person asked for it. Without a goal nothing is read back."""

    system: SourceName
    method: str
    arguments: Mapping[str, object]
    target: str
    goal: Goal | None = None
