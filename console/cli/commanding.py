"""The verbs that command ports and phones by name: `port`, `bin`, `case`, `rule`."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from console.cli.bulk_site import on_bulk
from console.cli.carrying_out import add_run_options, carry_out, names_plan
from console.cli.pairs import VALUES_HELP, collected
from console.cli.targets import add_target_arguments, chosen, parted
from console.operations.bulk.action import Action
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import Plan
from console.operations.bulk.wishes import Wish, run_out_and_close, same_for_all
from console.operations.records import recordable
from console.site import Site

CLOSE = "port.close"
"""The action that can wait until its port has run out."""


def configure(parser: argparse.ArgumentParser, actions: Mapping[str, str]) -> None:
    """Add a part for each of `actions`, which are ids by the word that people say."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="|".join(actions))
    for word, action_id in actions.items():
        action = ACTIONS[action_id]
        part = parts.add_parser(word, help=action.title, description=_description(action), allow_abbrev=False)
        add_target_arguments(part, action)
        if action.id == CLOSE:
            part.add_argument("--run-out", action="store_true", help="let it run empty first, then close it")
        add_run_options(part)
        part.set_defaults(action=action)


def _description(action: Action) -> str:
    values = "".join(f" {field.name}={field.wanted}." for field in action.fields)
    return f"{action.title}.{values} {VALUES_HELP}." if values else f"{action.title}."


def run(options: argparse.Namespace) -> int:
    """Carry the action out on the targets."""
    return on_bulk(options, lambda site, desk: _command(site, desk, options))


async def _command(site: Site, desk: Bulk, options: argparse.Namespace) -> int:
    action: Action = options.action
    values = collected(action.fields, parted(options.words)[1])

    async def make() -> Plan:
        wishes = _wishes(options, await chosen(site, action, options), values)
        check(desk, wishes[0])
        return await recorded(desk, wishes, keep=not options.dry_run)

    async def asked() -> tuple[Wish, ...]:
        """Return what is asked for, without looking at the site: a filter is never evaluated again."""
        if options.where is not None or options.user is not None:
            return ()
        return _wishes(options, await chosen(site, action, options), values)

    explicit = await asked() if names_plan(options) else ()
    return await carry_out(desk, options, make, lambda plan: _fits(desk, plan, options, values, explicit))


def _wishes(
    options: argparse.Namespace, targets: Iterable[int], values: Mapping[str, Any]
) -> tuple[Wish, ...]:
    if getattr(options, "run_out", False):
        return run_out_and_close(targets)
    return same_for_all(options.action.id, targets, values)


def _fits(
    desk: Bulk, plan: Plan, options: argparse.Namespace, values: Mapping[str, Any], explicit: Iterable[Wish]
) -> bool:
    """Whether a plan does what the command line asks for, and to the targets it names, if it names them."""
    wanted = {_shape(desk, wish) for wish in explicit}
    planned = {(item.action, item.target, item.step, _as_text(item.arguments)) for item in plan.items}
    if wanted:
        return planned == wanted
    like = {_shape(desk, wish)[2:] for wish in _wishes(options, [1], values)}
    return {one[2:] for one in planned} == like and options.action.id in {one[0] for one in planned}


def _shape(desk: Bulk, wish: Wish) -> tuple[str, int, int, bytes]:
    return wish.action, wish.target, wish.step, _as_text(check(desk, wish))


def _as_text(values: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(recordable(values), order="deterministic")


def check(desk: Bulk, wish: Wish) -> Mapping[str, Any]:
    """Return the values of a wish, checked: what is wrong with all targets is refused at once.

    Raises:
        Invalid: naming the value.
    """
    return ACTIONS[wish.action].check(wish.target, wish.values, desk.profile)


async def recorded(desk: Bulk, wishes: tuple[Wish, ...], *, title: str = "", keep: bool = True) -> Plan:
    """Return the plan that wishes make of what is seen now; kept in the journal unless it is only tried.

    Raises:
        PlanRefused: as `Bulk.plan`. JournalError: it cannot be kept.
    """
    plan = desk.plan(wishes, await desk.survey(wishes), title=title)
    if keep:
        await desk.record(plan)
    return plan
