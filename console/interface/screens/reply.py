"""What a call brought: its values as a table, then everything that went over the wire."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from console.interface.drawing import Line
from console.interface.screens.dialog import Dialog
from console.interface.widgets.toned import Lines


class Reply(Dialog[None]):
    """Shows lines until Esc, q or Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,enter", "leave", "close", show=False)]

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Build the screen."""
        with VerticalScroll(classes="dialog", id="reply") as dialog:
            dialog.border_title = Content(self._title)
            dialog.border_subtitle = Content("esc leaves")
            yield Lines(*self._lines, hang=2)
