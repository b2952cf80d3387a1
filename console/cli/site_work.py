"""Runs a verb's work on an opened site, and turns every failure into words and an exit code."""

import argparse
import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from console.cli.common import connection
from console.cli.exit import Exit
from console.cli.output import fail
from console.cli.signals import heeding
from console.fields import Invalid
from console.operations.journal import JournalError
from console.outcome import CallFailed, NotSent, Refused
from console.settings import SettingsError, state_dir
from console.settings import Site as SiteSettings
from console.site import Site
from console.site_spec import configured, describe
from console.state.entities import UNSETTLED, Phase

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Work = Callable[[Site, SiteSettings], Awaitable[int]]


def on_site(options: argparse.Namespace, work: Work) -> int:
    """Open the site that the options name, without reading in the background, and do `work` on it."""
    try:
        settings, name, site = connection(options)
        spec = describe(name, settings, site, state_dir(), read_only=options.read_only)
        return asyncio.run(_work(Site(spec, configured(name, site)), site, work))
    except (SettingsError, Invalid) as error:
        fail(str(error))
        return Exit.USAGE
    except CallFailed as failure:
        fail(str(failure))
        return exit_of(failure)


def exit_of(failure: CallFailed) -> Exit:
    """Return the exit code that says what a failed call says."""
    if isinstance(failure, Refused):
        return Exit.REFUSED
    return Exit.NOT_SENT if isinstance(failure, NotSent) else Exit.UNKNOWN


async def _work(site: Site, settings: SiteSettings, work: Work) -> int:
    async def connected() -> int:
        await site.connect()
        return await work(site, settings)

    working = asyncio.ensure_future(connected())
    with _told_to_stop(working) as told:
        try:
            return await working
        except asyncio.CancelledError:
            if not told:
                raise
            with suppress(OSError):  # the terminal may be what is gone
                fail(_ended_by_signal(site))
            return 128 + told[0]
        finally:
            await site.close()
            with suppress(OSError):
                warn(site)


def _ended_by_signal(site: Site) -> str:
    uncertain = any(one.phase in UNSETTLED | {Phase.STILL_UNKNOWN} for one in site.store.commands.values())
    more = ": a command under way is UNKNOWN; `portside runs recover` settles it if a look can"
    return "told to stop" + (more if uncertain else "")


@contextmanager
def _told_to_stop(working: asyncio.Future[int]) -> Iterator[Sequence[int]]:
    """Break work off at Ctrl-C, SIGTERM and when the terminal is lost; what follows is done to its end.

    That is closing in order (rule 72), which takes seconds at most. Work that is done already stays so.
    """
    told: list[int] = []

    def stop(number: int) -> None:
        told.append(number)
        working.cancel()

    with heeding({number: partial(stop, number) for number in _STOPPING}):
        yield told


def warn(site: Site) -> None:
    """Say on stderr what a person should see to about the journal; that it is broken is told elsewhere."""
    with suppress(JournalError):
        for words in site.journal_warnings():
            fail(words)
