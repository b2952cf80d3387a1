"""From a plan to its report: preview, confirmation, run; the same for every verb that commands in bulk.

Select before operate: what a person agrees to is a recorded plan with a digest, and only that is begun
(operations-safety rules 11 to 13).
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from contextlib import redirect_stdout
from enum import Enum

from console.cli.asking import agreed, ask, at_terminal
from console.cli.common import add_connection_options, add_output_options
from console.cli.detaching import detach
from console.cli.exit import Exit
from console.cli.output import fail
from console.cli.run_shown import (
    exit_of_nothing,
    exit_of_report,
    print_preview,
    print_rehearsal,
    print_report,
)
from console.cli.run_watch import watch
from console.operations.authority import NotAllowed
from console.operations.bulk.desk import Bulk
from console.operations.bulk.launch import RunOptions
from console.operations.bulk.plan import Plan, PlanRefused
from console.operations.bulk.preview import Preview

ANY = "any"
"""`--yes` without a digest."""

_SHORTEST = 8

Make = Callable[[], Awaitable[Plan]]
"""Returns the plan that was asked for, made anew."""

Fits = Callable[[Plan], bool]
"""Whether a plan that was shown before is the one that is asked for."""


class Answer(Enum):
    """What is done with a plan that was made."""

    GO = "go"
    ASK = "ask"
    STOP = "stop"


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add site, agreement, pace and form."""
    parser.add_argument(
        "--dry-run", action="store_true", help="look, and say what would be sent; send nothing"
    )
    parser.add_argument(
        "--yes",
        nargs="?",
        const=ANY,
        type=_digest,
        metavar="DIGEST",
        help="go on without asking; for many targets, with the digest of the plan that was shown",
    )
    parser.add_argument("--detach", action="store_true", help="run in a process that no lost terminal ends")
    parser.add_argument("--fan-out", type=int, choices=range(1, 17), metavar="N", help="1 to 16 at a time")
    parser.add_argument("--per-second", type=_rate, metavar="N", help="most commands a second; 0 is no limit")
    add_connection_options(parser)
    add_output_options(parser)
    parser.set_defaults(on_its_own=False)


def _digest(text: str) -> str:
    if text == ANY:
        return text
    if len(text) < _SHORTEST or not set(text) <= set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"wanted at least {_SHORTEST} characters of a plan's digest")
    return text


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1000:
        raise argparse.ArgumentTypeError("wanted 0 to 1000 commands a second")
    return rate


def names_plan(options: argparse.Namespace) -> bool:
    """Whether `--yes` names the plan that is agreed to."""
    return options.yes not in (None, ANY)


def refuse_at_once(desk: Bulk, options: argparse.Namespace) -> None:
    """Raise NotAllowed where this console gives no commands at all: nobody is asked in vain."""
    if desk.refusal is not None and not options.dry_run:
        raise NotAllowed(desk.refusal)


async def carry_out(desk: Bulk, options: argparse.Namespace, make: Make, fits: Fits) -> int:
    """Make a plan, or take the one that `--yes` names, and carry it out once that is agreed to.

    Raises:
        PlanRefused, NotAllowed: nothing was sent. JournalError: the same, or the report cannot be read.
    """
    refuse_at_once(desk, options)
    if names_plan(options) and not options.dry_run:
        plan = desk.find(options.yes)
        if not fits(plan):
            raise PlanRefused(f"plan {plan.short} is about something else than what is asked for here")
        return await begin(desk, options, plan, asks=False)
    plan = await make()
    if options.dry_run:
        return print_rehearsal(desk.preview(plan), await desk.rehearse(plan), options.form)
    return await offer(desk, options, plan)


async def offer(desk: Bulk, options: argparse.Namespace, plan: Plan, *, approved: bool = False) -> int:
    """Show a recorded plan, and begin it if that is agreed to.

    Args:
        approved: a second person has had the time to approve it.

    Raises:
        as `carry_out`.
    """
    shown = desk.preview(plan)
    if not shown.count:
        print_preview(shown, options.form)
        return exit_of_nothing(shown)
    match answer(shown, options.yes, terminal=at_terminal(), approved=approved):
        case Answer.GO:
            return await begin(desk, options, plan, asks=False)
        case Answer.ASK:
            with redirect_stdout(sys.stderr):
                print_preview(shown, "plain")
            if await confirmed(shown):
                return await begin(desk, options, plan, asks=True)
            fail("nothing was sent")
        case Answer.STOP:
            print_preview(shown, options.form)
            fail(f"nothing was sent; {how_to_go_on(shown, options.yes, approved=approved)}")
    return Exit.USAGE


def answer(shown: Preview, yes: str | None, *, terminal: bool, approved: bool) -> Answer:
    """Return what is done with a plan: without a digest, `yes` is enough for few targets, none critical."""
    if shown.needs_approval and not approved:
        return Answer.STOP
    if yes is not None:
        few = not (shown.count_typed or shown.site_typed)
        enough = few if yes == ANY else shown.digest.startswith(yes)
        return Answer.GO if enough else Answer.STOP
    return Answer.ASK if terminal else Answer.STOP


def how_to_go_on(shown: Preview, yes: str | None, *, approved: bool) -> str:
    """Return what makes a plan run that was shown and not begun."""
    digest = shown.digest[:_SHORTEST]
    if shown.needs_approval and not approved:
        return (
            f"it is critical: a second person says `portside bulk approve {digest}`,"
            f" and then it is begun with `portside bulk run {digest}`"
        )
    if yes == ANY and (shown.count_typed or shown.site_typed):
        return f"{shown.count} targets need the plan's digest: --yes {digest}"
    return f"to begin exactly this: --yes {digest}"


async def confirmed(shown: Preview) -> bool:
    """Ask the person at the terminal; the harmless answer needs no more than Enter (rule 13)."""
    if shown.site_typed and await ask(f"Type the site's name, {shown.site}, to go on:") != shown.site:
        return False
    if shown.count_typed:
        return await ask(f"Type {shown.count} to command {shown.count} targets:") == str(shown.count)
    return shown.site_typed or await agreed(f"Command {shown.count} of {shown.total} targets?")


async def begin(desk: Bulk, options: argparse.Namespace, plan: Plan, *, asks: bool) -> int:
    """Carry a recorded plan out, and print its report.

    Args:
        asks: somebody at the terminal looks at the first target before the others follow.

    Raises:
        as `carry_out`.
    """
    if options.detach:
        return await detach(desk, options, plan)
    pause = None if asks else False
    run = await desk.start(plan, RunOptions(options.fan_out, options.per_second, pause_after_first=pause))
    on_its_own = options.on_its_own
    await watch(run, asks=asks, quiet=on_its_own, hang_up=not on_its_own)
    report = desk.report(run.id)
    try:
        return print_report(report, options.form)
    except BrokenPipeError:
        raise
    except OSError:  # the terminal is gone: the report stays in the journal
        return exit_of_report(report)
