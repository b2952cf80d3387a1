"""What a run takes at the moment it begins, in the transaction of its first record."""

import sqlite3
from collections.abc import Sequence

from console.operations.journal import Barred, RecordKind
from console.operations.journal.writer import Beside
from console.operations.leases import claim


def begin_once(
    site: str, digest: str, targets: Sequence[str], lease: tuple[str, str], *, now: float, expires: float
) -> Beside:
    """Return what takes all targets for a run, and raises `Barred` when the plan was begun before.

    Args:
        lease: the run's id, and who begins it.
        now, expires: Unix seconds.
    """
    take = claim(site, targets, lease, now, expires)

    def check(connection: sqlite3.Connection) -> None:
        begun = connection.execute(
            "SELECT run FROM record WHERE kind = ? AND instr(body, ?)",
            (RecordKind.RUN_START.value, f'"plan":"{digest}"'),
        ).fetchone()
        if begun is not None:
            raise Barred(f"the plan was begun already, as run {begun[0]}")
        take(connection)

    return check
