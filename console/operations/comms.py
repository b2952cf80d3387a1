"""Records which sources are lost and which answer again (operations-safety rule 43)."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

from console.operations.journal import Entry, Journal, JournalError, RecordKind
from console.state.entities import Key, Kind, Source, SourceName
from console.state.quality import age_text
from console.state.store import Store


def changed(before: Source | None, after: Source) -> Entry | None:
    """Return what is to be recorded of a source, or None: only what changes between lost and well is.

    That it answers for the first time is no news.
    """
    was = None if before is None else before.ok
    if after.ok is None or after.ok == (was is not False):
        return None
    if not after.ok:
        return Entry(kind=RecordKind.COMM_LOST, target=after.name.value, reason=after.reason or "")
    return Entry(kind=RecordKind.COMM_BACK, target=after.name.value, reason=_lost_for(before, after))


def _lost_for(before: Source | None, after: Source) -> str:
    since = None if before is None else before.failing_since
    return "" if since is None or after.good_at is None else f"lost for {age_text(after.good_at - since)}"


class CommRecorder:
    """Records each change of the sources from now on, and what is lost already; nobody waits for it.

    A journal that cannot be written costs these records and nothing else: commands tell of that.
    """

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal
        self._known: Mapping[SourceName, Source] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._stop = store.listen(self._hear)
        self._look()

    async def close(self) -> None:
        """Hear of nothing more, and end with what is being written."""
        self._stop()
        await asyncio.gather(*self._writing)

    def _hear(self, keys: frozenset[Key]) -> None:
        if any(key.kind is Kind.SOURCE for key in keys):
            self._look()

    def _look(self) -> None:
        before, self._known = self._known, dict(self._store.sources)
        told = [changed(before.get(source.name), source) for source in self._known.values()]
        if entries := [entry for entry in told if entry is not None]:
            task = asyncio.get_running_loop().create_task(self._write(entries))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def _write(self, entries: Sequence[Entry]) -> None:
        with suppress(JournalError):
            await self._journal.write(*entries)
