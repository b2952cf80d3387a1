"""After a run: one class of it once more, the way back, or the rest of one that was interrupted.

Each is a new plan, shown and agreed to like any other (operations-safety rules 27 to 29).
"""

import argparse

from console.cli.bulk_site import report_of
from console.cli.carrying_out import carry_out, names_plan
from console.cli.run_shown import print_report
from console.operations.bulk.classes import Again, Class
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import Plan
from console.site import Site


async def once_more(_site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    """Carry out `bulk retry` or `bulk undo`.

    Raises:
        NoSuchRun: there is none of that id. And as `carry_out`.
    """
    report_of(desk, options.run)

    async def make() -> Plan:
        keep = not options.dry_run
        if options.part == "undo":
            return await desk.undo(options.run, keep=keep)
        return await desk.again(options.run, options.again, keep=keep)

    def fits(plan: Plan) -> bool:
        link = plan.link
        if link is None or link.run != options.run:
            return False
        return link.how == "undo" if options.part == "undo" else link.of == options.again.value

    return await carry_out(desk, options, make, fits)


async def resume(_site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    """Settle what a run left unknown, and plan what it had not started; without such a rest, report it.

    Raises:
        NoSuchRun: there is none of that id. And as `carry_out`.
    """
    report = report_of(desk, options.run)
    if names_plan(options) or options.dry_run:
        settled = report
    else:
        settled = await desk.recover(options.run)
    if not settled.counts.get(Class.NOT_STARTED):
        return print_report(settled, options.form)

    async def make() -> Plan:
        return await desk.again(options.run, Again.NOT_STARTED, keep=not options.dry_run)

    def fits(plan: Plan) -> bool:
        return plan.link is not None and plan.link.run == options.run and plan.link.how == "rest"

    return await carry_out(desk, options, make, fits)
