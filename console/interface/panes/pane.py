"""A bordered part of the workspace with a title of plain text."""

from textual.containers import Vertical
from textual.content import Content


class Pane(Vertical):
    """A pane; on a small screen only the active one is shown. Its title starts with the `key` to it."""

    def __init__(self, key: str, *, id: str) -> None:
        super().__init__(id=id, classes="pane")
        self._key = key
        self._titles = ("", "")

    def entitle(self, title: str, note: str = "") -> None:
        """Set title and note; the text is never read as markup, and what is the same is not drawn again."""
        if self._titles != (title, note):
            self._titles = (title, note)
            self.border_title = Content(f"{self._key} {title}")
            self.border_subtitle = Content(note)
