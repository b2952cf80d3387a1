"""The floor: a Textual app with a table of 200 rows and nothing else."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Bare(App[None]):
    """A table."""

    def compose(self) -> ComposeResult:
        """Build it."""
        yield DataTable()

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns("port", "type", "mode", "bin", "at", "case")
        table.add_rows((f"{row:04d}", "AC", "OPEN", "101337", "OPEN", "NOOP") for row in range(200))


if __name__ == "__main__":
    Bare().run()
