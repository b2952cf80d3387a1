"""What all dialogs share: the safe answer has the focus, and keys typed ahead do nothing."""

import time
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

T = TypeVar("T")

DEAF_SECONDS = 0.2
"""How long after opening a dialog ignores keys: they were meant for what was there before."""


class Dialog(ModalScreen[T]):
    """A modal question. Esc is always the harmless answer; pasted text is never an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "cancel", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._opened = time.monotonic()

    @property
    def listening(self) -> bool:
        """Whether keys count yet; the app drops the ones that do not."""
        return time.monotonic() - self._opened >= DEAF_SECONDS

    def on_mount(self) -> None:
        """Start the deaf moment when the dialog can be seen."""
        self._opened = time.monotonic()

    def action_leave(self) -> None:
        """Close without doing anything."""
        self.dismiss(None)
