"""`portside runs ...`: the runs of this host, also those of other consoles."""

import argparse

from console.cli.bulk_site import on_bulk, report_of
from console.cli.common import add_connection_options, add_output_options
from console.cli.exit import Exit
from console.cli.output import fail, print_rows
from console.cli.run_shown import print_report
from console.cli.run_words import UNSETTLED, RunLine, class_words, count_words
from console.operations.bulk.classes import Class
from console.operations.bulk.desk import Bulk, Told
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.progress import RunState
from console.operations.bulk.recovery import Left, out_of_sight
from console.operations.records import class_word
from console.outcome import Outcome

COLUMNS = ("run", "started_utc", "state", "reason", "done", "total", "counts", "title", "operator", "plan")
PLAIN_COLUMNS = ("run", "state", "done", "total", "counts", "title", "operator")

RECOVERED = ("about", "action", "target", "outcome", "reason")

_RUN_HELP = "id of a run, as `portside runs list` names it"

ASKS = {
    "pause": "send nothing new for now",
    "resume": "go on after a pause",
    "abort": "send nothing new any more, let what was sent settle, and end",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the parts."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    summaries = {
        "list": "the last runs, the newest first",
        "attach": "watch a run until it ended",
        "recover": "find out what became of the runs and commands whose console ended before they did",
        **ASKS,
    }
    for name, summary in summaries.items():
        part = parts.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        if name == "list":
            part.add_argument("--last", type=_count, default=20, metavar="N", help="how many (default: 20)")
        else:
            wanted = "*" if name == "recover" else None
            part.add_argument("run", nargs=wanted, metavar="RUN", help=_RUN_HELP)
        add_connection_options(part)
        add_output_options(part)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("wanted 1 to 10000")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Do the part."""
    works = {"list": _list, "attach": _attach, "recover": _recover}
    return on_bulk(options, lambda _site, desk: works.get(options.part, _ask)(desk, options))


async def _list(desk: Bulk, options: argparse.Namespace) -> int:
    rows = [_row(told, plain=options.form == "plain") for told in desk.runs(options.last)]
    print_rows(rows, PLAIN_COLUMNS if options.form == "plain" else COLUMNS, options.form)
    return Exit.DONE


def _row(told: Told, *, plain: bool) -> dict[str, object]:
    progress = told.progress
    return {
        "run": told.run,
        "started_utc": told.started_utc.isoformat(timespec="seconds"),
        "state": progress.state.value,
        "reason": progress.reason,
        "done": progress.done,
        "total": progress.total,
        "counts": count_words(progress.counts) if plain else dict(progress.counts),
        "title": told.title,
        "operator": told.operator,
        "plan": told.plan,
    }


async def _attach(desk: Bulk, options: argparse.Namespace) -> int:
    """Show a run as the journal tells it; whoever looks on can go away without ending it."""
    line = RunLine(len(report_of(desk, options.run).rows))
    async for progress in desk.follow(options.run):
        line.show(progress)
    line.end()
    return print_report(report_of(desk, options.run), options.form)


async def _recover(desk: Bulk, options: argparse.Namespace) -> int:
    """Settle the runs that are named, or else all that were interrupted and all single commands left.

    UNKNOWN when that remains so of some, or of what cannot be settled here.
    """
    rows: list[dict[str, object]] = []
    refused = False
    if not options.run:
        for left, found in await desk.recover_commands():
            cls = Class(class_word(found.phase))
            rows.append(_recovered(left.op, left.order.method, left.order.target, cls, found.reason))
        rows += (
            _recovered(left.op, left.order.method, left.order.target, _known(left), out_of_sight(left.op))
            for left in desk.left_out_of_sight()
        )
    for run in options.run or [told.run for told in desk.interrupted()]:
        report_of(desk, run)
        try:
            report = await desk.recover(run)
        except PlanRefused as refusal:  # the others are settled all the same
            fail(str(refusal))
            refused = True
        else:
            rows += (_recovered(run, row.action, row.target, row.cls, row.reason) for row in report.rows)
    print_rows(rows, RECOVERED, options.form)
    unknown = {class_words(cls) for cls in UNSETTLED}
    return Exit.UNKNOWN if refused or any(row["outcome"] in unknown for row in rows) else Exit.DONE


def _known(left: Left) -> Class:
    """Return what is known of a command that was not settled."""
    return Class((left.outcome or Outcome.UNKNOWN).value)


def _recovered(about: str, action: str, target: str, cls: Class, reason: str | None) -> dict[str, object]:
    return {
        "about": about,
        "action": action,
        "target": target,
        "outcome": class_words(cls),
        "reason": reason or None,
    }


async def _ask(desk: Bulk, options: argparse.Namespace) -> int:
    """Ask, and wait until that was done."""
    before = report_of(desk, options.run)
    if before.state in (RunState.ENDED, RunState.INTERRUPTED):
        fail(f"run {options.run} is {before.state.value} already")
        return Exit.USAGE
    await desk.ask(options.run, options.part)
    async for progress in desk.follow(options.run):
        if _obeyed(progress.state, options.part):
            print(f"run {options.run} is {progress.state.value}")
            return Exit.DONE
    fail(f"run {options.run} ended before it could {options.part}")
    return Exit.INCOMPLETE


def _obeyed(state: RunState, asked: str) -> bool:
    match asked:
        case "pause":
            return state is not RunState.RUNNING
        case "resume":
            return state is not RunState.PAUSED
        case _:
            return state not in (RunState.RUNNING, RunState.PAUSED)
