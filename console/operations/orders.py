"""What is handed to the dispatcher: one call, and how to tell that it happened."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct

from console.operations.beliefs import Belief
from console.state.entities import Key, SourceName

Look = Callable[[Key], Awaitable[Belief]]
"""Reads what a key names, afresh; raises CallFailed."""


class Goal(Struct, frozen=True):
    """How a command is checked against the world, before and after it is sent.

    `key` names what to look at. `hindrance` says why it must not be sent in the state a fresh look
    shows, or None. `reached` compares the look before with a later one. `patience` is how many
    seconds an accepted command may take to show. `look_after` takes the look before and the
    command's id, where looking at `key` again does not show what came of it. `blind` says whether, after
    that look before, nothing that can be read will tell whether it happened.
    """

    key: Key
    hindrance: Callable[[Belief], str | None]
    reached: Callable[[Belief, Belief], bool]
    patience: float
    look_after: Callable[[Look, Belief, str], Awaitable[Belief]] | None = None
    blind: Callable[[Belief], bool] = lambda before: False


class Order(Struct, frozen=True):
    """One command as a person asked for it. Without a goal nothing is read back.

    `marked_in` names a text argument to which the command's id is added, so that what was created
    can be searched for (operations-safety rule 7).
    """

    system: SourceName
    method: str
    arguments: Mapping[str, object]
    target: str
    goal: Goal | None = None
    marked_in: str = ""


class Part(Struct, frozen=True):
    """Which target of which run a command is; `plan` is the plan's digest."""

    run: str
    plan: str
    number: int
