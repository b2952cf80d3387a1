"""Follows the chain over the whole journal, and says where it breaks (operations-safety rule 50).

The chain alone does not show that records at the very end were cut off, or that all of it was written
anew: a head that was kept somewhere else does.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from console.operations.journal.entries import FIRST_PREVIOUS, RecordKind
from console.operations.journal.file import FILE_NAME, Damaged, follow_chain
from console.operations.journal.head import Head
from console.operations.journal.reading import connected, decoded

Told = Callable[[int, int], None]
"""Called with how many records are done, and how many there are."""

_AT_ONCE = 5000


class Verified(Struct, frozen=True):
    """What the chain is worth: `problem` is where it breaks, blank when it holds.

    `first` and `last` are the numbers of its records, `head` is the newest hash.
    """

    records: int
    first: int
    head: str
    problem: str = ""
    last: int = 0


def verify(directory: Path, told: Told = lambda done, total: None, *, kept: Head | None = None) -> Verified:
    """Follow the chain from the first record to the last, a few thousand at a time.

    Args:
        kept: a head that it had once, which must still stand in it.

    Raises:
        JournalError: the journal cannot be read.
    """
    with connected(directory / FILE_NAME) as connection:
        if connection is None:
            problem = "" if kept is None else _cut(kept, 0)
            return Verified(records=0, first=0, head=FIRST_PREVIOUS, problem=problem)
        connection.execute("BEGIN")  # one view of it while others go on writing
        first, total = connection.execute("SELECT coalesce(min(seq), 0), count(*) FROM record").fetchone()
        seq, done = max(first - 1, 0), 0
        head: str | None = _beginning(connection, first)
        rows = connection.execute("SELECT seq, body, hash FROM record ORDER BY seq")
        try:
            while some := rows.fetchmany(_AT_ONCE):
                seq, head = follow_chain(some, seq, head)
                done += len(some)
                told(done, total)
        except Damaged as damage:
            return Verified(records=total, first=first, head=head or "", problem=str(damage))
        problem = "" if kept is None else _fallen(connection, kept, first, seq)
        return Verified(records=total, first=first, head=head or FIRST_PREVIOUS, problem=problem, last=seq)


def _fallen(connection: sqlite3.Connection, kept: Head, first: int, last: int) -> str:
    """Return why a head does not stand in a chain that holds from `first` to `last`, blank when it does."""
    if kept.seq > last:
        return _cut(kept, last)
    if kept.seq < first - 1:
        return f"record {kept.seq} was moved out by `portside journal retire`: look for it in that file"
    if kept.seq < first:
        digest = _beginning(connection, first)
    else:
        (digest,) = connection.execute("SELECT hash FROM record WHERE seq = ?", (kept.seq,)).fetchone()
    return (
        "" if digest == kept.digest else f"it was rewritten: record {kept.seq} is not the one that was kept"
    )


def _cut(kept: Head, last: int) -> str:
    return f"it was cut: record {kept.seq} was written, and the last one is {last}"


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
