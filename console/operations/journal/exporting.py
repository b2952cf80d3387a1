"""The journal as text for other programs."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from console.operations.journal.entries import Record
from console.operations.journal.reading import ALL, Query, bodies, read
from console.operations.sheets import as_csv

COLUMNS = (
    *("seq", "utc", "site", "mode", "operator", "role", "login_uid", "kind", "run", "plan", "number"),
    *("op", "action", "target", "arguments", "before", "outcome", "code", "reason", "latency", "hash_before"),
)
"""The columns of a record as CSV."""


def json_lines(directory: Path, query: Query = ALL) -> Iterator[str]:
    """Return records as they stand in the file, one JSON object a line.

    The SHA-256 of a line, without its end, is the `previous` of the next: the chain can be followed
    in the export of a whole journal.

    Raises:
        JournalError: the journal cannot be read.
    """
    for _, body in bodies(directory, query):
        yield body


def csv_text(directory: Path, query: Query = ALL) -> Iterator[str]:
    """Return records as CSV, the header first, some rows at a time.

    Raises:
        JournalError: the journal cannot be read.
    """
    yield as_csv((), COLUMNS)
    for record in read(directory, query):
        yield as_csv([row(record)], COLUMNS).partition("\n")[2]


def row(record: Record) -> Mapping[str, object]:
    """Return a record as a row of `COLUMNS`."""
    entry, actor = record.entry, record.actor
    return {
        "seq": record.seq,
        "utc": f"{record.utc:%Y-%m-%dT%H:%M:%S.%fZ}",
        "site": record.site,
        "mode": record.mode,
        "operator": actor.operator,
        "role": actor.role,
        "login_uid": actor.login_uid,
        "kind": entry.kind.value,
        "run": entry.run,
        "plan": entry.plan,
        "number": entry.number or None,
        "op": entry.op,
        "action": entry.action,
        "target": entry.target,
        "arguments": dict(entry.arguments) or None,
        "before": entry.before,
        "outcome": entry.outcome,
        "code": entry.code,
        "reason": entry.reason,
        "latency": entry.latency,
        "hash_before": record.previous,
    }
