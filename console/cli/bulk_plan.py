"""`portside bulk plan`: a plan from TARGETS, a table, wishes in TOML, or an earlier plan; nothing is sent."""

import argparse
from pathlib import Path

from console.cli.commanding import check, recorded
from console.cli.common import add_connection_options, add_output_options
from console.cli.exit import Exit
from console.cli.output import fail
from console.cli.pairs import collected
from console.cli.run_shown import print_preview
from console.cli.targets import chosen, parted
from console.operations.bulk import plan_files, rows, wish_files
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import Plan, PlanRefused
from console.operations.bulk.targets import WrongTargets
from console.operations.bulk.wish_files import Wanted
from console.operations.bulk.wishes import Wish, same_for_all
from console.settings.files import read_regular
from console.site import Site
from console.text import safe

_FILES = (".toml", ".csv")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "action",
        nargs="?",
        metavar="ACTION|FILE",
        help=f"{', '.join(ACTIONS)}; in a table, a column says it; or a file, as with --from",
    )
    parser.add_argument("words", nargs="*", metavar="TARGETS", help="as for the verb, then name=value ...")
    parser.add_argument("--where", metavar="WORDS", help="ports that a filter keeps: 'mode:closed type:ac'")
    parser.add_argument("--user", type=int, metavar="N", help="all devices of a user")
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help="a CSV table, wishes in TOML, or a plan in TOML to make again",
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
    wanted = await _wanted(site, desk, options)
    plan = await recorded(desk, wanted.wishes, title=wanted.title)
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


async def _wanted(site: Site, desk: Bulk, options: argparse.Namespace) -> Wanted:
    path, action_id = options.file, options.action or ""
    if path is None and Path(action_id).suffix.lower() in _FILES:
        path, action_id = Path(action_id), ""
    if path is not None:
        if options.words or options.where or options.user:
            raise WrongTargets("a file names the targets: leave them out beside it")
        return _from_file(site, desk, path, action_id)
    action = ACTIONS.get(options.action or "")
    if action is None:
        asked = safe(options.action or "(nothing)", 40)
        raise PlanRefused(f"there is no action {asked}: wanted one of {', '.join(ACTIONS)}, or --from FILE")
    targets = await chosen(site, action, options)
    wishes = same_for_all(action.id, targets, collected(action.fields, parted(options.words)[1]))
    check(desk, wishes[0])
    return Wanted(wishes)


def _from_file(site: Site, desk: Bulk, path: Path, action: str) -> Wanted:
    data = read_regular(path, plan_files.MOST_BYTES).data
    if path.suffix.lower() != ".toml":
        return Wanted(rows.read(data, action))
    if action:
        raise PlanRefused("the file says itself what is to be done: leave the action out")
    if "digest" not in wish_files.document(data):
        return wish_files.read(data, site.store.ports, desk.profile)
    plan = plan_files.load(path)
    wishes = (
        Wish(action=item.action, target=item.target, values=item.arguments, step=item.step, when=item.when)
        for item in plan.items
    )
    return Wanted(tuple(wishes))
