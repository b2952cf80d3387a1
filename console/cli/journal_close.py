"""`portside journal close`: a supervisor says what was seen of what nothing can settle (rule 28)."""

import argparse
import asyncio
from pathlib import Path

from console.cli.exit import Exit
from console.cli.output import fail
from console.cli.run_words import counted
from console.cli.supervising import settings_of_supervisor
from console.operations.actor import whoami
from console.operations.authority import NotAllowed
from console.operations.bulk.closing import Unclosed, close, unclosed
from console.operations.journal import Barred, Journal
from console.settings import Settings, SettingsError
from console.settings.tables import Role
from console.state.entities import SourceName
from console.text import safe

MOST_WORDS = 500
"""Characters of what was seen."""


def add_close_options(parser: argparse.ArgumentParser) -> None:
    """Add what was seen."""
    closing = parser.add_argument_group("close")
    closing.add_argument(
        "--seen", type=_words, metavar="WORDS", help="what you saw there of what was commanded"
    )


def _words(text: str) -> str:
    words = safe(text.strip(), MOST_WORDS + 1)
    if not 0 < len(words) <= MOST_WORDS:
        raise argparse.ArgumentTypeError(f"wanted 1 to {MOST_WORDS} characters")
    return words


def close_by_hand(options: argparse.Namespace, directory: Path) -> int:
    """Close a command or a run whose system no settings name any more; it stays UNKNOWN.

    Raises:
        JournalError: it is not recorded.
    """
    if options.seen is None:
        fail("--seen WORDS is missing: what you saw there of what was commanded")
        return Exit.USAGE
    try:
        settings = settings_of_supervisor(options, otherwise="closes nothing")
        found = unclosed(directory, options.id, lambda site, system: _names(settings, site, system))
        asyncio.run(_close(directory, settings, found, options.seen))
    except LookupError:
        fail(f"there is no command or run {safe(options.id, 80)}")
        return Exit.USAGE
    except (SettingsError, NotAllowed, Barred) as refusal:
        fail(str(refusal))
        return Exit.USAGE
    left = len(found.intents)
    print(
        f"{found.name} is closed"
        + (f"; nobody settles its {counted(left, 'command')} any more" if left else "")
    )
    return Exit.DONE


def _names(settings: Settings, name: str, system: SourceName) -> bool:
    site = settings.sites.get(name)
    if site is None:
        return False
    return (site.autostore if system is SourceName.AUTOSTORE else site.mor) is not None


async def _close(directory: Path, settings: Settings, found: Unclosed, seen: str) -> None:
    actor = whoami(settings.operator, Role.SUPERVISOR.value)
    journal = Journal(directory, site=found.first.site, mode="", actor=actor, told=settings.journal)
    try:
        await close(journal, found, seen)
    finally:
        await journal.close()
