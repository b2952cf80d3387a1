"""A line to type in."""

from typing import Any

from textual.widgets import Input


class Entry(Input):
    """An input line that does not blink: blinking would write to the terminal for ever."""

    def __init__(self, **more: Any) -> None:
        super().__init__(select_on_focus=False, **more)
        self.cursor_blink = False
