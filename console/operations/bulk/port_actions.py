"""Ports in bulk: each command that people give by key, and running ports out; pure."""

from functools import partial

from console.autostore.values import UNAVAILABLE, PortMode
from console.fields import Invalid
from console.mor.calls import Profile
from console.operations.beliefs import Belief, in_words
from console.operations.bulk.action import Action, Judged, Undone, Values
from console.operations.bulk.plan import Fate
from console.operations.commands import PORT_COMMANDS, Danger, PortCommand, not_available, opened_mode
from console.operations.orders import Order
from console.state.entities import Kind, Port, SourceName

RUN_OUT = PortCommand(
    id="port.runout",
    method="openport",
    key="",
    word="run out",
    title="run port out",
    help="Lets the port finish its task group; no further ones are planned.",
    danger=Danger.DISRUPTIVE,
    why_not=lambda port: (
        not_available(port) or ("already running out" if port.mode == PortMode.RUNOUT else None)
    ),
    fixed=lambda port: {"port_id": port.port_id, "port_mode": PortMode.RUNOUT.value},
    consequence=lambda port: "plans no further task groups" if port.open else "opens, to run out at once",
    reached=lambda arguments, before, after: after.mode == PortMode.RUNOUT,
    patience=10.0,
)
"""On a port that is open already it is not documented (autostore.md 8 #12): the server may refuse it."""


def _check(command: PortCommand, target: int, values: Values, _profile: Profile) -> Values:
    names = [field.name for field in command.fields]
    for name in values:
        if name not in names:  # what the command itself fills in is nobody's to give: it names the target
            raise Invalid(name, "unknown", f"one of {', '.join(names)}" if names else "no values at all")
    fixed = command.fixed(Port(port_id=target))
    known = {name: value for name, value in fixed.items() if value is not None}
    # Which bin and task a port has is only known when it is looked at; any id passes until then.
    stand_in = {name: 1 for name in ("bin_id", "task_id") if name in fixed and fixed[name] is None}
    checked = command.entry.check({**known, **stand_in, **values})
    return {name: value for name, value in checked.items() if name in values}


def _judge(command: PortCommand, _target: int, values: Values, belief: Belief) -> Judged:
    if not isinstance(belief, Port) or belief.reading is None:
        return Judged(Fate.SKIPPED, "its state is not known")
    before = in_words(belief)
    if already := _already(command, values, belief):
        return Judged(Fate.ALREADY, already, before, before)
    if reason := command.why_not(belief):
        return Judged(Fate.REFUSED, reason, before, before)
    return Judged(Fate.INCLUDED, "", before, _after(command, values, belief))


def _already(command: PortCommand, values: Values, port: Port) -> str:
    """Return why nothing is to be done; which categories an open port serves cannot be read."""
    match command.id:
        case "port.open" if port.mode == opened_mode(values) and not _selects(values):
            return f"already open (mode {port.mode})"
        case "port.runout" if port.mode == PortMode.RUNOUT:
            return "already running out"
        case "port.close" if port.mode == PortMode.CLOSED:
            return "already closed"
        case _:
            return ""


def _selects(values: Values) -> bool:
    return bool(values.get("category") or values.get("content"))


def _after(command: PortCommand, values: Values, port: Port) -> str:
    match command.id:
        case "port.open":
            chosen = [f"{name} {_list(values[name])}" for name in ("category", "content") if values.get(name)]
            return ", ".join([f"mode {opened_mode(values)}", *chosen])
        case "port.runout":
            return f"mode {PortMode.RUNOUT}"
        case "port.close":
            gone = f"; {command.consequence(port)}" if port.bin_id is not None else ""
            return f"mode {PortMode.CLOSED}{gone}"
        case _:
            return command.consequence(port)


def _list(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _order(command: PortCommand, target: int, values: Values, belief: Belief) -> Order:
    seen = belief if isinstance(belief, Port) else Port(port_id=target)
    return command.order(seen, values)


def _undo(command: PortCommand, _target: int, _values: Values, before: Belief, _now: Belief) -> Undone | str:
    mode = before.mode if isinstance(before, Port) else None
    if mode is None or mode in UNAVAILABLE:
        return "its mode before is not known"
    if command.id in ("port.open", "port.runout") and mode == PortMode.CLOSED:
        return Undone("port.close")
    if command.id == "port.close" and mode in (PortMode.INSERT, PortMode.SEQUENCE, PortMode.RUNOUT):
        return Undone("port.open", {"port_mode": mode})
    if command.id == "port.close":
        return f"it was {mode}, and what it selected cannot be read: open it anew"
    if command.id in ("port.open", "port.runout"):
        return f"it was {mode}: close it and open it anew"
    return "what robots and people moved stays moved"


def _action(command: PortCommand) -> Action:
    return Action(
        id=command.id,
        title=command.title,
        system=SourceName.AUTOSTORE,
        method=command.method,
        danger=command.danger,
        word="port",
        looks_at=Kind.PORT,
        fields=command.fields,
        check=partial(_check, command),
        judge=partial(_judge, command),
        order=partial(_order, command),
        undo=partial(_undo, command),
    )


PORT_ACTIONS: tuple[Action, ...] = tuple(_action(command) for command in (*PORT_COMMANDS, RUN_OUT))
