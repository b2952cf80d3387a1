"""What a plan can do to a target: how its state is judged, and which order it becomes; pure.

Ports take their words and conditions from the commands that people give by key; phones have their own.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from console.fields import Field
from console.mor.calls import Profile
from console.operations.beliefs import Belief
from console.operations.bulk.plan import Fate
from console.operations.commands import Danger
from console.operations.orders import Order
from console.state.entities import Key, Kind, SourceName

Values = Mapping[str, Any]


class Judged(Struct, frozen=True):
    """What becomes of a target in a plan, why, and its state before and after in words."""

    fate: Fate
    reason: str = ""
    before: str = ""
    after: str = ""


class Undone(Struct, frozen=True):
    """What takes a command back: another action with its values, on the same target unless one is named."""

    action: str
    values: Values = {}
    target: int | None = None


class Action(Struct, frozen=True, kw_only=True):
    """One thing that a plan can do.

    `word` says what a target is: a port, a device or a user. `looks_at` is what is read to judge it.
    `fields` are the values a person can give. `check` returns them typed, or raises Invalid. `judge`
    and `order` take the target's id, checked values and what was seen. `undo` takes the same, with what
    was seen before the command and what is seen now, and answers in words when there is no way back.
    With `repeats` one target can be named several times, with different values.
    """

    id: str
    title: str
    system: SourceName
    method: str
    danger: Danger
    word: str
    looks_at: Kind
    fields: tuple[Field, ...]
    repeats: bool = False
    check: Callable[[int, Values, Profile], Values]
    judge: Callable[[int, Values, Belief], Judged]
    order: Callable[[int, Values, Belief], Order]
    undo: Callable[[int, Values, Belief, Belief], Undone | str]

    def key(self, target: int) -> Key:
        """Return what is read to judge a target."""
        return Key(self.looks_at, target)

    def name(self, target: int) -> str:
        """Return a target in words, as leases and records name it."""
        return f"{self.word} {target}"
