"""The runs of this host: which go on, which ended, which were interrupted, and what can come of each."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from console.interface.bulk_run_lines import run_row, run_words
from console.interface.bulk_words import key_words
from console.interface.drawing import Line, Tone
from console.interface.screens.bulk_table import AFTER, Act, RunTable, Wanted
from console.operations.bulk.desk import Bulk, Told
from console.operations.journal import JournalError
from console.text import safe

LAST = 50
"""How many runs are listed."""


class Runs(RunTable):
    """The last runs as they were when they were read; returns what is wanted of one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "look", "watch or report", show=False)]

    def __init__(self, desk: Bulk, where: Line) -> None:
        super().__init__("Runs", key_words(("enter", "look"), *AFTER, ("R", "read again"), ("esc", "leave")))
        self._desk = desk
        self._where = where
        self._told: dict[str, Told] = {}

    def on_mount(self) -> None:
        """Read the runs."""
        super().on_mount()
        self.show([self._where, (("reading the journal ...", Tone.DIM),)], ())
        self.action_read()

    def action_read(self) -> None:
        """Read the runs anew, while the screen goes on."""
        self.run_worker(self._read(), exclusive=True, exit_on_error=False)

    async def _read(self) -> None:
        try:
            told = await asyncio.to_thread(self._desk.runs, LAST)
        except JournalError as error:
            self.show([self._where, ((safe(str(error)), Tone.ALARM),)], ())
            return
        self._told = {one.run: one for one in told}
        as_of = f"{datetime.now().astimezone():%H:%M:%S}"
        words = f"runs: {len(told)}, as of {as_of}"
        self.show([self._where, ((words, Tone.DIM),)], tuple(self._told))

    @property
    def run_id(self) -> str | None:
        """The run under the cursor."""
        return self.rows.cursor if self.rows.cursor in self._told else None

    def action_look(self) -> None:
        """Watch a run that goes on; of any other, see what it came to."""
        if self.run_id is not None:
            alive = self._told[self.run_id].alive
            self.dismiss(Wanted(self.run_id, Act.WATCH if alive else Act.REPORT))

    def row(self, key: str) -> Line:
        """Return a run as a row."""
        return run_row(self._told[key]) if key in self._told else ()

    def whole(self, key: str) -> Sequence[Line]:
        """Return a run in full."""
        return run_words(self._told[key]) if key in self._told else ()
