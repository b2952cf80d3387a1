"""A dispatcher whose client, looks, time and journal can be told what to do, and who note what happened."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from state.small import Clock, reading

from console.fields import Arguments, Invalid
from console.operations.actor import Actor
from console.operations.beliefs import Belief
from console.operations.dispatch import Dispatcher
from console.operations.journal import Entry, Journal, JournalError, Record, read
from console.operations.journal.writer import Beside
from console.operations.orders import Goal, Order
from console.state.entities import Command, Key, Kind, Phase, Port, SourceName
from console.state.store import Store

ACTOR = Actor(operator="tech1", role="technician", uid=7, login_uid=None, login_session=None, claims={})

Script = list[Any]
"""What happens at each turn: an exception is raised, a coroutine function is awaited, else it is the answer.
The last one stays."""


def journal(directory: Path) -> Journal:
    return Journal(directory, site="Hall 2", mode="SIMULATOR", actor=ACTOR)


def port(mode: str | None = "CLOSED", **more: Any) -> Port:
    return Port(port_id=4, reading=reading(4, mode, **more), seen_at=100.0)


class Scripted:
    """Answers from a script."""

    def __init__(self, *script: Any) -> None:
        self.script: Script = list(script)
        self.turns = 0

    async def next(self) -> Any:
        turn = self.script[min(self.turns, len(self.script) - 1)]
        self.turns += 1
        if isinstance(turn, BaseException):
            raise turn
        return await turn() if callable(turn) else turn


class Client(Scripted):
    """A client: `calls` are the arguments of what reached the server."""

    def __init__(self, events: list[str], *script: Any) -> None:
        super().__init__(*(script or ({},)))
        self.calls: list[Mapping[str, object]] = []
        self._events = events

    def check(self, name: str, given: Mapping[str, object]) -> Arguments:
        if "wrong" in given:
            raise Invalid("wrong", given["wrong"], "nothing")
        return dict(given)  # type: ignore[arg-type]

    async def call(self, name: str, given: Mapping[str, object]) -> Mapping[str, Any]:
        self._events.append("call")
        self.calls.append(given)
        answer: Mapping[str, Any] = await self.next()
        return answer


class NotedJournal(Journal):
    """A journal on the disk that notes each record, and fails on demand: at the nth write and after."""

    def __init__(self, directory: Path, events: list[str]) -> None:
        super().__init__(directory, site="Hall 2", mode="SIMULATOR", actor=ACTOR)
        self.broken_from: int | None = None
        self.held: asyncio.Event | None = None
        self._events = events
        self._writes = 0

    async def write(self, *entries: Entry, beside: Beside | None = None) -> None:
        self._writes += 1
        if self.held is not None:
            await self.held.wait()
        if self.broken_from is not None and self._writes >= self.broken_from:
            raise JournalError("no space left on device")
        await super().write(*entries, beside=beside)
        self._events.extend(one.kind.value for one in entries)


class Bench:
    """A dispatcher and all it stands on; `slept` are the pauses it made, which cost no time."""

    def __init__(self, directory: Path, *calls: Any, looks: Script | None = None, **more: Any) -> None:
        self.directory = directory
        self.events: list[str] = []
        self.clock = Clock()
        self.store = Store([4], clock=self.clock)
        self.journal = NotedJournal(directory, self.events)
        self.client = Client(self.events, *calls)
        self.looks = Scripted(*(looks or [port("CLOSED"), port("OPEN")]))
        self.slept: list[float] = []
        self.phases: list[Phase] = []
        self.store.listen(self._note_phases)
        targets = {SourceName.AUTOSTORE: self.client}
        values: dict[str, Any] = {"look": self._look, "sleep": self._sleep, **more}
        self.commands = Dispatcher(self.store, self.journal, targets, **values)

    async def close(self) -> None:
        await self.commands.close()
        await self.journal.close()

    def records(self) -> list[Record]:
        """What stands in the file."""
        return list(read(self.directory))

    def outcomes(self) -> list[tuple[str, str]]:
        return [(one.entry.kind.value, one.entry.outcome) for one in self.records()]

    @property
    def command(self) -> Command:
        """The only command there is."""
        (command,) = self.store.commands.values()
        return command

    async def _look(self, key: Key) -> Belief:
        self.events.append("look")
        belief: Belief = await self.looks.next()
        return belief

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.now += seconds
        await asyncio.sleep(0)

    def _note_phases(self, keys: frozenset[Key]) -> None:
        for kind, op_id in keys:
            if kind is Kind.COMMAND:
                self.phases.append(self.store.commands[str(op_id)].phase)


def goal(
    *,
    hindrance: Callable[[Belief], str | None] = lambda belief: None,
    mode: str = "OPEN",
    patience: float = 10.0,
) -> Goal:
    """To see port 4 in a mode."""

    def reached(before: Belief, after: Belief) -> bool:
        return isinstance(after, Port) and after.mode == mode

    return Goal(Key(Kind.PORT, 4), hindrance, reached, patience)


def order(**more: Any) -> Order:
    """Open port 4, unless `more` says otherwise."""
    values: dict[str, Any] = {
        "system": SourceName.AUTOSTORE,
        "method": "openport",
        "arguments": {"port_id": 4, "category": (1, 2)},
        "target": "port 4",
        "goal": goal(),
    }
    return Order(**{**values, **more})


def waits_for(event: asyncio.Event) -> Callable[[], Awaitable[Any]]:
    """A turn of a script that takes until the event."""

    async def turn() -> Mapping[str, Any]:
        await event.wait()
        return {}

    return turn
