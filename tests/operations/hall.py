"""A hall of ports in memory that can misbehave call by call, and consoles on it that can be killed."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from state.small import reading

from console.autostore.methods import find
from console.autostore.replies import PortReading
from console.fields import Arguments
from console.operations.actor import Actor
from console.operations.beliefs import Belief
from console.operations.bulk.launch import RunOptions
from console.operations.bulk.plan import Plan
from console.operations.bulk.runner import Run
from console.operations.bulk.wishes import Wish, same_for_all
from console.operations.journal import Entry, Journal, Record, read
from console.operations.journal.writer import Beside
from console.outcome import CallFailed, NotSent, Refused, Unknown
from console.state.entities import Key, Port, SourceName
from console.state.store import Store
from console.tap import Request

from .consoles import SITE, Desk, actor, hasty_clock


class Hall:
    """Ports that open and close at once. `does` says what happens at the next calls of a port.

    refuse: says no. unsent: nothing arrives. lost: carried out, and no answer. dropped: neither.
    idle: accepted and not done. stuck: never answers.
    """

    def __init__(self, ports: int = 20) -> None:
        self.modes = dict.fromkeys(range(1, ports + 1), "CLOSED")
        self.bins: dict[int, int] = {}
        self.does: dict[int, deque[str]] = {}
        self.blind: set[int] = set()
        self.executed: list[tuple[str, int]] = []
        self.received: list[tuple[str, int]] = []
        self.pending: dict[object, tuple[str, int, Mapping[str, object], str]] = {}
        self.most_under_way = 0
        self.gate = asyncio.Event()
        self.gate.set()

    @property
    def under_way(self) -> int:
        """How many calls have arrived and are not answered."""
        return len(self.pending)

    def will(self, port: int, *happenings: str) -> None:
        """Let the next calls of a port go like that."""
        self.does[port] = deque(happenings)

    def check(self, name: str, given: Mapping[str, object]) -> Arguments:
        method = find(name)
        assert method is not None
        return method.check(given)

    def request(self, name: str, given: Mapping[str, object]) -> Request:
        raise NotImplementedError

    async def call(self, name: str, given: Mapping[str, object]) -> Mapping[str, Any]:
        port = int(str(given["port_id"]))
        happening = self.does[port].popleft() if self.does.get(port) else "ok"
        if happening == "unsent":
            raise NotSent("cannot connect")
        self.received.append((name, port))
        call = object()
        self.pending[call] = (name, port, given, happening)
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
            if happening == "stuck":
                await asyncio.Event().wait()
            return self.carry_out(name, port, given, happening)
        finally:
            self.pending.pop(call, None)

    def carry_out(self, name: str, port: int, given: Mapping[str, object], happening: str) -> Any:
        if happening == "refuse":
            raise Refused(name, "Not now.", 1048)
        if happening == "dropped":
            raise Unknown("no answer")
        self.executed.append((name, port))
        if happening != "idle":
            selects = given.get("category") or given.get("content")
            opened = str(given.get("port_mode") or ("OPEN" if selects else "INSERT"))
            self.modes[port] = opened if name == "openport" else "CLOSED"
        if happening == "lost":
            raise Unknown("no answer")
        return {}

    def look(self, port: int) -> PortReading:
        return reading(port, self.modes[port], bin_id=self.bins.get(port))


class DyingJournal(Journal):
    """A journal that takes nothing more once its console is dead, or its disk is full."""

    dead = full = False

    async def write(self, *entries: Entry, beside: Beside | None = None) -> None:
        if self.dead:
            raise asyncio.CancelledError
        await super().write(*entries, beside=beside)

    def _opened(self) -> sqlite3.Connection:
        if self.full:
            raise OSError("no space left on device")
        return super()._opened()


class Console(Desk):
    """One console on a hall."""

    journal: DyingJournal
    journal_type = DyingJournal

    def __init__(
        self,
        hall: Hall,
        directory: Path,
        *,
        who: Actor | None = None,
        site: str = SITE,
        clock: Callable[[], float] = hasty_clock,
        **more: Any,
    ) -> None:
        self.hall = hall
        self.directory = directory
        super().__init__(
            Store(hall.modes, clock=clock, port_interval=10.0),
            self.journal_type(directory, site=site, mode="SIMULATOR", actor=who or actor()),
            self.look,
            {SourceName.AUTOSTORE: hall},
            **more,
        )

    async def look(self, key: Key) -> Belief:
        port = int(key.id)
        await asyncio.sleep(0)
        if port in self.hall.blind:
            raise Unknown("no answer")
        now = self.store.clock()
        seen = self.hall.look(port)
        self.store.see_port(seen, now)
        return Port(port_id=port, reading=seen, seen_at=now)

    async def plan(self, wishes: Sequence[Wish]) -> Plan:
        """A recorded plan on what is seen now."""
        plan = self.bulk.plan(wishes, await self.bulk.survey(wishes))
        await self.bulk.record(plan)
        return plan

    async def begin(self, wishes: Sequence[Wish], **options: Any) -> Run:
        return await self.bulk.start(await self.plan(wishes), RunOptions(**options))

    async def carry_out(self, wishes: Sequence[Wish], **options: Any) -> Run:
        run = await self.begin(wishes, **options)
        await asyncio.wait_for(run.wait(), 20)
        return run

    def records(self, *kinds: str) -> list[Record]:
        return [one for one in read(self.directory) if not kinds or one.entry.kind in kinds]

    async def kill(self, arrives: Callable[[int], bool] = lambda port: False) -> None:
        """End it as SIGKILL does: nothing more is written, and nothing that was begun goes on.

        Of the calls under way those are still carried out whose port `arrives` says.
        """
        self.journal.dead = True
        under_way = list(self.hall.pending.values())
        mine = asyncio.current_task()
        ended = [task for task in asyncio.all_tasks() if task is not mine]
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        await self.journal.close()
        for name, port, given, happening in under_way:
            if arrives(port):
                with suppress(CallFailed):
                    self.hall.carry_out(name, port, given, happening)


Open = Callable[..., Console]
"""Opens a console on a hall."""


def opening(*ports: int, **values: Any) -> tuple[Wish, ...]:
    return same_for_all("port.open", ports, values or {"category": (1,)})


def closing(*ports: int) -> tuple[Wish, ...]:
    return same_for_all("port.close", ports)


def words(run: Run) -> dict[str, int]:
    """The counts of a run, in plain words."""
    return {cls.value: count for cls, count in run.progress.counts.items()}
