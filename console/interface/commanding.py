"""From a key to orders: ask for values, ask whether, check again, hand over, say what came of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from console.fields import Field, Invalid, Kind, gather
from console.interface.detail import why_not
from console.interface.drawing import Line, Tone
from console.interface.screens.confirm import Confirm, Question
from console.interface.screens.form import Form, FormSpec, Values
from console.mor.calls import DEVICE_RULE_CREATE
from console.mor.replies import Device
from console.operations.commands import RULE_FIELDS, TITLES, Danger, PortCommand, add_rule
from console.operations.dispatch import NotAllowed
from console.operations.orders import Order
from console.state.entities import Phase, Port

if TYPE_CHECKING:
    from console.interface.screens.workspace import Workspace


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
    workspace: "Workspace", command: PortCommand, port_ids: Sequence[int], *, marked: bool
) -> Sequence[Order]:
    """Return the order for a command on the port that was the target when the key went down.

    The target stays; what is known of it is taken afresh for each question, for people take their
    time over a form. The order is made of what the last question showed. A marked port is always
    named first: it need not be where the person is looking. More than one are a plan.
    """
    if len(port_ids) > 1:
        from console.interface import bulk_work  # the first frame does not wait for it

        await bulk_work.command_many(workspace, command.id, port_ids)
        return ()
    values: Values | None = {}
    port, reason = _looked_up(workspace, command, port_ids[0])
    if command.asked and reason is None:
        values = await workspace.app.push_screen_wait(Form(_port_form(workspace, command, port)))
        port, reason = _looked_up(workspace, command, port_ids[0])
    if values is None:
        return ()
    if reason is not None:
        workspace.notify(f"{command.title}: {reason}", severity="warning", markup=False)
        return ()
    if command.danger is Danger.DISRUPTIVE or marked:
        question = _port_question(workspace, command, port)
        if not await workspace.app.push_screen_wait(Confirm(question, workspace.store.clock)):
            return ()
    return [command.order(port, values)]


async def add_rules(workspace: "Workspace", devices: Sequence[Device]) -> Sequence[Order]:
    """Return the order that gives a device a rule; several devices are a plan."""
    if len(devices) > 1:
        from console.interface import bulk_work  # the first frame does not wait for it

        await bulk_work.command_many(workspace, "rule.add", [device.device_id for device in devices])
        return ()
    values = await workspace.app.push_screen_wait(Form(_rule_form(workspace, devices[0])))
    return () if values is None else [add_rule(devices[0].device_id, values)]


async def hand_over(workspace: "Workspace", orders: Sequence[Order]) -> None:
    """Carry out the orders one after the other, and tell what did not go as asked."""
    if not orders:
        return
    title = TITLES.get(orders[0].method, orders[0].method)
    commands = workspace.site.commands
    if commands is None:
        workspace.notify(f"{title}: not connected yet", severity="warning", markup=False)
        return
    despite = await why_despite(workspace, orders[0])
    if despite is None:
        return
    try:
        if despite:
            results = [await commands.send(order, despite=despite) for order in orders]
        else:
            results = await commands.send_each(orders)
    except (Invalid, NotAllowed) as refusal:
        workspace.notify(f"{title}: {refusal}", severity="error", timeout=8, markup=False)
        return
    for result in results:
        # What went as asked is in the activity pane and on the port.
        if result.phase is not Phase.ACCEPTED:
            words = f"{title}: {result.phase.value}" + (f" - {result.reason}" if result.reason else "")
            workspace.notify(words, severity="error", timeout=8, markup=False)


async def why_despite(workspace: "Workspace", order: Order) -> str | None:
    """Return why a supervisor gives an order though the journal cannot be written; None when they left.

    Blank where the journal is well, or where the order has to wait for it whoever gives it (rule 48).
    """
    commands, failure = workspace.site.commands, workspace.store.journal_failure
    if failure is None or commands is None or not commands.goes_without_journal(order):
        return ""

    def check(values: Mapping[str, object]) -> object:
        return gather(_REASON, values)

    words = f"{order.method} {order.target}: an emergency command; there will be no record of it for now."
    lines = [where(workspace), ((f"NO JOURNAL: {failure}", Tone.ALARM),), ((words, Tone.WARN),)]
    spec = FormSpec(
        title="Without a journal?", verb="Send", lines=lines, fields=_REASON, call=order.method, check=check
    )
    values = await workspace.app.push_screen_wait(Form(spec))
    return None if values is None else str(values["reason"])


def _looked_up(workspace: "Workspace", command: PortCommand, port_id: int) -> tuple[Port, str | None]:
    """Return a port as it is known now, and why the command cannot be used on it, if it cannot."""
    port = workspace.store.ports[port_id]
    return port, why_not(command, port, workspace.store.port_quality(port))


def _port_form(workspace: "Workspace", command: PortCommand, port: Port) -> FormSpec:
    def check(values: Mapping[str, object]) -> object:
        return command.entry.check({**command.fixed(port), **values})

    words = f"Port {port.port_id}: {command.consequence(port)}."
    return FormSpec(
        title=command.title.capitalize(),
        verb=command.title.capitalize(),
        lines=[where(workspace), ((words, Tone.TITLE),)],
        fields=command.fields,
        call=call_words(command.method, command.fixed(port)),
        check=check,
    )


def _rule_form(workspace: "Workspace", device: Device) -> FormSpec:
    def check(values: Mapping[str, object]) -> object:
        given = {"device_id": device.device_id, **values}
        return DEVICE_RULE_CREATE.check(given, workspace.site.spec.rule_profile)

    return FormSpec(
        title="New rule",
        verb="Add rule",
        lines=[where(workspace), ((f"Device {device.device_id} {device.username}", Tone.TITLE),)],
        fields=RULE_FIELDS,
        call=call_words(DEVICE_RULE_CREATE.name, {"device_id": device.device_id}),
        check=check,
    )


def call_words(method: str, fixed: Mapping[str, object]) -> str:
    """Return a call as far as it is known before its form is filled in."""
    return " ".join([method, *(f"{name}={value}" for name, value in fixed.items())])


def _port_question(workspace: "Workspace", command: PortCommand, port: Port) -> Question:
    hidden = port.port_id in workspace.ports.rows.hidden_marks
    warnings = [command.care, "Hidden by the filter." if hidden else ""]
    lines = [
        where(workspace),
        *(((text, Tone.WARN),) for text in warnings if text),
        ((f"  port {port.port_id}: {command.consequence(port)}", Tone.PLAIN),),
    ]
    title = command.title.capitalize()
    return Question(title=f"{title}?", verb=title, lines=lines, holds=workspace.site.spec.single_seconds)


def where(workspace: "Workspace") -> Line:
    """Return site, mode and person, which every dialog repeats (rule 19)."""
    who = workspace.who
    return ((f"{who.site}  {who.mode}  {who.operator} ({who.role})", Tone.DIM),)
