"""The thing under the cursor, and what can be done with it now: a port with its bin and case, or a device."""

from textual.app import ComposeResult

from console.interface.detail import (
    action_lines,
    device_lines,
    device_title,
    port_lines,
    port_title,
    rule_lines,
)
from console.interface.drawing import Line, Tone
from console.interface.panes.pane import Pane
from console.interface.widgets.toned import Lines
from console.mor.replies import Device
from console.operations.commands import PORT_COMMANDS
from console.state.entities import DeviceList, Port
from console.state.store import Store

_BLANK: Line = (("", Tone.PLAIN),)


class DetailPane(Pane, can_focus=True):
    """Says everything about one port or one device."""

    def __init__(self, store: Store) -> None:
        super().__init__(id="detail")
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
        self._lines.show([*port_lines(self._store, port), _BLANK, *actions])

    def show_device(self, device: Device | None, listed: DeviceList) -> None:
        """Show a device and its rules."""
        if device is None:
            self.entitle("Device")
            self._lines.show([((" no device is shown", Tone.DIM),)])
            return
        self.entitle(device_title(device))
        rules = rule_lines(self._store.rule_lists.get(device.device_id), self._lines.size.width or 60)
        self._lines.show([*device_lines(device, listed, self._store), _BLANK, *rules])
