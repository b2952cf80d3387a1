"""Follows the chain over the whole journal, and says where it breaks (operations-safety rule 50).

The chain alone does not show that records at the very end were cut off: for that, keep the head that
`verify` returns somewhere else.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from console.operations.journal.entries import FIRST_PREVIOUS, RecordKind
from console.operations.journal.file import FILE_NAME, Damaged, follow_chain
from console.operations.journal.reading import connected, decoded

Told = Callable[[int, int], None]
"""Called with how many records are done, and how many there are."""

_AT_ONCE = 5000


class Verified(Struct, frozen=True):
    """What the chain is worth: `head` is the newest hash, `problem` where it breaks, blank when it holds."""

    records: int
    first: int
    head: str
    problem: str = ""


def verify(directory: Path, told: Told = lambda done, total: None) -> Verified:
    """Follow the chain from the first record to the last, a few thousand at a time.

    Raises:
        JournalError: the journal cannot be read.
    """
    with connected(directory / FILE_NAME) as connection:
        if connection is None:
            return Verified(records=0, first=0, head=FIRST_PREVIOUS)
        connection.execute("BEGIN")  # one view of it while others go on writing
        first, total = connection.execute("SELECT coalesce(min(seq), 0), count(*) FROM record").fetchone()
        seq, done = first - 1, 0
        head: str | None = _beginning(connection, first)
        rows = connection.execute("SELECT seq, body, hash FROM record ORDER BY seq")
        try:
            while some := rows.fetchmany(_AT_ONCE):
                seq, head = follow_chain(some, seq, head)
                done += len(some)
                told(done, total)
        except Damaged as damage:
            return Verified(records=total, first=first, head=head or "", problem=str(damage))
        return Verified(records=total, first=first, head=head or FIRST_PREVIOUS)


def _beginning(connection: sqlite3.Connection, first: int) -> str:
    """Return the hash that the first record must follow; a file that was retired in part says which."""
    if first <= 1:
        return FIRST_PREVIOUS
    rows = connection.execute(
        "SELECT seq, body FROM record WHERE kind = ? ORDER BY seq DESC", (RecordKind.RETIRED.value,)
    )
    for seq, body in rows:
        detail = decoded(seq, body).entry.detail
        if detail.get("last") == first - 1:
            return str(detail.get("head"))
    return FIRST_PREVIOUS
