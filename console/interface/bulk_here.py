"""What the journal means to the workspace: runs begun here, what others left, and how it is itself."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from console.interface.bulk_run_lines import GOES_ON, interrupted_alarms, journal_alarms, run_note
from console.interface.drawing import Piece
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.progress import Progress
from console.operations.journal import JournalError
from console.site import Site
from console.state.alarms import Alarm

if TYPE_CHECKING:  # the first frame does not wait for bulk work
    from console.operations.bulk.desk import Bulk, Told
    from console.operations.bulk.runner import Run

LOOK_EVERY = 60.0
"""Seconds between two looks at what other consoles left, and at the room that the journal has."""


class BulkHere:
    """Knows the runs of this console at a site.

    Args:
        changed: hears of the progress of each.
    """

    def __init__(self, site: Site, changed: Callable[[Progress], None]) -> None:
        self._site = site
        self._changed = changed
        self._interrupted: Sequence[Told] = ()
        self._left = 0
        self._warnings: Sequence[str] = ()
        self._look_at = float("-inf")
        self._stops: list[Callable[[], None]] = []

    @property
    def note(self) -> Piece:
        """What the identity line says of the runs that go on."""
        return run_note(self._own)

    @property
    def going(self) -> int:
        """How many runs of this console go on."""
        return sum(progress.state in GOES_ON for progress in self._own)

    @property
    def alarms(self) -> list[Alarm]:
        """Why a person must look at an interrupted run, at a command, or after the journal."""
        return [*interrupted_alarms(self._interrupted), *journal_alarms(self._left, self._warnings)]

    def due(self, now: float) -> bool:
        """Whether it is time for a look, which then counts as begun; `now` in seconds of the store."""
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_EVERY
        return True

    def begun(self, run: "Run") -> None:
        """Take up a run that begins."""
        self._stops.append(run.listen(self._changed))
        self._changed(run.progress)

    def leave(self) -> None:
        """Hear of no run any more: those that go on end after the screen has gone."""
        for stop in self._stops:
            stop()

    async def look(self) -> None:
        """Look for what consoles that are gone have left, and settle their single commands.

        Whoever gives no commands here settles none: then they only show.
        """
        desk = self._site.bulk
        assert desk is not None
        try:
            self._warnings = await asyncio.to_thread(self._site.journal_warnings)
            self._interrupted = await asyncio.to_thread(desk.interrupted)
            await self._look_for_commands(desk)
        except JournalError as error:
            self._warnings = (str(error),)
            self._interrupted, self._left = (), 0

    @property
    def _own(self) -> Sequence[Progress]:
        desk = self._site.bulk
        return () if desk is None else [run.progress for run in desk.own.values()]

    async def _look_for_commands(self, desk: "Bulk") -> None:
        self._left = len(await asyncio.to_thread(desk.left_commands))
        if self._left and desk.refusal is None:
            with suppress(PlanRefused):  # another console is at it
                await desk.recover_commands()
                self._left = len(await asyncio.to_thread(desk.left_commands))
