"""The devices of one user of the phone switch."""

import asyncio

from textual.app import ComposeResult

from console.interface.device_index import DeviceIndex, DeviceSort, Found, find, index_devices
from console.interface.device_rows import HEADER, device_row, user_words
from console.interface.drawing import Line, Tone
from console.interface.panes.filter_line import NO_MATCH, FilterLine
from console.interface.panes.pane import Pane
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.mor.replies import Device
from console.state.entities import DeviceList
from console.state.quality import Quality, age_text
from console.state.store import Store

AT_ONCE = 2000
"""Devices that are put in order while the screen waits; more are left to a thread."""


class DevicesPane(Pane):
    """Shows the devices of the chosen user; knows which one the cursor is on and which are marked."""

    def __init__(self, store: Store) -> None:
        super().__init__("3", id="devices")
        self._store = store
        self._filter = ""
        self._index = DeviceIndex()
        self._found: Found | None = None
        self._taken: tuple[tuple[Device, ...], DeviceSort] = (), DeviceSort.ID
        self._indexing = False
        self._drawn_as = Quality.NEVER
        self.sort = DeviceSort.ID
        self.user_id: int | None = None
        self.rows = RowList(self._draw, id="device-rows")
        self.filter_line = FilterLine(placeholder="words that stand in the row")

    def compose(self) -> ComposeResult:
        """Build header, rows and filter line."""
        yield Lines(((HEADER, Tone.DIM),), classes="header")
        yield self.rows
        yield self.filter_line

    def on_mount(self) -> None:
        """Say that nothing is known yet."""
        self.rearrange()

    @property
    def listed(self) -> DeviceList:
        """What is believed of the chosen user's devices."""
        return self._store.device_lists.get(self.user_id or 0) or DeviceList(user_id=self.user_id or 0)

    @property
    def cursor(self) -> Device | None:
        """The device under the cursor."""
        return self._index.by_id.get(self.rows.cursor)

    def targets(self) -> list[Device]:
        """Return what a command acts on: the marked devices by id, else the one under the cursor."""
        if self.rows.marks:
            return [self._index.by_id[device_id] for device_id in sorted(self.rows.marks)]
        return [] if self.cursor is None else [self.cursor]

    def choose_user(self, user_id: int) -> None:
        """Show another user's devices; marks do not go along."""
        if user_id != self.user_id:
            self.user_id = user_id
            self.rows.clear_marks()
            self._take(DeviceIndex())
            self.rearrange()

    def next_sort(self) -> None:
        """Sort by the next order."""
        orders = list(DeviceSort)
        self.sort = orders[(orders.index(self.sort) + 1) % len(orders)]
        self.rearrange()

    def rearrange(self) -> None:
        """Take the list from the store, put it in order, and filter it."""
        devices = self.listed.devices
        if self._taken[0] is devices and self._taken[1] is self.sort:
            self.show_ages()
            return
        self._taken = devices, self.sort
        if len(devices) <= AT_ONCE:
            self._take(index_devices(devices, self.sort))
        else:
            self._indexing = True
            self.run_worker(self._index_behind(devices, self.sort), group="index", exit_on_error=False)

    async def _index_behind(self, devices: tuple[Device, ...], order: DeviceSort) -> None:
        """Put a long list in order while the screen goes on; until then the one before it stands."""
        index = DeviceIndex()
        try:
            index = await asyncio.to_thread(index_devices, devices, order)
        finally:
            if self._taken[0] is devices and self._taken[1] is order:
                self._take(index)

    def _take(self, index: DeviceIndex) -> None:
        self._index, self._found, self._indexing = index, None, False
        self.rows.prune_marks(index.by_id)
        self._show_found()

    def _show_found(self) -> None:
        self._found = find(self._index, self._filter, self._found)
        ids = self._index.ids
        self.rows.empty = NO_MATCH if ids else ""
        self.rows.set_keys([ids[place] for place in self._found.places])
        self.show_ages()

    def show_ages(self) -> None:
        """Repaint what depends on age."""
        self.rows.touch()
        self._say_title(self.listed)

    def on_filter_line_filtered(self, event: FilterLine.Filtered) -> None:
        """Show what the filter keeps."""
        event.stop()
        self._filter = event.text
        self._show_found()

    def _say_title(self, listed: DeviceList) -> None:
        if self.user_id is None:
            self.entitle("Devices", "no user chosen yet")
            return
        user = next((one for one in self._store.users.users if one.user_id == self.user_id), None)
        name = user_words(user) if user else str(self.user_id)
        shown, total = len(self.rows.keys), len(self._index.ids)
        count = str(total) if shown == total else f"{shown} of {total}"
        self.entitle(f"Devices of {name}  {count}", "   ".join(filter(None, self._notes(listed))))

    def _notes(self, listed: DeviceList) -> tuple[str, str]:
        return self._age(listed), f"sort: {self.sort}"

    def _age(self, listed: DeviceList) -> str:
        quality = self._quality()
        if quality is Quality.LIVE:
            return ""
        if listed.seen_at is None:
            return listed.failure or quality.value
        return f"~ {quality.value}, {age_text(self._store.clock() - listed.seen_at)} old"

    def _quality(self) -> Quality:
        """Return what the rows are worth; while a newer list is put in order, what they were worth before."""
        if not self._indexing:
            self._drawn_as = self._store.list_quality(self.listed)
        return self._drawn_as

    def _draw(self, device_id: int, marked: bool) -> Line:
        return device_row(self._index.by_id[device_id], self._quality(), marked=marked)
