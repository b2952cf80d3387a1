"""The durable record of what was commanded and what became of it.

SQLite in WAL mode with synchronous=FULL: what `write` has returned from is on the disk. One
row per record; each carries the SHA-256 of the one before, so that a changed or missing row
shows. Several consoles on one host append to the same file.
"""

import asyncio
import hashlib
import os
import platform
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from console import __version__
from console.operations.actor import Actor
from console.state.clock import awake_and_asleep

FILE_NAME = "journal.sqlite"
FIRST_PREVIOUS = "0" * 64

_BUSY_SECONDS, _BUSY_PAUSE = 5.0, 0.02
"""Longest wait, in seconds, for another console that writes, and between two tries to open."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    seq  INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    op   TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS record_op ON record (op);
"""


class JournalError(Exception):
    """The journal cannot be written or read; while it cannot be written, no command is sent."""


class RecordKind(StrEnum):
    """What a record is about (operations-safety rule 43)."""

    START = "start"
    STOP = "stop"
    INTENT = "intent"
    OUTCOME = "outcome"
    SETTLED = "settled"
    NOT_STARTED = "not_started"


class Entry(Struct, frozen=True, omit_defaults=True):
    """What a writer says; the journal adds when, where, who and the chain.

    `arguments` must already be free of secrets. `outcome` is a class in lower case, such as
    `accepted` or `not_reached`. `latency` is in seconds.
    """

    kind: RecordKind
    op: str = ""
    target: str = ""
    action: str = ""
    arguments: Mapping[str, Any] = {}
    before: str = ""
    outcome: str = ""
    code: int | None = None
    reason: str = ""
    latency: float | None = None


class Record(Struct, frozen=True):
    """One row as it stands in the file."""

    seq: int
    previous: str
    utc: datetime
    clock: float
    boot_id: str
    host: str
    version: str
    site: str
    mode: str
    actor: Actor
    entry: Entry


class Journal:
    """Appends records for one site; all writing happens on one thread of its own.

    Args:
        directory: where the file lives; created with mode 0700, the file with 0600.
        site: the site's name.
        mode: LIVE, SIMULATOR or READ-ONLY, as the screen says it.
        actor: who is at the console.
    """

    def __init__(self, directory: Path, *, site: str, mode: str, actor: Actor) -> None:
        self.path = directory / FILE_NAME
        self._site = site
        self._mode = mode
        self._actor = actor
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._closed = False

    async def write(self, *entries: Entry) -> None:
        """Append `entries` and return when they are on the disk.

        Raises:
            JournalError: it is not certain that they are; the connection is given up and the next
                write opens anew (rule 47).
        """
        if self._closed:
            raise JournalError(f"{self.path} is closed")
        await asyncio.get_running_loop().run_in_executor(self._thread, self._append, entries)

    async def close(self) -> None:
        """Close the file, after what is being written."""
        if not self._closed:
            self._closed = True
            await asyncio.get_running_loop().run_in_executor(self._thread, self._give_up)
            self._thread.shutdown(wait=False)

    def _append(self, entries: Sequence[Entry]) -> None:
        try:
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            seq, previous = _last(connection)
            for entry in entries:
                seq += 1
                body = msgspec.json.encode(self._record(seq, previous, entry))
                previous = hashlib.sha256(body).hexdigest()
                connection.execute(
                    "INSERT INTO record (seq, kind, op, body, hash) VALUES (?, ?, ?, ?, ?)",
                    (seq, entry.kind.value, entry.op, body.decode(), previous),
                )
            connection.execute("COMMIT")
        except Exception as error:  # whatever it was, nobody can count on what was written
            self._give_up()
            raise JournalError(f"cannot write {self.path}: {error}") from error

    def _opened(self) -> sqlite3.Connection:
        """Return a connection to the file at `path`, and to no other: one that was removed keeps nothing."""
        if self._connection is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Only a new file: closing any descriptor of a file drops this process's locks on it.
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._inode = self.path.stat().st_ino
            self._connection = sqlite3.connect(
                self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            _switch_to_wal(self._connection)
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
        if self.path.stat().st_ino != self._inode:
            raise OSError("the file was replaced")
        return self._connection

    def _give_up(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _record(self, seq: int, previous: str, entry: Entry) -> Record:
        return Record(
            seq=seq,
            previous=previous,
            utc=datetime.now(UTC),
            clock=awake_and_asleep(),
            boot_id=_boot_id(),
            host=platform.node(),
            version=__version__,
            site=self._site,
            mode=self._mode,
            actor=self._actor,
            entry=entry,
        )


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for another console that switches at this very moment, so we do."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_BUSY_PAUSE)


def _last(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1").fetchone()
    return row or (0, FIRST_PREVIOUS)


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def read(directory: Path, *, op: str = "", last: int | None = None) -> Iterator[Record]:
    """Return records by ascending number: of one command when `op` is given, else the `last` ones.

    Where nothing was commanded yet there is no journal, and so no record.

    Raises:
        JournalError: the journal cannot be read.
    """
    where, values = ("WHERE op = ?", [op]) if op else ("", [])
    query = f"SELECT seq, body FROM record {where} ORDER BY seq DESC"
    if last is not None:
        query += f" LIMIT {int(last)}"
    for seq, body in reversed(_rows(directory / FILE_NAME, query, values)):
        try:
            yield msgspec.json.decode(body, type=Record)
        except (msgspec.MsgspecError, TypeError) as error:
            raise JournalError(f"record {seq} is damaged: {error}") from error


def _rows(path: Path, query: str, values: Sequence[str]) -> list[tuple[int, str]]:
    try:
        if not path.exists():
            return []
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as connection:
            return connection.execute(query, values).fetchall()
    except (sqlite3.Error, OSError) as error:
        raise JournalError(f"cannot read {path}: {error}") from error
