"""What asks first is sent by an answer, and by nothing else that a keyboard can do."""

from pathlib import Path

import pytest

from .at_the_console import Console, port_row
from .conftest import OpenConsole
from .programs import Simulator

QUESTION = "Close port?"


@pytest.fixture
def console(open_console: OpenConsole, hall2: Path) -> Console:
    """A console with the cursor on port 2, which is open."""
    console = open_console("--config", str(hall2))
    console.wait_until_live()
    console.filter_ports("2", shown=1)
    console.open_port()
    console.wait_for(port_row(2, "INSERT"))
    return console


def commanded(simulator: Simulator) -> list[str]:
    return [row["method"] for row in simulator.executed()]


def test_only_a_yes_is_a_yes(console: Console, simulator: Simulator) -> None:
    for harmless in ("enter", "n", "esc"):  # the button with the focus is the one that cancels
        console.press("c")
        console.answer(QUESTION, harmless)
    assert commanded(simulator) == ["openport"]

    console.press("c")
    console.answer(QUESTION, "y")

    console.wait_for(port_row(2, "CLOSED"))
    assert console.quit() == 0
    assert commanded(simulator) == ["openport", "closeport"]


def test_what_is_typed_ahead_or_pasted_answers_nothing(console: Console, simulator: Simulator) -> None:
    for burst in ("cy", "cyyyy", "c\ry", "c\ty\r"):
        console.press(burst)
        console.answer(QUESTION, "esc")

    console.press("c")
    console.wait_for_dialog(QUESTION)
    for text in ("y", "y\r", "\r", "\t\r"):
        console.paste(text)
    console.answer(QUESTION, "esc")
    console.paste("cy")

    assert console.quit() == 0
    assert commanded(simulator) == ["openport"]
