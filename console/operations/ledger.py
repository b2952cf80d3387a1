"""What the journal and the store are told of commands: first the one, on the disk, then the other."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from console.operations.journal import Entry, Journal, JournalError
from console.operations.journal.writer import Beside
from console.state.entities import Command, Phase
from console.state.store import Store
from console.text import safe


class Ledger:
    """Keeps accounts of commands; nothing that happens to who is waiting breaks a record off."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self.store = store
        self.journal = journal

    @property
    def broken(self) -> bool:
        """Whether the journal is known not to take records."""
        return self.store.journal_failure is not None

    async def write(self, *told: Entry, beside: Beside | None = None) -> bool:
        """Append to the journal, and return whether it is on the disk.

        Raises:
            Barred: as `beside`.
        """
        try:
            await _to_its_end(self.journal.write(*told, beside=beside))
        except JournalError as error:
            self.store.note_journal(str(error))
            return False
        self.store.note_journal(None)
        return True

    def show(
        self, command: Command, phase: Phase, reason: str | None = None, code: int | None = None
    ) -> Command:
        """Show how far a command is, and return it like that."""
        shown = None if reason is None else safe(reason)
        changed = replace(command, phase=phase, reason=shown, code=code, changed_at=self.store.clock())
        self.store.note_command(changed)
        return changed


async def _to_its_end(writing: Coroutine[Any, Any, None]) -> None:
    """Await `writing`, whoever is cancelled meanwhile."""
    task = asyncio.get_running_loop().create_task(writing)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
