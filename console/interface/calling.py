"""Any documented call, from a form made of its catalogue entry to its reply.

The commands with a key of their own have their own way (`commanding`); this is the way to all others.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from console.autostore.catalogue import Effect, Method
from console.fields import Invalid
from console.interface.command_rows import phase_tone
from console.interface.commanding import why_despite
from console.interface.drawing import Line, Tone
from console.interface.identity import where
from console.interface.reply_lines import reply_lines
from console.interface.screens.confirm import Confirm, Question
from console.interface.screens.form import Form, FormSpec, Values
from console.interface.screens.overview import Overview
from console.interface.screens.reply import Reply
from console.interface.wire_rows import body_lines, exchange_lines
from console.mor.calls import Call
from console.operations.bulk.single import with_goal
from console.operations.commands import PORT_COMMANDS, Danger, any_order
from console.operations.dispatch import NotAllowed
from console.operations.orders import Order
from console.outcome import CallFailed
from console.state.entities import Phase, SourceName
from console.tap import Request
from console.text import safe

Entry: TypeAlias = Method | Call


async def make_call(overview: Overview, system: SourceName, entry: Entry) -> Sequence[Order]:
    """Ask for the values of a call, make it, and show what it brought. There are no orders left over."""
    values: Values | None = {}
    if entry.params:
        values = await overview.app.push_screen_wait(Form(_form(overview, system, entry)))
    if values is None or not await _agreed(overview, system, entry, values):
        return ()
    log, made_before = overview.site.wire_log, overview.site.wire_log.count
    known = {one.name for _, one in overview.site.offered()}
    order = with_goal(any_order(system, entry.name, values), known)
    despite = await why_despite(overview, order)
    if despite is None:
        return ()
    lines = await _brought(overview, entry, order, despite)
    request = _request(overview, order)
    exchange = None if request is None else log.made_since(made_before, request)
    if exchange is not None:
        if exchange.unsupported and entry.name in log.not_known:
            words = f"This server does not seem to know {entry.name}; it is no longer offered."
            lines.append(((words, Tone.WARN),))
        lines += [(), *exchange_lines(exchange)]
    await overview.app.push_screen_wait(Reply(entry.name, lines))
    return ()


def asks_first(entry: Entry) -> bool:
    """Return whether a slip of this call could move something or lose something."""
    if isinstance(entry, Call):
        return entry.destructive
    return entry.effect is Effect.ACT or entry.name in _ASK_BY_KEY


_ASK_BY_KEY = frozenset(command.method for command in PORT_COMMANDS if command.danger is Danger.DISRUPTIVE)


async def _agreed(overview: Overview, system: SourceName, entry: Entry, values: Values) -> bool:
    if not asks_first(entry):
        return True
    lines = [where(overview.who), ((entry.summary, Tone.WARN),)]
    lines += _request_lines(overview, any_order(system, entry.name, values))
    holds = overview.site.spec.single_seconds
    question = Question(title=f"{entry.name}?", verb="Send", lines=lines, holds=holds)
    return await overview.app.push_screen_wait(Confirm(question, overview.store.clock)) is True


async def _brought(overview: Overview, entry: Entry, order: Order, despite: str) -> list[Line]:
    """Make the call and return its outcome and its values."""
    site = overview.site
    try:
        if not entry.mutating:
            return reply_lines(await site.ask(order.system, order.method, order.arguments))
        if site.commands is None:
            return [(("not connected yet", Tone.WARN),)]
        result = await site.commands.send(order, despite=despite)
    except (Invalid, NotAllowed, CallFailed, LookupError) as refusal:
        return [((safe(str(refusal)), Tone.WARN),)]
    words = result.phase.value + (f" - {result.reason}" if result.reason else "")
    outcome: Line = ((words, phase_tone(result.phase)),)
    return [outcome, *reply_lines(result.reply)] if result.phase is Phase.ACCEPTED else [outcome]


def _form(overview: Overview, system: SourceName, entry: Entry) -> FormSpec:
    target = overview.site.target(system)
    here = overview.at_hand()

    def check(values: Mapping[str, object]) -> object:
        return target.check(entry.name, values)

    def preview(values: Mapping[str, object]) -> Sequence[Line]:
        return _request_lines(overview, any_order(system, entry.name, values))

    return FormSpec(
        title=entry.name,
        verb="Send" if entry.mutating else "Ask",
        lines=[where(overview.who), ((entry.summary, Tone.TITLE),)],
        fields=entry.params,
        call=entry.name,
        check=check,
        preview=preview,
        given={
            field.name: here[field.name]
            for field in entry.params
            if field.name in here and (field.required or not entry.mutating)
        },
    )


def _request(overview: Overview, order: Order) -> Request | None:
    """Return the request as it would go out, secrets hidden; None while its values are not right."""
    try:
        return overview.site.target(order.system).request(order.method, order.arguments)
    except (Invalid, LookupError):
        return None


def _request_lines(overview: Overview, order: Order) -> list[Line]:
    request = _request(overview, order)
    if request is None:
        return []
    lines: list[Line] = [((f"POST {safe(request.url)}", Tone.DIM),), *body_lines(request.body)]
    if order.marked_in:
        lines.append(((f"{order.marked_in} will also hold the command's id", Tone.DIM),))
    return lines
