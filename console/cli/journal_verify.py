"""`portside journal verify`: whether the chain holds, and a head of it that was kept elsewhere (rule 50)."""

import argparse
from pathlib import Path

import msgspec

from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.cli.progress import Gauge
from console.operations.journal import latest
from console.operations.journal.head import Head
from console.operations.journal.verifying import verify


def add_verify_options(parser: argparse.ArgumentParser) -> None:
    """Add what was kept elsewhere."""
    parser.add_argument(
        "--head", type=_head, metavar="SEQ:HASH", help="verify: a head that was kept elsewhere still stands"
    )


def verify_chain(options: argparse.Namespace, directory: Path) -> int:
    """Say whether the chain holds, and the head that the options name is in it.

    Raises:
        JournalError: the journal cannot be read.
    """
    gauge = Gauge(latest(directory))
    found = verify(
        directory, lambda done, total: gauge.show(done, f"{done} of {total} records"), kept=options.head
    )
    gauge.end()
    if options.form == "json":
        print(as_json(msgspec.to_builtins(found)))
    elif found.problem:
        fail(f"the chain is broken: {found.problem}")
    else:
        head = Head(found.last, found.head)
        print(f"{found.records} records hold, from number {found.first} on; the head is {head}")
    return Exit.OUR_FAULT if found.problem else Exit.DONE


def _head(text: str) -> Head:
    try:
        return Head.read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
