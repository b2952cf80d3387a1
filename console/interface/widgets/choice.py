"""A one-line choice: left, right and space go through the values; the keyboard never leaves home."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from console.interface.drawing import Cover, Tone, fit_line
from console.interface.widgets.toned import Toned


class Choice(Toned, can_focus=True):
    """One of a few values, or none of them at first.

    Args:
        values: what can be chosen, in order.
        blank: the word shown while none is chosen, or None to begin with the first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "next", show=False),
        Binding("left", "turn(-1)", "previous", show=False),
        Binding("enter", "submit", "next field", show=False),
    ]

    class Changed(Message):
        """Another value is chosen."""

    class Submitted(Message):
        """Enter was pressed: on to the next field."""

    def __init__(self, values: Sequence[str], *, blank: str | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self._values: tuple[str, ...] = (*(() if blank is None else ("",)), *values)
        self._blank = blank or ""
        self._place = 0

    @property
    def value(self) -> str:
        """The value chosen; blank when none is."""
        return self._values[self._place]

    def action_turn(self, by: int) -> None:
        """Go to another value."""
        self._place = (self._place + by) % len(self._values)
        self.refresh()
        self.post_message(self.Changed())

    def action_submit(self) -> None:
        """Go on. Not in a handler of the key itself: that would go on to the button and press it."""
        self.post_message(self.Submitted())

    def render_line(self, y: int) -> Strip:
        """Return the line: the value between arrows."""
        tone = Cover.WAITING if self.has_focus else Tone.PLAIN if self.value else Tone.DIM
        shown = (("< ", Tone.KEY), (self.value or self._blank, tone), (" >", Tone.KEY))
        return self.strip(fit_line(shown, self.size.width))
