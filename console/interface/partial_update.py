"""Sends the terminal only the cells that changed.

Textual asks a widget for a changed region and then writes the widget's line from its left edge to
the end of that region, because it crops the line at the right only. And a cell that changes behind
a dialog makes it send the whole screen. On a slow link that is what people wait for. `install`
replaces the two methods; Textual is pinned to the exact version this was written for, and tests
compare both.
"""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate
from textual.screen import Screen

_refresh_top = Screen._compositor_refresh


def install() -> None:
    """Let every partial update of this process be cropped at both ends, behind dialogs too."""
    ChopsUpdate.render_segments = _render_cropped  # type: ignore[method-assign]
    Screen._compositor_refresh = _refresh  # type: ignore[method-assign,assignment]


def _refresh(self: Screen[object]) -> None:
    """Hand what changed on a covered screen to the one on top; the top one is drawn as ever."""
    regions = self._compositor._dirty_regions
    if self is self.app.screen or self not in self.app._background_screens or not regions:
        _refresh_top(self)
        return
    self.app.screen.refresh(*regions)
    regions.clear()
    self._dirty_widgets.clear()


def _render_cropped(self: ChopsUpdate, console: Console) -> str:
    """Return the terminal sequences of a partial update: per changed span a move and its cells."""
    sequences: list[str] = []
    for y, first, last in self.spans:
        for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
            if strip is None or x >= last or end <= first:
                continue
            left, right = max(x, first), min(end, last)
            part = strip if (left, right) == (x, end) else strip.crop(left - x, right - x)
            sequences.append(Control.move_to(left, y).segment.text)
            sequences.append(part.render(console))
    return "".join(sequences)
