"""The journal's file: opened only when it is ours and whole, put aside when it is damaged.

Rules 46, 49 and 52 of operations-safety: WAL with synchronous FULL, mode 0600, and a file that does
not verify is kept, never repaired.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from console.operations.journal.entries import FIRST_PREVIOUS

FILE_NAME = "journal.sqlite"
ASIDE = "journal-damaged-*.sqlite"
"""Names of the journal, and of damaged ones that were put aside."""

BUSY_SECONDS, _BUSY_PAUSE = 5.0, 0.02
"""Longest wait, in seconds, for another console that writes, and between two tries to open."""

_CHECKPOINT_PAGES = 4000
"""Pages in the WAL, 4 KiB each, before they are copied into the file: 16 MiB, so that few writes wait."""

_TAIL = 200
"""Records at the end that are verified whenever the file is opened; `verify` does them all."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    seq    INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL,
    op     TEXT NOT NULL,
    body   TEXT NOT NULL,
    hash   TEXT NOT NULL,
    run    TEXT NOT NULL DEFAULT '',
    target TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS document (
    digest TEXT PRIMARY KEY,
    body   BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lease (
    site    TEXT NOT NULL,
    target  TEXT NOT NULL,
    run     TEXT NOT NULL,
    holder  TEXT NOT NULL,
    expires REAL NOT NULL,
    PRIMARY KEY (site, target)
) WITHOUT ROWID;
"""

_INDEXES = """
CREATE INDEX IF NOT EXISTS record_op ON record (op, kind) WHERE op <> '';
CREATE INDEX IF NOT EXISTS record_run ON record (run) WHERE run <> '';
CREATE INDEX IF NOT EXISTS record_kind ON record (kind);
CREATE INDEX IF NOT EXISTS record_target ON record (target) WHERE target <> '';
"""

_OURS = {"seq", "kind", "op", "body", "hash"}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class JournalError(Exception):
    """The journal cannot be written or read; while it cannot be written, no command is sent."""


class Damaged(Exception):
    """The file is no database any more, or its chain is broken; the message says where."""


class _Linked(Struct):
    """The part of a record that the chain needs."""

    seq: int
    previous: str


def open_file(path: Path) -> sqlite3.Connection:
    """Return a connection to the journal at `path`, made with mode 0600 in a folder of mode 0700.

    Raises:
        Damaged: what is there is damaged. sqlite3.Error, OSError: it cannot be opened now.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Only a new file: closing any descriptor of a file drops this process's locks on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        switch_to_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        _complete(connection)
        check_tail(connection)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.DatabaseError) and _primary_code(error) in _DAMAGE:
            raise Damaged(str(error)) from error
        raise
    return connection


def put_aside(path: Path) -> Path:
    """Rename a damaged journal with all that belongs to it, and return its new name.

    Raises:
        OSError: it cannot be renamed.
    """
    aside = path.with_name(f"{path.stem}-damaged-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}{path.suffix}")
    path.rename(aside)
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").rename(f"{aside}{ending}")
    return aside


def switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait for another console that switches at this moment, so we do."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_BUSY_PAUSE)


def _complete(connection: sqlite3.Connection) -> None:
    """Make the tables that are not there, and add to an older file what it lacks."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        columns = {row[1] for row in connection.execute("PRAGMA table_info(record)")}
        if not columns >= _OURS:
            raise sqlite3.OperationalError("it is the database of something else")
        if "run" not in columns:
            for name in ("run", "target"):
                connection.execute(f"ALTER TABLE record ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
            connection.execute(
                "UPDATE record SET target = coalesce(json_extract(body, '$.entry.target'), '')"
                " WHERE json_valid(body)"
            )
            connection.execute("DROP INDEX IF EXISTS record_op")
        for statement in _INDEXES.split(";"):
            connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def last(connection: sqlite3.Connection) -> tuple[int, str]:
    """Return number and hash of the newest record."""
    row = connection.execute("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1").fetchone()
    return row or (0, FIRST_PREVIOUS)


def check_tail(connection: sqlite3.Connection) -> None:
    """Follow the chain over the newest records.

    Raises:
        Damaged: it is broken.
    """
    rows = connection.execute(
        "SELECT seq, body, hash FROM record ORDER BY seq DESC LIMIT ?", (_TAIL + 1,)
    ).fetchall()[::-1]
    if len(rows) > _TAIL:
        (seq, _, previous), rows = rows[0], rows[1:]
        follow_chain(rows, seq, previous)
    elif rows:
        follow_chain(rows, rows[0][0] - 1, None)


def follow_chain(
    rows: Iterable[tuple[int, str, str]], seq: int, previous: str | None
) -> tuple[int, str | None]:
    """Follow the chain over `rows` of number, body and hash; return the last number and hash.

    Args:
        seq, previous: of the record before them; no `previous` takes the first row's word for it.

    Raises:
        Damaged: a record is missing, changed, or does not follow from the one before.
    """
    for number, body, digest in rows:
        if number != seq + 1:
            raise Damaged(f"record {seq + 1} is missing")
        try:
            linked = msgspec.json.decode(body, type=_Linked)
            actual = hashlib.sha256(body.encode()).hexdigest()
        except (msgspec.MsgspecError, TypeError, AttributeError, UnicodeError):
            raise Damaged(f"record {number} cannot be read") from None
        if actual != digest or linked.seq != number:
            raise Damaged(f"record {number} was changed")
        if previous is not None and linked.previous != previous:
            raise Damaged(f"record {number} does not follow from the one before")
        seq, previous = number, digest
    return seq, previous


def _primary_code(error: sqlite3.DatabaseError) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
