"""The morning opening of sixty ports by keyboard alone, where an answer is lost and a port refuses once."""

import re
from contextlib import closing
from pathlib import Path

from .at_the_console import PORTS, SMALL, Console, port_row
from .terminal import KEYS, without

MOST_KEYS = 40
"""Presses that the opening of sixty ports may take, whatever is pressed to look at it."""


class Counting(Console):
    """A person whose key presses are counted."""

    pressed = 0

    def press(self, *keys: str) -> None:
        """Press keys; a word that is typed is as many presses as it has letters."""
        self.pressed += sum(1 if key in KEYS else len(key) for key in keys)
        super().press(*keys)


def test_sixty_ports_are_opened_by_keyboard_alone(home: Path) -> None:
    with closing(Counting(home, "demo", "--scenario", "morning-opening", size=SMALL)) as console:
        open_sixty(console)
        print(f"key presses: {console.pressed}")
        assert console.pressed <= MOST_KEYS
        assert console.quit() == 0


def open_sixty(console: Console) -> None:
    """Open the ports, look at the first, do once more what was refused, and see them open."""
    console.wait_for("Press Enter to begin")
    console.press("enter")
    console.wait_until_live()

    console.filter_ports("1-60", shown=60)
    console.press("*")
    console.wait_for("60 marked")
    console.open_port("1")
    console.wait_for_dialog("60 included", "Type 60")
    console.press("60", "enter")
    console.wait_for_dialog("PAUSED", re.compile(r"confirmed +1\b"))
    console.press("space")
    console.wait_for("ENDED", re.compile(r"refused +1\b"), re.compile(r"UNKNOWN +0\b"))

    console.press("enter")
    console.wait_for_dialog("< shown: all >")
    console.press("f")
    console.wait_for_dialog("retry failed of run", "1 included")
    console.press("y")
    console.wait_for_dialog("ENDED", re.compile(r"confirmed +1\b"))
    console.press("esc")
    console.wait_for(f"{PORTS} Ports 60 of 62", port_row(1, "OPEN"), without("CLOSED"))
