"""The line under a list in which a filter is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from console.interface.widgets.entry import Entry

NO_MATCH = "nothing matches the filter: esc clears it"
"""Said in the place of a list's rows."""


class FilterLine(Entry):
    """Opens on `/`, filters with every key, closes on Enter (keeping it) or Esc (clearing it)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "clear", show=False),
        Binding("down", "keep", "to the list", show=False),
    ]

    class Filtered(Message):
        """The text of the filter is another."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """Typing is over: the list wants the focus back."""

    def __init__(self, *, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, classes="filter")
        self.display = False

    def open(self) -> None:
        """Show the line and take the focus."""
        self.display = True
        self.screen.set_focus(self)

    def clear_filter(self) -> bool:
        """Empty the filter; returns whether there was one."""
        had = bool(self.value)
        self.value = ""
        self.display = False
        return had

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        event.stop()
        self.post_message(self.Filtered(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Leave the line; the filter stays in force."""
        if not self.value:
            self.display = False
        self.post_message(self.Left())

    def action_drop(self) -> None:
        """Leave the line and clear the filter."""
        self.clear_filter()
        self.post_message(self.Left())
