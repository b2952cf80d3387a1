"""How a command on a port knows that it must not be sent any more, and that it happened."""

from typing import Any

import pytest

from console.operations.commands import add_rule, opened_mode
from console.operations.orders import Goal
from console.state.entities import Port, RuleList

from .small import port
from .test_commands_why_not import AT_PORT, BY_ID, CLOSED, OPEN_EMPTY, case_port

CHANGED = "the port has another bin or task now"


def goal(command: str, seen: Port, **values: Any) -> Goal:
    made = BY_ID[command].order(seen, values).goal
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("command", "planned", "now", "reason"),
    [
        ("port.open", CLOSED, CLOSED, None),
        ("port.open", CLOSED, OPEN_EMPTY, "already open (mode OPEN)"),
        ("port.close", OPEN_EMPTY, OPEN_EMPTY, None),
        ("port.close", OPEN_EMPTY, AT_PORT, CHANGED),
        ("port.close", AT_PORT, port("OPEN", bin_id=8, bin_mode="OPEN"), CHANGED),
        ("port.close", AT_PORT, CLOSED, "already closed"),
        ("bin.close", AT_PORT, AT_PORT, None),
        ("bin.close", AT_PORT, port("OPEN", bin_id=8, bin_mode="OPEN", task_id=31), CHANGED),
        ("bin.close", AT_PORT, port("OPEN", bin_id=7, bin_mode="OPEN", task_id=32), CHANGED),
        ("bin.close", AT_PORT, port("OPEN", bin_id=7, bin_mode="OPEN"), CHANGED),
        ("bin.close", AT_PORT, port("RUNOUT", bin_id=7, bin_mode="OPEN", task_id=31), None),
        ("case.extract", case_port("NOOP"), case_port("NOOP", bin_id=8), CHANGED),
        ("case.extract", case_port("NOOP"), case_port("EREQ"), "an action is running (EREQ)"),
        ("case.cancel", case_port("ERSO", True), case_port("NOOP"), "no action to cancel (NOOP)"),
    ],
)
def test_a_fresh_look_that_shows_something_else(
    command: str, planned: Port, now: Port, reason: str | None
) -> None:
    assert goal(command, planned).hindrance(now) == reason


def test_a_look_at_something_that_is_no_port_hinders() -> None:
    made = goal("port.open", CLOSED)
    assert made.hindrance(RuleList(device_id=4)) == "not a port"
    assert not made.reached(CLOSED, RuleList(device_id=4))


@pytest.mark.parametrize(
    ("arguments", "mode"),
    [
        ({}, "INSERT"),
        ({"category": ["1", "2"]}, "OPEN"),
        ({"category": (1,)}, "OPEN"),
        ({"content": (0,)}, "OPEN"),
        ({"content": 0}, "OPEN"),
        ({"category": (), "content": []}, "INSERT"),
        ({"port_mode": "RUNOUT"}, "RUNOUT"),
        ({"port_mode": "SWAP", "category": (1,)}, "SWAP"),
        ({"port_mode": "", "category": (1,)}, "OPEN"),
        ({"port_mode": None}, "INSERT"),
    ],
)
def test_the_mode_that_openport_leads_to(arguments: dict[str, object], mode: str) -> None:
    assert opened_mode(arguments) == mode


@pytest.mark.parametrize(
    ("command", "values", "before", "after", "reached"),
    [
        ("port.open", {"category": ["1"]}, CLOSED, port("OPEN"), True),
        ("port.open", {"category": ["1"]}, CLOSED, port("INSERT"), False),
        ("port.open", {"port_mode": "RUNOUT"}, CLOSED, port("RUNOUT"), True),
        ("port.open", {}, CLOSED, CLOSED, False),
        ("port.close", {}, AT_PORT, CLOSED, True),
        ("port.close", {}, AT_PORT, OPEN_EMPTY, False),
        ("port.close", {}, AT_PORT, port(None), False),
        ("bin.call", {}, OPEN_EMPTY, port("OPEN", bin_id=9, bin_mode="GRID"), True),
        ("bin.call", {}, OPEN_EMPTY, OPEN_EMPTY, False),
        ("bin.close", {}, AT_PORT, OPEN_EMPTY, True),
        ("bin.close", {}, AT_PORT, port("OPEN", bin_id=7, bin_mode="CLOSED"), True),
        ("bin.close", {}, AT_PORT, port("OPEN", bin_id=8), True),
        ("bin.close", {}, AT_PORT, port("OPEN", bin_id=7), False),
        ("bin.close", {}, AT_PORT, AT_PORT, False),
        ("case.extract", {}, case_port("NOOP"), case_port("EREQ"), True),
        ("case.extract", {}, case_port("NOOP"), case_port("ERSO", True), True),
        ("case.extract", {}, case_port("NOOP"), case_port("ECMP"), True),
        ("case.extract", {}, case_port("NOOP"), case_port("NOOP"), False),
        ("case.extract", {}, case_port("NOOP"), case_port(None), False),
        ("case.extract", {}, case_port("NOOP"), case_port("IREQ"), False),
        ("case.cancel", {}, case_port("ERSO", True), case_port("NOOP"), True),
        ("case.cancel", {}, case_port("ERSO", True), case_port("ERSO", True), False),
        ("case.cancel", {}, case_port("ERSO", True), case_port(None), False),
    ],
)
def test_reached(command: str, values: dict[str, Any], before: Port, after: Port, reached: bool) -> None:
    assert goal(command, before, **values).reached(before, after) is reached


def test_a_goal_is_looked_for_where_the_command_went() -> None:
    assert goal("port.open", CLOSED).key == ("port", 4)
    assert goal("port.open", CLOSED).patience > 0
    rules = add_rule(2, {"name": "myrule"}).goal
    assert rules is not None
    assert rules.key == ("rules", 2)
