"""One command up to its outcome: look, record, send once, classify.

The order never varies: checked values, a fresh look, INTENT on the disk, one request on a fresh
connection, OUTCOME on the disk (operations-safety rules 1 to 3 and 14). Nothing here sends a command
a second time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from console.fields import Arguments
from console.operations.beliefs import Belief, in_words, plain
from console.operations.journal import Barred, Entry, RecordKind
from console.operations.journal.writer import Beside
from console.operations.ledger import Ledger
from console.operations.limits import Doors, Outstanding, outstanding
from console.operations.orders import Look, Order, Part
from console.operations.records import class_word, entry, recordable
from console.outcome import CallFailed, Outcome, Refused
from console.state.entities import Command, Phase
from console.tap import Request
from console.text import SafeText, safe

T = TypeVar("T")

Told = Callable[[Command, str], None]
"""Hears of a command each time it gets on, after that was recorded, and the word that records have for it."""

PHASES = {
    Outcome.ACCEPTED: Phase.ACCEPTED,
    Outcome.REFUSED: Phase.REFUSED,
    Outcome.NOT_SENT: Phase.NOT_SENT,
    Outcome.UNKNOWN: Phase.UNKNOWN,
}

OUTCOMES = {phase: outcome for outcome, phase in PHASES.items()}

CALLED_OFF = "called off before it was sent"

SKIPPED = "skipped"
"""The word for a command that was not started for what a fresh look or a limit said."""

log = logging.getLogger(__name__)


class Target(Protocol):
    """A client, as far as operations know it."""

    def check(self, name: str, given: Mapping[str, object]) -> Arguments: ...

    def request(self, name: str, given: Mapping[str, object]) -> Request: ...

    async def call(self, name: str, given: Mapping[str, object]) -> Mapping[str, Any]: ...


class Result(Struct, frozen=True):
    """What one command came to when it was sent, or why it was not.

    `outcome` is None for one that was not started. `recorded` says whether the journal has it all,
    `hindered` whether it was not started for what the fresh look or a limit said.
    """

    op_id: str
    outcome: Outcome | None
    phase: Phase
    reply: Mapping[str, Any] = {}
    reason: SafeText | None = None
    code: int | None = None
    recorded: bool = True
    hindered: bool = False


class Work(NamedTuple):
    """One command under way: its order with the values checked, and who wants to know.

    `beside` goes into the transaction of the INTENT, and may bar the command. `despite` is why it
    is given even when the journal cannot be written. `unclear` is what could not be checked before, in
    words that are recorded and told.
    """

    order: Order
    target: Target
    arguments: Arguments
    command: Command
    part: Part | None = None
    told: Told | None = None
    beside: Beside | None = None
    despite: str = ""
    unclear: str = ""

    @property
    def op_id(self) -> str:
        """The command's id."""
        return self.command.op_id


class Carried(NamedTuple):
    """How far a command came, and the look before it, where there was one."""

    result: Result
    before: Belief | None = None


class Carrier:
    """Carries commands up to their outcome, each with an ending whatever happens to who waits for it."""

    def __init__(self, ledger: Ledger, look: Look, doors: Doors) -> None:
        self._ledger = ledger
        self._look = look
        self._doors = doors
        self._calls: set[asyncio.Future[Any]] = set()
        self._closed = False

    def close(self) -> None:
        """Break off looks and calls under way, and begin nothing more."""
        self._closed = True
        for call in self._calls:
            call.cancel()

    async def carry(self, work: Work, caller: "Caller") -> Carried:
        """Look, record, send once, and classify; a `caller` that is cancelled meanwhile is not told so here.

        Raises:
            Barred: a part of a run is not to be sent now; nothing of it is recorded.
        """
        waits = outstanding(work.command, self._ledger.store.unsettled)
        if waits is not None:
            return Carried(await self._not_started(work, Phase.NOT_STARTED, waits, hindered=True))
        self.show(work, Phase.PLANNED)
        before: Belief | None = None
        reason, hindered = None, False
        try:
            before, reason = await self._first_look(work)
            hindered = reason is not None
        except CallFailed as failure:
            reason = f"its state could not be read first: {failure.reason}"
            return Carried(await self._not_started(work, Phase.NOT_SENT, reason))
        except asyncio.CancelledError:
            reason = CALLED_OFF
        except Exception as error:
            reason = our_fault(error)
        if reason is None:
            try:
                durable = await self._intend(work, before)
            except Barred as barred:
                if work.part is not None and not isinstance(barred, Outstanding):
                    self._doors.ended(work.op_id)
                    self._ledger.show(work.command, Phase.NOT_STARTED, str(barred))
                    raise
                return Carried(await self._not_started(work, Phase.NOT_STARTED, str(barred), hindered=True))
            if not durable:
                reason = f"no command without a journal: {self._ledger.store.journal_failure}"
                return Carried(self._ended(work, Phase.NOT_STARTED, reason, recorded=False))
            if self._closed or caller.was_cancelled:
                reason = CALLED_OFF
        if reason is not None:
            return Carried(await self._not_started(work, Phase.NOT_STARTED, reason, hindered=hindered))
        return Carried(await self._call(work), before)

    async def leave_out(self, work: Work, reason: str) -> Result:
        """End a command before it began; a journal that is known to fail is not tried again."""
        if self._closed or self._ledger.broken:
            return self._ended(work, Phase.NOT_STARTED, reason, recorded=False)
        return await self._not_started(work, Phase.NOT_STARTED, reason)

    def show(
        self, work: Work, phase: Phase, reason: str | None = None, code: int | None = None, word: str = ""
    ) -> None:
        """Show how far a command is, to all and to who asked; `word` if it is not that of the phase."""
        command = self._ledger.show(work.command, phase, reason, code)
        if work.told is not None:
            work.told(command, word or class_word(phase))

    async def _first_look(self, work: Work) -> tuple[Belief | None, str | None]:
        """Return the state before the command, and why it must not be sent in that state."""
        goal, before, reason = work.order.goal, None, None
        if goal is not None:
            before = await self._breakable(self._look(goal.key))
            reason = goal.hindrance(before)
        if reason is None:
            reason = await self._breakable(self._doors.hindrance(work.op_id, work.order, before))
        return before, reason

    async def _intend(self, work: Work, before: Belief | None) -> bool:
        told = entry(
            RecordKind.INTENT,
            work.order,
            work.command,
            work.part,
            arguments={name: recordable(value) for name, value in work.arguments.items()},
            before=in_words(before),
            seen=plain(before),
            reason=work.unclear,
            despite=work.despite,
        )
        durable = await self._ledger.write(told, beside=work.beside)
        if not durable and work.despite:
            self._ledger.journal.owe(told)
            durable = True
        if durable:
            self.show(work, Phase.INTENT)
        return durable

    async def _call(self, work: Work) -> Result:
        clock = self._ledger.store.clock
        begun = clock()
        outcome, code = Outcome.UNKNOWN, None
        reason: SafeText | None = None
        reply: Mapping[str, Any] = {}
        try:
            self.show(work, Phase.SENT)
            reply = await self._breakable(work.target.call(work.order.method, work.arguments))
            outcome, reason = Outcome.ACCEPTED, safe(work.unclear) or None
        except Refused as refusal:
            outcome, reason, code = refusal.outcome, refusal.meaning, refusal.code
        except CallFailed as failure:
            outcome, reason = failure.outcome, failure.reason
        except asyncio.CancelledError:
            reason = safe("this console stopped waiting")
        except Exception as error:
            reason = our_fault(error)
        told = entry(
            RecordKind.OUTCOME,
            work.order,
            work.command,
            work.part,
            outcome=outcome.value,
            code=code,
            reason=reason or "",
            latency=round(clock() - begun, 4),
            despite=work.despite,
        )
        recorded = await self.record(work, told)
        return replace(self._ended(work, PHASES[outcome], reason, code, recorded=recorded), reply=reply)

    async def record(self, work: Work, told: Entry) -> bool:
        """Record what became of a command, and return whether that is on the disk.

        What was given despite a broken journal is recorded as soon as that can be written again.
        """
        recorded = await self._ledger.write(told)
        if not recorded and work.despite:
            self._ledger.journal.owe(told)
        return recorded

    async def _not_started(self, work: Work, phase: Phase, reason: str, *, hindered: bool = False) -> Result:
        word = SKIPPED if hindered else class_word(phase)
        told = entry(RecordKind.NOT_STARTED, work.order, work.command, work.part, outcome=word, reason=reason)
        recorded = await self._ledger.write(told)
        return replace(self._ended(work, phase, reason, recorded=recorded, word=word), hindered=hindered)

    def _ended(
        self,
        work: Work,
        phase: Phase,
        reason: str | None,
        code: int | None = None,
        *,
        recorded: bool,
        word: str = "",
    ) -> Result:
        """Show how a command ended for now, and return it."""
        if phase not in (Phase.ACCEPTED, Phase.UNKNOWN):
            self._doors.ended(work.op_id)
        self.show(work, phase, reason, code, word)
        return Result(
            op_id=work.op_id,
            outcome=OUTCOMES.get(phase),
            phase=phase,
            reason=None if reason is None else safe(reason),
            code=code,
            recorded=recorded,
        )

    async def _breakable(self, work: Awaitable[T]) -> T:
        """Await what `close` may break off."""
        task = asyncio.ensure_future(work)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        return await task


class Caller:
    """The task that waits for a command; the command has its ending, whatever becomes of that."""

    def __init__(self) -> None:
        self._task = asyncio.current_task()
        self._before = self._cancellations()

    @property
    def was_cancelled(self) -> bool:
        """Whether it was cancelled since; what the command did about it may have hidden that."""
        return self._cancellations() > self._before

    def _cancellations(self) -> int:
        return 0 if self._task is None else self._task.cancelling()


def our_fault(error: Exception) -> SafeText:
    """Log an error that nobody foresaw, and return what to say of it; its text may hold anything."""
    log.error("a command met a fault of this console", exc_info=error)
    return safe(f"a fault of this console: {type(error).__name__}")
