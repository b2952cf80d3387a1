"""Limits on harm: one command at a time for a target, ports that stay in service, commands a minute.

The latter two are operations-safety rule 16: they are asked when a plan is made and again at each send.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from console.autostore.values import UNAVAILABLE, PortMode
from console.operations.beliefs import Belief
from console.operations.journal import Barred, RecordKind
from console.operations.journal.reading import decoded
from console.operations.journal.writer import Beside
from console.operations.orders import Look, Order
from console.operations.processes import lives, this_process
from console.outcome import CallFailed, Outcome
from console.state.entities import UNSETTLED, Command, Key, Kind, Phase, Port
from console.state.quality import Quality
from console.state.store import Store

_IN_FLIGHT = UNSETTLED - {Phase.ACCEPTED}
"""Phases in which a call is about to arrive, or may still."""

_OUT_OF_SERVICE = UNAVAILABLE | {PortMode.CLOSED, PortMode.RUNOUT}


def outstanding(command: Command, given: Iterable[Command]) -> str | None:
    """Return why a command has to wait for one `given` before at its target, or None.

    Until nobody can doubt any more whether the earlier call arrives, and late, no other is sent: what an
    unknown one did is settled first (rules 5 and 7), which ends after seconds. One that was accepted
    stands in the way of its own repetition only, such as that of a key held down.
    """
    if not command.target:
        return None
    for one in given:
        if one.target != command.target or one.op_id == command.op_id:
            continue
        same = (one.method, one.detail) == (command.method, command.detail)
        if one.phase in _IN_FLIGHT or (same and one.phase is Phase.ACCEPTED):
            return f"{one.target} has a command under way ({one.method}: {one.phase.value})"
    return None


def in_service(port: Port) -> bool:
    """Return whether a port is known to be open for work that is still planned."""
    return port.mode is not None and port.mode not in _OUT_OF_SERVICE


def takes_out(method: str, arguments: Mapping[str, object]) -> bool:
    """Return whether a call takes a port out of service."""
    return method == "closeport" or (
        method == "openport" and arguments.get("port_mode") == PortMode.RUNOUT.value
    )


def live(store: Store) -> list[Port]:
    """Return the ports whose state is known now: no other counts as in service (rule 32)."""
    return [port for port in store.ports.values() if store.port_quality(port) is Quality.LIVE]


def too_few(ports: Iterable[Port], leaving: Collection[int], least: int) -> str | None:
    """Return why the ports of ids `leaving` must not all go out of service, or None.

    Args:
        ports: those whose state is known.
    """
    if not least:
        return None
    staying = sum(in_service(port) and port.port_id not in leaving for port in ports)
    if staying >= least:
        return None
    return f"{staying} ports would be known to stay in service; at least {least} have to"


class Doors:
    """Ports that commands under way take out of service: what the store does not show yet."""

    def __init__(self, least: int, store: Store, look: Look) -> None:
        self._least = least
        self._store = store
        self._look = look
        self._leaving: dict[str, int] = {}

    async def hindrance(self, op_id: str, order: Order, before: Belief | None) -> str | None:
        """Return why a command must not be sent now, or None; then its port counts as leaving."""
        if not self._least or not takes_out(order.method, order.arguments):
            return None
        if isinstance(before, Port) and not in_service(before):
            return None
        port_id = int(str(order.arguments.get("port_id", 0)))
        await self._look_again(port_id)
        reason = self._too_few(port_id)
        if reason is None:
            self._leaving[op_id] = port_id
        return reason

    def _too_few(self, port_id: int) -> str | None:
        return too_few(live(self._store), {port_id, *self._leaving.values()}, self._least)

    async def _look_again(self, port_id: int) -> None:
        """Read ports that were in service when last seen until enough are known to be, or one is not read.

        Where nothing is read in the background, as on the command line, all of them grow old.
        """
        for port in tuple(self._store.ports.values()):
            if in_service(port) and self._store.port_quality(port) is not Quality.LIVE:
                if self._too_few(port_id) is None:
                    return
                try:
                    await self._look(Key(Kind.PORT, port.port_id))
                except CallFailed:
                    return

    def ended(self, op_id: str) -> None:
        """Take note that a command is settled: from now on the store shows what became of it."""
        self._leaving.pop(op_id, None)


class Outstanding(Barred):
    """Another console that goes on gave the target a command, and does not know yet what it did."""


STANDS = timedelta(minutes=5)
"""For how long another console's command counts as under way: longer than it takes any to settle one."""


def nothing_outstanding(site: str, target: str, now: datetime) -> Beside:
    """Return what raises `Outstanding` while another console's last command at a target may still arrive.

    `outstanding` sees this console's own; what one that is gone has left is for the recovery.
    """

    def check(connection: sqlite3.Connection) -> None:
        # The plus keeps SQLite from the index of kinds, which is as long as the journal.
        newest = (
            "SELECT seq, body FROM record WHERE target = ? AND target <> '' AND +kind = ? ORDER BY seq DESC"
        )
        given = (decoded(*row) for row in connection.execute(newest, (target, RecordKind.INTENT.value)))
        last = next((record for record in given if record.site == site), None)
        if last is None or now - last.utc > STANDS or last.process == this_process():
            return
        if lives(last.process, last.boot_id) and not _answered(connection, last.entry.op):
            by = f"{last.entry.action} of {last.actor.operator}"
            raise Outstanding(f"{target} has a command of another console under way ({by})")

    return check


def _answered(connection: sqlite3.Connection, op: str) -> bool:
    """Whether a command has ended, or its server has taken or refused it."""
    rows = connection.execute(
        "SELECT seq, body FROM record WHERE op = ? AND op <> '' AND kind <> 'intent'", (op,)
    )
    return any(decoded(*row).entry.outcome != Outcome.UNKNOWN for row in rows)


class TooOften(Barred):
    """So many commands were given within a minute that the next has to wait."""


def not_too_often(site: str, per_minute: int, now: datetime) -> Beside:
    """Return what raises `TooOften` when so many commands were given at the site within the last minute."""

    def check(connection: sqlite3.Connection) -> None:
        since = now - timedelta(minutes=1)
        newest = "SELECT seq, body FROM record WHERE kind = ? ORDER BY seq DESC"
        count = 0
        for seq, body in connection.execute(newest, (RecordKind.INTENT.value,)):
            record = decoded(seq, body)
            if record.utc < since:
                return
            count += record.site == site
            if count >= per_minute:
                raise TooOften(f"{per_minute} commands within a minute are the most here")

    return check
