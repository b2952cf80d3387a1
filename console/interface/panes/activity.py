"""What was commanded from this console, the latest first."""

from textual.app import ComposeResult

from console.interface.command_rows import command_row
from console.interface.drawing import Line, plain
from console.interface.panes.filter_line import NO_MATCH, FilterLine
from console.interface.panes.pane import Pane
from console.interface.widgets.row_list import RowList
from console.state.entities import Command, Phase
from console.state.store import Store


class ActivityPane(Pane):
    """A row for each command and how far it is."""

    def __init__(self, store: Store) -> None:
        super().__init__("4", id="activity")
        self._store = store
        self._words: tuple[str, ...] = ()
        self.rows = RowList(self._draw, id="command-rows", markable=False)
        self.filter_line = FilterLine(placeholder="words that stand in the row, such as unknown")

    def compose(self) -> ComposeResult:
        """Build rows and filter line."""
        yield self.rows
        yield self.filter_line

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
        keys = [op_id for op_id in reversed(self._store.commands) if self._keeps(op_id)]
        self.rows.empty = NO_MATCH if self._store.commands else "nothing was commanded here yet"
        self.rows.set_keys(keys)
        self.rows.touch()
        if follows and keys:
            self.rows.move_to(keys[0])
        unknown = sum(
            command.phase in (Phase.UNKNOWN, Phase.STILL_UNKNOWN) for command in self._store.commands.values()
        )
        total = len(self._store.commands)
        count = f"{len(keys)} of {total}" if self._words else str(total)
        self.entitle(f"Activity {count}", f"{unknown} UNKNOWN" if unknown else "")

    def reveal(self, op_id: str) -> None:
        """Put the cursor on a command; a filter that hides it is dropped."""
        if not self._keeps(op_id):
            self.filter_line.clear_filter()
            self._words = ()
            self.rearrange()
        self.rows.move_to(op_id)

    def on_filter_line_filtered(self, event: FilterLine.Filtered) -> None:
        """Show what the filter keeps."""
        event.stop()
        self._words = tuple(event.text.lower().split())
        self.rearrange()

    def _keeps(self, op_id: str) -> bool:
        row = plain(self._draw(op_id, False)).lower() if self._words else ""
        return all(word in row for word in self._words)

    def show_ages(self) -> None:
        """Repaint the commands that are waited for."""
        self.rows.touch()

    def _draw(self, op_id: str, _marked: bool) -> Line:
        command = self._store.commands.get(op_id)
        if command is None:  # forgotten since the rows were made
            return ()
        return command_row(command, self._store.clock(), command.asked_utc.astimezone(), self.rows.size.width)
