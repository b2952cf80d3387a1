"""What a run came to, target by target; narrowed to one class, exported, and what can be made of it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from console.interface.bulk_export import export
from console.interface.bulk_report_lines import classes_of, report_heading, report_row, report_words, rows_of
from console.interface.bulk_words import key_words
from console.interface.drawing import Line
from console.interface.screens.bulk_table import AFTER, RunTable
from console.operations.bulk.classes import Class
from console.operations.bulk.report import Report
from console.operations.journal import JournalError
from console.text import safe


class RunReport(RunTable):
    """One row for each target of a run; returns what is wanted of the run.

    Args:
        report: what was read of it.
        reread: reads it anew, as far as it is by then.
        folder: where exports are kept.
        exported: is told of each file.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "narrow(-1)", "class before", show=False, priority=True),
        Binding("right", "narrow(1)", "next class", show=False, priority=True),
        Binding("e", "export('csv')", "export as CSV", show=False),
        Binding("E", "export('json')", "export as JSON", show=False),
    ]

    def __init__(
        self,
        report: Report,
        reread: Callable[[], Report],
        where: Line,
        folder: Path,
        exported: Callable[[Path], Coroutine[Any, Any, None]],
    ) -> None:
        keys = (("left right", "class"), *AFTER, ("e E", "CSV, JSON"), ("R", "read again"), ("esc", "leave"))
        super().__init__("Report", key_words(*keys))
        self._report = report
        self._reread = reread
        self._where = where
        self._folder = folder
        self._exported = exported
        self._only: Class | None = None

    def on_mount(self) -> None:
        """Show all targets."""
        super().on_mount()
        self._show()

    @property
    def run_id(self) -> str | None:
        """The run that this tells of."""
        return self._report.run

    def action_narrow(self, by: int) -> None:
        """Show the targets of another class only."""
        classes = classes_of(self._report)
        self._only = classes[(classes.index(self._only) + by) % len(classes)]
        self._show()

    def action_read(self) -> None:
        """Read it anew."""
        self.run_worker(self._read(), exclusive=True, exit_on_error=False)

    def action_export(self, form: str) -> None:
        """Write the whole report into a new file and say where."""
        try:
            path = export(self._report, form, self._folder)
        except OSError as error:
            self.notify(f"not exported: {safe(str(error))}", severity="error", timeout=8, markup=False)
        else:
            self.notify(f"saved {safe(str(path))}", timeout=8, markup=False)
            self.app.run_worker(self._exported(path), group="records", exit_on_error=False)

    def row(self, key: int) -> Line:
        """Return a target."""
        return report_row(self._report.rows[key - 1])

    def whole(self, key: int) -> Sequence[Line]:
        """Return a target in full."""
        return report_words(self._report.rows[key - 1])

    async def _read(self) -> None:
        try:
            self._report = await asyncio.to_thread(self._reread)
        except (LookupError, JournalError) as error:
            self.notify(safe(str(error)), severity="error", timeout=8, markup=False)
            return
        if self._only not in classes_of(self._report):
            self._only = None
        self._show()

    def _show(self) -> None:
        rows = rows_of(self._report, self._only)
        self.show([self._where, *report_heading(self._report, self._only)], [row.number for row in rows])
