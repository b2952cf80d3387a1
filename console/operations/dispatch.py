"""The one way to every command: allowed, carried up to its outcome, and then followed until it is settled.

What is allowed is decided here, at every command; how one is carried is in `carrying`, how it is read
back in `settling`.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from console.operations.authority import Authority, NotAllowed
from console.operations.beliefs import Belief
from console.operations.carrying import (
    CALLED_OFF,
    Caller,
    Carried,
    Carrier,
    Result,
    Target,
    Told,
    Work,
    our_fault,
)
from console.operations.commands import command_id
from console.operations.journal import Journal, RecordKind
from console.operations.journal.writer import Beside
from console.operations.leases import free, own
from console.operations.ledger import Ledger
from console.operations.limits import Doors, not_too_often, nothing_outstanding, outstanding
from console.operations.orders import Goal, Look, Order, Part
from console.operations.owners import with_owner
from console.operations.records import argument_words, class_word, entry
from console.operations.settling import Finding, Settler, Sleep, unread
from console.outcome import Outcome
from console.settings.tables import Safety
from console.state.entities import Command, Phase, SourceName
from console.state.store import Store

__all__ = ["Dispatcher", "NotAllowed", "Result", "Target"]

ORDINARY, USUAL = Authority(), Safety()
"""A technician, and the limits as they are when nobody sets them."""


class Dispatcher:
    """Carries out orders, one call each.

    Args:
        targets: the clients by source.
        look: reads what a key names, afresh, into the store, and returns the belief.
        authority: what the person at this console may do.
        safety: the limits on harm.
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
        authority: Authority = ORDINARY,
        safety: Safety = USUAL,
        deadline: float = 5.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._store = store
        self._ledger = Ledger(store, journal)
        self._targets = targets
        self._authority = authority
        self._safety = safety
        self._doors = Doors(safety.least_open_ports, store, look)
        self._carrier = Carrier(self._ledger, look, self._doors)
        self._settler = Settler(look, clock=store.clock, deadline=deadline, sleep=sleep)
        self._sending: set[asyncio.Future[None]] = set()
        self._settling: set[asyncio.Future[None]] = set()
        self._closed = False

    async def send(
        self, order: Order, *, part: Part | None = None, told: Told | None = None, despite: str = ""
    ) -> Result:
        """Carry out one order up to its outcome; what is accepted or unknown is settled behind.

        What has no goal is settled at once: nothing will tell what it did.

        A caller that is cancelled leaves a command that was not started or is UNKNOWN, and recorded
        as such, never one without an ending.

        Args:
            part: which target of a run it is; the run holds its targets, and was approved if need be.
            told: hears of the command each time it gets on, to the end.
            despite: why a supervisor gives it even when the journal cannot be written (rule 48).

        Raises:
            Invalid: a value is wrong. NotAllowed: read-only, the role, no such system, no journal, or
                a command under way at the target.
            Barred: a part of a run only: `TooOften`, so that it waits, or `NotHeld`.
                In all cases nothing was sent.
        """
        result = await self._carry_out(self._work(order, part, told, despite))
        if result.phase is Phase.NOT_STARTED and not result.recorded:
            raise NotAllowed(result.reason)
        return result

    def goes_without_journal(self, order: Order) -> bool:
        """Whether the person here may give an order even while the journal cannot be written (rule 48)."""
        name = command_id(order.method, order.arguments)
        return self._authority.despite_journal(name, order.method)

    async def send_each(self, orders: Sequence[Order]) -> list[Result]:
        """Carry out orders one after the other, each with its own outcome.

        The rest is not started after two in a row that were not sent or are unknown (rule 24), or
        once the journal fails. One left out for the state of its target does not break a row.

        Raises:
            Invalid, NotAllowed: as `send`, for any of them; nothing was sent.
        """
        works = [self._work(order) for order in orders]
        results: list[Result] = []
        lost = 0
        stop: str | None = None
        for work in works:
            if self._closed:
                stop = CALLED_OFF
            if stop is not None:
                results.append(await self._carrier.leave_out(work, stop))
                continue
            result = await self._carry_out(work)
            results.append(result)
            if result.outcome is not None:
                lost = lost + 1 if result.outcome in (Outcome.NOT_SENT, Outcome.UNKNOWN) else 0
            if not result.recorded:
                stop = "stopped: the journal cannot be written"
            elif lost == self._safety.stop_lost:
                stop = "stopped: the two before it were lost"
        return results

    async def settle_lost(
        self,
        order: Order,
        op_id: str,
        before: Belief | None,
        *,
        outcome: Outcome | None,
        flown: float,
        part: Part | None = None,
        reason: str,
        blind: str = "",
    ) -> Finding:
        """Settle a command whose console ended before it did (rules 5 and 28).

        Args:
            before: the look before it, from its INTENT; without one nothing can be told.
            outcome: what was recorded of it; None is nothing.
            flown: seconds since then.
            reason: what became of that console, in words.
            blind: why nothing that is seen now tells what it did, where that is so.
        """
        work = Work(order, self._target(order), {}, self._command(order, order.arguments, op_id), part)
        if outcome is None:
            word = Outcome.UNKNOWN.value
            told = entry(RecordKind.OUTCOME, order, work.command, part, outcome=word, reason=reason)
            await self._ledger.write(told)
        accepted = outcome is Outcome.ACCEPTED
        self._carrier.show(work, Phase.ACCEPTED if accepted else Phase.UNKNOWN, reason)
        if blind:
            finding = Finding(Phase.STILL_UNKNOWN, blind)
        elif order.goal is None or before is None:
            finding = unread(accepted=accepted)
        elif accepted:
            finding = await self._settler.confirm(order.goal, before, op_id)
        else:
            finding = await self._settler.reconcile(order.goal, before, op_id, flown=flown)
        return await self._settled(work, finding)

    async def settled(self) -> None:
        """Wait until every command sent so far is settled."""
        while self._settling:
            await asyncio.wait(self._settling)

    async def close(self) -> None:
        """Accept nothing more and break off what is under way, each with its outcome recorded.

        A call under way becomes UNKNOWN; what is not settled stays as it was recorded.
        """
        self._closed = True
        self._carrier.close()
        for task in self._settling:
            task.cancel()
        while under_way := self._sending | self._settling:
            await asyncio.wait(under_way)

    def _work(
        self, order: Order, part: Part | None = None, told: Told | None = None, despite: str = ""
    ) -> Work:
        """Return a command that may be carried out.

        Raises:
            Invalid, NotAllowed: as `send`.
        """
        order, unclear = with_owner(order, self._store.rule_lists.values())
        name = command_id(order.method, order.arguments)
        reason = self._authority.refuses(name, order.method, approved=part is not None)
        if reason is None and self._closed:
            reason = "this console is closing"
        if reason is None and despite and not self._authority.despite_journal(name, order.method):
            reason = f"{name} waits for the journal, whoever gives it"
        if reason is not None:
            raise NotAllowed(reason)
        target = self._target(order)
        op_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        arguments = target.check(order.method, _marked(order, op_id))
        command = self._command(order, arguments, op_id)
        reason = None if part else outstanding(command, self._store.unsettled)
        if reason is not None:
            raise NotAllowed(reason)
        bars = self._bars(order, part)
        return Work(order, target, arguments, command, part, told, bars, despite, unclear)

    def _target(self, order: Order) -> Target:
        target = self._targets.get(order.system)
        if target is None:
            raise NotAllowed(f"this site has no {order.system}")
        return target

    def _command(self, order: Order, arguments: Mapping[str, object], op_id: str) -> Command:
        return Command(
            op_id=op_id,
            method=order.method,
            target=order.target,
            detail=argument_words(arguments),
            asked_utc=datetime.now(UTC),
            asked_at=self._store.clock(),
        )

    def _bars(self, order: Order, part: Part | None) -> Beside:
        """Return what may bar the command at its INTENT: who holds or commanded its target, or the rate.

        A run has to hold it still then: one that stood still for a while does not (rule 18).
        """
        site, per_minute = self._ledger.journal.site, self._safety.commands_per_minute

        def check_all(connection: sqlite3.Connection) -> None:
            now = datetime.now(UTC)
            at = now.timestamp()
            held = own(site, order.target, part.run, at) if part else free(site, order.target, at)
            held(connection)
            nothing_outstanding(site, order.target, now)(connection)
            if per_minute:
                not_too_often(site, per_minute, now)(connection)

        return check_all

    async def _carry_out(self, work: Work) -> Result:
        caller = Caller()
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sending.add(ended)
        try:
            carried = await self._carrier.carry(work, caller)
            await self._follow(work, carried)
        finally:
            self._sending.discard(ended)
            ended.set_result(None)
        if caller.was_cancelled:
            raise asyncio.CancelledError
        return carried.result

    async def _follow(self, work: Work, carried: Carried) -> None:
        """Settle a command that may have done something: behind, or at once where nothing can be read."""
        goal, (result, before) = work.order.goal, carried
        if result.outcome not in (Outcome.ACCEPTED, Outcome.UNKNOWN):
            return
        if goal is None or before is None:
            self._doors.ended(work.op_id)
            await self._settled(work, unread(accepted=result.outcome is Outcome.ACCEPTED), result)
        elif not self._closed:
            task = asyncio.create_task(self._settle(work, goal, before, result))
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)

    async def _settle(self, work: Work, goal: Goal, before: Belief, result: Result) -> None:
        accepted = result.outcome is Outcome.ACCEPTED
        try:
            settle = self._settler.confirm if accepted else self._settler.reconcile
            finding = await settle(goal, before, work.op_id)
        except Exception as error:
            finding = Finding(Phase.NOT_REACHED if accepted else Phase.STILL_UNKNOWN, our_fault(error))
        finally:
            self._doors.ended(work.op_id)
        await self._settled(work, finding, result)

    async def _settled(self, work: Work, finding: Finding, result: Result | None = None) -> Finding:
        phase, reason = finding
        word = class_word(phase)
        told = entry(
            RecordKind.SETTLED,
            work.order,
            work.command,
            work.part,
            outcome=word,
            reason=reason or "",
            despite=work.despite,
        )
        await self._carrier.record(work, told)
        if result is None:
            self._carrier.show(work, phase, reason)
        else:
            self._carrier.show(work, phase, reason or result.reason, result.code)
        return finding


def _marked(order: Order, op_id: str) -> Mapping[str, object]:
    if not order.marked_in:
        return order.arguments
    words = str(order.arguments.get(order.marked_in) or "")
    return {**order.arguments, order.marked_in: f"{words} [{op_id}]".strip()}
