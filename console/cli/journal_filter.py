"""Which records of the journal a verb is about."""

import argparse
import re
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from console.operations.bulk.classes import Class
from console.operations.journal import Query, Record, RecordKind, read
from console.operations.journal.reading import bodies, decoded

AT_ONCE = 5000
"""Records that are looked through at a time, from the newest back."""

_TOLD_BY = (
    *(RecordKind.OUTCOME, RecordKind.SETTLED, RecordKind.NOT_STARTED),
    *(RecordKind.RUN_END, RecordKind.ASKED),
)
"""The kinds that have an outcome."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_AGO = re.compile(r"(\d{1,6})([smhd])", re.ASCII)


class Wanted(NamedTuple):
    """What the journal is asked, and what is then looked at in each record; None is nothing more."""

    query: Query
    keeps: Callable[[Record], bool] | None


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """Add what narrows records down; all that is given has to hold."""
    only = parser.add_argument_group("only records")
    only.add_argument("--site", metavar="NAME", help="of this site")
    only.add_argument("--operator", metavar="NAME", help="of this person")
    only.add_argument(
        "--kind",
        action="append",
        type=RecordKind,
        choices=list(RecordKind),
        metavar="KIND",
        help="such as plan",
    )
    only.add_argument("--outcome", type=_class, metavar="CLASS", help="such as unknown, or not-reached")
    only.add_argument("--target", metavar="NAME", help="such as 'port 4'")
    only.add_argument("--run", dest="run_id", metavar="RUN", help="of this run")
    only.add_argument("--since", type=time_of, metavar="TIME", help="30m, 2h, 7d, or 2026-11-22T06:00 in UTC")


def asked(options: argparse.Namespace) -> Wanted:
    """Return which records the options are about."""
    kinds = tuple(options.kind or ())
    if options.outcome and not kinds:
        kinds = _TOLD_BY
    query = Query(run=options.run_id or "", target=options.target or "", kinds=kinds, since=options.since)
    site, operator, outcome = options.site, options.operator, options.outcome
    if not (site or operator or outcome):
        return Wanted(query, None)

    def keeps(record: Record) -> bool:
        return (
            (not site or record.site == site)
            and (not operator or record.actor.operator == operator)
            and (not outcome or record.entry.outcome == outcome)
        )

    return Wanted(query, keeps)


def newest(directory: Path, wanted: Wanted, last: int) -> list[Record]:
    """Return the newest records that are wanted, the oldest first.

    Raises:
        JournalError: the journal cannot be read.
    """
    if wanted.keeps is None:
        return list(read(directory, wanted.query, last=last))
    found: deque[Record] = deque()
    until: int | None = None
    while len(found) < last:
        some = list(read(directory, replace(wanted.query, until=until, last=AT_ONCE)))
        found.extendleft(record for record in reversed(some) if wanted.keeps(record))
        if len(some) < AT_ONCE:
            break
        until = some[0].seq - 1
    return list(found)[-last:] if last else []


def every(directory: Path, wanted: Wanted, last: int | None) -> Iterable[tuple[str, Record]]:
    """Return all records that are wanted, or so many of the newest, each with its text as it was hashed.

    Raises:
        JournalError: the journal cannot be read.
    """
    found = ((body, decoded(seq, body)) for seq, body in bodies(directory, wanted.query))
    kept = ((body, record) for body, record in found if wanted.keeps is None or wanted.keeps(record))
    return kept if last is None else deque(kept, maxlen=last)


def _class(text: str) -> str:
    """Return an outcome as records write it; a run's own end is one, too."""
    name = text.lower().replace("-", "_").replace(" ", "_")
    known = {*Class, "ended", "interrupted", "pause", "resume", "abort"}
    if name not in known:
        raise argparse.ArgumentTypeError(f"wanted one of {', '.join(Class)}")
    return name


def time_of(text: str) -> datetime:
    """Return the moment that a text names: so long ago, or a date and time, in UTC if it says no zone.

    Raises:
        argparse.ArgumentTypeError: it names none.
    """
    if ago := _AGO.fullmatch(text):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("wanted 30m, 2h, 7d, or a time like 2026-11-22T06:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
