"""A scrolling list of keyed rows: cursor and marks live on keys, never on row numbers.

All lists of the console are this widget. It asks for a row only when the row is on screen,
and repaints only the cells in which a row changed.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollDown, ScrollTo, ScrollUp
from textual.strip import Strip

from console.interface.drawing import Line, changed_span, fit_line
from console.interface.widgets.toned import Toned

K = TypeVar("K", bound=Hashable)

WHEEL = 3
"""Rows that a turn of the mouse wheel moves the cursor."""

Draw = Callable[[Any, bool], Line]
"""Returns the row of a key; the flag says whether it is marked."""


class RowList(Toned, ScrollView, can_focus=True):
    """Rows by key.

    Args:
        draw: makes a row; called for visible keys only.
        markable: whether space marks rows.
    """

    # Of two bases Textual takes the style of the first alone, and so without this nothing would scroll.
    DEFAULT_CSS = "RowList { overflow-x: hidden; overflow-y: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "jump(0)", "first", show=False),
        Binding("end", "jump(-1)", "last", show=False),
    ]

    class CursorMoved(Message):
        """The cursor stands on another key; None when the list is empty."""

        def __init__(self, rows: "RowList", key: Any) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> "RowList":
            """The list the cursor is in."""
            return self.rows

    class MarksChanged(Message):
        """The set of marked keys is another."""

    def __init__(self, draw: Draw, *, id: str | None = None, markable: bool = True) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._markable = markable
        self._keys: Sequence[Any] = ()
        self._index: dict[Any, int] = {}
        self._painted: dict[int, tuple[Line, str]] = {}
        self._painted_size = Size(0, 0)
        self.cursor: Any = None
        self.marks: set[Any] = set()

    @property
    def keys(self) -> Sequence[Any]:
        """The keys in the order of the rows."""
        return self._keys

    @property
    def hidden_marks(self) -> set[Any]:
        """The marked keys that are not among the rows."""
        return self.marks.difference(self._index)

    def set_keys(self, keys: Sequence[Any]) -> None:
        """Show these rows in this order. The cursor stays on its key; if that is gone, at its place."""
        if list(keys) == list(self._keys):
            return
        place = self._index.get(self.cursor, 0)
        self._keys = tuple(keys)
        self._index = {key: index for index, key in enumerate(self._keys)}
        self.virtual_size = Size(self.size.width, len(self._keys))
        if self.cursor not in self._index:
            self._put_cursor(self._keys[min(place, len(self._keys) - 1)] if self._keys else None)
        self._keep_cursor_in_view()
        self.touch()

    def prune_marks(self, known: Iterable[Any]) -> None:
        """Forget marks on keys that no longer exist; marks that a filter hides stay."""
        before = len(self.marks)
        self.marks.intersection_update(known)
        if len(self.marks) != before:
            self.post_message(self.MarksChanged())

    def touch(self, keys: Iterable[Any] | None = None) -> None:
        """Repaint what changed on the screen: in the rows of `keys`, or anywhere."""
        self._lines_painted()  # also while the list is not shown, and has no size
        lines: Iterable[int] = range(self.size.height)
        if keys is not None:
            top = self.scroll_offset.y
            lines = (self._index[key] - top for key in keys if key in self._index)
        regions = [region for y in lines if 0 <= y < self.size.height and (region := self._renew(y))]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Return one line of the list as it was last looked at.

        Looked at afresh it could differ in more cells than the terminal is about to be sent.
        """
        if y not in self._lines_painted():
            self._painted[y] = self._wanted(y)
        return self.strip(*self._painted[y])

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Forget what stood on the lines of the screen: now other rows do."""
        self._painted.clear()
        super().watch_scroll_y(old_value, new_value)

    def _renew(self, y: int) -> Region | None:
        """Look at a line of the screen; returns the cells that differ from what was painted last."""
        before, (line, cursor) = self._lines_painted().get(y), self._wanted(y)
        self._painted[y] = line, cursor
        if before is None or before[1] != cursor:
            return Region(0, y, self.size.width, 1)
        span = changed_span(before[0], line)
        return None if span is None else Region(span[0], y, span[1] - span[0], 1)

    def _lines_painted(self) -> dict[int, tuple[Line, str]]:
        """Return what was painted by screen line; nothing, if the list has got another size since."""
        if self._painted_size != self.size:
            self._painted.clear()
            self._painted_size = self.size
        return self._painted

    def _wanted(self, y: int) -> tuple[Line, str]:
        """Return what should stand on a screen line, and the tone of the cursor if it is there."""
        index = y + self.scroll_offset.y
        if index >= len(self._keys):
            return fit_line((), self.size.width), ""
        key = self._keys[index]
        line = fit_line(self._draw(key, key in self.marks), self.size.width)
        if key != self.cursor:
            return line, ""
        return line, "cursor" if self.has_focus else "cursor-blurred"

    def move_to(self, key: Any) -> None:
        """Put the cursor on a key, if it is shown."""
        if key in self._index:
            self._put_cursor(key)
            self._keep_cursor_in_view()

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go to the next."""
        if self._markable and self.cursor is not None:
            self.marks.symmetric_difference_update({self.cursor})
            self.touch([self.cursor])
            self.post_message(self.MarksChanged())
            self.action_move(1)

    def mark_shown(self) -> None:
        """Mark all rows that are shown; if all are, unmark them."""
        shown = set(self._keys)
        if self._markable and shown:
            self.marks = self.marks - shown if shown <= self.marks else self.marks | shown
            self.touch()
            self.post_message(self.MarksChanged())

    def clear_marks(self) -> None:
        """Unmark everything, hidden or shown."""
        if self.marks:
            self.marks.clear()
            self.touch()
            self.post_message(self.MarksChanged())

    def action_move(self, by: int) -> None:
        """Move the cursor some rows."""
        self._jump_to(self._index.get(self.cursor, 0) + by)

    def action_page(self, direction: int) -> None:
        """Move the cursor a screenful."""
        self.action_move(direction * max(1, self.size.height - 1))

    def action_jump(self, index: int) -> None:
        """Move the cursor to the first row (0) or the last (-1)."""
        self._jump_to(index if index >= 0 else len(self._keys) - 1)

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse says; a click never does more."""
        index = event.y + self.scroll_offset.y
        if 0 <= index < len(self._keys):
            self._put_cursor(self._keys[index])

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move the cursor with the wheel: it must not be out of sight when the next key acts on it."""
        event.stop()
        event.prevent_default()
        self.action_move(WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move the cursor with the wheel."""
        event.stop()
        event.prevent_default()
        self.action_move(-WHEEL)

    def on_scroll_to(self, message: ScrollTo) -> None:
        """Move the cursor with the scroll bar."""
        message.stop()
        message.prevent_default()
        if message.y is not None:
            self._jump_to(round(message.y))

    def on_scroll_down(self, message: ScrollDown) -> None:
        """Move the cursor a screenful where the scroll bar was clicked."""
        message.stop()
        message.prevent_default()
        self.action_page(1)

    def on_scroll_up(self, message: ScrollUp) -> None:
        """Move the cursor a screenful where the scroll bar was clicked."""
        message.stop()
        message.prevent_default()
        self.action_page(-1)

    def on_focus(self) -> None:
        """Show the cursor as the one that keys act on."""
        self.touch((self.cursor,))

    def on_blur(self) -> None:
        """Show the cursor as one that waits."""
        self.touch((self.cursor,))

    def on_resize(self) -> None:
        """Fit the rows to the new width."""
        self.virtual_size = Size(self.size.width, len(self._keys))
        self._keep_cursor_in_view()

    def _jump_to(self, index: int) -> None:
        if self._keys:
            self._put_cursor(self._keys[max(0, min(index, len(self._keys) - 1))])
            self._keep_cursor_in_view()

    def _put_cursor(self, key: Any) -> None:
        if key == self.cursor:
            return
        before, self.cursor = self.cursor, key
        self.touch((before, key))
        self.post_message(self.CursorMoved(self, key))

    def _keep_cursor_in_view(self) -> None:
        index = self._index.get(self.cursor)
        if index is None or not self.size.height:
            return
        top = self.scroll_offset.y
        # Forced, for a list that has just grown may not have its scroll bar yet.
        if index < top:
            self.scroll_to(y=index, animate=False, force=True)
        elif index >= top + self.size.height:
            self.scroll_to(y=index - self.size.height + 1, animate=False, force=True)
