"""Reads the journal without ever changing it: by number, by what a record is about, or as it grows."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from console.operations.journal.entries import Record, RecordKind
from console.operations.journal.file import BUSY_SECONDS, FILE_NAME, JournalError
from console.outcome import Outcome

LOOK_EVERY = 0.25
"""Seconds between two looks of `follow`."""

_AT_ONCE = 1000


_UNSETTLED = """
SELECT seq, body FROM record WHERE op <> '' AND op IN (
    SELECT op FROM record WHERE op <> '' GROUP BY op HAVING sum(kind IN ('settled', 'not_started')) = 0
) ORDER BY seq
"""

_ENDINGS = (Outcome.REFUSED, Outcome.NOT_SENT)
"""Outcomes after which nothing more is to come."""


class Query(Struct, frozen=True):
    """Which records: all that fit what is given.

    `after` and `until` are record numbers, `after` itself is left out. `since` is a time of day.
    `last` keeps only so many of the newest.
    """

    op: str = ""
    run: str = ""
    target: str = ""
    kinds: tuple[RecordKind, ...] = ()
    after: int = 0
    until: int | None = None
    since: datetime | None = None
    last: int | None = None


ALL = Query()


def read(directory: Path, query: Query = ALL, **narrower: Any) -> Iterator[Record]:
    """Return the records that `query` asks for, by ascending number; `narrower` are further fields of it.

    Where nothing was commanded yet there is no journal, and so no record.

    Raises:
        JournalError: the journal cannot be read.
    """
    for seq, body in bodies(directory, replace(query, **narrower)):
        yield decoded(seq, body)


def bodies(directory: Path, query: Query = ALL) -> Iterator[tuple[int, str]]:
    """Return number and text of the records that `query` asks for, byte for byte as they were hashed.

    Raises:
        JournalError: as `read`.
    """
    with connected(directory / FILE_NAME) as connection:
        if connection is None:
            return
        after = query.after
        if query.since is not None:
            after = max(after, _before(connection, query.since))
        clause, values = _conditions(query, after)
        statement = f"SELECT seq, body FROM record {clause} ORDER BY seq"
        if query.last is not None:
            statement = f"SELECT * FROM ({statement} DESC LIMIT {int(query.last)}) ORDER BY seq"
        rows = connection.execute(statement, values)
        while some := rows.fetchmany(_AT_ONCE):
            yield from some


def latest(directory: Path) -> int:
    """Return the number of the newest record, 0 when there is none.

    Raises:
        JournalError: the journal cannot be read.
    """
    with connected(directory / FILE_NAME) as connection:
        row = connection and connection.execute("SELECT max(seq) FROM record").fetchone()
        return (row[0] or 0) if row else 0


def document(directory: Path, digest: str) -> tuple[str, bytes]:
    """Return what a record names by its digest, or by the beginning of it, and the whole digest.

    Raises:
        LookupError: there is none, or several begin like that. JournalError: it cannot be read.
    """
    if not digest or not digest.isalnum():
        raise LookupError(digest)
    with connected(directory / FILE_NAME) as connection:
        if connection is None:
            raise LookupError(digest)
        found = connection.execute(
            "SELECT digest, body FROM document WHERE digest >= ? AND digest < ? LIMIT 2",
            (digest, digest + "~"),
        ).fetchall()
    if len(found) != 1:
        raise LookupError(digest)
    whole, body = found[0]
    return str(whole), bytes(body)


def unended(directory: Path) -> list[Record]:
    """Return all records of the commands of which nothing tells yet how they ended, by ascending number.

    Found by an index: the records of all other commands, but for those that were refused, are not read.

    Raises:
        JournalError: the journal cannot be read.
    """
    with connected(directory / FILE_NAME) as connection:
        rows = connection.execute(_UNSETTLED).fetchall() if connection is not None else []
    records = [decoded(seq, body) for seq, body in rows]
    told = {record.entry.op for record in records if record.entry.outcome in _ENDINGS}
    return [record for record in records if record.entry.op not in told]


async def follow(directory: Path, query: Query = ALL) -> AsyncIterator[Record]:
    """Return the records that `query` asks for, and then each one as it is written, for ever.

    Raises:
        JournalError: the journal cannot be read.
    """
    wanted = query
    while True:
        for record in await asyncio.to_thread(_list, directory, wanted):
            wanted = replace(wanted, after=record.seq, last=None, since=None)
            yield record
        await asyncio.sleep(LOOK_EVERY)


def _list(directory: Path, query: Query) -> list[Record]:
    return list(read(directory, query))


def decoded(seq: int, body: str) -> Record:
    """Return one record.

    Raises:
        JournalError: it is damaged.
    """
    try:
        return msgspec.json.decode(body, type=Record)
    except (msgspec.MsgspecError, TypeError, UnicodeError) as error:
        raise JournalError(f"record {seq} is damaged: {error}") from error


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Open the journal for reading while the block runs; None where there is none.

    Raises:
        JournalError: it cannot be read.
    """
    try:
        if not path.exists():
            yield None
            return
        with closing(_reader(path)) as connection:
            # A console that ended while it made the file left one without any table.
            begun = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            yield connection if begun else None
    except (sqlite3.Error, OSError) as error:
        raise JournalError(f"cannot read {path}: {error}") from error


def _reader(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads; what a power loss left half done has to be put in order first."""
    uri = path.resolve().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
        connection = sqlite3.connect(f"{uri}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        connection.execute("PRAGMA query_only=ON")
    return connection


def _conditions(query: Query, after: int) -> tuple[str, list[object]]:
    parts: list[str] = []
    values: list[object] = []
    for name, value in (("op", query.op), ("run", query.run), ("target", query.target)):
        if value:
            # The indexes leave out blank values; only with this can SQLite tell that they serve.
            parts.append(f"{name} = ? AND {name} <> ''")
            values.append(value)
    if query.kinds:
        parts.append(f"kind IN ({', '.join('?' * len(query.kinds))})")
        values.extend(kind.value for kind in query.kinds)
    if after:
        parts.append("seq > ?")
        values.append(after)
    if query.until is not None:
        parts.append("seq <= ?")
        values.append(query.until)
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


def _before(connection: sqlite3.Connection, since: datetime) -> int:
    """Return the number of the last record before a time of day: halving, for numbers go up with time."""
    low, high = connection.execute("SELECT min(seq), max(seq) FROM record").fetchone()
    if low is None:
        return 0
    low, high = int(low) - 1, int(high)
    while low < high:
        middle = (low + high + 1) // 2
        row = connection.execute(
            "SELECT seq, body FROM record WHERE seq <= ? ORDER BY seq DESC LIMIT 1", (middle,)
        ).fetchone()
        if row is None or decoded(*row).utc < since:
            low = middle
        else:
            high = middle - 1
    return low
