"""A hall, its journal and the consoles on it, for a state machine: they are opened, work, and vanish."""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis.stateful import RuleBasedStateMachine
from msgspec.structs import replace

from console.operations.authority import Authority
from console.operations.bulk.plan import Plan
from console.operations.bulk.runner import Run
from console.settings.tables import Role, Safety

from .chances import PORTS
from .timeless import timeless
from .watched import WatchedConsole, WatchedHall


class Scene(RuleBasedStateMachine):
    """What the rules work on.

    `begun` are the plans that were begun, `runs` those of the console that is open, `unrecorded` the
    runs of which the disk may have missed something, `touched` the ports that somebody else turned.
    """

    console: WatchedConsole
    safety: Safety
    authority: Authority

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.loop = self.stack.enter_context(timeless())
        self.folder = Path(tempfile.mkdtemp(prefix="life-"))
        self.hall = WatchedHall(len(PORTS), self.folder, self.loop)
        self.living: set[str] = set()
        self.opened = 0
        self.begun: list[Plan] = []
        self.runs: dict[str, Run] = {}
        self.unrecorded: set[str] = set()
        self.touched: set[int] = set()
        for name in ("archive", "recovery"):
            alive = mock.patch(
                f"console.operations.bulk.{name}.lives", lambda process, _: process in self.living
            )
            self.stack.enter_context(alive)

    def _opened(self, operator: str, uid: int, role: Role) -> WatchedConsole:
        self.opened += 1
        self.runs = {}
        name = f"console-{self.opened}"
        self.living.add(name)
        return WatchedConsole(self.hall, name, self.safety, replace(self.authority, role=role), operator, uid)

    def does(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something at the console; if that vanishes meanwhile, return None, and open another."""
        try:
            return self.loop.run_until_complete(work)
        except asyncio.CancelledError:
            assert self.console.journal.dead
            return None
        finally:
            if self.console.journal.dead:
                self._ends(set())

    def _ends(self, arrive: set[int]) -> None:
        self.loop.run_until_complete(self.console.kill(lambda port: port in arrive))
        self.living.discard(self.console.journal._process)
        self.console = self._opened("tess", 1000, Role.TECHNICIAN)

    @property
    def going(self) -> list[Run]:
        return list(self.console.bulk.own.values()) if hasattr(self, "console") else []
