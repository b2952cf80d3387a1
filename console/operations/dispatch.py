"""One command from asking to certainty: look, record, send once, classify, read back.

The order never varies: checked values, a fresh look, INTENT on the disk, one request on a
fresh connection, OUTCOME on the disk, and then looks until the goal is seen (operations-safety
rules 1 to 6 and 14). Nothing here sends a command a second time.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from console.fields import Arguments
from console.operations.journal import Entry, Journal, JournalError, RecordKind
from console.operations.orders import Belief, Goal, Order
from console.outcome import CallFailed, Outcome, Refused
from console.secret import HIDDEN, Secret
from console.state.entities import Command, Key, Phase, Port, RuleList, SourceName
from console.state.store import Store
from console.text import SafeText, safe

Look = Callable[[Key], Awaitable[Belief]]

LOOK_FIRST = 0.25
LOOK_MOST = 2.0
"""Seconds between two looks while waiting for the goal: growing from the first to the most."""

FLIGHT_LEAST = 5.0
EQUAL_LOOKS_APART = 2.0
"""Seconds an unknown command may still be in flight, and between the two looks that settle it (rule 5)."""

TARGET_NAMES = frozenset({"port_id", "device_id"})
"""Arguments that name the target, which a command already shows."""

_PHASE = {
    Outcome.ACCEPTED: Phase.ACCEPTED,
    Outcome.REFUSED: Phase.REFUSED,
    Outcome.NOT_SENT: Phase.NOT_SENT,
    Outcome.UNKNOWN: Phase.UNKNOWN,
}


class Target(Protocol):
    """A client, as far as the dispatcher knows it."""

    def check(self, name: str, given: Mapping[str, object]) -> Arguments: ...

    async def call(self, name: str, given: Mapping[str, object]) -> Mapping[str, Any]: ...


class NotAllowed(Exception):
    """The command is refused by this console; nothing was sent and nothing was recorded as sent."""


class Result(Struct, frozen=True):
    """What one command came to. `phase` goes beyond `outcome` once it was read back."""

    op_id: str
    outcome: Outcome | None
    phase: Phase
    reply: Mapping[str, Any] = {}
    reason: SafeText | None = None
    code: int | None = None


class Dispatcher:
    """Carries out orders, one call each.

    Args:
        targets: the clients by source.
        look: reads what a key names, afresh, into the store, and returns the belief.
        refusal: why this console gives no commands at all (read-only), or None.
        deadline: seconds a call may take; an unknown one is in flight for twice as long.
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
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._journal = journal
        self._targets = targets
        self._look = look
        self._refusal = refusal
        self._flight = max(FLIGHT_LEAST, 2 * deadline)
        self._sleep = sleep
        self._settling: set[asyncio.Task[None]] = set()

    async def send(self, order: Order) -> Result:
        """Carry out one order up to its outcome; what is accepted or unknown is settled behind.

        Raises:
            Invalid: a value is wrong. NotAllowed: read-only, no such system, or no journal. In both
                cases nothing was sent.
        """
        target = self._target(order)
        arguments = target.check(order.method, order.arguments)
        command = self._new_command(order, arguments)
        before = None
        if order.goal is not None:
            try:
                before = await self._look(order.goal.key)
            except CallFailed as failure:
                reason = f"its state could not be read first: {failure.reason}"
                return await self._not_started(order, command, Phase.NOT_SENT, reason)
            hindrance = order.goal.hindrance(before)
            if hindrance is not None:
                return await self._not_started(order, command, Phase.NOT_STARTED, hindrance)
        await self._intend(order, command, arguments, before)
        result = await self._call(target, order, command)
        if order.goal is not None and result.outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN):
            self._settle_behind(order, before, result)
        return result

    async def send_each(self, orders: Sequence[Order]) -> list[Result]:
        """Carry out orders one after the other, each with its own outcome.

        After two in a row that were not sent or are unknown the rest is not started (rule 24).
        """
        results: list[Result] = []
        for order in orders:
            lost = [result.outcome in (Outcome.NOT_SENT, Outcome.UNKNOWN) for result in results[-2:]]
            if len(lost) == 2 and all(lost):
                command = self._new_command(order, order.arguments)
                reason = "stopped: the two before it were lost"
                results.append(await self._not_started(order, command, Phase.NOT_STARTED, reason))
            else:
                results.append(await self.send(order))
        return results

    async def settled(self) -> None:
        """Wait until every command sent so far is settled."""
        while self._settling:
            await asyncio.gather(*self._settling)

    async def close(self) -> None:
        """Stop settling; what is not settled stays as it was recorded."""
        for task in tuple(self._settling):
            task.cancel()
        await asyncio.gather(*self._settling, return_exceptions=True)

    def _target(self, order: Order) -> Target:
        if self._refusal is not None:
            raise NotAllowed(self._refusal)
        target = self._targets.get(order.system)
        if target is None:
            raise NotAllowed(f"this site has no {order.system}")
        return target

    def _new_command(self, order: Order, arguments: Mapping[str, Any]) -> Command:
        now = datetime.now(UTC)
        command = Command(
            op_id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
            method=order.method,
            target=order.target,
            detail=safe(_detail(arguments)),
            asked_utc=now,
            asked_at=self._store.clock(),
        )
        return self._note(command, Phase.PLANNED)

    def _note(
        self, command: Command, phase: Phase, reason: str | None = None, code: int | None = None
    ) -> Command:
        after = replace(
            command,
            phase=phase,
            reason=None if reason is None else safe(reason),
            code=code,
            changed_at=self._store.clock(),
        )
        self._store.note_command(after)
        return after

    async def _not_started(self, order: Order, command: Command, phase: Phase, reason: str) -> Result:
        self._note(command, phase, reason)
        entry = _entry(RecordKind.NOT_STARTED, order, command)
        await self._write(replace(entry, outcome=phase.value, reason=reason))
        outcome = Outcome.NOT_SENT if phase is Phase.NOT_SENT else None
        return Result(op_id=command.op_id, outcome=outcome, phase=phase, reason=safe(reason))

    async def _intend(
        self, order: Order, command: Command, arguments: Arguments, before: Belief | None
    ) -> None:
        intent = replace(
            _entry(RecordKind.INTENT, order, command),
            arguments={name: _recordable(value) for name, value in arguments.items()},
            before="" if before is None else _words(before),
        )
        if not await self._write(intent):
            self._note(command, Phase.NOT_STARTED, "the journal cannot be written")
            raise NotAllowed(f"no command without a journal: {self._store.journal_failure}")

    async def _write(self, entry: Entry) -> bool:
        try:
            await self._journal.write(entry)
        except JournalError as error:
            self._store.note_journal(str(error))
            return False
        self._store.note_journal(None)
        return True

    async def _call(self, target: Target, order: Order, command: Command) -> Result:
        self._note(command, Phase.SENT)
        begun = self._store.clock()
        result = Result(op_id=command.op_id, outcome=Outcome.UNKNOWN, phase=Phase.UNKNOWN)
        try:
            reply = await target.call(order.method, order.arguments)
            result = replace(result, outcome=Outcome.ACCEPTED, phase=Phase.ACCEPTED, reply=reply)
        except CallFailed as failure:
            result = replace(
                result,
                outcome=failure.outcome,
                phase=_PHASE[failure.outcome],
                reason=failure.meaning if isinstance(failure, Refused) else failure.reason,
                code=failure.code if isinstance(failure, Refused) else None,
            )
        except Exception as error:
            result = replace(result, reason=safe(f"a fault of this console: {type(error).__name__}"))
        except asyncio.CancelledError:
            result = replace(result, reason=safe("the console stopped waiting"))
            await asyncio.shield(self._record_outcome(order, command, result, self._store.clock() - begun))
            raise
        await self._record_outcome(order, command, result, self._store.clock() - begun)
        return result

    async def _record_outcome(self, order: Order, command: Command, result: Result, latency: float) -> None:
        self._note(command, result.phase, result.reason, result.code)
        await self._write(
            replace(
                _entry(RecordKind.OUTCOME, order, command),
                outcome=str(result.outcome),
                code=result.code,
                reason=result.reason or "",
                latency=round(latency, 4),
            )
        )

    # Settling

    def _settle_behind(self, order: Order, before: Belief | None, result: Result) -> None:
        task = asyncio.create_task(self._settle(order, before, result))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle(self, order: Order, before: Belief | None, result: Result) -> None:
        if order.goal is None or before is None:
            return
        if result.outcome is Outcome.ACCEPTED:
            phase = await self._await_goal(order.goal, before)
        else:
            phase = await self._reconcile(order.goal, before)
        command = self._store.commands.get(result.op_id)
        if command is None:
            return
        self._note(command, phase, command.reason, command.code)
        await self._write(replace(_entry(RecordKind.SETTLED, order, command), outcome=phase.value))

    async def _await_goal(self, goal: Goal, before: Belief) -> Phase:
        """Look until the goal is seen; accepted is not done (rule 4)."""
        end = self._store.clock() + goal.patience
        pause = LOOK_FIRST
        while True:
            after = await self._look_or_none(goal)
            if after is not None and goal.reached(before, after):
                return Phase.CONFIRMED
            if self._store.clock() >= end:
                return Phase.NOT_REACHED
            await self._sleep(pause)
            pause = min(2 * pause, LOOK_MOST)

    async def _reconcile(self, goal: Goal, before: Belief) -> Phase:
        """Settle an unknown outcome by two equal looks once nothing can be in flight (rule 5)."""
        await self._sleep(self._flight)
        first = await self._look_or_none(goal)
        await self._sleep(EQUAL_LOOKS_APART)
        second = await self._look_or_none(goal)
        if first is None or second is None or _seen(first) != _seen(second):
            return Phase.STILL_UNKNOWN
        if goal.reached(before, second):
            return Phase.APPLIED
        return Phase.NOT_APPLIED if _seen(before) == _seen(second) else Phase.OTHER_STATE

    async def _look_or_none(self, goal: Goal) -> Belief | None:
        try:
            return await self._look(goal.key)
        except CallFailed:
            return None


def _entry(kind: RecordKind, order: Order, command: Command) -> Entry:
    return Entry(kind=kind, op=command.op_id, target=order.target, action=order.method)


def _seen(belief: Belief) -> object:
    """Return what was seen, without when: two looks are equal when nothing changed between them."""
    return belief.reading if isinstance(belief, Port) else belief.rules


def _words(belief: Belief) -> str:
    """Return the state before a command in a few words, for the journal."""
    if isinstance(belief, RuleList):
        return f"{len(belief.rules)} rules"
    parts = [f"mode {belief.mode}"]
    if belief.bin_id is not None:
        parts.append(f"bin {belief.bin_id} {belief.bin_mode or ''}".strip())
    if belief.case_state is not None:
        parts.append(f"case {belief.case_state}" + (" in error" if belief.case_error else ""))
    return ", ".join(parts)


def _recordable(value: Any) -> Any:
    """Return an argument as the journal may keep it: JSON, and without secrets."""
    match value:
        case Secret():
            return HIDDEN
        case tuple():
            return [_recordable(one) for one in value]
        case dict():
            return {name: _recordable(one) for name, one in value.items()}
        case _:
            return value


def _detail(arguments: Mapping[str, Any]) -> str:
    """Return the arguments in words; the target is named elsewhere."""
    shown = ((name, _recordable(value)) for name, value in arguments.items() if name not in TARGET_NAMES)
    return ", ".join(f"{name} {' '.join(map(str, v)) if isinstance(v, list) else v}" for name, v in shown)
