"""The registry of commands: what can be asked for, when it makes sense, how to tell it happened.

The panes, the footer, the palette, the help screen and the journal all take their words from
here. The daily commands stand here; every other documented method is reached through its
catalogue entry.
"""

import secrets
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from console.autostore.catalogue import Method
from console.autostore.methods import find as find_method
from console.autostore.values import UNAVAILABLE, BinMode, CaseState, PortMode
from console.fields import Field, target_words
from console.mor.calls import DEVICE_RULE_CREATE
from console.mor.calls import find as find_call
from console.mor.replies import DeviceRule
from console.operations.beliefs import Belief
from console.operations.orders import Goal, Order
from console.secret import Secret
from console.state.entities import Key, Kind, Port, RuleList, SourceName
from console.text import safe

PIN_DIGITS = 6
"""Digits of the PIN that a new device gets when nobody gave one."""


class Danger(StrEnum):
    """What a slip could do, and so what is asked first."""

    NONE = "none"
    DISRUPTIVE = "disruptive"


class PortCommand(Struct, frozen=True, kw_only=True):
    """A command on a port.

    `word` is the shortest name that is clear beside the others. `asked` names the parameters a
    person fills in; `fixed` gives those that the port itself decides. `why_not` answers why it
    cannot be used on a port in this state, or None. `consequence` says what it will do there, in
    words that follow 'port 4:'; `care` is what to see to before.
    """

    id: str
    method: str
    key: str
    word: str
    title: str
    help: str
    danger: Danger
    asked: tuple[str, ...] = ()
    why_not: Callable[[Port], str | None]
    fixed: Callable[[Port], Mapping[str, object]]
    consequence: Callable[[Port], str]
    care: str = ""
    reached: Callable[[Mapping[str, object], Port, Port], bool]
    patience: float

    @property
    def entry(self) -> Method:
        """The catalogue's entry of its method."""
        method = find_method(self.method)
        if method is None:
            raise LookupError(self.method)
        return method

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of its form."""
        return tuple(field for field in self.entry.params if field.name in self.asked)

    def order(self, port: Port, values: Mapping[str, object]) -> Order:
        """Return the order for one port with the values a person gave."""
        arguments = {**values, **self.fixed(port)}

        def hindrance(belief: Belief) -> str | None:
            return self._changed(port, belief) if isinstance(belief, Port) else "not a port"

        def reached(before: Belief, after: Belief) -> bool:
            if not isinstance(before, Port) or not isinstance(after, Port):
                return False
            return self.reached(arguments, before, after)

        return Order(
            system=SourceName.AUTOSTORE,
            method=self.method,
            arguments=arguments,
            target=f"port {port.port_id}",
            goal=Goal(Key(Kind.PORT, port.port_id), hindrance, reached, self.patience),
        )

    def _changed(self, seen: Port, now: Port) -> str | None:
        """Say why the order made for `seen` does not fit the port as it is `now` (rule 14).

        What was shown in the confirmation is what must come true, not only what is sent.
        """
        if reason := self.why_not(now):
            return reason
        if (now.bin_id, self.fixed(now)) != (seen.bin_id, self.fixed(seen)):
            return "the port has another bin or task now"
        if self.consequence(now) != self.consequence(seen):
            return f"the port is {now.mode} now"
        return None


def _port_only(port: Port) -> dict[str, object]:
    return {"port_id": port.port_id}


def _port_and_bin(port: Port) -> dict[str, object]:
    return {"port_id": port.port_id, "bin_id": port.bin_id}


def _port_bin_task(port: Port) -> dict[str, object]:
    task = {} if port.task_id is None else {"task_id": port.task_id}
    return {**_port_and_bin(port), **task}


def not_available(port: Port) -> str | None:
    """Return why nobody can command a port at all, or None."""
    if port.mode is None:
        return "its mode is not known"
    return f"the port is {port.mode}" if port.mode in UNAVAILABLE else None


def _not_autocase(port: Port) -> str | None:
    if port.port_type is None:
        return "its type is not known"
    return None if port.autocase else "not an AutoCase port"


def _not_open(port: Port) -> str | None:
    return not_available(port) or (None if port.open else "the port is closed")


def _cannot_open(port: Port) -> str | None:
    return not_available(port) or (f"already open (mode {port.mode})" if port.open else None)


def _cannot_close(port: Port) -> str | None:
    return not_available(port) or (None if port.open else "already closed")


def _cannot_call_bin(port: Port) -> str | None:
    if reason := _not_open(port):
        return reason
    return f"bin {port.bin_id} is still selected" if port.bin_id is not None else None


def _bin_not_open(port: Port) -> str | None:
    if reason := _not_open(port):
        return reason
    if port.bin_id is None:
        return "no bin is reported"
    if port.bin_mode != BinMode.OPEN:
        return f"bin {port.bin_id} is not open here ({port.bin_mode or 'mode unknown'})"
    return None


def _cannot_extract(port: Port) -> str | None:
    if reason := _not_autocase(port):
        return reason
    if port.case_active:
        return f"an action is running ({port.case_state})"
    return _bin_not_open(port)


def _cannot_cancel(port: Port) -> str | None:
    if reason := _not_autocase(port) or _not_open(port):
        return reason
    if port.bin_id is None:
        return "no bin is reported"
    if port.case_state in _AT_REST:
        return f"no action to cancel ({port.case_state})"
    if port.case_active and port.reading and port.reading.case and port.reading.case.error is False:
        return f"the action is not in error ({port.case_state})"
    return None


def opened_mode(arguments: Mapping[str, object]) -> str:
    """Return the mode an accepted openport leads to (source page openport)."""
    asked = arguments.get("port_mode")
    if asked:
        return str(asked)
    selects = any(arguments.get(name) not in (None, "", (), []) for name in ("category", "content"))
    return PortMode.OPEN if selects else PortMode.INSERT


def _bin_gone(arguments: Mapping[str, object], _before: Port, after: Port) -> bool:
    return after.bin_id != arguments["bin_id"] or after.bin_mode not in (None, BinMode.OPEN)


def _moves_bin(port: Port) -> str:
    return "no bin is reported in it" if port.bin_id is None else f"moves bin {port.bin_id} away"


_AT_REST = frozenset({CaseState.NOTHING, CaseState.EXTRACT_COMPLETED, CaseState.INSERT_COMPLETED})

_EXTRACTING = frozenset(
    {CaseState.EXTRACT_REQUESTED, CaseState.EXTRACT_READY_TO_SEND, CaseState.EXTRACT_COMPLETED}
)

HANDS = "Nobody may have hands in the bin."

PORT_COMMANDS: tuple[PortCommand, ...] = (
    PortCommand(
        id="port.open",
        method="openport",
        key="o",
        word="open",
        title="open port",
        help="Opens the port, for categories or content codes or for inserting.",
        danger=Danger.NONE,
        asked=("category", "content", "port_mode", "req_time"),
        why_not=_cannot_open,
        fixed=_port_only,
        consequence=lambda port: "robots may bring bins",
        reached=lambda arguments, before, after: after.mode == opened_mode(arguments),
        patience=10.0,
    ),
    PortCommand(
        id="port.close",
        method="closeport",
        key="c",
        word="close",
        title="close port",
        help="Closes the port; the bin in it goes back to the grid.",
        danger=Danger.DISRUPTIVE,
        why_not=_cannot_close,
        fixed=_port_only,
        consequence=_moves_bin,
        care=HANDS,
        reached=lambda arguments, before, after: after.mode == PortMode.CLOSED,
        patience=60.0,
    ),
    PortCommand(
        id="bin.call",
        method="openbin",
        key="b",
        word="call bin",
        title="call bin",
        help="Calls the next bin to the port.",
        danger=Danger.NONE,
        why_not=_cannot_call_bin,
        fixed=_port_only,
        consequence=lambda port: "a robot brings the next bin",
        reached=lambda arguments, before, after: after.bin_id is not None and before.bin_id is None,
        patience=10.0,
    ),
    PortCommand(
        id="bin.close",
        method="closebin",
        key="B",
        word="close bin",
        title="close bin",
        help="Sends the open bin back to the grid.",
        danger=Danger.DISRUPTIVE,
        asked=("content", "taskcomplete"),
        why_not=_bin_not_open,
        fixed=_port_bin_task,
        consequence=lambda port: f"moves bin {port.bin_id} away",
        care=HANDS,
        reached=_bin_gone,
        patience=20.0,
    ),
    PortCommand(
        id="case.extract",
        method="case_extract",
        key="x",
        word="extract",
        title="extract case",
        help="Takes the case out of the open bin.",
        danger=Danger.DISRUPTIVE,
        why_not=_cannot_extract,
        fixed=_port_and_bin,
        consequence=lambda port: f"moves the case out of {port.bin_id}",
        care=HANDS,
        reached=lambda arguments, before, after: after.case_state in _EXTRACTING,
        patience=10.0,
    ),
    PortCommand(
        id="case.cancel",
        method="case_cancel",
        key="X",
        word="cancel",
        title="cancel case",
        help="Cancels a case action that is in error.",
        danger=Danger.DISRUPTIVE,
        why_not=_cannot_cancel,
        fixed=_port_and_bin,
        consequence=lambda port: f"cancels the action on {port.bin_id}",
        reached=lambda arguments, before, after: after.case_state is not None and not after.case_active,
        patience=20.0,
    ),
)


def command_id(method: str, arguments: Mapping[str, object]) -> str:
    """Return what people call a call: the id of its command, or the method's own name."""
    if method == "openport" and arguments.get("port_mode") == PortMode.RUNOUT:
        return "port.runout"
    return _COMMAND_IDS.get(method, method)


def any_order(system: SourceName, method: str, values: Mapping[str, object]) -> Order:
    """Return the order for any documented call with the values given; nothing is read back.

    A MOR creation gets what it can be found again by: a PIN, which the server would draw at random,
    and the command's id in its description (operations-safety rule 7).
    """
    call = find_call(method) if system is SourceName.MOR else None
    marked_in = call.description_param if call else ""
    if call and call.description_param and call.pin_param and not values.get(call.pin_param):
        values = {**values, call.pin_param: _new_pin()}
    return Order(
        system=system, method=method, arguments=values, target=target_words(values), marked_in=marked_in
    )


def _new_pin() -> Secret:
    return Secret(f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}")


RULE_FIELDS = tuple(field for field in DEVICE_RULE_CREATE.params if field.name != "device_id")
"""The fields of the form for a new rule."""


def add_rule(device_id: int, values: Mapping[str, object]) -> Order:
    """Return the order that gives a device a rule; one that has it by then is left alone.

    The server returns no rule id and knows no update, so the goal is a rule with these values that
    was not in the list before (mor.md section 6).
    """

    def hindrance(belief: Belief) -> str | None:
        there = isinstance(belief, RuleList) and any(same_rule(rule, values) for rule in belief.rules)
        return "has this rule" if there else None

    def reached(before: Belief, after: Belief) -> bool:
        if not isinstance(before, RuleList) or not isinstance(after, RuleList):
            return False
        known = {rule.rule_id for rule in before.rules}
        return any(rule.rule_id not in known and same_rule(rule, values) for rule in after.rules)

    return Order(
        system=SourceName.MOR,
        method=DEVICE_RULE_CREATE.name,
        arguments={**values, "device_id": device_id},
        target=f"device {device_id}",
        goal=Goal(Key(Kind.RULES, device_id), hindrance, reached, patience=10.0),
    )


def same_rule(rule: DeviceRule, values: Mapping[str, Any]) -> bool:
    """Return whether a rule says what `values` ask for, with the server's defaults filled in."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return (
        all(getattr(rule, name) == safe(str(given.get(name, ""))) for name in ("name", "cut", "add"))
        and rule.minlen == int(given.get("minlen", 1))
        and rule.maxlen == int(given.get("maxlen", 100))
        and rule.pr_type == given.get("pr_type", "dst")
        and rule.change_callerid_name == (str(given.get("change_callerid_name", 0)) == "1")
    )


TITLES = {command.method: command.title for command in PORT_COMMANDS} | {DEVICE_RULE_CREATE.name: "new rule"}
"""What people call the methods that have a key."""

_COMMAND_IDS = {command.method: command.id for command in PORT_COMMANDS} | {
    "device_rule_create": "rule.add",
    "device_rule_delete": "rule.delete",
    "device_create": "device.create",
    "device_update": "device.update",
    "device_delete": "device.delete",
}
