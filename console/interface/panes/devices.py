"""The devices of one user of the phone switch."""

from textual.app import ComposeResult

from console.interface.device_rows import HEADER, device_matches, device_row, user_words
from console.interface.drawing import Line, Tone
from console.interface.panes.filter_line import FilterLine
from console.interface.panes.pane import Pane
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.mor.replies import Device
from console.state.entities import DeviceList
from console.state.quality import Quality, age_text
from console.state.store import Store


class DevicesPane(Pane):
    """Shows the devices of the chosen user; knows which one the cursor is on and which are marked."""

    def __init__(self, store: Store) -> None:
        super().__init__("3", id="devices")
        self._store = store
        self._filter = ""
        self._by_id: dict[int, Device] = {}
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
        return self._by_id.get(self.rows.cursor)

    def targets(self) -> list[Device]:
        """Return what a command acts on: the marked devices by id, else the one under the cursor."""
        if self.rows.marks:
            return [self._by_id[device_id] for device_id in sorted(self.rows.marks)]
        return [] if self.cursor is None else [self.cursor]

    def choose_user(self, user_id: int) -> None:
        """Show another user's devices; marks do not go along."""
        if user_id != self.user_id:
            self.user_id = user_id
            self.rows.clear_marks()
            self.rearrange()

    def rearrange(self) -> None:
        """Take the list from the store and filter it."""
        listed = self.listed
        self._by_id = {device.device_id: device for device in listed.devices}
        kept = (device.device_id for device in listed.devices if device_matches(device, self._filter))
        self.rows.set_keys(sorted(kept))
        self.rows.prune_marks(self._by_id)
        self.rows.touch()
        self._say_title(listed)

    def show_ages(self) -> None:
        """Repaint what depends on age."""
        self.rows.touch()
        self._say_title(self.listed)

    def on_filter_line_filtered(self, event: FilterLine.Filtered) -> None:
        """Show what the filter keeps."""
        event.stop()
        self._filter = event.text
        self.rearrange()

    def _say_title(self, listed: DeviceList) -> None:
        if self.user_id is None:
            self.entitle("Devices", "no user chosen yet")
            return
        user = next((one for one in self._store.users.users if one.user_id == self.user_id), None)
        name = user_words(user) if user else str(self.user_id)
        shown, total = len(self.rows.keys), len(listed.devices)
        count = str(total) if shown == total else f"{shown} of {total}"
        self.entitle(f"Devices of {name}  {count}", self._note(listed))

    def _note(self, listed: DeviceList) -> str:
        quality = self._store.list_quality(listed)
        if quality is Quality.LIVE:
            return ""
        if listed.seen_at is None:
            return listed.failure or quality.value
        return f"~ {quality.value}, {age_text(self._store.clock() - listed.seen_at)} old"

    def _draw(self, device_id: int, marked: bool) -> Line:
        return device_row(self._by_id[device_id], self._store.list_quality(self.listed), marked=marked)
