"""Consoles without a screen: a store, a journal, commands and runs, for which time passes in haste.

What is waited for takes milliseconds.
"""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path

from console.autostore.client import AutoStoreClient
from console.mor.client import MorClient
from console.operations.actor import Actor
from console.operations.authority import Authority
from console.operations.bulk.desk import Bulk
from console.operations.bulk.place import Place
from console.operations.dispatch import Dispatcher, Target
from console.operations.journal import Journal
from console.operations.ledger import Ledger
from console.operations.look import Looker
from console.operations.orders import Look
from console.operations.settling import Sleep
from console.settings.tables import Safety
from console.state.entities import SourceName
from console.state.store import Store

HASTE = 200.0
SITE = "Hall"

QUICK = Safety(
    commands_per_second=0, pause_after_first=False, stop_lost=100, stop_failures=1000, stop_most=1000
)
"""Nothing but the targets decides how such a run goes."""


def actor(name: str = "tess", login_uid: int | None = 1000, role: str = "technician") -> Actor:
    return Actor(operator=name, role=role, uid=0, login_uid=login_uid, login_session=None, claims={})


def hasty_clock() -> float:
    return time.monotonic() * HASTE


async def hasty_sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / HASTE)


class Desk:
    """Commands and runs on a store and a journal."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        look: Look,
        targets: Mapping[SourceName, Target],
        *,
        authority: Authority = Authority(),  # noqa: B008
        safety: Safety = QUICK,
        sleep: Sleep = hasty_sleep,
    ) -> None:
        self.store = store
        self.journal = journal
        self.commands = Dispatcher(
            store,
            journal,
            targets,
            look=look,
            authority=authority,
            safety=safety,
            sleep=sleep,
        )
        self.bulk = Bulk(
            Place(
                store=store,
                ledger=Ledger(store, journal),
                commands=self.commands,
                look=look,
                authority=authority,
                safety=safety,
                systems=frozenset(targets),
                sleep=sleep,
            )
        )

    async def close(self) -> None:
        await self.bulk.close()
        await self.commands.close()
        await self.journal.close()


class Wired(Desk):
    """One that speaks to a controller or to a switch."""

    def __init__(
        self,
        folder: Path,
        client: AutoStoreClient | MorClient,
        *,
        ports: tuple[int, ...] = (),
        sleep: Sleep = hasty_sleep,
    ) -> None:
        store = Store(ports, clock=hasty_clock, port_interval=10.0)
        journal = Journal(folder, site=SITE, mode="SIMULATOR", actor=actor())
        if isinstance(client, MorClient):
            self.look, system = Looker(store, None, client), SourceName.MOR
        else:
            self.look, system = Looker(store, client, None), SourceName.AUTOSTORE
        super().__init__(store, journal, self.look, {system: client}, sleep=sleep)
