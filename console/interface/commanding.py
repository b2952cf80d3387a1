"""From a key to orders: ask for values, ask whether, check again, hand over, say what came of it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from console.fields import Invalid
from console.interface.detail import why_not
from console.interface.drawing import Line, Tone
from console.interface.screens.confirm import Confirm, Question
from console.interface.screens.form import Form, FormSpec, Values
from console.mor.calls import DEVICE_RULE_CREATE
from console.mor.replies import Device
from console.operations.commands import RULE_FIELDS, TITLES, Danger, PortCommand, add_rule
from console.operations.dispatch import NotAllowed, Result
from console.operations.orders import Order
from console.state.entities import Phase, Port
from console.text import safe

if TYPE_CHECKING:
    from console.interface.screens.workspace import Workspace

TARGETS_NAMED = 40
"""Targets listed one by one in a confirmation; the rest is counted."""


async def command_ports(
    workspace: "Workspace", command: PortCommand, port_ids: Sequence[int], *, marked: bool
) -> Sequence[Order]:
    """Return the orders for a command on the ports that were the target when the key went down.

    The targets stay; what is known of them is taken afresh for each question, for people take their
    time over a form. The orders are made of what the last question showed. Marked ports are always
    named first: they need not be where the person is looking.
    """
    values: Values | None = {}
    targets = _sorted_out(workspace, command, port_ids)
    if command.asked and targets.usable:
        values = await workspace.app.push_screen_wait(Form(_port_form(workspace, command, targets.usable)))
        targets = _sorted_out(workspace, command, port_ids)
    if values is None:
        return ()
    if not targets.usable:
        reason = next(iter(targets.refused.values()))
        workspace.notify(f"{command.title}: {reason}", severity="warning", markup=False)
        return ()
    if command.danger is Danger.DISRUPTIVE or marked:
        question = _port_question(workspace, command, targets)
        if not await workspace.app.push_screen_wait(Confirm(question, workspace.store.clock)):
            return ()
    return [command.order(port, values) for port in targets.usable]


async def add_rules(workspace: "Workspace", devices: Sequence[Device]) -> Sequence[Order]:
    """Return the orders that give the devices one rule each."""
    hidden = workspace.devices.rows.hidden_marks
    values = await workspace.app.push_screen_wait(Form(_rule_form(workspace, devices)))
    if values is None:
        return ()
    if len(devices) > 1:
        lines = [
            _where(workspace),
            *_warnings(_hidden(device.device_id in hidden for device in devices)),
            ((f"Rule {safe(str(values.get('name')))} for {len(devices)} devices:", Tone.TITLE),),
            *_named([f"device {_device_words(device, hidden)}" for device in devices]),
        ]
        question = Question(title="New rule", verb="Add rules", lines=lines, count=len(devices))
        if not await workspace.app.push_screen_wait(Confirm(question, workspace.store.clock)):
            return ()
    return [add_rule(device.device_id, values) for device in devices]


async def hand_over(workspace: "Workspace", orders: Sequence[Order]) -> None:
    """Carry out the orders one after the other, and tell what did not go as asked."""
    if not orders:
        return
    title = TITLES.get(orders[0].method, orders[0].method)
    commands = workspace.site.commands
    if commands is None:
        workspace.notify(f"{title}: not connected yet", severity="warning", markup=False)
        return
    try:
        results = await commands.send_each(orders)
    except (Invalid, NotAllowed) as refusal:
        workspace.notify(f"{title}: {refusal}", severity="error", timeout=8, markup=False)
        return
    _say(workspace, title, results)


def _say(workspace: "Workspace", title: str, results: Sequence[Result]) -> None:
    """Tell what did not go as asked; what did is in the activity pane and on the port."""
    bad = [result for result in results if result.phase is not Phase.ACCEPTED]
    if not bad:
        return
    if len(results) == 1:
        words = f"{title}: {bad[0].phase.value}" + (f" - {bad[0].reason}" if bad[0].reason else "")
    else:
        counts: dict[str, int] = {}
        for result in results:
            counts[result.phase.value] = counts.get(result.phase.value, 0) + 1
        words = f"{title}: " + ", ".join(f"{count} {phase}" for phase, count in counts.items())
    workspace.notify(words, severity="error", timeout=8, markup=False)


class _Targets(NamedTuple):
    """Ports that a command can act on as they are known now, and why not on the others, by id."""

    usable: list[Port]
    refused: dict[int, str]


def _sorted_out(workspace: "Workspace", command: PortCommand, port_ids: Sequence[int]) -> _Targets:
    targets = _Targets([], {})
    for port in (workspace.store.ports[port_id] for port_id in port_ids):
        reason = why_not(command, port, workspace.store.port_quality(port))
        if reason is None:
            targets.usable.append(port)
        else:
            targets.refused[port.port_id] = reason
    return targets


def _port_form(workspace: "Workspace", command: PortCommand, ports: Sequence[Port]) -> FormSpec:
    first = ports[0]

    def check(values: Mapping[str, object]) -> object:
        return command.entry.check({**command.fixed(first), **values})

    one = f"Port {first.port_id}: {command.consequence(first)}."
    many = f"{len(ports)} ports: {', '.join(str(port.port_id) for port in ports[:12])}"
    words = one if len(ports) == 1 else many + (" ..." if len(ports) > 12 else "")
    return FormSpec(
        title=command.title.capitalize(),
        verb=command.title.capitalize(),
        lines=[_where(workspace), ((words, Tone.TITLE),)],
        fields=command.fields,
        call=_call_words(command.method, command.fixed(first) if len(ports) == 1 else {}),
        check=check,
    )


def _rule_form(workspace: "Workspace", devices: Sequence[Device]) -> FormSpec:
    first = devices[0]

    def check(values: Mapping[str, object]) -> object:
        given = {"device_id": first.device_id, **values}
        return DEVICE_RULE_CREATE.check(given, workspace.site.spec.rule_profile)

    words = f"Device {first.device_id} {first.username}" if len(devices) == 1 else f"{len(devices)} devices"
    return FormSpec(
        title="New rule",
        verb="Add rule",
        lines=[_where(workspace), ((words, Tone.TITLE),)],
        fields=RULE_FIELDS,
        call=_call_words(
            DEVICE_RULE_CREATE.name, {"device_id": first.device_id} if len(devices) == 1 else {}
        ),
        check=check,
    )


def _device_words(device: Device, hidden: Container[int]) -> str:
    return f"{device.device_id} {device.username}" + (" (hidden)" if device.device_id in hidden else "")


def _call_words(method: str, fixed: Mapping[str, object]) -> str:
    return " ".join([method, *(f"{name}={value}" for name, value in fixed.items())])


def _port_question(workspace: "Workspace", command: PortCommand, targets: _Targets) -> Question:
    usable, refused = targets
    hidden = workspace.ports.rows.hidden_marks

    def named(port_id: int, words: str) -> str:
        return f"port {port_id}{' (hidden)' if port_id in hidden else ''}: {words}"

    lines = [
        _where(workspace),
        *_warnings(
            command.care,
            _hidden(port.port_id in hidden for port in usable),
            f"Left out: {len(refused)}, named below." if refused else "",
        ),
        *_named([named(port.port_id, command.consequence(port)) for port in usable]),
    ]
    if refused:
        lines.append((("Left out:", Tone.TITLE),))
        lines.extend(_named([named(port_id, reason) for port_id, reason in refused.items()], Tone.DIM))
    title = command.title.capitalize()
    title = f"{title}?" if len(usable) == 1 else f"{title}: {len(usable)} ports?"
    return Question(title=title, verb=command.title.capitalize(), lines=lines, count=len(usable))


def _warnings(*texts: str) -> list[Line]:
    """Return what must be read before the targets, which may be many; blank texts are left out."""
    return [((text, Tone.WARN),) for text in texts if text]


def _hidden(which: Iterable[bool]) -> str:
    count = sum(which)
    return f"Hidden by the filter: {count}." if count else ""


def _named(targets: Sequence[str], tone: Tone = Tone.PLAIN) -> list[Line]:
    lines: list[Line] = [((f"  {target}", tone),) for target in targets[:TARGETS_NAMED]]
    if len(targets) > TARGETS_NAMED:
        lines.append(((f"  and {len(targets) - TARGETS_NAMED} more", tone),))
    return lines


def _where(workspace: "Workspace") -> Line:
    """Return site, mode and person, which every dialog repeats (rule 19)."""
    who = workspace.who
    return ((f"{who.site}  {who.mode}  {who.operator} ({who.role})", Tone.DIM),)
