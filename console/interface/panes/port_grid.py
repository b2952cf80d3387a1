"""The grid of ports: every configured port, as a row, a tile or a dot, drawn from the store."""

from collections.abc import Iterable
from datetime import datetime

from textual.app import ComposeResult

from console.interface import filtering
from console.interface.cells import Shape
from console.interface.changes import Changes
from console.interface.drawing import Line, Tone, fit_line
from console.interface.panes.filter_line import NO_MATCH, FilterLine
from console.interface.panes.pane import Pane
from console.interface.port_cells import (
    LEGEND,
    SHAPES,
    Density,
    dots_label,
    port_dot,
    port_tile,
    section,
    sections,
)
from console.interface.port_rows import HEADER, Sort, port_row, sorted_ids
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.operations.commands import PORT_COMMANDS
from console.state.entities import UNSETTLED, Port
from console.state.store import Store

WATCHED_MOST = 60
"""A page of rows. Of two thousand dots no more can be watched: they tell what changes seldom enough."""

LEGEND_FROM = 110
"""Cells a pane must have for the legend of the dots beside the port under the cursor."""

_WORDS = {command.method: command.word for command in PORT_COMMANDS}


class PortGrid(Pane):
    """Shows ports; knows which one the cursor is on and which are marked."""

    def __init__(self, store: Store) -> None:
        super().__init__("1", id="ports")
        self._store = store
        self._filter = filtering.parse("")
        self._busy: dict[int, str] = {}
        self._changes = Changes()
        self._out_of_order = False
        self._frozen: datetime | None = None
        self.sort = Sort.ATTENTION
        self.density = Density.ROWS
        self.heading = Lines(classes="header")
        self.rows = RowList(self._draw, label=self._label, id="port-rows")
        self.filter_line = FilterLine(placeholder="mode:open type:ac bin:101337 100-200 stale marked -closed")

    def compose(self) -> ComposeResult:
        """Build heading, ports and filter line."""
        yield self.heading
        yield self.rows
        yield self.filter_line

    def on_mount(self) -> None:
        """Fill the rows."""
        self.rearrange()
        self.show_heading()

    @property
    def cursor(self) -> Port | None:
        """The port under the cursor."""
        return self._store.ports.get(self.rows.cursor)

    def targets(self) -> list[int]:
        """Return the ids of what a command acts on: the marked ports, else the one under the cursor."""
        if self.rows.marks:
            return sorted(self.rows.marks)
        return [] if self.cursor is None else [self.cursor.port_id]

    def watched(self) -> frozenset[int]:
        """Return the ids of the ports that somebody may be looking at closely, and that are read first."""
        return frozenset(self.rows.in_view(WATCHED_MOST))

    # Order

    def rearrange(self, *, hold: bool = False) -> None:
        """Filter and sort afresh; the cursor stays on its port.

        With `hold` the port under the cursor stays too, whatever the filter says: the next key is
        meant for the row that a person sees there, not for one that has just moved up.
        """
        held = self.rows.cursor if hold else None
        ports = [port for port in self._store.ports.values() if port.port_id == held or self._keeps(port)]
        ids = sorted_ids(self._store, ports, self.sort)
        self.rows.empty = NO_MATCH if self._store.ports else "no port is configured"
        self.rows.set_keys(ids, self._sections(ids))
        self._out_of_order = False
        self._say_title()

    def follow(self) -> None:
        """Put ports that have changed where they belong now, unless the view is frozen."""
        if self._frozen is None and (self._out_of_order or self.sort is Sort.AGE):
            self.rearrange(hold=True)

    def toggle_freeze(self, now: datetime) -> None:
        """Let no port move until this is called again; values go on. `now` is the local time."""
        self._frozen = now if self._frozen is None else None
        self.set_class(self._frozen is not None, "frozen")
        self.follow()
        self._say_title()

    def next_sort(self) -> None:
        """Sort by the next order."""
        orders = list(Sort)
        self.sort = orders[(orders.index(self.sort) + 1) % len(orders)]
        self.rearrange()

    def next_density(self) -> None:
        """Show the same ports closer together, or as rows again after the closest."""
        densities = list(Density)
        self.density = densities[(densities.index(self.density) + 1) % len(densities)]
        shape: Shape = SHAPES[self.density]
        self.rows.set_shape(shape, self._sections(self.rows.keys))
        self.show_heading()

    def reveal(self, port_id: int) -> None:
        """Put the cursor on a port; a filter that hides it is dropped."""
        if port_id not in self.rows.keys:
            self.filter_line.clear_filter()
            self._filter = filtering.parse("")
            self.rearrange()
        self.rows.move_to(port_id)

    # Values

    def show_changes(self, port_ids: Iterable[int]) -> None:
        """Repaint what changed of these ports."""
        port_ids, now = tuple(port_ids), self._store.clock()
        for port_id in port_ids:
            self._changes.note(self._store.ports[port_id], now)
        self._out_of_order = True
        self.rows.touch(port_ids)
        if self.rows.cursor in port_ids:
            self.show_heading()

    def show_commands(self) -> None:
        """Repaint the ports at which a command began or ended."""
        before = set(self._busy)
        self._busy = {
            port_id: f"{command.phase.value}: {_WORDS.get(command.method, command.method)}"
            for command in self._store.commands.values()
            if command.phase in UNSETTLED and (port_id := _port_of(command.target)) is not None
        }
        self.rows.touch(before | set(self._busy))
        self.show_heading()

    def show_ages(self) -> None:
        """Repaint what time alone has changed: ages, which only rows tell, and marks that have ended."""
        ended = self._changes.forget(self._store.clock())
        self.rows.touch(None if self.density is Density.ROWS else ended)
        self.show_heading()
        self._say_title()

    def show_heading(self) -> None:
        """Say what the columns are, or, where there are none, all of the port under the cursor."""
        if self.density is Density.ROWS:
            self.heading.show([((HEADER, Tone.DIM),)])
            return
        width = self.heading.size.width
        legend = LEGEND if self.density is Density.DOTS and width >= LEGEND_FROM else ()
        room = width - sum(len(text) for text, _ in legend)
        row = () if self.cursor is None else self._row(self.cursor, self.rows.cursor in self.rows.marks)
        self.heading.show([(*fit_line(row, room), *legend)])

    def on_resize(self) -> None:
        """Fit the heading to the new width."""
        self.show_heading()

    def on_row_list_cursor_moved(self) -> None:
        """Say what the cursor is on."""
        self.show_heading()

    def on_row_list_marks_changed(self) -> None:
        """Count the hidden marks; rows move only when the filter asks for marks."""
        if self._filter.asks_for_marks:
            self.rearrange()
        self._say_title()
        self.show_heading()

    def on_filter_line_filtered(self, event: FilterLine.Filtered) -> None:
        """Show what the filter keeps."""
        event.stop()
        self._filter = filtering.parse(event.text)
        self.rearrange()

    def _say_title(self) -> None:
        total, shown = len(self._store.ports), len(self.rows.keys)
        title = f"Ports {total}" if shown == total else f"Ports {shown} of {total}"
        hidden = len(self.rows.hidden_marks)
        note = f"sort: {self.sort}" + (f", {hidden} marked hidden" if hidden else "")
        if self._frozen is not None:
            note = f"FROZEN since {self._frozen:%H:%M:%S}, f lets go   {note}"
        behind = self._store.behind
        if behind is not None:
            note = f"{behind.ports} late: {behind.reason}   {note}"
        self.entitle(title, note)

    def _keeps(self, port: Port) -> bool:
        quality, marked = self._store.port_quality(port), port.port_id in self.rows.marks
        return self._filter.keeps(filtering.Candidate(port=port, quality=quality, marked=marked))

    def _sections(self, port_ids: Iterable[int]) -> tuple[int, ...]:
        if self.density is not Density.DOTS:
            return ()
        return sections([self._section(port_id) for port_id in port_ids])

    def _section(self, port_id: int) -> str:
        return section(self._store, self._store.ports[port_id], self.sort)

    def _label(self, port_id: int, begins: bool) -> Line:
        return dots_label(self._section(port_id), port_id, begins, self.sort)

    def _draw(self, port_id: int, marked: bool) -> Line:
        port = self._store.ports[port_id]
        if self.density is Density.ROWS:
            return self._row(port, marked)
        draw = port_tile if self.density is Density.TILES else port_dot
        quality, changed = self._store.port_quality(port), self._changed(port_id)
        return draw(port, quality, marked=marked, busy=self._busy.get(port_id, ""), changed=changed)

    def _row(self, port: Port, marked: bool) -> Line:
        return port_row(
            port,
            self._store.port_quality(port),
            self._store.clock(),
            marked=marked,
            busy=self._busy.get(port.port_id, ""),
            changed=self._changed(port.port_id),
        )

    def _changed(self, port_id: int) -> frozenset[str]:
        return self._changes.marked(port_id, self._store.clock())


def _port_of(target: str) -> int | None:
    kind, _, number = target.partition(" ")
    return int(number) if kind == "port" and number.isdigit() else None
