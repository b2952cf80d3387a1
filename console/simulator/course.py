"""The course of events in a warehouse: what comes next, how long it takes, and who hears of it."""

from collections.abc import Callable
from random import Random
from typing import TypeAlias

from msgspec import Struct

from console.simulator.agenda import Agenda
from console.simulator.changes import Change

Span: TypeAlias = tuple[float, float]
"""Least and most seconds."""

_LOOK_AGAIN = 1.0
"""Seconds after which a robot that stands still looks whether it may go on."""


class Delays(Struct, frozen=True, kw_only=True):
    """Seconds that things take, as (least, most)."""

    arrival: Span = (2.0, 4.5)
    presenting: Span = (0.2, 0.5)
    hatch: Span = (0.4, 0.8)
    leaving: Span = (1.8, 2.2)
    closing: Span = (1.0, 2.0)
    case_step: Span = (1.0, 2.0)
    preparing: Span = (0.5, 1.5)
    stopping: Span = (5.0, 10.0)
    starting: Span = (5.0, 10.0)


class Course:
    """Shared by all parts of one world. `robots_move` is false while the system does not run."""

    def __init__(self, seed: int, delays: Delays) -> None:
        self.agenda = Agenda()
        self.delays = delays
        self.listeners: list[Callable[[Change], None]] = []
        self.robots_move = True
        self._random = Random(seed)

    def plan(self, kind: str, key: int, delay: Span, action: Callable[[], None]) -> None:
        """Let `action` happen after a while, instead of what `kind` and `key` had planned."""
        self.agenda.plan((kind, key), self._random.uniform(*delay), action)

    def plan_robot(self, kind: str, key: int, delay: Span, action: Callable[[], None]) -> None:
        """`plan` what takes a robot: it waits while robots stand still."""

        def go() -> None:
            if self.robots_move:
                action()
            else:
                self.agenda.plan((kind, key), _LOOK_AGAIN, go)

        self.plan(kind, key, delay, go)

    def tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)
