"""Plans and runs in the journal: kept, found again, followed.

Reads only what is on the disk, so that any console on the host can ask.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from console.operations.bulk import plan_files
from console.operations.bulk.history import Story, beginning, continued
from console.operations.bulk.plan import Plan, PlanRefused
from console.operations.bulk.progress import Progress
from console.operations.journal import JournalError, Query, Record, RecordKind, document, read, unended
from console.operations.journal.reading import LOOK_EVERY
from console.operations.processes import lives

PLANS = (RecordKind.PLAN, RecordKind.RETRY, RecordKind.RESUME, RecordKind.UNDO)


class Archive:
    """What the journal in a folder knows of plans, and of the runs at a site."""

    def __init__(self, directory: Path, site: str) -> None:
        self._directory = directory
        self._site = site

    def plan(self, digest: str) -> Plan:
        """Return the plan of a digest, or of the beginning of one.

        Raises:
            PlanRefused: it was not made on this host, or is not what it was. JournalError: as `read`.
        """
        try:
            whole, body = document(self._directory, digest)
        except LookupError:
            raise PlanRefused("this plan was not made on this host, or its name fits several") from None
        plan = plan_files.from_json(body)
        if plan.digest != whole:
            raise PlanRefused("the plan was changed since it was made")
        return plan

    def stories(self, last: int) -> Iterator[Story]:
        """Return the last runs, the newest first.

        Raises:
            JournalError: the journal cannot be read.
        """
        yield from map(self._whole, reversed(self._begun()[-last:]))

    def left(self) -> Iterator[Story]:
        """Return the runs whose console is gone before their end, or that of a command, was recorded.

        The newest come first; others are not read.

        Raises:
            JournalError: the journal cannot be read.
        """
        over = {one.entry.run for one in self._records(RecordKind.RUN_END)}
        over -= {one.entry.run for one in unended(self._directory)}
        for one in reversed(self._begun()):
            if one.entry.run not in over and not lives(one.process, one.boot_id):
                yield self._whole(one)

    def story(self, run: str) -> Story:
        """Return a run; one of another site would be looked at where it never was.

        Raises:
            LookupError: there is none of that id at the site. JournalError: the journal cannot be read.
        """
        for record in self._begun(run):
            return self._whole(record)
        raise LookupError(run)

    async def follow(self, run: str) -> AsyncIterator[Progress]:
        """Return how far a run is, again and again as that changes, until it ended or its console is gone.

        Raises:
            LookupError: as `story`. JournalError: the journal cannot be read.
        """
        story = await asyncio.to_thread(self.story, run)
        while True:
            alive = is_alive(story)
            yield story.progress(time.time(), alive=alive)
            if story.over or not alive:
                return
            await asyncio.sleep(LOOK_EVERY)
            story = await asyncio.to_thread(self.later, story)

    def later(self, story: Story) -> Story:
        """Return a run as it is by now.

        Raises:
            JournalError: the journal cannot be read.
        """
        return continued(story, read(self._directory, run=story.run, after=story.last_seq))

    def approvals(self, digest: str) -> list[Record]:
        """Return who approved a plan.

        Raises:
            JournalError: the journal cannot be read.
        """
        return [one for one in self._records(RecordKind.APPROVAL) if one.entry.plan == digest]

    def maker(self, digest: str) -> Record | None:
        """Return the record of a plan that was made on this host.

        Raises:
            JournalError: the journal cannot be read.
        """
        return next((one for one in self._records(*PLANS) if one.entry.plan == digest), None)

    def _whole(self, record: Record) -> Story:
        try:
            plan = self.plan(record.entry.plan)
        except PlanRefused as refusal:
            raise JournalError(f"run {record.entry.run}: {refusal}") from None
        return continued(
            beginning(record, plan), read(self._directory, run=record.entry.run, after=record.seq)
        )

    def _begun(self, run: str = "") -> list[Record]:
        found = read(self._directory, run=run, kinds=(RecordKind.RUN_START,))
        return [one for one in found if one.site == self._site]

    def _records(self, *kinds: RecordKind) -> list[Record]:
        return list(read(self._directory, Query(kinds=kinds)))


def is_alive(story: Story) -> bool:
    """Return whether the console that carries a run out still runs on this machine."""
    return not story.over and lives(story.process, story.boot_id)
