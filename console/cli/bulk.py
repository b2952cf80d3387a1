"""`portside bulk ...`: plans for many targets, and what comes after a run."""

import argparse
from pathlib import Path

from console.cli import bulk_after, bulk_plan
from console.cli.bulk_site import on_bulk, report_of
from console.cli.carrying_out import add_run_options, begin, names_plan, offer, refuse_at_once
from console.cli.common import add_connection_options, add_output_options
from console.cli.exit import Exit
from console.cli.output import fail
from console.cli.run_shown import print_preview, print_rehearsal, print_report
from console.operations.bulk import plan_files
from console.operations.bulk.classes import Again
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import Plan, PlanRefused
from console.site import Site

_PLAN_HELP = "digest of a plan, the beginning of one, or a file that `bulk plan --out` wrote"
_RUN_HELP = "id of a run: `portside runs list` names them"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the parts."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    bulk_plan.configure(_part(parts, "plan", "make a plan, show it and keep it; nothing is sent"))
    for name, summary in {
        "preview": "what a plan would do, from its file or from the journal",
        "approve": "agree, as a second person, to a plan with critical commands",
    }.items():
        part = _part(parts, name, summary)
        part.add_argument("plan", metavar="PLAN", help=_PLAN_HELP)
        _add_reading_options(part)
    part = _part(parts, "run", "carry a plan out")
    part.add_argument("plan", metavar="PLAN", help=_PLAN_HELP)
    add_run_options(part)
    part.add_argument("--on-its-own", action="store_true", help=argparse.SUPPRESS)
    part = _part(parts, "report", "what a run came to, target by target")
    part.add_argument("run", metavar="RUN", help=_RUN_HELP)
    _add_reading_options(part)
    for name, summary in {
        "retry": "one class of a run once more, as a new plan",
        "undo": "take back what a run did, as a new plan",
        "resume": "settle a run that was interrupted, and plan what it had not started",
    }.items():
        part = _part(parts, name, summary)
        part.add_argument("run", metavar="RUN", help=_RUN_HELP)
        if name == "retry":
            part.add_argument(
                "--class",
                dest="again",
                type=_again,
                default=Again.FAILED,
                metavar="|".join(one.value.replace("_", "-") for one in Again),
                help="which targets (default: failed)",
            )
        add_run_options(part)


def _part(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    return parts.add_parser(name, help=summary, description=summary, allow_abbrev=False)


def _add_reading_options(part: argparse.ArgumentParser) -> None:
    add_connection_options(part)
    add_output_options(part)


def _again(text: str) -> Again:
    try:
        return Again(text.replace("-", "_"))
    except ValueError:
        wanted = ", ".join(one.value.replace("_", "-") for one in Again)
        raise argparse.ArgumentTypeError(f"wanted one of {wanted}") from None


def run(options: argparse.Namespace) -> int:
    """Do the part."""
    works = {
        "plan": bulk_plan.make,
        "preview": _preview,
        "approve": _approve,
        "run": _run,
        "report": _report,
        "retry": bulk_after.once_more,
        "undo": bulk_after.once_more,
        "resume": bulk_after.resume,
    }
    return on_bulk(options, lambda site, desk: works[options.part](site, desk, options))


def plan_named(desk: Bulk, name: str) -> Plan:
    """Return the plan in a file of that name, or else the recorded one that begins so.

    Raises:
        PlanRefused: there is none, or it was changed. OSError: the file cannot be read.
    """
    path = Path(name)
    if path.suffix or len(path.parts) > 1 or path.exists():
        return plan_files.load(path)
    return desk.find(name)


async def _preview(_site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    print_preview(desk.preview(plan_named(desk, options.plan)), options.form)
    return Exit.DONE


async def _approve(_site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    plan = plan_named(desk, options.plan)
    print_preview(desk.preview(plan), options.form)
    await desk.approve(plan)
    fail(f"plan {plan.short} is approved")
    return Exit.DONE


async def _run(_site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    refuse_at_once(desk, options)
    plan = plan_named(desk, options.plan)
    if options.dry_run:
        return print_rehearsal(desk.preview(plan), await desk.rehearse(plan), options.form)
    if names_plan(options) and not plan.digest.startswith(options.yes):
        raise PlanRefused(f"this is plan {plan.short}, and --yes names another one")
    if options.on_its_own:
        return await begin(desk, options, plan, asks=False)
    return await offer(desk, options, plan, approved=True)


async def _report(_site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    return print_report(report_of(desk, options.run), options.form)
