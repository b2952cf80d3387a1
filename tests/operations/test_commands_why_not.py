"""When each command on a port makes sense, and why it does not when it does not."""

from typing import Any

import pytest

from console.operations.bulk.port_actions import RUN_OUT
from console.operations.commands import PORT_COMMANDS, PortCommand
from console.state.entities import Port

from .small import port

BY_ID = {command.id: command for command in PORT_COMMANDS}

CLOSED = port("CLOSED")
OPEN_EMPTY = port("OPEN")
COMING = port("OPEN", bin_id=7, bin_mode="GRID")
AT_PORT = port("OPEN", bin_id=7, bin_mode="OPEN", task_id=31)
BIN_MODE_UNKNOWN = port("OPEN", bin_id=7)
DISABLED = port("DISABLED")
PUPPET = port("MULTIPORT_PUPPET")
NOTHING_KNOWN = port(None, port_type=None)
NEW_MODE = port("MAINTENANCE")


def case_port(case: str | None, error: bool | None = False, **more: Any) -> Port:
    """An AutoCase port with an open bin, and its case in a state."""
    values: dict[str, Any] = {"mode": "OPEN", "bin_id": 7, "bin_mode": "OPEN", **more}
    return port(values.pop("mode"), port_type="AC", case=case, error=error, **values)


UNKNOWN = "its mode is not known"
PORT_CLOSED = "the port is closed"


@pytest.mark.parametrize(
    ("command", "seen", "reason"),
    [
        ("port.open", CLOSED, None),
        ("port.open", OPEN_EMPTY, "already open (mode OPEN)"),
        ("port.open", NEW_MODE, "already open (mode MAINTENANCE)"),
        ("port.open", DISABLED, "the port is DISABLED"),
        ("port.open", PUPPET, "the port is MULTIPORT_PUPPET"),
        ("port.open", NOTHING_KNOWN, UNKNOWN),
        ("port.close", CLOSED, "already closed"),
        ("port.close", OPEN_EMPTY, None),
        ("port.close", AT_PORT, None),
        ("port.close", DISABLED, "the port is DISABLED"),
        ("port.close", NOTHING_KNOWN, UNKNOWN),
        ("bin.call", CLOSED, PORT_CLOSED),
        ("bin.call", OPEN_EMPTY, None),
        ("bin.call", COMING, "bin 7 is still selected"),
        ("bin.call", DISABLED, "the port is DISABLED"),
        ("bin.call", NOTHING_KNOWN, UNKNOWN),
        ("bin.close", CLOSED, PORT_CLOSED),
        ("bin.close", OPEN_EMPTY, "no bin is reported"),
        ("bin.close", COMING, "bin 7 is not open here (GRID)"),
        ("bin.close", BIN_MODE_UNKNOWN, "bin 7 is not open here (mode unknown)"),
        ("bin.close", AT_PORT, None),
        ("bin.close", NOTHING_KNOWN, UNKNOWN),
        ("case.extract", AT_PORT, "not an AutoCase port"),
        ("case.extract", NOTHING_KNOWN, "its type is not known"),
        ("case.extract", case_port("NOOP"), None),
        ("case.extract", case_port(None), None),
        ("case.extract", case_port("ECMP"), None),
        ("case.extract", case_port("EREQ"), "an action is running (EREQ)"),
        ("case.extract", case_port("ERSO", True), "an action is running (ERSO)"),
        ("case.extract", case_port("NOOP", mode="CLOSED"), PORT_CLOSED),
        ("case.extract", case_port("NOOP", bin_id=None, bin_mode=None), "no bin is reported"),
        ("case.extract", case_port("NOOP", bin_mode="GRID"), "bin 7 is not open here (GRID)"),
        ("case.cancel", AT_PORT, "not an AutoCase port"),
        ("case.cancel", NOTHING_KNOWN, "its type is not known"),
        ("case.cancel", case_port("NOOP"), "no action to cancel (NOOP)"),
        ("case.cancel", case_port("ECMP"), "no action to cancel (ECMP)"),
        ("case.cancel", case_port("ERSO", False), "the action is not in error (ERSO)"),
        ("case.cancel", case_port("ERSO", True), None),
        ("case.cancel", case_port("ERSO", None), None),
        ("case.cancel", case_port(None, None), None),
        ("case.cancel", case_port("ERSO", True, mode="CLOSED"), PORT_CLOSED),
        ("case.cancel", case_port("ERSO", True, bin_id=None), "no bin is reported"),
    ],
)
def test_why_not(command: str, seen: Port, reason: str | None) -> None:
    assert BY_ID[command].why_not(seen) == reason


@pytest.mark.parametrize("command", PORT_COMMANDS, ids=lambda command: command.id)
def test_nothing_makes_sense_at_a_port_never_seen(command: PortCommand) -> None:
    assert command.why_not(Port(port_id=4)) is not None


@pytest.mark.parametrize(
    ("command", "seen", "arguments"),
    [
        ("port.open", CLOSED, {"port_id": 4}),
        ("port.close", AT_PORT, {"port_id": 4}),
        ("bin.call", OPEN_EMPTY, {"port_id": 4}),
        ("bin.close", AT_PORT, {"port_id": 4, "bin_id": 7, "task_id": 31}),
        ("bin.close", port("OPEN", bin_id=7, bin_mode="OPEN"), {"port_id": 4, "bin_id": 7}),
        ("case.extract", case_port("NOOP"), {"port_id": 4, "bin_id": 7}),
        ("case.cancel", case_port("ERSO", True), {"port_id": 4, "bin_id": 7}),
    ],
)
def test_what_the_port_itself_decides(command: str, seen: Port, arguments: dict[str, int]) -> None:
    assert BY_ID[command].order(seen, {}).arguments == arguments
    BY_ID[command].entry.check(arguments)


def test_no_value_given_can_turn_a_command_to_another_target() -> None:
    order = BY_ID["port.open"].order(CLOSED, {"port_id": 5, "category": ["1"]})
    assert order.arguments == {"port_id": 4, "category": ["1"]}
    assert order.target == "port 4"


def test_keys_ids_and_methods_are_one_each() -> None:
    for name in ("id", "key", "method", "title", "word"):
        assert len({getattr(command, name) for command in PORT_COMMANDS}) == len(PORT_COMMANDS)


@pytest.mark.parametrize("command", PORT_COMMANDS, ids=lambda command: command.id)
def test_what_is_asked_for_are_parameters_of_its_method(command: PortCommand) -> None:
    assert tuple(field.name for field in command.fields) == tuple(
        field.name for field in command.entry.params if field.name in command.asked
    )
    assert len(command.fields) == len(command.asked)
    assert command.entry.mutating


@pytest.mark.parametrize(
    ("seen", "now", "reason"),
    [
        (OPEN_EMPTY, port("INSERT"), None),
        (OPEN_EMPTY, CLOSED, "the port is CLOSED now"),
        (CLOSED, OPEN_EMPTY, "the port is OPEN now"),
        (OPEN_EMPTY, AT_PORT, "the port has another bin or task now"),
        (OPEN_EMPTY, port("RUNOUT"), "already running out"),
    ],
)
def test_a_port_is_run_out_only_as_it_was_seen(seen: Port, now: Port, reason: str | None) -> None:
    goal = RUN_OUT.order(seen, {}).goal
    assert goal is not None
    assert goal.hindrance(now) == reason
