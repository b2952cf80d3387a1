"""The grid of ports: every configured port, one row each, drawn from the store."""

from collections.abc import Iterable

from textual.app import ComposeResult

from console.interface import filtering
from console.interface.drawing import Line, Tone
from console.interface.panes.filter_line import FilterLine
from console.interface.panes.pane import Pane
from console.interface.port_rows import HEADER, Sort, port_row, sorted_ids
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.state.entities import UNSETTLED, Port
from console.state.quality import Quality
from console.state.store import Store


class PortGrid(Pane):
    """Shows ports; knows which one the cursor is on and which are marked."""

    def __init__(self, store: Store) -> None:
        super().__init__("1", id="ports")
        self._store = store
        self._filter = filtering.parse("")
        self._busy: dict[int, str] = {}
        self.sort = Sort.ATTENTION
        self.rows = RowList(self._draw, id="port-rows")
        self.filter_line = FilterLine(placeholder="mode:open type:ac bin:101337 100-200 stale marked -closed")

    def compose(self) -> ComposeResult:
        """Build header, rows and filter line."""
        yield Lines(((HEADER, Tone.DIM),), classes="header")
        yield self.rows
        yield self.filter_line

    def on_mount(self) -> None:
        """Fill the rows."""
        self.rearrange()

    @property
    def cursor(self) -> Port | None:
        """The port under the cursor."""
        return self._store.ports.get(self.rows.cursor)

    def targets(self) -> list[int]:
        """Return the ids of what a command acts on: the marked ports, else the one under the cursor."""
        if self.rows.marks:
            return sorted(self.rows.marks)
        return [] if self.cursor is None else [self.cursor.port_id]

    def rearrange(self, *, hold: bool = False) -> None:
        """Filter and sort afresh; the cursor stays on its port.

        With `hold` the port under the cursor stays too, whatever the filter says: the next key is
        meant for the row that a person sees there, not for one that has just moved up.
        """
        held = self.rows.cursor if hold else None
        ports = [port for port in self._store.ports.values() if port.port_id == held or self._keeps(port)]
        self.rows.set_keys(sorted_ids(self._store, ports, self.sort))
        self._say_title()

    def reveal(self, port_id: int) -> None:
        """Put the cursor on a port; a filter that hides it is dropped."""
        if port_id not in self.rows.keys:
            self.filter_line.clear_filter()
            self._filter = filtering.parse("")
            self.rearrange()
        self.rows.move_to(port_id)

    def show_changes(self, port_ids: Iterable[int]) -> None:
        """Repaint what changed of these ports."""
        self.rows.touch(port_ids)

    def show_commands(self) -> None:
        """Repaint the ports at which a command began or ended."""
        before = set(self._busy)
        self._busy = {
            port_id: f"{command.method} {command.phase.value}"
            for command in self._store.commands.values()
            if command.phase in UNSETTLED and (port_id := _port_of(command.target)) is not None
        }
        self.rows.touch(before | set(self._busy))

    def show_ages(self) -> None:
        """Repaint the rows on screen whose age is drawn."""
        self.rows.touch()

    def next_sort(self) -> None:
        """Sort by the next order."""
        orders = list(Sort)
        self.sort = orders[(orders.index(self.sort) + 1) % len(orders)]
        self.rearrange()

    def on_filter_line_filtered(self, event: FilterLine.Filtered) -> None:
        """Show what the filter keeps."""
        event.stop()
        self._filter = filtering.parse(event.text)
        self.rearrange()

    def on_row_list_marks_changed(self) -> None:
        """Count the hidden marks; rows move only when the filter asks for marks."""
        if self._filter.asks_for_marks:
            self.rearrange()
        self._say_title()

    def _say_title(self) -> None:
        total, shown = len(self._store.ports), len(self.rows.keys)
        title = f"Ports {total}" if shown == total else f"Ports {shown} of {total}"
        hidden = len(self.rows.hidden_marks)
        self.entitle(title, f"sort: {self.sort}" + (f", {hidden} marked hidden" if hidden else ""))

    def _keeps(self, port: Port) -> bool:
        quality, marked = self._store.port_quality(port), port.port_id in self.rows.marks
        return self._filter.keeps(filtering.Candidate(port=port, quality=quality, marked=marked))

    def _draw(self, port_id: int, marked: bool) -> Line:
        port = self._store.ports[port_id]
        quality: Quality = self._store.port_quality(port)
        busy = self._busy.get(port_id, "")
        return port_row(port, quality, self._store.clock(), marked=marked, busy=busy)


def _port_of(target: str) -> int | None:
    kind, _, number = target.partition(" ")
    return int(number) if kind == "port" and number.isdigit() else None
