"""Widgets drawn from lines of toned text: the one place where a tone becomes a terminal style.

Text reaches the screen as plain segments: no markup parser sees it (operations-safety rule 55).
A change repaints the cells that differ and no others.
"""

from collections.abc import Iterable, Mapping, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from console.interface.drawing import Line, Tone, changed_spans, fit_line, wrap_line
from console.interface.themes import looks


class Toned(Widget):
    """A widget that can turn a line into a strip.

    The tones come from the theme itself: as classes of the style sheet they would be worked out anew
    for every widget, which the first frame would wait for.
    """

    _looks_of: tuple[Theme, Style] | None = None
    _looks: Mapping[str, Style] = {}

    @property
    def looks(self) -> Mapping[str, Style]:
        """The terminal style of each tone and each kind of cursor, on this widget's own ground."""
        of = self.app.current_theme, self.rich_style
        if of != self._looks_of:
            theme, ground = of
            self._looks_of, self._looks = of, looks(theme, ground.bgcolor)
        return self._looks

    def strip(self, line: Line) -> Strip:
        """Return a line as a strip."""
        styles = self.looks
        return Strip([Segment(text, styles[tone]) for text, tone in line]).simplify()


class Lines(Toned):
    """A few lines that are set as a whole, such as a heading or a detail; long ones are wrapped.

    Args:
        lines: what to show at first.
        hang: how many cells in the rest of a wrapped line starts.
    """

    DEFAULT_CSS = "Lines { height: auto; }"

    def __init__(
        self, *lines: Line, hang: int = 0, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._hang = hang
        self._wanted: Sequence[Line] = lines
        self._shown: Sequence[Line] = ()

    def show(self, lines: Iterable[Line]) -> None:
        """Draw these lines from the top; only what differs is repainted."""
        self._wanted = tuple(lines)
        before, self._shown = self._shown, self._fitted()
        if len(before) != len(self._shown):
            self.refresh(layout=True)
            return
        regions = [
            Region(first, y, end - first, 1)
            for y, (old, new) in enumerate(zip(before, self._shown, strict=True))
            for first, end in changed_spans(old, new)
        ]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self._shown = self._fitted()
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are at a width."""
        return max(1, len(self._wrapped(width)))

    def render_line(self, y: int) -> Strip:
        """Return one line of the widget."""
        if y < len(self._shown):
            return self.strip(self._shown[y])
        return Strip.blank(self.size.width, self.looks[Tone.PLAIN])

    def _fitted(self) -> Sequence[Line]:
        width = self.size.width
        return tuple(fit_line(line, width) for line in self._wrapped(width))

    def _wrapped(self, width: int) -> list[Line]:
        if width <= 0:
            return list(self._wanted)
        return [part for line in self._wanted for part in wrap_line(line, width, self._hang)]
