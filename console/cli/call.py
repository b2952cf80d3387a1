"""`portside call METHOD name=value ...`: one call of either protocol, one JSON object."""

import argparse
from collections.abc import Mapping
from typing import Any

from console.autostore.catalogue import Method
from console.autostore.methods import find as find_method
from console.cli.common import add_connection_options
from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.cli.site_work import exit_of, on_site
from console.fields import Invalid, gather_pairs
from console.mor.calls import Call
from console.mor.calls import find as find_call
from console.operations.dispatch import NotAllowed
from console.operations.orders import Order
from console.outcome import CallFailed, Outcome, Refused
from console.settings import Site as SiteSettings
from console.site import Site
from console.state.entities import SourceName

_EXITS = {
    Outcome.ACCEPTED: Exit.DONE,
    Outcome.REFUSED: Exit.REFUSED,
    Outcome.UNKNOWN: Exit.UNKNOWN,
    Outcome.NOT_SENT: Exit.NOT_SENT,
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("method", metavar="METHOD", help="its name on the wire, such as getportstatus")
    parser.add_argument("values", metavar="name=value", nargs="*", help="a repeated name makes a list")
    add_connection_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the call; a command goes through the journal like any other."""
    return on_site(options, lambda site, settings: _call(site, settings, options))


async def _call(site: Site, settings: SiteSettings, options: argparse.Namespace) -> int:
    try:
        system, call = _named(options.method, settings)
        values = gather_pairs(call.params, [_pair(text) for text in options.values])
        if call.mutating:
            return await _command(site, Order(system, call.name, values, _target(values)))
        return await _read(site, system, call.name, values)
    except Invalid as invalid:
        fail(str(invalid))
        _print(Outcome.NOT_SENT, reason=str(invalid))
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


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Invalid(text, "without a value", "name=value")
    return name, value


def _target(values: Mapping[str, object]) -> str:
    for name in ("port_id", "device_id", "device", "bin_id", "user_id", "taskgroup_id", "task_id"):
        if name in values and not isinstance(values[name], tuple):
            return f"{name.removesuffix('_id')} {values[name]}"
    return ""


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


async def _command(site: Site, order: Order) -> int:
    assert site.commands is not None
    try:
        result = await site.commands.send(order)
    except NotAllowed as refusal:
        fail(str(refusal))
        _print(Outcome.NOT_SENT, reason=str(refusal))
        return Exit.OUR_FAULT
    outcome = result.outcome or Outcome.NOT_SENT
    if outcome is Outcome.ACCEPTED:
        _print(outcome, reply=result.reply, record=result.op_id)
    elif outcome is Outcome.REFUSED:
        _print(outcome, fault=_fault(result.code, result.reason), record=result.op_id)
    else:
        _print(outcome, record=result.op_id, reason=result.reason)
    return _EXITS[outcome]


def _fault(code: int | None, meaning: str | None) -> Mapping[str, object]:
    return {"code": code, "meaning": meaning}


def _print(
    outcome: str,
    *,
    reply: Mapping[str, Any] | None = None,
    fault: Mapping[str, Any] | None = None,
    record: str | None = None,
    reason: str | None = None,
) -> None:
    told = {"outcome": outcome, "reply": reply, "fault": fault, "record": record}
    print(as_json(told | ({"reason": reason} if reason else {})))
