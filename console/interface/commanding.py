"""From a key to orders: ask for values, ask whether, check again, hand over, say what came of it."""

from collections.abc import Mapping, Sequence

from console.fields import Field, Invalid, Kind, gather
from console.interface.detail import why_not
from console.interface.drawing import Tone
from console.interface.identity import where
from console.interface.screens.confirm import Confirm, Question
from console.interface.screens.form import Form, FormSpec, Values
from console.interface.screens.overview import Overview
from console.mor.calls import DEVICE_RULE_CREATE
from console.mor.replies import Device
from console.operations.commands import RULE_FIELDS, TITLES, Danger, PortCommand, add_rule
from console.operations.dispatch import NotAllowed
from console.operations.orders import Order
from console.state.entities import Phase, Port

_REASON = (
    Field(
        name="reason",
        kind=Kind.TEXT,
        required=True,
        high=200,
        meaning="why it cannot wait; recorded as soon as the journal can be written",
    ),
)


async def command_ports(
    overview: Overview, command: PortCommand, port_ids: Sequence[int], *, marked: bool
) -> Sequence[Order]:
    """Return the order for a command on the port that was the target when the key went down.

    The target stays; what is known of it is taken afresh for each question, for people take their
    time over a form. The order is made of what the last question showed. A marked port is always
    named first: it need not be where the person is looking. More than one are a plan.
    """
    if len(port_ids) > 1:
        from console.interface import bulk_work  # the first frame does not wait for it

        await bulk_work.command_many(overview, command.id, port_ids)
        return ()
    values: Values | None = {}
    port, reason = _looked_up(overview, command, port_ids[0])
    if command.asked and reason is None:
        values = await overview.app.push_screen_wait(Form(_port_form(overview, command, port)))
        port, reason = _looked_up(overview, command, port_ids[0])
    if values is None:
        return ()
    if reason is not None:
        overview.notify(f"{command.title}: {reason}", severity="warning", markup=False)
        return ()
    if command.danger is Danger.DISRUPTIVE or marked:
        question = _port_question(overview, command, port)
        if not await overview.app.push_screen_wait(Confirm(question, overview.store.clock)):
            return ()
    return [command.order(port, values)]


async def add_rules(overview: Overview, devices: Sequence[Device]) -> Sequence[Order]:
    """Return the order that gives a device a rule; several devices are a plan."""
    if len(devices) > 1:
        from console.interface import bulk_work  # the first frame does not wait for it

        await bulk_work.command_many(overview, "rule.add", [device.device_id for device in devices])
        return ()
    values = await overview.app.push_screen_wait(Form(_rule_form(overview, devices[0])))
    return () if values is None else [add_rule(devices[0].device_id, values)]


async def hand_over(overview: Overview, orders: Sequence[Order]) -> None:
    """Carry out the orders one after the other, and tell what did not go as asked."""
    if not orders:
        return
    title = TITLES.get(orders[0].method, orders[0].method)
    commands = overview.site.commands
    if commands is None:
        overview.notify(f"{title}: not connected yet", severity="warning", markup=False)
        return
    despite = await why_despite(overview, orders[0])
    if despite is None:
        return
    try:
        if despite:
            results = [await commands.send(order, despite=despite) for order in orders]
        else:
            results = await commands.send_each(orders)
    except (Invalid, NotAllowed) as refusal:
        overview.notify(f"{title}: {refusal}", severity="error", timeout=8, markup=False)
        return
    for order, result in zip(orders, results, strict=True):
        # What went as asked is in the activity pane and on the port.
        if result.phase is not Phase.ACCEPTED:
            what = ", ".join(filter(None, (title, order.target)))
            words = f"{what}: {result.phase.value}" + (f" - {result.reason}" if result.reason else "")
            overview.notify(words, severity="error", timeout=8, markup=False)


async def why_despite(overview: Overview, order: Order) -> str | None:
    """Return why a supervisor gives an order though the journal cannot be written; None when they left.

    Blank where the journal is well, or where the order has to wait for it whoever gives it (rule 48).
    """
    commands, failure = overview.site.commands, overview.store.journal_failure
    if failure is None or commands is None or not commands.goes_without_journal(order):
        return ""

    def check(values: Mapping[str, object]) -> object:
        return gather(_REASON, values)

    words = f"{order.method} {order.target}: an emergency command; there will be no record of it for now."
    lines = [where(overview.who), ((f"NO JOURNAL: {failure}", Tone.ALARM),), ((words, Tone.WARN),)]
    spec = FormSpec(
        title="Without a journal?", verb="Send", lines=lines, fields=_REASON, call=order.method, check=check
    )
    values = await overview.app.push_screen_wait(Form(spec))
    return None if values is None else str(values["reason"])


def _looked_up(overview: Overview, command: PortCommand, port_id: int) -> tuple[Port, str | None]:
    """Return a port as it is known now, and why the command cannot be used on it, if it cannot."""
    port = overview.store.ports[port_id]
    return port, why_not(command, port, overview.store.port_quality(port))


def _port_form(overview: Overview, command: PortCommand, port: Port) -> FormSpec:
    def check(values: Mapping[str, object]) -> object:
        return command.entry.check({**command.fixed(port), **values})

    words = f"Port {port.port_id}: {command.consequence(port)}."
    return FormSpec(
        title=command.title.capitalize(),
        verb=command.title.capitalize(),
        lines=[where(overview.who), ((words, Tone.TITLE),)],
        fields=command.fields,
        call=call_words(command.method, command.fixed(port)),
        check=check,
    )


def _rule_form(overview: Overview, device: Device) -> FormSpec:
    def check(values: Mapping[str, object]) -> object:
        given = {"device_id": device.device_id, **values}
        return DEVICE_RULE_CREATE.check(given, overview.site.spec.rule_profile)

    return FormSpec(
        title="New rule",
        verb="Add rule",
        lines=[where(overview.who), ((f"Device {device.device_id} {device.username}", Tone.TITLE),)],
        fields=RULE_FIELDS,
        call=call_words(DEVICE_RULE_CREATE.name, {"device_id": device.device_id}),
        check=check,
    )


def call_words(method: str, fixed: Mapping[str, object]) -> str:
    """Return a call as far as it is known before its form is filled in."""
    return " ".join([method, *(f"{name}={value}" for name, value in fixed.items())])


def _port_question(overview: Overview, command: PortCommand, port: Port) -> Question:
    hidden = port.port_id in overview.ports.rows.hidden_marks
    warnings = [command.care, "Hidden by the filter." if hidden else ""]
    lines = [
        where(overview.who),
        *(((text, Tone.WARN),) for text in warnings if text),
        ((f"  port {port.port_id}: {command.consequence(port)}", Tone.PLAIN),),
    ]
    title = command.title.capitalize()
    return Question(title=f"{title}?", verb=title, lines=lines, holds=overview.site.spec.single_seconds)
