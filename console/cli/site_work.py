"""Runs a verb's work on an opened site, and turns every failure into words and an exit code."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from console.cli.common import connection
from console.cli.exit import Exit
from console.cli.output import fail
from console.fields import Invalid
from console.outcome import CallFailed, NotSent, Refused
from console.settings import SettingsError, state_dir
from console.settings import Site as SiteSettings
from console.site import Site, configured, describe

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
    try:
        await site.connect()
        return await work(site, settings)
    finally:
        await site.close()
