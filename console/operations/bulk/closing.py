"""Commands and runs that nothing can settle any more, closed by a person who says what was seen.

What can still be looked at is settled by `recovery`. This is for what was commanded at a system that no
settings name any more: nobody else ends it, and UNKNOWN it stays (operations-safety rules 5, 6 and 28).
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from console.operations.authority import NotAllowed
from console.operations.bulk.history import CONSOLE_ENDED
from console.operations.bulk.progress import RunState
from console.operations.bulk.recovery import system_of
from console.operations.journal import Barred, Entry, Journal, Record, RecordKind, read, unended
from console.operations.leases import release
from console.operations.processes import lives
from console.operations.records import class_word
from console.operations.settling import unread
from console.outcome import Outcome
from console.state.entities import SourceName

InSight = Callable[[str, SourceName], bool]
"""Whether the settings name a site of that name, and that system there."""


class Unclosed(Struct, frozen=True):
    """A command or a run without an ending, as recorded.

    `intents` are those of its commands that have none, `answered` what their servers said of them, by id.
    `begun` is the record that a run begins with, None of a single command and of a run that is over.
    """

    name: str
    intents: tuple[Record, ...]
    answered: Mapping[str, Outcome]
    begun: Record | None = None

    @property
    def first(self) -> Record:
        """The first record of it."""
        return self.begun or self.intents[0]


def unclosed(directory: Path, name: str, in_sight: InSight) -> Unclosed:
    """Return what a person may close: the command or the run of that id.

    Raises:
        LookupError: there is none of that id.
        NotAllowed: it has its ending, is a part of a run, its console goes on, or it can be looked at.
        JournalError: the journal cannot be read.
    """
    if not name or not (any(read(directory, op=name)) or any(read(directory, run=name))):
        raise LookupError(name)
    left = [one for one in unended(directory) if name in (one.entry.op, one.entry.run)]
    over = any(read(directory, run=name, kinds=(RecordKind.RUN_END,)))
    begun = None if over else next(read(directory, run=name, kinds=(RecordKind.RUN_START,)), None)
    found = Unclosed(
        name=name,
        intents=tuple(one for one in left if one.entry.kind is RecordKind.INTENT),
        answered={
            one.entry.op: Outcome(one.entry.outcome) for one in left if one.entry.kind is RecordKind.OUTCOME
        },
        begun=begun,
    )
    reason = _why_not(found, in_sight)
    if reason is not None:
        raise NotAllowed(reason)
    return found


def _why_not(found: Unclosed, in_sight: InSight) -> str | None:
    if found.begun is None and not found.intents:
        return f"{found.name} has its ending already"
    run = found.first.entry.run
    if run not in ("", found.name):
        return f"{found.name} is a part of run {run}: that is closed as a whole"
    if lives(found.first.process, found.first.boot_id):
        return f"the console that began {found.name} goes on"
    if _can_be_looked_at(found, in_sight):
        return f"what became of {found.name} can be looked at: `portside runs recover` does"
    return None


def _can_be_looked_at(found: Unclosed, in_sight: InSight) -> bool:
    """Whether a console of the settings could settle it; of a run all but what is out of its sight."""
    if not found.intents:
        return any(in_sight(found.first.site, system) for system in SourceName)
    return any(in_sight(one.site, system_of(one.entry)) for one in found.intents)


async def close(journal: Journal, found: Unclosed, seen: str) -> None:
    """Record that the person of the journal closed it, and what they say of it.

    Raises:
        Barred: it got its ending meanwhile. JournalError: it is not recorded.
    """
    words = f"closed by {journal.actor.operator}, who says: {seen}"
    ends = [entry for one in found.intents for entry in _endings(found, one.entry, words)]
    if found.begun is not None:
        told = Entry(
            kind=RecordKind.RUN_END,
            run=found.name,
            plan=found.begun.entry.plan,
            outcome=RunState.INTERRUPTED.value,
            reason=f"{CONSOLE_ENDED}; {words}",
        )
        ends.append(told)

    def once(connection: sqlite3.Connection) -> None:
        _bar_if_ended(connection, ends)
        release(found.name)(connection)

    await journal.write(*ends, beside=once)


def _endings(found: Unclosed, intent: Entry, words: str) -> Iterator[Entry]:
    """Return what ends a command: what it counts as is what it would be if nobody had looked."""
    told = replace(intent, arguments={}, before="", seen=None, despite="", system="")
    outcome = found.answered.get(intent.op)
    if outcome is None:
        unknown = Outcome.UNKNOWN.value
        yield replace(told, kind=RecordKind.OUTCOME, outcome=unknown, reason=CONSOLE_ENDED)
    finding = unread(accepted=outcome is Outcome.ACCEPTED)
    yield replace(told, kind=RecordKind.SETTLED, outcome=class_word(finding.phase), reason=words)


def _bar_if_ended(connection: sqlite3.Connection, ends: list[Entry]) -> None:
    """Raise Barred when one of the endings stands in the journal already."""
    for one in ends:
        column, name = ("op", one.op) if one.op else ("run", one.run)
        query = f"SELECT seq FROM record WHERE {column} = ? AND {column} <> '' AND kind = ?"
        if connection.execute(query, (name, one.kind.value)).fetchone() is not None:
            raise Barred(f"{name} has its ending already")
