"""A scrolling list of keys: cursor and marks live on keys, never on row numbers.

All lists of the console are this widget, at every density: as rows, or with many keys on a line.
It asks for a cell only when that is on screen, and repaints only what changed of it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollDown, ScrollTo, ScrollUp
from textual.strip import Strip

from console.interface.cells import ROWS, Places, Shape, places
from console.interface.drawing import Cover, Line, Piece, Tone, changed_spans, fit_line, plain
from console.interface.widgets.toned import Toned

WHEEL = 3
"""Lines that a turn of the mouse wheel moves the cursor."""

Draw = Callable[[Any, bool], Line]
"""Returns the cell of a key, as wide as the shape says; the flag says whether it is marked."""

Label = Callable[[Any, bool], Line]
"""Returns what stands before the key that is the first on a line; the flag says whether a section begins."""


def no_label(_key: Any, _begins: bool) -> Line:
    """Return nothing, for lines without a label."""
    return ()


class RowList(Toned, ScrollView, can_focus=True):
    """Cells by key.

    Args:
        draw: makes a cell; called for visible keys only.
        label: makes what stands at the left of a line, where the shape has room for it.
        markable: whether space marks keys.
    """

    # Of two bases Textual takes the style of the first alone, and so without this nothing would scroll.
    DEFAULT_CSS = "RowList { overflow-x: hidden; overflow-y: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("left,h", "move_along(-1)", "left", show=False),
        Binding("right,l", "move_along(1)", "right", show=False),
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

    def __init__(
        self, draw: Draw, *, label: Label = no_label, id: str | None = None, markable: bool = True
    ) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._label = label
        self._markable = markable
        self._keys: Sequence[Any] = ()
        self._at = 0  # where the cursor is in the order
        self._shown: frozenset[Any] | None = None
        self._sections: Sequence[int] = ()
        self._places = Places()
        self._painted: dict[int, Line] = {}
        self._painted_size = Size(0, 0)
        self.empty = ""  # what is said where there is no key
        self.shape = ROWS
        self.cursor: Any = None
        self.marks: set[Any] = set()

    @property
    def keys(self) -> Sequence[Any]:
        """The keys in their order."""
        return self._keys

    @property
    def _room(self) -> Size:
        """The cells that can be seen: Textual counts those under the scroll bar too."""
        return self.size - Size(self.scrollbar_size_vertical, 0)

    @property
    def hidden_marks(self) -> set[Any]:
        """The marked keys that are not shown."""
        if not self.marks:
            return set()
        if self._shown is None:  # made for lists with marks alone: of a hundred thousand keys it is large
            self._shown = frozenset(self._keys)
        return self.marks - self._shown

    def set_keys(self, keys: Sequence[Any], sections: Sequence[int] = ()) -> None:
        """Show these keys in this order. The cursor stays on its key; if that is gone, at its place.

        With the key at each index of `sections`, the first of which is 0, a new line begins.
        """
        keys = tuple(keys)
        if keys == self._keys and sections == self._sections:
            return
        self._keys, self._sections, self._shown = keys, sections, None
        self._place_keys()
        if self.cursor in keys:
            self._at = keys.index(self.cursor)
        else:
            self._put_cursor(min(self._at, len(keys) - 1))
        self._keep_cursor_in_view()
        self.touch()

    def set_shape(self, shape: Shape, sections: Sequence[int] = ()) -> None:
        """Show the same keys as cells of another shape."""
        self.shape, self._sections = shape, sections
        self.on_resize()

    def in_view(self, most: int) -> Sequence[Any]:
        """Return the keys on the screen and half a screen around it; at most so many, around the cursor."""
        top, height = self.scroll_offset.y, self.size.height
        lines = self._places.starts[max(0, top - height // 2) : top + height + height // 2]
        if not lines:
            return ()
        first, end = lines[0], self._places.on_line(self._places.line_of(lines[-1])).stop
        start = max(first, min(self._at - most // 2, end - most))
        return self._keys[start : min(start + most, end)]

    def prune_marks(self, known: Iterable[Any]) -> None:
        """Forget marks on keys that no longer exist; marks that a filter hides stay."""
        before = len(self.marks)
        self.marks.intersection_update(known)
        if len(self.marks) != before:
            self.post_message(self.MarksChanged())

    def touch(self, keys: Iterable[Any] | None = None) -> None:
        """Repaint what changed on the screen: in the cells of `keys`, or anywhere."""
        self._lines_painted()  # also while the list is not shown, and has no size
        lines: Iterable[int] = range(self.size.height)
        if keys is not None:
            wanted = frozenset(keys)
            lines = [y for y in lines if not wanted.isdisjoint(self._on_screen_line(y))]
        regions = [region for y in lines for region in self._renew(y)]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Return one line of the list as it was last looked at.

        Looked at afresh it could differ in more cells than the terminal is about to be sent.
        """
        if y not in self._lines_painted():
            self._painted[y] = self._wanted(y)
        return self.strip(self._painted[y])

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Forget what stood on the lines of the screen: now other rows do."""
        self._painted.clear()
        super().watch_scroll_y(old_value, new_value)

    def watch_show_vertical_scrollbar(self) -> None:
        """Fit the cells beside the scroll bar that has come, or to the room it has left."""
        self.on_resize()

    def _renew(self, y: int) -> list[Region]:
        """Look at a line of the screen; returns the cells that differ from what was painted last."""
        before, line = self._lines_painted().get(y), self._wanted(y)
        self._painted[y] = line
        if before is None:
            return [Region(0, y, self._room.width, 1)]
        return [Region(first, y, end - first, 1) for first, end in changed_spans(before, line)]

    def _lines_painted(self) -> dict[int, Line]:
        """Return what was painted by screen line; nothing, if the list has got another size since."""
        if self._painted_size != self._room:
            self._painted.clear()
            self._painted_size = self._room
        return self._painted

    def _on_screen_line(self, y: int) -> Sequence[Any]:
        """Return the keys on a screen line."""
        on_line = self._places.on_line(y + self.scroll_offset.y)
        return self._keys[on_line.start : on_line.stop]

    def _wanted(self, y: int) -> Line:
        """Return what should stand on a screen line."""
        if not self._keys and y == 0:
            return fit_line(((f" {self.empty}", Tone.DIM),), self._room.width)
        on_line = self._places.on_line(y + self.scroll_offset.y)
        pieces: list[Piece] = []
        if on_line and self.shape.label:
            begins = on_line.start in self._sections
            pieces += fit_line(self._label(self._keys[on_line.start], begins), self.shape.label)
        for column, index in enumerate(on_line):
            if column and self.shape.group and column % self.shape.group == 0:
                pieces.append((" ", Tone.PLAIN))
            pieces += self._cell(self._keys[index])
        return fit_line(tuple(pieces), self._room.width)

    def _cell(self, key: Any) -> Line:
        """Return the cell of a key, under the cursor if that is there."""
        cell = self._draw(key, key in self.marks)
        if key != self.cursor:
            return cell
        if not self.shape.width:
            cell = fit_line(cell, self._room.width)
        return ((plain(cell), Cover.CURSOR if self.has_focus else Cover.WAITING),)

    def move_to(self, key: Any) -> None:
        """Put the cursor on a key, if it is shown."""
        if key in self._keys:
            self._jump_to(self._keys.index(key))

    def toggle_mark(self) -> None:
        """Mark the key under the cursor, or unmark it, and go to the next."""
        if self._markable and self.cursor is not None:
            self.marks.symmetric_difference_update({self.cursor})
            self.touch([self.cursor])
            self.post_message(self.MarksChanged())
            self._jump_to(self._at + 1)

    def mark_shown(self) -> None:
        """Mark all keys that are shown; if all are, unmark them."""
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
        """Move the cursor some lines, in its column."""
        if self._keys:
            self._jump_to(self._places.lines_away(self._at, by))

    def action_move_along(self, by: int) -> None:
        """Move the cursor along the line, and from its end on to the next."""
        if self.shape.width:
            self._jump_to(self._at + by)

    def action_page(self, direction: int) -> None:
        """Move the cursor a screenful."""
        self.action_move(direction * max(1, self.size.height - 1))

    def action_jump(self, index: int) -> None:
        """Move the cursor to the first key (0) or the last (-1)."""
        self._jump_to(index if index >= 0 else len(self._keys) - 1)

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse says; a click never does more."""
        on_line = self._places.on_line(event.y + self.scroll_offset.y)
        column = self.shape.column_at(event.x, len(on_line))
        if on_line and column is not None:
            self._put_cursor(on_line[column])

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
        if message.y is not None and self._keys:
            self.action_move(round(message.y) - self._places.line_of(self._at))

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
        """Fit the cells to the new width; what was painted before this came stood in other places."""
        self._place_keys()
        self._keep_cursor_in_view()
        self._painted.clear()
        self.refresh()

    def _place_keys(self) -> None:
        """Work out what stands on which line."""
        columns = self.shape.columns(self._room.width)
        self._places = places(len(self._keys), columns, self._sections)
        self.virtual_size = Size(self._room.width, len(self._places.starts))

    def _jump_to(self, index: int) -> None:
        if self._keys:
            self._put_cursor(max(0, min(index, len(self._keys) - 1)))
            self._keep_cursor_in_view()

    def _put_cursor(self, index: int) -> None:
        """Put the cursor on the key at an index; on none where the list is empty."""
        self._at = max(index, 0)
        key = self._keys[self._at] if self._keys else None
        if key != self.cursor:
            before, self.cursor = self.cursor, key
            self.touch((before, key))
            self.post_message(self.CursorMoved(self, key))

    def _keep_cursor_in_view(self) -> None:
        if not self._keys or not self.size.height:
            return
        line, top = self._places.line_of(self._at), self.scroll_offset.y
        # Forced, for a list that has just grown may not have its scroll bar yet.
        if line < top:
            self.scroll_to(y=line, animate=False, force=True)
        elif line >= top + self.size.height:
            self.scroll_to(y=line - self.size.height + 1, animate=False, force=True)
