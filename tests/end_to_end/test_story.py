"""The story of a technician: a port, a bin, a case in error, and a phone; told on screen and on disk."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from .at_the_console import ACTIVITY, DETAIL, DEVICES, PORTS, SMALL, WIDE, Console, happened, port_row
from .conftest import OpenConsole
from .programs import executed, journal
from .terminal import without

CASE_BIN = 101337
ALARM = re.compile(r"! port 4\b.*\berror\b.*ERSO")

COMMANDS = [
    ("openport", "port 4", {"port_id": 4, "category": [1, 2]}),
    ("openbin", "port 4", {"port_id": 4}),
    ("case_extract", "port 4", {"port_id": 4, "bin_id": CASE_BIN}),
    ("case_cancel", "port 4", {"port_id": 4, "bin_id": CASE_BIN}),
    ("device_rule_create", "device 6", {"device_id": 6, "name": "wave", "cut": "00", "add": "39"}),
]
"""What the story commands: method, target, arguments."""


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x40", "80x24"])
def test_a_technician_s_round(open_console: OpenConsole, home: Path, size: tuple[int, int]) -> None:
    record = home / "record.jsonl"
    console = open_console("demo", "--speed", "3", "--record", str(record), size=size)

    open_port(console)
    call_bin(console)
    extract_case(console)
    cancel_case(console)
    give_rule(console)
    assert console.quit() == 0

    assert carried_out(record) == COMMANDS
    assert_accounted_for(home)


def open_port(console: Console) -> None:
    console.wait_until_live()
    console.wait_for("SIMULATOR", "RUNNING")
    console.filter_ports("4", shown=1)
    console.wait_for(port_row(4, "AC", "CLOSED", "NOOP"))
    console.open_port("1 2")
    console.wait_for(port_row(4, "AC", "OPEN"))


def call_bin(console: Console) -> None:
    console.press("b")
    console.wait_for(port_row(4, "OPEN", f"{CASE_BIN}", "OPEN", "NOOP"))


def extract_case(console: Console) -> None:
    console.press("x")
    console.answer("Extract case?", "y")
    console.wait_for(ALARM, port_row(4, "ERSO ! in error"))
    console.press(DETAIL)
    console.wait_for(re.compile(r"Case .*IN ERROR.*ERSO"))
    console.wait_for(re.compile(r"x extract case +- "), re.compile(r"X cancel case +[^-]"))
    console.press(PORTS)


def cancel_case(console: Console) -> None:
    console.press("X")
    console.answer("Cancel case?", "y")
    console.wait_for(port_row(4, "OPEN", f"{CASE_BIN}", "OPEN", "NOOP"), without(ALARM))


def give_rule(console: Console) -> None:
    console.press(DEVICES, "/", "reception", "enter")
    console.wait_for(re.compile(r"Devices of 100 hall2 .* of 160"), "6       SIP      reception-6")
    console.press("r")
    console.wait_for_dialog("Device 6 reception-6", "New rule")
    console.press("wave", "enter", "00", "enter", "39")
    console.wait_for("call  device_rule_create device_id=6 name=wave cut=00 add=39")
    console.press("enter", "enter")
    console.wait_gone("call  device_rule_create")
    console.press(ACTIVITY)
    for title, target in (
        ("open port", "port 4"),
        ("call bin", "port 4"),
        ("extract case", "port 4"),
        ("cancel case", "port 4"),
        ("new rule", "device 6"),
    ):
        console.wait_for(happened(rf"\+ {title}", target, "confirmed"))


def carried_out(record: Path) -> list[tuple[str, str, dict[str, object]]]:
    """Return what the simulated servers say was commanded; all of it went well."""
    rows = executed(record)
    assert {row["result"] for row in rows} == {"ok"}
    return [(row["method"], target(row["arguments"]), asked(row["arguments"])) for row in rows]


def target(arguments: dict[str, object]) -> str:
    named = ((name, arguments.get(f"{name}_id")) for name in ("port", "device"))
    return next(f"{name} {number}" for name, number in named if number is not None)


def asked(arguments: dict[str, object]) -> dict[str, object]:
    """The switch records the texts of the form, and who called: return what was asked for."""
    numbers = {name: int(str(value)) for name, value in arguments.items() if name == "device_id"}
    return {name: value for name, value in {**arguments, **numbers}.items() if name != "u"}


def assert_accounted_for(home: Path) -> None:
    """Each command stands in the journal once: intended, then accepted, then confirmed."""
    records = journal(home)
    assert [records[0]["kind"], records[-1]["kind"]] == ["start", "stop"]
    told = defaultdict(list)
    for one in records[1:-1]:
        told[one["op"]].append(one)
    assert [
        (intent["action"], intent["target"], intent["arguments"]) for intent, *_ in told.values()
    ] == COMMANDS
    for steps in told.values():
        assert [(step["kind"], step["outcome"]) for step in steps] == [
            ("intent", ""),
            ("outcome", "accepted"),
            ("settled", "confirmed"),
        ]
