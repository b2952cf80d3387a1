"""How long records are kept, and how much room is left for them (operations-safety rule 52).

Nothing is deleted by itself: what grows old is named, and a person moves it into a file of its own.
"""

import asyncio
import hashlib
import os
import shutil
import sqlite3
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct

from console.operations.journal.entries import FIRST_PREVIOUS, Entry, RecordKind
from console.operations.journal.file import ASIDE, FILE_NAME, JournalError
from console.operations.journal.reading import Query, bodies, connected, decoded, latest, unended
from console.operations.journal.writer import Journal

FREE_LOW, FREE_VERY_LOW = 0.20, 0.10
"""Shares of the disk that are free, below which a warning and then a graver one is due."""


_OPEN_RUNS = """
SELECT seq FROM record AS begun WHERE kind = 'run_start' AND NOT EXISTS (
    SELECT 1 FROM record WHERE run = begun.run AND run <> '' AND kind = 'run_end'
)
"""


class Room(Struct, frozen=True):
    """What the journal takes, in bytes, and how many of them are free, as a share too.

    `damaged` are the files of journals that were put aside and still lie beside it.
    """

    size: int
    free: int
    free_share: float
    records: int
    oldest: datetime | None
    damaged: tuple[str, ...] = ()


def room(directory: Path) -> Room:
    """Return how much room there is.

    Raises:
        JournalError: the journal cannot be read.
    """
    path = directory / FILE_NAME
    try:
        size = sum(one.stat().st_size for one in directory.glob(f"{FILE_NAME}*"))
        disk = shutil.disk_usage(directory if directory.exists() else directory.parent)
        damaged = tuple(sorted(one.name for one in directory.glob(ASIDE)))
    except OSError as error:
        raise JournalError(f"cannot look at {path}: {error}") from error
    oldest, records = None, 0
    with connected(path) as connection:
        if connection is not None:
            row = connection.execute("SELECT seq, body FROM record ORDER BY seq LIMIT 1").fetchone()
            oldest = decoded(*row).utc if row else None
            records = latest(directory) - row[0] + 1 if row else 0
    return Room(
        size=size,
        free=disk.free,
        free_share=disk.free / disk.total,
        records=records,
        oldest=oldest,
        damaged=damaged,
    )


def warnings(found: Room, keep_days: int, now: datetime) -> tuple[str, ...]:
    """Return what a person should see to, in words, the gravest first."""
    said: list[str] = []
    percent = f"{100 * found.free_share:.0f} % of the journal's disk is free"
    if found.damaged:
        said.append(f"the journal was damaged and begun afresh; take away what was kept: {found.damaged[0]}")
    if found.free_share < FREE_VERY_LOW:
        said.append(f"only {percent}: commands end when it is full")
    elif found.free_share < FREE_LOW:
        said.append(percent)
    if found.oldest is not None and now - found.oldest > timedelta(days=keep_days):
        said.append(f"the journal has records older than {keep_days} days: export and retire them")
    return tuple(said)


async def retire(journal: Journal, before: datetime, into: Path) -> int:
    """Move the records before a time of day into a JSON Lines file, and return how many they were.

    What is not over yet stays: a run without its end, a command without its own, and all after them.

    The file is on the disk, whole, before anything is deleted; a record says where it is and where
    the chain goes on.

    Raises:
        JournalError: nothing was deleted. OSError: the file cannot be written, or is there already.
    """
    directory = journal.path.parent
    kept = next(bodies(directory, Query(since=before)), None)
    first_kept = kept[0] if kept else latest(directory) + 1
    until = min([first_kept, *(record.seq for record in unended(directory)), *_open_runs(directory)]) - 1
    count, head = await asyncio.to_thread(_copy, directory, until, into)
    if not count:
        return 0
    told = Entry(
        kind=RecordKind.RETIRED,
        reason=f"{count} records up to {until} were moved into {into.name}",
        detail={"last": until, "head": head, "file": str(into)},
    )
    await journal.write(told, beside=partial(_delete, until))
    return count


def _open_runs(directory: Path) -> list[int]:
    """Return the numbers of the records that begin runs whose end was not recorded."""
    with connected(directory / FILE_NAME) as connection:
        return [] if connection is None else [seq for (seq,) in connection.execute(_OPEN_RUNS)]


def _copy(directory: Path, until: int, into: Path) -> tuple[int, str]:
    """Write the records up to a number into a new file, mode 0600; return how many, and the last hash.

    Without any there is no file.
    """
    count, head = 0, FIRST_PREVIOUS
    with open(into, "xb", opener=_private) as file:
        for _, body in bodies(directory, Query(until=until)):
            line = body.encode()
            file.write(line + b"\n")
            count, head = count + 1, hashlib.sha256(line).hexdigest()
        file.flush()
        os.fsync(file.fileno())
    if not count:
        into.unlink()
    return count, head


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _delete(until: int, connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM record WHERE seq <= ?", (until,))
