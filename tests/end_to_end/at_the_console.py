"""Somebody at the console: the program in a terminal, and what people do with it."""

import re
import time
from pathlib import Path

from console.interface.screens.dialog import DEAF_SECONDS

from .programs import PORTSIDE, environment
from .terminal import Condition, Lines, Terminal, without

WIDE, SMALL = (120, 40), (80, 24)

PORTS, DETAIL, DEVICES, ACTIVITY = "1234"
"""The keys of the panes: on a small screen, only one of them is shown."""

UNTIL_IT_LISTENS = DEAF_SECONDS + 0.4
"""Seconds from seeing a dialog until it heeds keys, on a machine that is slow to note that it was drawn."""


class Console(Terminal):
    """The console of one person; `home` holds its journal and settings."""

    def __init__(self, home: Path, *arguments: str, size: tuple[int, int] = WIDE, **more: str) -> None:
        self.home = home
        columns, rows = size
        super().__init__([*PORTSIDE, *arguments], environment(home, **more), columns=columns, rows=rows)

    def wait_until_live(self) -> Lines:
        """Wait until both servers have answered and every port on the screen was seen."""
        return self.wait_for("AutoStore ok", "MOR ok", without("~"))

    def filter_ports(self, words: str, shown: int) -> Lines:
        """Keep the ports that the words say, and wait until so many are shown, all of them fresh."""
        self.press(PORTS, "/", words, "enter")
        return self.wait_for(f"Ports {shown} of", without("~"))

    def wait_for_dialog(self, *wanted: Condition) -> Lines:
        """Wait until a dialog is open, and then until it listens: it is deaf to keys typed ahead."""
        lines = self.wait_for(*wanted)
        time.sleep(UNTIL_IT_LISTENS)
        return lines

    def open_port(self, categories: str = "") -> None:
        """Fill in the form that opens the port under the cursor, or the marked ones, and send it."""
        self.press("o")
        self.wait_for_dialog("call  openport")
        self.press(categories)
        self.wait_for(f"category={categories}" if categories else "call  openport")
        self.press("enter", "enter")  # to the button, and there
        self.wait_gone("call  openport")

    def answer(self, question: str, *keys: str) -> None:
        """Answer a confirmation."""
        self.wait_for_dialog(question)
        self.press(*keys)
        self.wait_gone(question)

    def look_at_help(self) -> None:
        """Open the help and close it: whoever can do that is listened to."""
        self.press("?")
        self.wait_for_dialog("─ Help ─")
        self.press("esc")
        self.wait_gone("─ Help ─")

    def quit(self) -> int:
        """Leave by key, and return the exit code."""
        self.press("q")
        return self.wait_for_end()


def happened(title: str, target: str, outcome: str) -> re.Pattern[str]:
    """Return the pattern of what the activity pane says of a command, a pattern itself for its outcome."""
    return re.compile(rf"{title} +{target} +{outcome}")


def port_row(port_id: int, *words: str) -> re.Pattern[str]:
    """Return the pattern of a port's row that has these words, in this order."""
    return re.compile(r"\s.*?".join([f"{port_id:04d}", *words]))
