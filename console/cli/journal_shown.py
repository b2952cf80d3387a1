"""How records of the journal are printed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from console.cli.output import as_json, print_rows
from console.cli.run_words import class_words, counted
from console.operations.bulk.classes import UNCERTAIN, Class
from console.operations.journal import Record
from console.operations.journal.exporting import COLUMNS, row
from console.operations.sheets import as_csv
from console.text import safe

PLAIN_COLUMNS = ("seq", "utc", "operator", "kind", "about", "action", "target", "outcome", "code", "reason")


def print_records(records: Sequence[Record], form: str, *, whole: bool = True) -> None:
    """Print records as a table; in plain words with what they tell in the end, UNKNOWN apart (rule 6).

    `whole` says whether all that was told of a command is among them.
    """
    if form != "plain":
        print_rows([row(record) for record in records], COLUMNS, form)
        return
    print_rows([plain_row(record) for record in records], PLAIN_COLUMNS, form)
    print(summary(records, whole=whole))


def plain_row(record: Record) -> Mapping[str, object]:
    """Return a record for people: `about` is the command's id, or else that of its run or plan."""
    entry = record.entry
    return {
        **row(record),
        "utc": f"{record.utc:%Y-%m-%dT%H:%M:%SZ}",
        "about": entry.op or entry.run or entry.plan[:8] or None,
        "outcome": outcome_words(entry.outcome) or None,
        "action": entry.action or None,
        "target": entry.target or None,
        "reason": entry.reason or None,
    }


def summary(records: Sequence[Record], *, whole: bool = True) -> str:
    """Return how the commands among the records stand by the last that is told of each.

    One of which nothing more than its INTENT is told is UNKNOWN, where all is told.
    """
    stands = {record.entry.op: record.entry.outcome for record in records if record.entry.op}
    counts = Counter(stands.values())
    uncertain = sum(counts.pop(cls.value, 0) for cls in UNCERTAIN) + (counts.pop("", 0) if whole else 0)
    words = [
        f"{count} {outcome_words(word) or 'without an outcome'}" for word, count in sorted(counts.items())
    ]
    told = f"{counted(len(records), 'record')} of {counted(len(stands), 'command')}"
    return f"{told}{': ' if words else ''}{', '.join(words)}; UNKNOWN {uncertain}"


def outcome_words(outcome: str) -> str:
    """Return an outcome in words; what is unknown stands out."""
    try:
        return class_words(Class(outcome))
    except ValueError:
        return outcome


def line_of(record: Record) -> str:
    """Return a record as one line for people."""
    told = plain_row(record)
    return safe("  ".join(str(told[name]) for name in PLAIN_COLUMNS if told[name] is not None), 1000)


def csv_line(record: Record) -> str:
    """Return a record as one row of CSV, without its end."""
    return as_csv([row(record)], COLUMNS).partition("\n")[2].removesuffix("\n")


def csv_header() -> str:
    """Return the header of CSV."""
    return as_csv((), COLUMNS).removesuffix("\n")


def json_line(record: Record) -> str:
    """Return a record as one line of JSON."""
    return as_json(row(record))


def exported(found: Iterable[tuple[str, Record]], form: str) -> Iterable[str]:
    """Return what an export consists of: lines of CSV, or else the records as they were hashed."""
    if form != "csv":
        return (body for body, _ in found)
    return (csv_header(), *(csv_line(record) for _, record in found))
