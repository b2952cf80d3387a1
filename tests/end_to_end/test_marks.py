"""One command on many ports: a plan and its run, each port accounted for; many for who can count them."""

from itertools import groupby
from pathlib import Path

from .at_the_console import PORTS, Console, port_row
from .conftest import OpenConsole
from .programs import Simulator, journal


def opened(open_console: OpenConsole, settings: Path) -> Console:
    console = open_console("--config", str(settings))
    console.wait_until_live()
    return console


def carry_out(console: Console, plan: str, *answer: str) -> None:
    """Begin the plan that is shown, look at its first target, go on, and leave the run when it ended."""
    console.answer(plan, *answer)
    console.wait_for_dialog("PAUSED   wave 2")
    console.press("space")
    console.wait_for("ENDED")
    console.press("esc")
    console.wait_gone("ENDED")


def test_marked_ports_have_a_record_each(
    open_console: OpenConsole, hall2: Path, simulator: Simulator, home: Path
) -> None:
    console = opened(open_console, hall2)
    console.filter_ports("type:ac", shown=3)
    console.press("space", "space")
    console.wait_for("2 marked", "* 0004", "* 0005")

    console.open_port("1 2")
    carry_out(console, "y runs it", "y")
    console.wait_for(port_row(4, "OPEN"), port_row(5, "OPEN"), port_row(11, "CLOSED"))
    console.press("c")
    carry_out(console, "y runs it", "y")
    console.wait_for(port_row(4, "CLOSED"), port_row(5, "CLOSED"))
    assert console.quit() == 0

    wanted = [("openport", 4), ("openport", 5), ("closeport", 4), ("closeport", 5)]
    assert [(row["method"], row["arguments"]["port_id"]) for row in simulator.executed()] == wanted
    steps = [row for row in journal(home) if row["kind"] in ("intent", "outcome")]
    assert [
        (records[0]["action"], records[0]["arguments"]["port_id"])
        for records in (list(group) for _, group in groupby(steps, lambda row: row["op"]))
        if [one["kind"] for one in records] == ["intent", "outcome"]
    ] == wanted


def test_the_number_of_many_ports_must_be_typed(
    open_console: OpenConsole, hall2: Path, simulator: Simulator
) -> None:
    console = opened(open_console, hall2)
    console.press(PORTS, "*")
    console.wait_for("12 marked")

    console.open_port()
    console.wait_for_dialog("Type 12")
    console.press("y", "left", "13", "enter", "y", "esc")
    console.wait_gone("Type 12")
    assert simulator.executed() == []

    console.open_port()
    carry_out(console, "Type 12", "left", "12", "enter")
    console.wait_for(*(port_row(port_id, "INSERT") for port_id in range(1, 13)))
    assert console.quit() == 0
    opened_ports = [row["arguments"]["port_id"] for row in simulator.executed()]
    assert sorted(opened_ports) == list(range(1, 13)), "each of them once"
