"""What was commanded from this console, the latest first."""

from textual.app import ComposeResult

from console.interface.command_rows import command_row
from console.interface.drawing import Line
from console.interface.panes.pane import Pane
from console.interface.widgets.row_list import RowList
from console.state.entities import Command, Phase
from console.state.store import Store


class ActivityPane(Pane):
    """A row for each command and how far it is."""

    def __init__(self, store: Store) -> None:
        super().__init__("4", id="activity")
        self._store = store
        self.rows = RowList(self._draw, id="command-rows", markable=False)

    def compose(self) -> ComposeResult:
        """Build the rows."""
        yield self.rows

    def on_mount(self) -> None:
        """Say that nothing was done yet."""
        self.rearrange()

    @property
    def cursor(self) -> Command | None:
        """The command under the cursor."""
        return self._store.commands.get(self.rows.cursor)

    def rearrange(self) -> None:
        """Take the commands from the store; unknown ones are counted apart (rule 6)."""
        follows = self.rows.cursor is None or self.rows.cursor == next(iter(self.rows.keys), None)
        keys = list(reversed(self._store.commands))
        self.rows.set_keys(keys)
        self.rows.touch()
        if follows and keys:
            self.rows.move_to(keys[0])
        unknown = sum(
            command.phase in (Phase.UNKNOWN, Phase.STILL_UNKNOWN) for command in self._store.commands.values()
        )
        self.entitle(f"Activity {len(keys)}", f"{unknown} UNKNOWN" if unknown else "")

    def show_ages(self) -> None:
        """Repaint the commands that are waited for."""
        self.rows.touch()

    def _draw(self, op_id: str, _marked: bool) -> Line:
        command = self._store.commands.get(op_id)
        if command is None:  # forgotten since the rows were made
            return ()
        return command_row(command, self._store.clock(), command.asked_utc.astimezone())
