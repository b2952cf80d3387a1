"""The thing under the cursor: a port with its actions, a device with its rules, or a command."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from console.interface.detail import (
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
from console.interface.widgets.toned import Lines
from console.mor.replies import Device
from console.operations.commands import PORT_COMMANDS
from console.state.entities import Command, DeviceList, Port
from console.state.store import Store

_BLANK: Line = (("", Tone.PLAIN),)


class DetailPane(Pane, can_focus=True):
    """Says everything about one port, device or command; scrolls where that is more than fits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", show=False),
        Binding("down,j", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "scroll_home", show=False),
        Binding("end", "scroll_end", show=False),
    ]

    def __init__(self, store: Store) -> None:
        super().__init__("2", id="detail")
        self._store = store
        self._lines = Lines()

    def compose(self) -> ComposeResult:
        """Build the lines."""
        yield self._lines

    def show_port(self, port: Port | None) -> None:
        """Show a port: what is known, then each action with what it does or why not."""
        if port is None:
            self.entitle("Port")
            self._lines.show([((" no port is shown", Tone.DIM),)])
            return
        quality = self._store.port_quality(port)
        self.entitle(port_title(port))
        actions = action_lines(PORT_COMMANDS, port, quality, self._lines.size.width or 60)
        changes = history_lines(self._store.history(port.port_id), self._store.clock())
        self._lines.show([*port_lines(self._store, port), _BLANK, *actions, _BLANK, *changes])

    def show_device(self, device: Device | None, listed: DeviceList) -> None:
        """Show a device and its rules."""
        if device is None:
            self.entitle("Device")
            self._lines.show([((" no device is shown", Tone.DIM),)])
            return
        self.entitle(device_title(device))
        rules = rule_lines(self._store.rule_lists.get(device.device_id), self._lines.size.width or 60)
        self._lines.show([*device_lines(device, listed, self._store), _BLANK, *rules])

    def show_command(self, command: Command | None) -> None:
        """Show a command."""
        if command is None:
            self.entitle("Command")
            self._lines.show([((" nothing was commanded yet", Tone.DIM),)])
            return
        self.entitle(command_title(command))
        local = command.asked_utc.astimezone()
        self._lines.show(command_lines(command, self._store.clock(), local))
