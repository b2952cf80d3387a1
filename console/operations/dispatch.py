"""One command from asking to certainty: look, record, send once, classify, read back.

The order never varies: checked values, a fresh look, INTENT on the disk, one request on a
fresh connection, OUTCOME on the disk, and then looks until the goal is seen (operations-safety
rules 1 to 6 and 14). Nothing here sends a command a second time.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from console.fields import Arguments
from console.operations.journal import Entry, Journal, JournalError, RecordKind
from console.operations.orders import Belief, Goal, Order
from console.operations.records import argument_words, class_word, entry, recordable, state_words
from console.operations.settling import Finding, Look, Settler, Sleep
from console.outcome import CallFailed, Outcome, Refused
from console.state.entities import Command, Phase, SourceName
from console.state.store import Store
from console.text import SafeText, safe

T = TypeVar("T")

LOST_TO_STOP = 2
"""Commands in a row that were not sent or are unknown, after which the rest is not started (rule 24)."""

_PHASE = {
    Outcome.ACCEPTED: Phase.ACCEPTED,
    Outcome.REFUSED: Phase.REFUSED,
    Outcome.NOT_SENT: Phase.NOT_SENT,
    Outcome.UNKNOWN: Phase.UNKNOWN,
}

_OUTCOME = {phase: outcome for outcome, phase in _PHASE.items()}

log = logging.getLogger(__name__)


class Target(Protocol):
    """A client, as far as the dispatcher knows it."""

    def check(self, name: str, given: Mapping[str, object]) -> Arguments: ...

    async def call(self, name: str, given: Mapping[str, object]) -> Mapping[str, Any]: ...


class NotAllowed(Exception):
    """The command is refused by this console; nothing was sent and nothing was recorded as sent."""


class Result(Struct, frozen=True):
    """What one command came to when it was sent, or why it was not.

    `outcome` is None for one that was not started. `recorded` says whether the journal has it all.
    """

    op_id: str
    outcome: Outcome | None
    phase: Phase
    reply: Mapping[str, Any] = {}
    reason: SafeText | None = None
    code: int | None = None
    recorded: bool = True


class Dispatcher:
    """Carries out orders, one call each.

    Args:
        targets: the clients by source.
        look: reads what a key names, afresh, into the store, and returns the belief.
        refusal: why this console gives no commands at all (read-only), or None.
        deadline: seconds a call may take; an unknown one is in flight for twice as long.
        sleep: waits between two looks.
    """

    def __init__(
        self,
        store: Store,
        journal: Journal,
        targets: Mapping[SourceName, Target],
        *,
        look: Look,
        refusal: str | None = None,
        deadline: float = 5.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._store = store
        self._journal = journal
        self._targets = targets
        self._look = look
        self._refusal = refusal
        self._settler = Settler(look, clock=store.clock, deadline=deadline, sleep=sleep)
        self._sending: set[asyncio.Future[None]] = set()
        self._calls: set[asyncio.Future[Any]] = set()
        self._settling: set[asyncio.Future[None]] = set()
        self._closed = False

    async def send(self, order: Order) -> Result:
        """Carry out one order up to its outcome; what is accepted or unknown is settled behind.

        A caller that is cancelled leaves a command that was not started or is UNKNOWN, and recorded
        as such, never one without an ending.

        Raises:
            Invalid: a value is wrong. NotAllowed: read-only, no such system, or no journal. In both
                cases nothing was sent.
        """
        result = await self._carry_out(order, *self._checked(order))
        if result.phase is Phase.NOT_STARTED and not result.recorded:
            raise NotAllowed(result.reason)
        return result

    async def send_each(self, orders: Sequence[Order]) -> list[Result]:
        """Carry out orders one after the other, each with its own outcome.

        The rest is not started after two in a row that were not sent or are unknown (rule 24), or
        once the journal fails. One left out for the state of its target does not break a row.

        Raises:
            Invalid, NotAllowed: as `send`, for any of them; nothing was sent.
        """
        checked = [(order, *self._checked(order)) for order in orders]
        results: list[Result] = []
        lost = 0
        stop: str | None = None
        for order, target, arguments in checked:
            if self._closed:
                stop = _CALLED_OFF
            if stop is not None:
                results.append(await self._left_out(order, arguments, stop))
                continue
            result = await self._carry_out(order, target, arguments)
            results.append(result)
            if result.outcome is not None:
                lost = lost + 1 if result.outcome in (Outcome.NOT_SENT, Outcome.UNKNOWN) else 0
            if not result.recorded:
                stop = "stopped: the journal cannot be written"
            elif lost == LOST_TO_STOP:
                stop = "stopped: the two before it were lost"
        return results

    async def settled(self) -> None:
        """Wait until every command sent so far is settled."""
        while self._settling:
            await asyncio.wait(self._settling)

    async def close(self) -> None:
        """Accept nothing more and break off what is under way, each with its outcome recorded.

        A call under way becomes UNKNOWN; what is not settled stays as it was recorded.
        """
        self._closed = True
        for task in (*self._calls, *self._settling):
            task.cancel()
        while under_way := self._sending | self._settling:
            await asyncio.wait(under_way)

    def _checked(self, order: Order) -> tuple[Target, Arguments]:
        if self._refusal is not None:
            raise NotAllowed(self._refusal)
        if self._closed:
            raise NotAllowed("this console is closing")
        target = self._targets.get(order.system)
        if target is None:
            raise NotAllowed(f"this site has no {order.system}")
        return target, target.check(order.method, order.arguments)

    async def _carry_out(self, order: Order, target: Target, arguments: Arguments) -> Result:
        caller = _Caller()
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sending.add(ended)
        try:
            result = await self._steps(order, target, arguments, caller)
        finally:
            self._sending.discard(ended)
            ended.set_result(None)
        if caller.was_cancelled:
            raise asyncio.CancelledError
        return result

    async def _steps(self, order: Order, target: Target, arguments: Arguments, caller: "_Caller") -> Result:
        command = self._new_command(order, arguments)
        try:
            before, reason = await self._first_look(order.goal)
        except CallFailed as failure:
            reason = f"its state could not be read first: {failure.reason}"
            return await self._not_started(order, command, Phase.NOT_SENT, reason)
        except asyncio.CancelledError:
            before, reason = None, _CALLED_OFF
        except Exception as error:
            before, reason = None, _our_fault(error)
        if reason is None:
            if not await self._intend(order, command, arguments, before):
                reason = f"no command without a journal: {self._store.journal_failure}"
                return self._ended(command, Phase.NOT_STARTED, reason, recorded=False)
            if self._closed or caller.was_cancelled:
                reason = _CALLED_OFF
        if reason is not None:
            return await self._not_started(order, command, Phase.NOT_STARTED, reason)
        result = await self._call(target, order, command, arguments)
        if order.goal is not None and before is not None:
            self._settle_behind(order, order.goal, before, command, result)
        return result

    async def _first_look(self, goal: Goal | None) -> tuple[Belief | None, str | None]:
        """Return the state before the command, and why it must not be sent in that state."""
        if goal is None:
            return None, None
        before = await self._breakable(self._look(goal.key))
        return before, goal.hindrance(before)

    async def _intend(
        self, order: Order, command: Command, arguments: Arguments, before: Belief | None
    ) -> bool:
        told = entry(
            RecordKind.INTENT,
            order,
            command,
            arguments={name: recordable(value) for name, value in arguments.items()},
            before=state_words(before),
        )
        durable = await self._write(told)
        if durable:
            self._note(command, Phase.INTENT)
        return durable

    async def _call(self, target: Target, order: Order, command: Command, arguments: Arguments) -> Result:
        begun = self._store.clock()
        outcome, reason, code = Outcome.UNKNOWN, None, None
        reply: Mapping[str, Any] = {}
        try:
            self._note(command, Phase.SENT)
            reply = await self._breakable(target.call(order.method, arguments))
            outcome = Outcome.ACCEPTED
        except Refused as refusal:
            outcome, reason, code = refusal.outcome, refusal.meaning, refusal.code
        except CallFailed as failure:
            outcome, reason = failure.outcome, failure.reason
        except asyncio.CancelledError:
            reason = safe("this console stopped waiting")
        except Exception as error:
            reason = _our_fault(error)
        latency = round(self._store.clock() - begun, 4)
        told = entry(
            RecordKind.OUTCOME,
            order,
            command,
            outcome=outcome.value,
            code=code,
            reason=reason or "",
            latency=latency,
        )
        recorded = await self._write(told)
        result = self._ended(command, _PHASE[outcome], reason, code, recorded=recorded)
        return replace(result, reply=reply)

    async def _not_started(self, order: Order, command: Command, phase: Phase, reason: str) -> Result:
        told = entry(RecordKind.NOT_STARTED, order, command, outcome=class_word(phase), reason=reason)
        return self._ended(command, phase, reason, recorded=await self._write(told))

    async def _left_out(self, order: Order, arguments: Arguments, reason: str) -> Result:
        """End an order before it began; a journal that is known to fail is not tried again."""
        command = self._new_command(order, arguments)
        if self._closed or self._store.journal_failure is not None:
            return self._ended(command, Phase.NOT_STARTED, reason, recorded=False)
        return await self._not_started(order, command, Phase.NOT_STARTED, reason)

    # Settling

    def _settle_behind(
        self, order: Order, goal: Goal, before: Belief, command: Command, result: Result
    ) -> None:
        if result.outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN) and not self._closed:
            task = asyncio.create_task(self._settle(order, goal, before, command, result))
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)

    async def _settle(
        self, order: Order, goal: Goal, before: Belief, command: Command, result: Result
    ) -> None:
        accepted = result.outcome is Outcome.ACCEPTED
        try:
            settle = self._settler.confirm if accepted else self._settler.reconcile
            finding = await settle(goal, before)
        except Exception as error:
            finding = Finding(Phase.NOT_REACHED if accepted else Phase.STILL_UNKNOWN, _our_fault(error))
        phase, reason = finding
        await self._write(
            entry(RecordKind.SETTLED, order, command, outcome=class_word(phase), reason=reason or "")
        )
        self._note(command, phase, reason or result.reason, result.code)

    # Common ground

    def _new_command(self, order: Order, arguments: Arguments) -> Command:
        now = datetime.now(UTC)
        command = Command(
            op_id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}",
            method=order.method,
            target=order.target,
            detail=argument_words(arguments),
            asked_utc=now,
            asked_at=self._store.clock(),
        )
        self._note(command, Phase.PLANNED)
        return command

    def _note(
        self, command: Command, phase: Phase, reason: str | None = None, code: int | None = None
    ) -> None:
        shown = None if reason is None else safe(reason)
        changed = replace(command, phase=phase, reason=shown, code=code, changed_at=self._store.clock())
        self._store.note_command(changed)

    def _ended(
        self, command: Command, phase: Phase, reason: str | None, code: int | None = None, *, recorded: bool
    ) -> Result:
        """Show how a command ended for now, and return it."""
        self._note(command, phase, reason, code)
        return Result(
            op_id=command.op_id,
            outcome=_OUTCOME.get(phase),
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

    async def _write(self, told: Entry) -> bool:
        """Append to the journal, and return whether it is on the disk; no cancellation breaks that off."""
        writing = asyncio.create_task(self._journal.write(told))
        while not writing.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([writing])
        try:
            writing.result()
        except JournalError as error:
            self._store.note_journal(str(error))
            return False
        self._store.note_journal(None)
        return True


class _Caller:
    """The task that waits for a command."""

    def __init__(self) -> None:
        self._task = asyncio.current_task()
        self._before = self._cancellations()

    @property
    def was_cancelled(self) -> bool:
        """Whether it was cancelled since; what the command did about it may have hidden that."""
        return self._cancellations() > self._before

    def _cancellations(self) -> int:
        return 0 if self._task is None else self._task.cancelling()


_CALLED_OFF = "called off before it was sent"


def _our_fault(error: Exception) -> SafeText:
    """Log an error that nobody foresaw, and return what to say of it; its text may hold anything."""
    log.error("a command met a fault of this console", exc_info=error)
    return safe(f"a fault of this console: {type(error).__name__}")
