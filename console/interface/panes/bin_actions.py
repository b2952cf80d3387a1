"""The thing under the cursor: a port with its actions, a device with its rules, or a command."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import MouseScrollDown, MouseScrollUp

from console.interface.detail import (
    HANG,
    action_lines,
    command_lines,
    command_title,
    device_lines,
    device_title,
    history_lines,
    port_lines,
    port_title,
    rule_lines,
)
from console.interface.drawing import Line, Tone
from console.interface.panes.pane import Pane
from console.interface.widgets.page import Page
from console.interface.widgets.row_list import WHEEL
from console.mor.replies import Device
from console.operations.commands import PORT_COMMANDS
from console.state.entities import Command, DeviceList, Port
from console.state.store import Store

_BLANK: Line = (("", Tone.PLAIN),)

MOST = 1_000_000
"""More lines than there are of anything."""


class DetailPane(Pane, can_focus=True):
    """Says everything about one port, device or command; says how much is out of sight, and turns to it.

    It changes all the time, so it has a place of its own size: to lay out the screen anew for one line
    more would send a slow link all of it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "turn(-1)", show=False),
        Binding("down,j", "turn(1)", show=False),
        Binding("pageup", "leaf(-1)", show=False),
        Binding("pagedown", "leaf(1)", show=False),
        Binding("home", f"turn({-MOST})", show=False),
        Binding("end", f"turn({MOST})", show=False),
    ]

    def __init__(self, store: Store) -> None:
        super().__init__("2", id="detail")
        self._store = store
        self._title = ""
        self._page = Page(hang=HANG)

    def compose(self) -> ComposeResult:
        """Build the page."""
        yield self._page

    def on_resize(self) -> None:
        """Say how much is out of sight now."""
        self._say_what_is_hidden()

    def show_port(self, port: Port | None) -> None:
        """Show a port: what is known, then each action with what it does or why not."""
        if port is None:
            self._show("Port", [((" no port is shown", Tone.DIM),)])
            return
        quality = self._store.port_quality(port)
        actions = action_lines(PORT_COMMANDS, port, quality)
        changes = history_lines(self._store.history(port.port_id), self._store.clock())
        lines = [*port_lines(self._store, port), *actions, _BLANK, *changes]
        self._show(port_title(port), lines if changes else lines[:-1])

    def show_device(self, device: Device | None, listed: DeviceList) -> None:
        """Show a device and its rules."""
        if device is None:
            self._show("Device", [((" no device is shown", Tone.DIM),)])
            return
        rules = rule_lines(self._store.rule_lists.get(device.device_id))
        self._show(device_title(device), [*device_lines(device, listed, self._store), _BLANK, *rules])

    def show_command(self, command: Command | None) -> None:
        """Show a command."""
        if command is None:
            self._show("Command", [((" nothing was commanded yet", Tone.DIM),)])
            return
        local = command.asked_utc.astimezone()
        self._show(command_title(command), command_lines(command, self._store.clock(), local))

    def action_turn(self, lines: int) -> None:
        """Go on or back by some lines."""
        self._page.turn(lines)
        self._say_what_is_hidden()

    def action_leaf(self, direction: int) -> None:
        """Go on or back by a pageful."""
        self.action_turn(direction * max(1, self._page.size.height - 1))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Go on with the wheel."""
        event.stop()
        self.action_turn(WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Go back with the wheel."""
        event.stop()
        self.action_turn(-WHEEL)

    def _show(self, title: str, lines: Sequence[Line]) -> None:
        """Show lines; those about something else from their beginning."""
        if title != self._title:
            self._title = title
            self._page.turn(-MOST)
        self._page.show(lines)
        self._say_what_is_hidden()

    def _say_what_is_hidden(self) -> None:
        above, below = self._page.hidden
        words = (f"{count} {where}" for count, where in ((above, "above"), (below, "below")) if count)
        self.entitle(self._title, ", ".join(words))
