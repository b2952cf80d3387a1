"""Lines in a place whose size stands: however many there are, nothing around them is laid out anew."""

from collections.abc import Sequence

from console.interface.drawing import Line, Tone, fit_line
from console.interface.widgets.toned import Lines


class Page(Lines):
    """Lines that are turned where they are more than fit."""

    DEFAULT_CSS = "Page { height: 1fr; }"

    def __init__(self, *, hang: int = 0) -> None:
        super().__init__(hang=hang)
        self._top = 0

    @property
    def hidden(self) -> tuple[int, int]:
        """How many lines there are above and below what is shown."""
        if not self.size.height:
            return 0, 0
        below = len(self._wrapped(self.size.width)) - self._top - self.size.height
        return self._top, max(below, 0)

    def turn(self, lines: int) -> None:
        """Go on by so many lines, or back, as far as there are any."""
        self._top = max(self._top + lines, 0)
        self.show(self._wanted)

    def _fitted(self) -> Sequence[Line]:
        """Return what is in sight, as many lines as there is room for."""
        width, height = self.size
        lines = self._wrapped(width)
        self._top = max(min(self._top, len(lines) - height), 0)
        seen = lines[self._top : self._top + height]
        blank: Line = ((" " * width, Tone.PLAIN),)
        return (*(fit_line(line, width) for line in seen), *[blank] * (height - len(seen)))
