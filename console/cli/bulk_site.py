"""Runs bulk work of a verb on an opened site; whatever refuses it becomes words and an exit code."""

import argparse
from collections.abc import Awaitable, Callable

from console.cli.exit import Exit
from console.cli.output import fail
from console.cli.run_words import counted
from console.cli.site_work import on_site
from console.operations.authority import NotAllowed
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.report import Report
from console.operations.bulk.rows import BadRows
from console.operations.bulk.targets import WrongTargets
from console.operations.journal import JournalError
from console.settings import Site as SiteSettings
from console.site import Site
from console.text import safe

BulkWork = Callable[[Site, Bulk], Awaitable[int]]


class NoSuchRun(LookupError):
    """There is no run of that id at this site."""


def on_bulk(options: argparse.Namespace, work: BulkWork) -> int:
    """Open the site that the options name, and do bulk work on it."""

    async def working(site: Site, _settings: SiteSettings) -> int:
        assert site.bulk is not None
        return await refusing(work(site, site.bulk))

    return on_site(options, working)


async def refusing(work: Awaitable[int]) -> int:
    """Do bulk work; USAGE when it was refused before anything was sent."""
    try:
        return await work
    except BrokenPipeError:
        raise
    except BadRows as bad:
        for problem in bad.problems:
            fail(f"line {problem.line}: {problem.reason}" if problem.line else problem.reason)
        fail(f"nothing is planned: {counted(len(bad.problems), 'problem')}")
        return Exit.USAGE
    except (WrongTargets, PlanRefused, NotAllowed) as refusal:
        fail(str(refusal))
        return Exit.USAGE
    except NoSuchRun as missing:
        fail(f"there is no run {safe(str(missing), 80)} here; `portside runs list` names them")
        return Exit.USAGE
    except OSError as error:
        fail(f"{error.filename or 'file'}: {error.strerror or error}")
        return Exit.USAGE
    except JournalError as error:
        fail(str(error))
        return Exit.OUR_FAULT


def report_of(desk: Bulk, run: str) -> Report:
    """Return what a run came to so far.

    Raises:
        NoSuchRun: there is none of that id. JournalError: the journal cannot be read.
    """
    try:
        return desk.report(run)
    except LookupError:
        raise NoSuchRun(run) from None
