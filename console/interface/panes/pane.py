"""A bordered part of the workspace with a title of plain text."""

from typing import Any

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region

ENDS = 6
"""Cells of the border beside a title that are drawn with it: a corner, lines and blanks."""


class Pane(Vertical):
    """A pane; on a small screen only the active one is shown. Its title starts with the `key` to it."""

    def __init__(self, key: str, *, id: str) -> None:
        super().__init__(id=id, classes="pane")
        self._key = key
        self._titles = ("", "")
        self._titled: tuple[Region, ...] = ()

    def entitle(self, title: str, note: str = "") -> None:
        """Set title and note; the text is never read as markup, and what is the same is not drawn again."""
        if self._titles == (title, note):
            return
        before, self._titles = self._titles, (title, note)
        titles, notes = (max(map(cell_len, pair)) for pair in zip(before, self._titles, strict=True))
        self._titled = self._border_parts(titles + len(self._key), notes)
        try:
            self.border_title = Content(f"{self._key} {title}")
            self.border_subtitle = Content(note)
        finally:
            self._titled = ()

    def refresh(self, *regions: Region, **more: Any) -> "Pane":
        """Draw regions afresh, all by default; a new title is drawn without the rest of the pane."""
        return super().refresh(*(regions or self._titled), **more)

    def _border_parts(self, title: int, note: int) -> tuple[Region, ...]:
        """Return where in the border a title and a note of so many cells stand."""
        outer, (left, top) = self.outer_size, self.content_offset
        whole = outer.region
        parts = (
            Region(0, 0, title + ENDS, 1),
            Region(outer.width - note - ENDS, outer.height - 1, note + ENDS, 1),
        )
        return tuple(part.intersection(whole).translate((-left, -top)) for part in parts)
