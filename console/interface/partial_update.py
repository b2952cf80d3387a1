"""Sends the terminal only the cells that changed.

Textual asks a widget for a changed region and then writes the widget's line from its left edge to
the end of that region, because it crops the line at the right only. On a slow link that is what
people wait for. `install` replaces the one method by one that crops at the left too; Textual is
pinned to the exact version this was written for, and a test compares both.
"""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate


def install() -> None:
    """Let every partial update of this process be cropped at both ends."""
    ChopsUpdate.render_segments = _render_cropped  # type: ignore[method-assign]


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
