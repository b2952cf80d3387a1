"""Asks before a command is sent: names what it acts on, and does nothing unless told to."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button

from console.interface.drawing import Line
from console.interface.screens.dialog import Dialog
from console.interface.widgets.toned import Lines


class Question(Struct, frozen=True, kw_only=True):
    """What is asked: `lines` name site, mode and target; `verb` is what the button does.

    `holds` is for how many seconds an answer counts: then the world has moved on (rule 11).
    """

    title: str
    verb: str
    lines: Sequence[Line]
    holds: float


class Confirm(Dialog[bool]):
    """Returns True only for `y` or for the button; never for a stray Enter. Several targets are a plan."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "yes", show=False),
        Binding("n", "leave", "no", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
    ]

    def __init__(self, question: Question, clock: Callable[[], float]) -> None:
        super().__init__()
        self._question = question
        self._clock = clock
        self._asked_at = clock()

    def compose(self) -> ComposeResult:
        """Build the dialog."""
        question = self._question
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(question.title)
            with VerticalScroll(id="targets", can_focus=False):
                yield Lines(*question.lines)
            with Horizontal(classes="buttons"):
                yield Button(Content("Cancel (n)"), id="cancel")
                yield Button(Content(f"{question.verb} (y)"), id="agree")

    def on_mount(self) -> None:
        """Give the harmless answer the focus."""
        super().on_mount()
        self.query_one("#cancel", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of a button."""
        if event.button.id == "agree":
            self.action_agree()
        else:
            self.dismiss(False)

    def action_scroll(self, by: int) -> None:
        """Look at what has no room."""
        self.query_one("#targets").scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(False)

    def action_agree(self) -> None:
        """Agree, while that counts."""
        if self._clock() - self._asked_at > self._question.holds:
            self.notify("Too long ago: look again, then ask again.", severity="warning", markup=False)
            self.dismiss(False)
            return
        self.dismiss(True)
