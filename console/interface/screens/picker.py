"""Chooses one of a list by typing a few letters of it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from console.interface.device_rows import user_words
from console.interface.drawing import Line, Tone
from console.interface.screens.dialog import Dialog
from console.interface.widgets.entry import Entry
from console.interface.widgets.row_list import RowList
from console.mor.replies import User


class Picker(Dialog[int]):
    """Returns the id of what was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
    ]

    def __init__(self, title: str, words: Mapping[int, str]) -> None:
        super().__init__()
        self._title = title
        self._words = words
        self._rows = RowList(self._draw, markable=False)
        self._rows.can_focus = False

    @classmethod
    def of_users(cls, users: Sequence[User]) -> "Picker":
        """Return a picker of users."""
        return cls("Whose devices?", {user.user_id: user_words(user) for user in users})

    def compose(self) -> ComposeResult:
        """Build the input and the list."""
        with Vertical(classes="dialog picker") as dialog:
            dialog.border_title = Content(self._title)
            dialog.border_subtitle = Content("esc leaves")
            yield Entry(placeholder="a few letters, then Enter")
            yield self._rows

    def on_mount(self) -> None:
        """Show everything."""
        super().on_mount()
        self._rows.set_keys(tuple(self._words))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what holds every word typed."""
        words = event.value.lower().split()
        self._rows.set_keys(
            [key for key, text in self._words.items() if all(word in text.lower() for word in words)]
        )

    def on_input_submitted(self) -> None:
        """Choose what the cursor is on."""
        self.dismiss(self._rows.cursor)

    def action_move(self, by: int) -> None:
        """Move the cursor while the focus stays where letters are typed."""
        self._rows.action_move(by)

    def _draw(self, key: int, _marked: bool) -> Line:
        return ((f" {self._words[key]}", Tone.PLAIN),)
