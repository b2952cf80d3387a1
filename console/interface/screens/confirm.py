"""Asks before a command is sent: names what it acts on, and does nothing unless told to."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input

from console.interface.drawing import Line, Tone
from console.interface.screens.dialog import Dialog
from console.interface.widgets.entry import Entry
from console.interface.widgets.toned import Lines

COUNT_IS_TYPED_ABOVE = 10
"""Targets above which the number has to be typed (operations-safety rule 13)."""

EXPIRES_SINGLE = 15.0
EXPIRES_MANY = 120.0
"""Seconds after which an answer no longer counts: the world has moved on (rule 11)."""


class Question(Struct, frozen=True, kw_only=True):
    """What is asked: `lines` name site, mode and targets; `verb` is what the button does."""

    title: str
    verb: str
    lines: Sequence[Line]
    count: int

    @property
    def typed(self) -> bool:
        """Whether the count must be typed."""
        return self.count > COUNT_IS_TYPED_ABOVE

    @property
    def expires(self) -> float:
        """Seconds for which an answer counts."""
        return EXPIRES_SINGLE if self.count == 1 else EXPIRES_MANY


class _Count(Entry):
    """Takes digits that are typed; pasted ones are no answer."""

    def __init__(self) -> None:
        super().__init__(id="count", max_length=6, restrict=r"\d*")

    def on_paste(self, event: events.Paste) -> None:
        """Leave it."""
        event.stop()
        event.prevent_default()


class Confirm(Dialog[bool]):
    """Returns True only for `y`, for the button, or for the typed count; never for a stray Enter."""

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
            if question.typed:
                yield Lines(((f"Type {question.count} to go on, Esc to leave.", Tone.WARN),))
                yield _Count()
            with Horizontal(classes="buttons"):
                yield Button(Content("Cancel (n)"), id="cancel")
                verb = question.verb if question.typed else f"{question.verb} (y)"
                yield Button(Content(verb), id="agree", disabled=question.typed)

    def on_mount(self) -> None:
        """Give the harmless answer the focus."""
        super().on_mount()
        self.query_one("#cancel", Button).focus()

    def on_key(self, event: events.Key) -> None:
        """Take a digit to where it is wanted, though the harmless answer has the focus."""
        count = self.query(_Count).first() if self._question.typed else None
        if count is not None and not count.has_focus and event.character and event.character.isdecimal():
            self.set_focus(count)
            count.insert_text_at_cursor(event.character)
            event.stop()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Free the button once the right number stands there."""
        self.query_one("#agree", Button).disabled = event.value.strip() != str(self._question.count)

    def on_input_submitted(self) -> None:
        """Take the typed number as the answer, if it is right."""
        if not self.query_one("#agree", Button).disabled:
            self._agree()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of a button."""
        if event.button.id == "agree":
            self._agree()
        else:
            self.dismiss(False)

    def action_agree(self) -> None:
        """Agree by key; not where the number has to be typed."""
        if not self._question.typed:
            self._agree()

    def action_scroll(self, by: int) -> None:
        """Look at the other targets."""
        self.query_one("#targets").scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(False)

    def _agree(self) -> None:
        if self._clock() - self._asked_at > self._question.expires:
            self.notify("Too long ago: look again, then ask again.", severity="warning", markup=False)
            self.dismiss(False)
            return
        self.dismiss(True)
