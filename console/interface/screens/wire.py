"""The wire inspector: the last calls in full, for whoever has to know what was really said."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from console.interface.drawing import Line, Tone
from console.interface.panes.filter_line import FilterLine
from console.interface.screens.dialog import Dialog
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.interface.wire_rows import HEADER, as_curl, exchange_lines, matches, wire_row
from console.state.wire_log import Numbered, WireLog

KEYS: Line = tuple(
    piece
    for key, words in (
        ("/", "filter"),
        ("y", "copy as curl"),
        ("R", "take the newest"),
        ("enter", "read on below"),
        ("esc", "leave"),
    )
    for piece in ((f" {key} ", Tone.KEY), (f"{words} ", Tone.PLAIN))
)


class WireInspector(Dialog[None]):
    """The calls as they were when it was opened: rows that move are rows that cannot be read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "close", show=False),
        Binding("slash", "filter", "filter", show=False),
        Binding("y", "copy", "copy as curl", show=False),
        Binding("R", "take", "take the newest", show=False),
        Binding("enter", "read", "read on below", show=False),
    ]

    def __init__(self, log: WireLog) -> None:
        super().__init__()
        self._log = log
        self._calls: dict[int, Numbered] = {}
        self._taken = 0
        self._filter = ""
        self._rows = RowList(self._draw, markable=False)
        self._filter_line = FilterLine(placeholder="openport unknown commands -getportstatus port 4")

    def compose(self) -> ComposeResult:
        """Build the list above, and one call below."""
        with Vertical(classes="dialog", id="wire") as dialog:
            dialog.border_title = Content("Wire")
            yield Lines(((HEADER, Tone.DIM),), classes="header")
            yield self._rows
            yield self._filter_line
            with VerticalScroll(id="exchange"):
                yield Lines(id="said")
            yield Lines(KEYS)

    def on_mount(self) -> None:
        """Take the calls there are."""
        super().on_mount()
        self._rows.focus()
        self.action_take()

    def action_take(self) -> None:
        """Take the newest calls."""
        self._calls = {one.number: one for one in self._log}
        self._taken = self._log.count
        self._show()
        self._rows.move_to(next(iter(self._rows.keys), None))

    def action_filter(self) -> None:
        """Type what to keep."""
        self._filter_line.open()

    def action_read(self) -> None:
        """Give the keys that scroll to the call below."""
        self.query_one("#exchange").focus()

    def action_copy(self) -> None:
        """Put the call under the cursor on the clipboard of the terminal."""
        one = self._calls.get(self._rows.cursor)
        command = None if one is None else as_curl(one.exchange)
        if command is not None:
            self.app.copy_to_clipboard(command)
            self.notify("copied as curl; secrets are left out", timeout=4, markup=False)
        elif one is not None:
            self.notify("not copied: only a part of this call was kept", severity="warning", markup=False)

    def action_leave(self) -> None:
        """From the call back to the list, from the list back to the workspace."""
        if self._rows.has_focus:
            self.dismiss(None)
        else:
            self._rows.focus()

    def on_filter_line_filtered(self, event: FilterLine.Filtered) -> None:
        """Keep what matches."""
        self._filter = event.text
        self._show()

    def on_filter_line_left(self) -> None:
        """Back to the list."""
        self._rows.focus()

    def on_row_list_cursor_moved(self) -> None:
        """Show the call under the cursor."""
        one = self._calls.get(self._rows.cursor)
        self.query_one("#said", Lines).show(() if one is None else exchange_lines(one.exchange))
        self.query_one("#exchange").scroll_home(animate=False)

    def _show(self) -> None:
        kept = [number for number, one in self._calls.items() if matches(one, self._filter)]
        self._rows.set_keys(kept)
        dialog = self.query_one("#wire")
        words = f"{len(kept)} of {len(self._calls)}" if self._filter else str(len(self._calls))
        dialog.border_subtitle = Content(f"{words} kept, {self._taken} made since this console was opened")

    def _draw(self, number: int, _marked: bool) -> Line:
        one = self._calls.get(number)
        return () if one is None else wire_row(one.exchange, one.exchange.at_utc.astimezone())
