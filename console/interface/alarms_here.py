"""The alarms of a site at this console: what it sees, and what people on this host have said of them."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.state.alarm_book import AlarmBook
from console.state.store import Store

if TYPE_CHECKING:  # the first frame does not wait for it
    from console.operations.alarm_desk import AlarmDesk


class AlarmsHere:
    """Keeps the book of alarms, and what the journal says about them."""

    def __init__(self, store: Store) -> None:
        self.book = AlarmBook(store.clock)
        self._looked_utc = datetime.now(UTC)

    async def look(self, desk: "AlarmDesk") -> None:
        """Learn what anybody on this host has said of alarms since the last look.

        Raises:
            JournalError: the journal cannot be read.
        """
        since, self._looked_utc = self._looked_utc, datetime.now(UTC)
        self.book.shelve(await asyncio.to_thread(desk.shelves))
        self.book.acknowledge(await asyncio.to_thread(desk.acknowledged, since))
