"""A bare app around one widget, with the console's own style sheet and themes."""

from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.widget import Widget

from console.interface import app as console_app
from console.interface.drawing import Line, Tone
from console.interface.themes import load_themes
from console.interface.widgets.row_list import RowList


class Bench(App[None]):
    """Shows widgets, and nothing else."""

    CSS_PATH = Path(console_app.__file__).with_name("app.tcss")

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.animation_level = "none"
        self._widgets = widgets
        self.messages: list[Any] = []
        for name in tuple(self.available_themes):
            self.unregister_theme(name)
        self.register_theme(load_themes()["dark"])
        self.theme = "dark"

    def compose(self) -> ComposeResult:
        """Show the widgets."""
        yield from self._widgets

    def on_row_list_cursor_moved(self, message: RowList.CursorMoved) -> None:
        """Remember."""
        self.messages.append(message)

    def on_row_list_marks_changed(self, message: RowList.MarksChanged) -> None:
        """Remember."""
        self.messages.append(message)


class Texts:
    """What stands in the rows of a list, and how often each was drawn."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.drawn: list[int] = []

    def __call__(self, key: int, marked: bool) -> Line:
        self.drawn.append(key)
        return (("* " if marked else "  ", Tone.MARK), (self.texts.get(key, f"row {key}"), Tone.PLAIN))
