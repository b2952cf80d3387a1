"""Any documented call by its name, in a terminal and against the simulator: a read, a command, the wire."""

from pathlib import Path

from .at_the_console import Console, happened
from .conftest import OpenConsole
from .programs import Simulator, journal


def choose(console: Console, name: str, summary: str) -> None:
    """Find a call in the palette and choose it."""
    console.press(":")
    console.wait_for("Search for commands")
    console.press(name)
    console.wait_for(summary)
    console.press("enter")


def test_a_read_and_a_command_by_name_and_the_wire(
    open_console: OpenConsole, home: Path, hall2: Path, simulator: Simulator
) -> None:
    console = open_console("--config", str(hall2))
    console.wait_until_live()

    choose(console, "getportconfig", "Tells a port's configuration")
    console.wait_for_dialog("<port_id>1</port_id>")  # the port under the cursor
    console.press("enter", "enter")
    console.wait_for_dialog("weight_equipment", "HTTP 200")
    console.press("esc")
    console.wait_gone("weight_equipment")

    choose(console, "createbin", "Defines a bin.")
    console.wait_for_dialog("! bin_id is missing")
    console.press("3999999", "tab", "\x1b[C")  # the first type
    console.wait_for("< 1 >", "<bin_id>3999999</bin_id>", "1</bin_type>")
    console.press("enter", "enter")
    console.answer("createbin?", "y")
    console.wait_for_dialog("accepted", "HTTP 200")
    console.press("esc")
    console.wait_gone("HTTP 200")

    console.press("w")
    console.wait_for_dialog("─ Wire ─")
    console.press("/", "commands")
    console.wait_for("1 of ")
    console.wait_for(happened("createbin", "bin 3999999", "accepted"))
    console.press("enter", "q")
    console.wait_gone("─ Wire ─")

    assert console.quit() == 0
    assert [row["method"] for row in simulator.executed()] == ["createbin"]
    rows = [row for row in journal(home) if row["action"] == "createbin"]
    assert [(row["kind"], row["outcome"]) for row in rows] == [
        ("intent", ""),
        ("outcome", "accepted"),
        ("settled", "unverified"),
    ]
