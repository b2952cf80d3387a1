"""`portside journal ...`: what was commanded from this machine, and what became of it."""

import argparse
import asyncio
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from console.cli.common import add_output_options
from console.cli.exit import Exit
from console.cli.journal_close import add_close_options, close_by_hand
from console.cli.journal_filter import Wanted, add_filter_options, asked, every, newest
from console.cli.journal_retire import add_retire_options, retire_records
from console.cli.journal_shown import csv_header, csv_line, exported, json_line, line_of, print_records
from console.cli.journal_verify import add_verify_options, verify_chain
from console.cli.output import fail
from console.operations.actor import whoami
from console.operations.journal import (
    FILE_NAME,
    Entry,
    Journal,
    JournalError,
    RecordKind,
    follow,
    latest,
    read,
)
from console.settings import state_dir
from console.settings.files import login_name
from console.text import safe

LAST = 50
FOLLOWED = 10
"""Records that `list` prints, and that `follow` begins with."""

PARTS = {
    "list": "the newest records",
    "show": "all records of one command or run",
    "verify": "whether the chain over all records holds, and a head that was kept elsewhere",
    "export": "records as JSON Lines or CSV, for other programs",
    "retire": "move old records into a file of their own",
    "close": "say what was seen of a command or run that nothing can settle any more",
    "follow": "the newest records, and then each one as it is written",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "part",
        nargs="?",
        choices=tuple(PARTS),
        default="list",
        help="; ".join(f"{name}: {summary}" for name, summary in PARTS.items()),
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="show, close: the id of one command or run")
    parser.add_argument("--last", type=_count, metavar="N", help=f"how many (list: {LAST}, export: all)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="export, retire: into a new file")
    add_filter_options(parser)
    add_verify_options(parser)
    add_retire_options(parser)
    add_close_options(parser)
    add_output_options(parser)


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError("wanted a whole number from 0 on")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Do the part; records come with the oldest first."""
    if (options.part in ("show", "close")) != (options.id is not None):
        fail("wanted `portside journal list`, or an ID as in `portside journal show ID`")
        return Exit.USAGE
    if options.out is not None and options.part not in ("export", "retire"):
        fail("--out belongs to `portside journal export` and `retire`")
        return Exit.USAGE
    if options.head is not None and options.part != "verify":
        fail("--head belongs to `portside journal verify`")
        return Exit.USAGE
    works = {
        "list": _list,
        "show": _show,
        "verify": verify_chain,
        "export": _export,
        "follow": _follow,
        "retire": retire_records,
        "close": close_by_hand,
    }
    try:
        return works[options.part](options, state_dir())
    except JournalError as error:
        fail(str(error))
        return Exit.USAGE


def _list(options: argparse.Namespace, directory: Path) -> int:
    last = LAST if options.last is None else options.last
    whole = not (options.kind or options.operator)  # who settles a command may be somebody else
    print_records(newest(directory, asked(options), last), options.form, whole=whole)
    return Exit.DONE


def _show(options: argparse.Namespace, directory: Path) -> int:
    found = list(read(directory, op=options.id)) or list(read(directory, run=options.id))
    if not found:
        fail(f"there is no command or run {safe(options.id, 80)}")
        return Exit.USAGE
    print_records(found, options.form)
    return Exit.DONE


def _export(options: argparse.Namespace, directory: Path) -> int:
    lines = exported(every(directory, asked(options), options.last), options.form)
    if options.out is None:
        for line in lines:
            print(line)
    else:
        try:
            with open(options.out, "x", encoding="utf-8", opener=_private) as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            fail(f"{options.out}: {error.strerror}")
            return Exit.USAGE
    if (directory / FILE_NAME).exists():
        asyncio.run(_note_export(directory, options.out))
    return Exit.DONE


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


async def _note_export(directory: Path, out: Path | None) -> None:
    """Record that somebody took records along (rule 43), as far as the journal can be written."""
    journal = Journal(directory, site="", mode="", actor=whoami(login_name(), ""))
    try:
        await journal.write(Entry(kind=RecordKind.EXPORT, reason=f"into {out}" if out else "printed"))
    except JournalError as error:
        fail(f"the export is not recorded: {error}")
    finally:
        await journal.close()


def _follow(options: argparse.Namespace, directory: Path) -> int:
    last = FOLLOWED if options.last is None else options.last
    with suppress(KeyboardInterrupt):
        asyncio.run(_print_as_written(directory, asked(options), last, options.form))
    return Exit.DONE


async def _print_as_written(directory: Path, wanted: Wanted, last: int, form: str) -> None:
    shape = {"json": json_line, "csv": csv_line}.get(form, line_of)
    if form == "csv":
        print(csv_header(), flush=True)
    seen = latest(directory)
    for record in newest(directory, wanted, last):
        if record.seq <= seen:
            print(shape(record), flush=True)
    async for record in follow(directory, msgspec.structs.replace(wanted.query, after=seen)):
        if wanted.keeps is None or wanted.keeps(record):
            print(shape(record), flush=True)
