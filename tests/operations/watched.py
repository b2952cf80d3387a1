"""A hall that holds every call against the journal, and consoles on it that can end at any record."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.operations.authority import Authority
from console.operations.journal import Entry, Query, Record, RecordKind, read
from console.operations.journal.writer import Beside
from console.outcome import Unknown
from console.settings.tables import Safety

from .consoles import actor
from .hall import Console, DyingJournal, Hall
from .timeless import AtOnce, TimelessLoop

DEADLINE = 5.0
FLIGHT = 2 * DEADLINE
"""Seconds that a call may take, and that a command without an answer may still be on its way (rule 5)."""

LATE, ARRIVES_LATE = "late", 8.0
"""A call that is carried out when nobody waits for it any more, and after how many seconds."""

UNANSWERED = ("", "unknown")


class WatchedHall(Hall):
    """Asserts at every call that its INTENT is on the disk, that it is the first of it, and that it may be.

    `sent` and `done` are the commands that were sent and carried out, by id.
    """

    def __init__(self, ports: int, directory: Path, loop: TimelessLoop) -> None:
        super().__init__(ports)
        self.directory = directory
        self.loop = loop
        self.sent: dict[str, float] = {}
        self.done: set[str] = set()
        self._newest: dict[int, str] = {}

    async def call(self, name: str, given: Mapping[str, object]) -> Mapping[str, Any]:
        port = int(str(given["port_id"]))
        about = list(read(self.directory, Query(target=f"port {port}")))
        intents = [record for record in about if record.entry.kind is RecordKind.INTENT]
        assert intents, f"{name} {port} without an INTENT"
        mine = intents[-1].entry
        assert (mine.action, mine.op in self.sent) == (name, False), f"{mine.op} is sent a second time"
        if len(intents) > 1:
            before = intents[-2].entry
            words = [one.entry.outcome for one in about if one.entry.op == before.op]
            self._may_follow(mine, before, words)
        self._newest[port] = mine.op
        self.sent[mine.op] = self.loop.time()
        if self.does.get(port) and self.does[port][0] == LATE:
            self.will(port, "stuck")
            self.loop.call_later(ARRIVES_LATE, self.carry_out, name, port, given, "ok")
        try:
            async with asyncio.timeout(DEADLINE):
                return await super().call(name, given)
        except TimeoutError:
            raise Unknown("no answer in time") from None

    def _may_follow(self, mine: Entry, before: Entry, words: list[str]) -> None:
        """No command meets another on its way; one that was unknown is repeated only if it did nothing."""
        over = self.loop.time() - self.sent.get(before.op, -FLIGHT) >= FLIGHT
        assert words[-1] not in UNANSWERED or over, f"{mine.op} meets {before.op}"
        if (mine.action, mine.arguments) == (before.action, before.arguments) and "unknown" in words:
            assert words[-1] != "unknown" or mine.run != before.run
            assert not self._retries(mine.plan, before.run) or words[-1] == "not_applied", words

    def _retries(self, plan: str, run: str) -> bool:
        kinds = (RecordKind.RETRY, RecordKind.RESUME)
        records = read(self.directory, Query(kinds=kinds))
        return any(one.entry.plan == plan and one.entry.detail["from_run"] == run for one in records)

    def carry_out(self, name: str, port: int, given: Mapping[str, object], happening: str) -> Any:
        count = len(self.executed)
        try:
            return super().carry_out(name, port, given, happening)
        finally:
            if len(self.executed) > count and happening != "idle":
                self.done.add(self._newest[port])


class MortalJournal(DyingJournal):
    """A journal whose console ends at one of its next writes: `writes_left`, None is never."""

    writes_left: int | None = None

    async def write(self, *entries: Entry, beside: Beside | None = None) -> None:
        if self.writes_left is not None:
            self.writes_left -= 1
            self.dead = self.writes_left < 0
        await super().write(*entries, beside=beside)


class WatchedConsole(Console):
    """A console whose time is that of a loop; its process is called `name`."""

    journal_type = MortalJournal

    def __init__(
        self, hall: WatchedHall, name: str, safety: Safety, authority: Authority, operator: str, uid: int
    ) -> None:
        super().__init__(
            hall,
            hall.directory,
            safety=safety,
            authority=authority,
            who=actor(operator, uid, authority.role.value),
            clock=hall.loop.time,
            sleep=asyncio.sleep,
        )
        self.journal._thread = AtOnce()  # type: ignore[assignment]
        self.journal._process = name


def last_words(records: list[Record]) -> dict[str, tuple[Record, str]]:
    """Return the INTENT of each command, and the last that was recorded of it."""
    found: dict[str, tuple[Record, str]] = {}
    for record in records:
        op = record.entry.op
        if record.entry.kind is RecordKind.INTENT:
            found[op] = record, ""
        elif op in found:
            found[op] = found[op][0], record.entry.outcome
    return found
