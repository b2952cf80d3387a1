"""`portside call METHOD name=value ...`: one call of either protocol, one JSON object."""

import argparse
from collections.abc import Mapping
from typing import Any

from console.autostore.catalogue import Method
from console.autostore.methods import find as find_method
from console.cli.common import add_connection_options
from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.cli.pairs import VALUES_HELP, pair
from console.cli.site_work import exit_of, on_site
from console.fields import Invalid, gather_pairs
from console.mor.calls import Call
from console.mor.calls import find as find_call
from console.operations.bulk.single import with_goal
from console.operations.commands import any_order
from console.operations.dispatch import NotAllowed, Result
from console.operations.orders import Order
from console.operations.records import class_word
from console.outcome import CallFailed, Outcome, Refused
from console.settings import SettingsError
from console.settings import Site as SiteSettings
from console.site import Site
from console.state.entities import Phase, SourceName

_EXITS = {
    Outcome.ACCEPTED: Exit.DONE,
    Outcome.REFUSED: Exit.REFUSED,
    Outcome.UNKNOWN: Exit.UNKNOWN,
    Outcome.NOT_SENT: Exit.NOT_SENT,
}

_SETTLED_EXITS = {
    class_word(Phase.CONFIRMED): Exit.DONE,
    class_word(Phase.APPLIED): Exit.DONE,
    class_word(Phase.STILL_UNKNOWN): Exit.UNKNOWN,
}
"""What a settled command means; any other ending did not reach its goal."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("method", metavar="METHOD", help="its name on the wire, such as getportstatus")
    parser.add_argument("values", metavar="name=value", nargs="*", help=VALUES_HELP)
    parser.add_argument(
        "--settle", action="store_true", help="read back what became of a command, and say it as `settled`"
    )
    parser.add_argument(
        "--despite",
        default="",
        metavar="REASON",
        help="why a supervisor gives an emergency command though the journal cannot be written",
    )
    add_connection_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the call; a command goes through the journal like any other."""
    return on_site(options, lambda site, settings: _call(site, settings, options))


async def _call(site: Site, settings: SiteSettings, options: argparse.Namespace) -> int:
    try:
        system, call = _named(options.method, settings)
        values = gather_pairs(call.params, [pair(call.params, text) for text in options.values])
        if call.mutating:
            order = any_order(system, call.name, values)
            if options.settle:
                order = with_goal(order, {one.name for _, one in site.offered()})
            return await _command(site, order, settle=options.settle, despite=options.despite)
        return await _read(site, system, call.name, values)
    except (Invalid, SettingsError) as error:
        fail(str(error))
        _print(Outcome.NOT_SENT, reason=str(error))
        return Exit.USAGE


def _named(name: str, settings: SiteSettings) -> tuple[SourceName, Method | Call]:
    autostore = settings.autostore
    method = find_method(name, autostore.interface) if autostore else None
    if method is not None:
        return SourceName.AUTOSTORE, method
    call = find_call(name) if settings.mor else None
    if call is not None:
        return SourceName.MOR, call
    raise Invalid("METHOD", name, "a method of a system that this site has")


async def _read(site: Site, system: SourceName, name: str, values: Mapping[str, object]) -> int:
    try:
        reply = await site.target(system).call(name, values)
    except Refused as refusal:
        _print(Outcome.REFUSED, fault=_fault(refusal.code, refusal.meaning))
        return Exit.REFUSED
    except CallFailed as failure:
        _print(failure.outcome, reason=failure.reason)
        return exit_of(failure)
    _print("ok", reply=reply)
    return Exit.DONE


async def _command(site: Site, order: Order, *, settle: bool, despite: str) -> int:
    assert site.commands is not None
    try:
        result = await site.commands.send(order, despite=despite)
    except NotAllowed as refusal:
        fail(str(refusal))
        _print(Outcome.NOT_SENT, reason=str(refusal))
        return Exit.OUR_FAULT
    if not result.recorded:
        fail(f"no record of {result.op_id} could be written: note by hand what was commanded, and why")
    outcome = result.outcome or Outcome.NOT_SENT
    more = {"settled": await _settled(site, result)} if settle else {}
    if outcome is Outcome.ACCEPTED:
        _print(outcome, reply=result.reply, record=result.op_id, reason=result.reason, more=more)
    elif outcome is Outcome.REFUSED:
        _print(outcome, fault=_fault(result.code, result.reason), record=result.op_id, more=more)
    else:
        _print(outcome, record=result.op_id, reason=result.reason, more=more)
    settled = more.get("settled")
    return _EXITS[outcome] if settled is None else _SETTLED_EXITS.get(settled, Exit.INCOMPLETE)


async def _settled(site: Site, result: Result) -> str | None:
    """Wait until it is certain what became of a command, and return that; None where nothing can tell."""
    if result.outcome not in (Outcome.ACCEPTED, Outcome.UNKNOWN):
        return None
    assert site.commands is not None
    await site.commands.settled()
    phase = site.store.commands[result.op_id].phase
    return None if phase is Phase.UNVERIFIED else class_word(phase)


def _fault(code: int | None, meaning: str | None) -> Mapping[str, object]:
    return {"code": code, "meaning": meaning}


def _print(
    outcome: str,
    *,
    reply: Mapping[str, Any] | None = None,
    fault: Mapping[str, Any] | None = None,
    record: str | None = None,
    reason: str | None = None,
    more: Mapping[str, object] | None = None,
) -> None:
    told = {"outcome": outcome, "reply": reply, "fault": fault, "record": record}
    print(as_json({**told, **({"reason": reason} if reason else {}), **(more or {})}))
