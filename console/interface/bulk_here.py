"""What bulk work means to the workspace: the runs begun here, and those that were found interrupted."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from console.interface.bulk_run_lines import GOES_ON, interrupted_alarms, run_note
from console.interface.drawing import Piece
from console.operations.bulk.progress import Progress
from console.operations.journal import JournalError
from console.state.alarms import Alarm

if TYPE_CHECKING:  # the first frame does not wait for bulk work
    from console.operations.bulk.desk import Bulk, Told
    from console.operations.bulk.runner import Run


class BulkHere:
    """Knows the runs of this console.

    Args:
        changed: hears of the progress of each.
    """

    def __init__(self, changed: Callable[[Progress], None]) -> None:
        self._changed = changed
        self._runs: dict[str, Run] = {}
        self._interrupted: Sequence[Told] = ()
        self.looked = False  # for interrupted runs, which is done once the site is open

    @property
    def note(self) -> Piece:
        """What the identity line says of the runs that go on."""
        return run_note(run.progress for run in self._runs.values())

    @property
    def going(self) -> int:
        """How many runs of this console go on."""
        return sum(run.progress.state in GOES_ON for run in self._runs.values())

    @property
    def alarms(self) -> list[Alarm]:
        """Why a person must look at an interrupted run."""
        return interrupted_alarms(self._interrupted)

    def begun(self, run: "Run") -> None:
        """Take up a run that begins."""
        self._runs[run.id] = run
        run.listen(self._changed)
        self._changed(run.progress)

    def run(self, run_id: str) -> "Run | None":
        """Return a run that was begun here and goes on; of others the journal tells."""
        run = self._runs.get(run_id)
        return run if run is not None and run.progress.state in GOES_ON else None

    async def look(self, desk: "Bulk") -> None:
        """Look for runs whose console is gone."""
        try:
            self._interrupted = await asyncio.to_thread(desk.interrupted)
        except JournalError:
            self._interrupted = ()  # that the journal cannot be read is told by itself
