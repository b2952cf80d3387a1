"""Limits on harm: ports that stay in service, and how many commands a minute (operations-safety rule 16).

They are asked when a plan is made and again at each send.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from console.autostore.values import UNAVAILABLE, PortMode
from console.operations.beliefs import Belief
from console.operations.journal import Barred, RecordKind
from console.operations.journal.reading import decoded
from console.operations.journal.writer import Beside
from console.operations.orders import Order
from console.state.entities import Port

_OUT_OF_SERVICE = UNAVAILABLE | {PortMode.CLOSED, PortMode.RUNOUT}


def in_service(port: Port) -> bool:
    """Return whether a port is known to be open for work that is still planned."""
    return port.mode is not None and port.mode not in _OUT_OF_SERVICE


def takes_out(method: str, arguments: Mapping[str, object]) -> bool:
    """Return whether a call takes a port out of service."""
    return method == "closeport" or (
        method == "openport" and arguments.get("port_mode") == PortMode.RUNOUT.value
    )


def too_few(ports: Iterable[Port], leaving: Collection[int], least: int) -> str | None:
    """Return why the ports of ids `leaving` must not all go out of service, or None."""
    if not least:
        return None
    staying = sum(in_service(port) and port.port_id not in leaving for port in ports)
    if staying >= least:
        return None
    return f"{staying} ports would be known to stay in service; at least {least} have to"


class Doors:
    """Ports that commands under way take out of service: what the store does not show yet."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._leaving: dict[str, int] = {}

    def hindrance(self, op_id: str, order: Order, before: Belief | None, ports: Iterable[Port]) -> str | None:
        """Return why a command must not be sent now, or None; then its port counts as leaving."""
        if not self._least or not takes_out(order.method, order.arguments):
            return None
        if isinstance(before, Port) and not in_service(before):
            return None
        port_id = int(str(order.arguments.get("port_id", 0)))
        reason = too_few(ports, {port_id, *self._leaving.values()}, self._least)
        if reason is None:
            self._leaving[op_id] = port_id
        return reason

    def ended(self, op_id: str) -> None:
        """Take note that a command is settled: from now on the store shows what became of it."""
        self._leaving.pop(op_id, None)


def not_too_often(site: str, per_minute: int) -> Beside:
    """Return what raises `Barred` when so many commands were given at the site within a minute."""

    def check(connection: sqlite3.Connection) -> None:
        since = datetime.now(UTC) - timedelta(minutes=1)
        newest = "SELECT seq, body FROM record WHERE kind = ? ORDER BY seq DESC"
        count = 0
        for seq, body in connection.execute(newest, (RecordKind.INTENT.value,)):
            record = decoded(seq, body)
            if record.utc < since:
                return
            count += record.site == site
            if count >= per_minute:
                raise Barred(f"{per_minute} commands within a minute are the most here")

    return check
