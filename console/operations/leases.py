"""Targets that a run holds while it goes on, seen by every console on this host (operations-safety rule 18).

Kept beside the records, so that a command's INTENT and the lease it needs are one transaction. A
lease that is not renewed ends by itself.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from console.operations.journal import FILE_NAME, Barred
from console.operations.journal.reading import connected
from console.operations.journal.writer import Beside

NAMED = 3
"""Held targets that are named in a refusal; the rest is counted."""


class Lease(Struct, frozen=True):
    """Who holds a target: a run, begun by `holder`, until `expires` (Unix seconds)."""

    target: str
    run: str
    holder: str
    expires: float


def held(directory: Path, site: str, now: float) -> Mapping[str, Lease]:
    """Return the targets of a site that are held now (Unix seconds), by name.

    Raises:
        JournalError: the journal cannot be read.
    """
    with connected(directory / FILE_NAME) as connection:
        if connection is None:
            return {}
        rows = connection.execute(
            "SELECT target, run, holder, expires FROM lease WHERE site = ? AND expires > ?", (site, now)
        )
        return {row[0]: Lease(*row) for row in rows}


def claim(site: str, targets: Sequence[str], lease: tuple[str, str], now: float, expires: float) -> Beside:
    """Return what takes all `targets` for a run, or none: `lease` is the run's id and its holder.

    It raises `Barred` when another run holds one of them.
    """
    run, holder = lease

    def take(connection: sqlite3.Connection) -> None:
        others = [
            (target, by)
            for target in targets
            if (by := _holder(connection, site, target, now)) is not None and by[0] != run
        ]
        if others:
            raise Barred(_refusal(others))
        connection.executemany(
            "INSERT OR REPLACE INTO lease (site, target, run, holder, expires) VALUES (?, ?, ?, ?, ?)",
            [(site, target, run, holder, expires) for target in targets],
        )

    return take


def renew(run: str, targets: int, now: float, expires: float) -> Beside:
    """Return what lets a run hold its targets for longer.

    It raises `Barred` when they are not all its own any more: it was silent for too long.
    """

    def hold(connection: sqlite3.Connection) -> None:
        query = "SELECT count(*) FROM lease WHERE run = ? AND expires > ?"
        (mine,) = connection.execute(query, (run, now)).fetchone()
        if mine < targets:
            raise Barred(f"run {run} was silent for too long, and its targets are free for others")
        connection.execute("UPDATE lease SET expires = ? WHERE run = ?", (expires, run))

    return hold


def release(run: str, *, but: Sequence[str] = (), until: float = 0.0) -> Beside:
    """Return what lets go of all a run holds, `but` for targets that it goes on to hold `until` then."""

    def let_go(connection: sqlite3.Connection) -> None:
        others = f"DELETE FROM lease WHERE run = ? AND target NOT IN ({', '.join('?' * len(but))})"
        connection.execute(others, (run, *but))
        connection.execute("UPDATE lease SET expires = ? WHERE run = ?", (until, run))

    return let_go


def free(site: str, target: str, now: float) -> Beside:
    """Return what raises `Barred` when a run holds a target."""

    def check(connection: sqlite3.Connection) -> None:
        by = _holder(connection, site, target, now)
        if by is not None:
            raise Barred(_refusal([(target, by)]))

    return check


class NotHeld(Barred):
    """A run's target is its own no more: it was silent for too long."""


def own(site: str, target: str, run: str, now: float) -> Beside:
    """Return what raises `NotHeld` when a run does not hold a target any more."""

    def check(connection: sqlite3.Connection) -> None:
        by = _holder(connection, site, target, now)
        if by is None or by[0] != run:
            raise NotHeld(f"run {run} was silent for too long: {target} is not its own any more")

    return check


def _holder(connection: sqlite3.Connection, site: str, target: str, now: float) -> tuple[str, str] | None:
    row = connection.execute(
        "SELECT run, holder FROM lease WHERE site = ? AND target = ? AND expires > ?", (site, target, now)
    ).fetchone()
    return (row[0], row[1]) if row else None


def _refusal(held: Sequence[tuple[str, tuple[str, str]]]) -> str:
    named = ", ".join(f"{target} is held by run {run} of {holder}" for target, (run, holder) in held[:NAMED])
    return named + (f", and {len(held) - NAMED} more" if len(held) > NAMED else "")
