"""Appends records; whatever is waiting goes to the disk together, in one transaction with one sync."""

import asyncio
import hashlib
import platform
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from console import __version__
from console.operations.actor import Actor
from console.operations.journal.elsewhere import Elsewhere
from console.operations.journal.entries import Entry, Record, RecordKind
from console.operations.journal.file import FILE_NAME, Damaged, JournalError, last, open_file, put_aside
from console.operations.processes import boot_id, this_process
from console.settings.tables import JournalCopies
from console.state.clock import awake_and_asleep

_OWED_MOST = 1000
"""Entries kept in mind while the file cannot be written; older ones are only counted."""

_GATHERED = 0.002
"""Seconds that a write waits for others to go to the disk with it, where the last ones were several."""


class _Row(NamedTuple):
    """A record as the table has it."""

    seq: int
    kind: str
    op: str
    body: str
    hash: str
    run: str
    target: str


_INSERT = f"INSERT INTO record ({', '.join(_Row._fields)}) VALUES "
_ROW = f"({', '.join('?' * len(_Row._fields))})"
_ROWS_MOST = 100
"""Rows of one statement: each statement lets go of the interpreter and has to wait to get it back."""

_NOT_JSON = (TypeError, ValueError, msgspec.MsgspecError)
"""What an entry that no file can hold raises; it is its own fault, and nobody else's."""

Beside = Callable[[sqlite3.Connection], None]
"""What belongs into the transaction of some entries. It may raise `Barred` before it changes anything."""


class Barred(Exception):
    """What the journal knows stands against it: another run holds the target, or a limit is reached."""


def document_beside(digest: str, body: bytes) -> Beside:
    """Return what keeps a document under its digest, once, beside the record that names it."""

    def keep(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT OR IGNORE INTO document (digest, body) VALUES (?, ?)", (digest, body))

    return keep


class _Job(NamedTuple):
    entries: Sequence[Entry]
    beside: Beside | None
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


def _end(ended: Sequence[tuple[_Job, Exception | None]]) -> None:
    """Tell who waits, on the loop of whoever waits and all at once; a loop that is gone waits for nothing."""
    loops = {job.loop: None for job, _ in ended}
    for loop in loops:
        mine = [(job.done, error) for job, error in ended if job.loop is loop]
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_tell, mine)


def _tell(ended: Sequence[tuple[asyncio.Future[None], Exception | None]]) -> None:
    for done, error in ended:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)


class Journal:
    """Appends records for one site; all writing happens on one thread of its own.

    Args:
        directory: where the file lives; created with mode 0700, the file with 0600.
        site: the site's name.
        mode: LIVE, SIMULATOR or READ-ONLY, as the screen says it.
        actor: who is at the console.
        told: where else it is told what stands in the file; by default nowhere.
    """

    def __init__(
        self, directory: Path, *, site: str, mode: str, actor: Actor, told: JournalCopies | None = None
    ) -> None:
        self.path = directory / FILE_NAME
        self.site = site
        self.mode = mode
        self.actor = actor
        self.aside: Path | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._waiting: deque[_Job] = deque()
        self._lock = threading.Lock()
        self._at_work = False
        self._together = 1
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._owed: deque[Entry] = deque(maxlen=_OWED_MOST)
        self._lost = 0
        self._why_lost = ""
        self._host = platform.node()
        self._boot_id = boot_id()
        self._process = this_process()
        self._closed = False
        self._elsewhere = None if told is None else Elsewhere(told, f"{site} uid {actor.uid}".strip())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What of the journal does not get to where it is told elsewhere, in words."""
        return () if self._elsewhere is None else self._elsewhere.warnings

    async def write(self, *entries: Entry, beside: Beside | None = None) -> None:
        """Append `entries` and return when they are on the disk, and what `beside` did with them.

        Raises:
            JournalError: it is not certain that they are; the connection is given up and the next
                write opens anew, and says first what may be missing (rule 47).
            Barred: as `beside`.
        """
        if self._closed:
            raise JournalError(f"{self.path} is closed")
        loop = asyncio.get_running_loop()
        job = _Job(entries, beside, loop, loop.create_future())
        with self._lock:
            self._waiting.append(job)
            begin, self._at_work = not self._at_work, True
        if begin:
            self._thread.submit(self._work)
        await job.done

    def owe(self, *entries: Entry) -> None:
        """Keep in mind what could not be written, to be written with the gap once that is possible."""
        self._owed.extend(entries)

    async def close(self) -> None:
        """Close the file, after what is being written."""
        if not self._closed:
            self._closed = True
            await asyncio.get_running_loop().run_in_executor(self._thread, self._end)
            self._thread.shutdown(wait=False)

    def _work(self) -> None:
        while True:
            if self._together > 1:  # several commands are under way: more of them are about to come
                time.sleep(_GATHERED)
            with self._lock:
                jobs = list(self._waiting)
                self._waiting.clear()
                self._at_work = bool(jobs)
            if not jobs:
                return
            self._together = len(jobs)
            self._write_together(jobs)

    def _write_together(self, jobs: Sequence[_Job]) -> None:
        refused: dict[int, Exception] = {}
        try:
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            gap = self._gap()
            rows, place = self._rows(gap, last(connection))
            for number, job in enumerate(jobs):
                try:
                    if job.beside is not None:
                        job.beside(connection)
                    more, place = self._rows(job.entries, place)
                    rows += more
                except (Barred, *_NOT_JSON) as refusal:
                    refused[number] = refusal if isinstance(refusal, Barred) else self._cannot(refusal)
            _insert(connection, rows)
            connection.execute("COMMIT")
        except Exception as error:  # whatever it was, nobody can count on what was written
            self._give_up()
            self._lost += sum(len(job.entries) for job in jobs)
            self._why_lost = str(error)
            failure = self._cannot(error)
            _end([(job, failure) for job in jobs])
            return
        self._lost = 0
        for _ in gap[1:]:
            self._owed.popleft()
        _end([(job, refused.get(number)) for number, job in enumerate(jobs)])
        self._tell_elsewhere(rows)

    def _rows(self, entries: Sequence[Entry], after: tuple[int, str]) -> tuple[list[_Row], tuple[int, str]]:
        """Return `entries` as rows that follow `after`, a record's number and hash, and those of the last."""
        seq, previous = after
        rows: list[_Row] = []
        for entry in entries:
            seq += 1
            body = msgspec.json.encode(self._record(seq, previous, entry))
            previous = hashlib.sha256(body).hexdigest()
            rows.append(
                _Row(seq, entry.kind.value, entry.op, body.decode(), previous, entry.run, entry.target)
            )
        return rows, (seq, previous)

    def _gap(self) -> Sequence[Entry]:
        """Return what is to be said of records that may be missing, and what is still known of them."""
        if not self._lost:
            return ()
        owed = tuple(self._owed)
        words = f"{self._lost} records before this one may be missing: {self._why_lost}"
        return (Entry(kind=RecordKind.GAP, reason=words), *owed)

    def _opened(self) -> sqlite3.Connection:
        """Return a connection to the file at `path`, and to no other: one that was removed keeps nothing."""
        if self._connection is None:
            try:
                self._connection = open_file(self.path)
            except Damaged as damaged:
                self._connection = self._begun_afresh(str(damaged))
            self._inode = self.path.stat().st_ino
        if self.path.stat().st_ino != self._inode:
            raise OSError("the file was replaced")
        return self._connection

    def _begun_afresh(self, damage: str) -> sqlite3.Connection:
        """Put the damaged file aside and begin a new one with a record that says so (rule 49)."""
        self.aside = put_aside(self.path)
        connection = open_file(self.path)
        words = f"the journal before this one is damaged ({damage}) and was kept as {self.aside.name}"
        connection.execute("BEGIN IMMEDIATE")
        rows, _ = self._rows([Entry(kind=RecordKind.FRESH, reason=words)], last(connection))
        _insert(connection, rows)
        connection.execute("COMMIT")
        self._tell_elsewhere(rows)
        return connection

    def _tell_elsewhere(self, rows: Sequence[_Row]) -> None:
        if self._elsewhere is not None and rows:
            self._elsewhere.written([(row.seq, row.body, row.hash) for row in rows])

    def _end(self) -> None:
        self._give_up()
        if self._elsewhere is not None:
            self._elsewhere.close()

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
            boot_id=self._boot_id,
            host=self._host,
            version=__version__,
            site=self.site,
            mode=self.mode,
            actor=self.actor,
            entry=entry,
            process=self._process,
        )

    def _cannot(self, error: Exception) -> JournalError:
        failure = JournalError(f"cannot write {self.path}: {error}")
        failure.__cause__ = error
        return failure


def _insert(connection: sqlite3.Connection, rows: Sequence[Sequence[object]]) -> None:
    for first in range(0, len(rows), _ROWS_MOST):
        some = rows[first : first + _ROWS_MOST]
        statement = _INSERT + ", ".join([_ROW] * len(some))
        connection.execute(statement, [value for row in some for value in row])
