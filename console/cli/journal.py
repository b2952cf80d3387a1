"""`portside journal`: what was commanded from this machine, and what became of it."""

import argparse
from collections.abc import Mapping

from console.cli.common import add_output_options
from console.cli.exit import Exit
from console.cli.output import fail, print_rows
from console.operations.journal import JournalError, Record, read
from console.settings import state_dir

COLUMNS = (
    *("seq", "utc", "site", "mode", "operator", "kind", "op", "action", "target", "arguments"),
    *("before", "outcome", "code", "reason", "latency"),
)
PLAIN_COLUMNS = ("seq", "utc", "operator", "kind", "op", "action", "target", "outcome", "code", "reason")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("verb", nargs="?", choices=("list", "show"), default="list")
    parser.add_argument("op", nargs="?", metavar="ID", help="show: the id of one command")
    parser.add_argument(
        "--last", type=int, default=50, metavar="N", help="list: how many (default: %(default)s)"
    )
    add_output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print records, the oldest first."""
    if (options.verb == "show") != (options.op is not None):
        fail("wanted `portside journal list` or `portside journal show ID`")
        return Exit.USAGE
    try:
        records = list(read(state_dir(), op=options.op or "", last=None if options.op else options.last))
    except JournalError as error:
        fail(str(error))
        return Exit.USAGE
    print_rows(
        [_row(record) for record in records],
        PLAIN_COLUMNS if options.form == "plain" else COLUMNS,
        options.form,
    )
    return Exit.DONE


def _row(record: Record) -> Mapping[str, object]:
    entry = record.entry
    return {
        "seq": record.seq,
        "utc": f"{record.utc:%Y-%m-%dT%H:%M:%SZ}",
        "site": record.site,
        "mode": record.mode,
        "operator": record.actor.operator,
        "kind": entry.kind.value,
        "op": entry.op,
        "action": entry.action,
        "target": entry.target,
        "arguments": dict(entry.arguments),
        "before": entry.before,
        "outcome": entry.outcome,
        "code": entry.code,
        "reason": entry.reason,
        "latency": entry.latency,
    }
