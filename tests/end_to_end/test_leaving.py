"""However the console ends: soon, in order, with the terminal as it was, and with nothing left behind."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .at_the_console import Console
from .conftest import OpenConsole
from .processes import children, wait_until_gone
from .programs import journal

SOON = 30.0
"""Seconds within which it has ended, on a busy machine."""

CURSOR, ALTERNATE_SCREEN = 25, 1049
WHAT_TELLS_KEYS = {1000, 1002, 1003, 1004, 1006, 1015, 2004}
"""Modes in which the terminal reports the mouse, its focus and pastes: a shell would show them as rubbish."""


def end_with_a_dialog_open(console: Console) -> None:
    console.press("o")
    console.wait_for_dialog("call  openport")
    console.signal(signal.SIGTERM)


LEAVE: dict[str, tuple[Callable[[Console], None], int]] = {
    "q": (lambda console: console.press("q"), 0),
    "ctrl+q": (lambda console: console.press("ctrl+q"), 0),
    "SIGTERM": (end_with_a_dialog_open, 128 + signal.SIGTERM),
    "SIGHUP": (lambda console: console.signal(signal.SIGHUP), 128 + signal.SIGHUP),
}


@pytest.fixture
def console(open_console: OpenConsole) -> Console:
    console = open_console("demo", "--ports", "8", "--devices", "4")
    console.wait_until_live()
    return console


@pytest.fixture
def simulator(console: Console) -> Iterator[int]:
    """The id of the simulator that the console has started; it must be gone in the end."""
    (pid,) = children(console.pid)
    yield pid
    wait_until_gone(pid)


@pytest.mark.parametrize("way", LEAVE)
def test_the_terminal_is_given_back(console: Console, simulator: int, home: Path, way: str) -> None:
    leave, exit_code = LEAVE[way]
    assert ALTERNATE_SCREEN in console.modes_left_on()
    assert not console.settings_restored()

    leave(console)

    assert console.wait_for_end(SOON) == exit_code
    assert console.modes_left_on().isdisjoint({ALTERNATE_SCREEN, *WHAT_TELLS_KEYS})
    assert CURSOR in console.modes_left_on()
    assert b"\x1b[<u" in console.received  # the keyboard speaks as before
    assert console.settings_restored()
    assert [row["kind"] for row in journal(home)] == ["start", "stop"]


def test_a_lost_terminal_ends_it_in_order(console: Console, simulator: int, home: Path) -> None:
    console.hang_up()

    console.wait_for_end(SOON)
    assert [row["kind"] for row in journal(home)] == ["start", "stop"]


def test_it_can_be_left_before_it_is_connected(open_console: OpenConsole, home: Path) -> None:
    console = open_console("demo", "--ports", "8", "--devices", "4")
    console.wait_for("Ports 8")
    console.press("q")

    assert console.wait_for_end(SOON) == 0
    assert [row["kind"] for row in journal(home)] in ([], ["start", "stop"])


def test_a_killed_console_leaves_no_simulator(console: Console, simulator: int, home: Path) -> None:
    console.signal(signal.SIGKILL)

    assert console.wait_for_end(SOON) == -signal.SIGKILL
    wait_until_gone(simulator)
    assert [row["kind"] for row in journal(home)] == ["start"]
