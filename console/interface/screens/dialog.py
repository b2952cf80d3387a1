"""What all dialogs share: the safe answer has the focus, and keys typed ahead do nothing."""

import math
import time
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

T = TypeVar("T")

DEAF_SECONDS = 0.2
"""How long a dialog that can be seen ignores keys: they were meant for what was there before."""


class Dialog(ModalScreen[T]):
    """A modal question. Esc is always the harmless answer; pasted text is never an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "cancel", show=False)]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init__(self) -> None:
        super().__init__()
        self._shown_at = math.inf

    @property
    def listening(self) -> bool:
        """Whether a key typed now counts."""
        return self.heeds(time.monotonic())

    def heeds(self, typed_at: float) -> bool:
        """Whether a key counts: it does not matter when a busy program gets round to it, but when it
        was typed, and only somebody who has seen the dialog can have typed it as an answer.
        """
        return typed_at - self._shown_at >= DEAF_SECONDS

    def drop(self, typed_at: float) -> None:
        """Start the deaf moment again after a key that came too early.

        The next ones belong to it: half of a number typed ahead would be another number.
        """
        if self._shown_at < typed_at:
            self._shown_at = typed_at

    def on_mount(self) -> None:
        """Note when the dialog stands on the screen."""
        self.call_after_refresh(self._note_shown)

    def _note_shown(self) -> None:
        self._shown_at = min(self._shown_at, time.monotonic())

    def action_leave(self) -> None:
        """Close without doing anything."""
        self.dismiss(None)
