"""`portside journal retire`: a supervisor moves old records into a file of their own (rule 52)."""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.cli.asking import agreed, at_terminal
from console.cli.common import add_config_option
from console.cli.exit import Exit
from console.cli.journal_filter import time_of
from console.cli.output import fail
from console.cli.run_words import counted
from console.cli.supervising import settings_of_supervisor
from console.operations.actor import whoami
from console.operations.authority import NotAllowed
from console.operations.journal import Journal
from console.operations.journal.keeping import retire
from console.settings import Settings, SettingsError
from console.settings.tables import Role


def add_retire_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which records, and that it is meant."""
    retiring = parser.add_argument_group("retire")
    retiring.add_argument(
        "--before", type=time_of, metavar="TIME", help="which records (default: as old as journal_days says)"
    )
    retiring.add_argument("--yes", action="store_true", help="go on without asking")
    add_config_option(parser)


def retire_records(options: argparse.Namespace, directory: Path) -> int:
    """Move old records into a new file, once that is agreed to.

    Raises:
        JournalError: nothing was deleted.
    """
    try:
        settings = settings_of_supervisor(options, otherwise="retires no records")
    except (SettingsError, NotAllowed) as refusal:
        fail(str(refusal))
        return Exit.USAGE
    before = options.before or datetime.now(UTC) - timedelta(days=settings.journal_days)
    into = options.out or directory / f"journal-before-{before:%Y%m%d-%H%M%S}.jsonl"
    try:
        return asyncio.run(_retire(options, settings, directory, before, into))
    except OSError as error:
        fail(f"{into}: {error.strerror}")
        return Exit.USAGE


async def _retire(
    options: argparse.Namespace, settings: Settings, directory: Path, before: datetime, into: Path
) -> int:
    question = f"Move all records before {before:%Y-%m-%d %H:%M} UTC into {into}?"
    if not options.yes and not (at_terminal() and await agreed(question)):
        fail("nothing was moved; --yes goes on without asking")
        return Exit.USAGE
    actor = whoami(settings.operator, Role.SUPERVISOR.value)
    journal = Journal(directory, site="", mode="", actor=actor, told=settings.journal)
    try:
        count = await retire(journal, before, into)
    finally:
        await journal.close()
    print(f"{counted(count, 'record')} moved" + (f" into {into}" if count else ": none is that old and over"))
    return Exit.DONE
