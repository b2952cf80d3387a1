"""`portside bulk plan`: a plan from TARGETS, from a table, or from an earlier plan; nothing is sent."""

import argparse
from pathlib import Path

from console.cli.commanding import check, recorded
from console.cli.common import add_connection_options, add_output_options
from console.cli.exit import Exit
from console.cli.output import fail
from console.cli.pairs import collected
from console.cli.run_shown import print_preview
from console.cli.targets import chosen, parted
from console.operations.bulk import plan_files, rows
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import Plan, PlanRefused
from console.operations.bulk.targets import WrongTargets
from console.operations.bulk.wishes import Wish, same_for_all
from console.settings.files import read_regular
from console.site import Site
from console.text import safe


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "action", nargs="?", metavar="ACTION", help=f"{', '.join(ACTIONS)}; in a table, a column says it"
    )
    parser.add_argument("words", nargs="*", metavar="TARGETS", help="as for the verb, then name=value ...")
    parser.add_argument("--where", metavar="WORDS", help="ports that a filter keeps: 'mode:closed type:ac'")
    parser.add_argument("--user", type=int, metavar="N", help="all devices of a user")
    parser.add_argument(
        "--from", dest="file", type=Path, metavar="FILE", help="a CSV table, or a plan in TOML to make again"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="keep it in a new file, too")
    add_connection_options(parser)
    add_output_options(parser)


async def make(site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    """Make a plan, keep and show it.

    Raises:
        WrongTargets, BadRows, PlanRefused, Invalid: what is asked for is wrong. OSError: a file cannot be
            read, or is there already. JournalError: the plan cannot be kept.
    """
    plan = await recorded(desk, await _wishes(site, desk, options))
    if options.out is not None:
        plan_files.save(plan, options.out)
    shown = desk.preview(plan)
    print_preview(shown, options.form)
    if shown.count:
        fail(f"nothing was sent; {_next(plan, options.out, needs_approval=shown.needs_approval)}")
    return Exit.DONE


def _next(plan: Plan, out: Path | None, *, needs_approval: bool) -> str:
    run = f"portside bulk run {out or plan.short} --yes {plan.short}"
    if needs_approval:
        return f"a second person says `portside bulk approve {plan.short}`, and then `{run}` begins it"
    return f"`{run}` begins it"


async def _wishes(site: Site, desk: Bulk, options: argparse.Namespace) -> tuple[Wish, ...]:
    if options.file is not None:
        if options.words or options.where or options.user:
            raise WrongTargets("with --from, the file names the targets")
        return _from_file(options.file, options.action or "")
    action = ACTIONS.get(options.action or "")
    if action is None:
        asked = safe(options.action or "(nothing)", 40)
        raise PlanRefused(f"there is no action {asked}: wanted one of {', '.join(ACTIONS)}, or --from FILE")
    targets = await chosen(site, action, options)
    wishes = same_for_all(action.id, targets, collected(action.fields, parted(options.words)[1]))
    check(desk, wishes[0])
    return wishes


def _from_file(path: Path, action: str) -> tuple[Wish, ...]:
    if path.suffix.lower() != ".toml":
        return rows.read(read_regular(path, plan_files.MOST_BYTES).data, action)
    plan = plan_files.load(path)
    if action:
        raise PlanRefused("a plan says itself what is to be done: leave the action out")
    return tuple(
        Wish(action=item.action, target=item.target, values=item.arguments, step=item.step, when=item.when)
        for item in plan.items
    )
