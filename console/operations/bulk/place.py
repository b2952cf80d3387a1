"""Where bulk work happens: one site, the person at it, and all that reads, writes and commands there."""

import asyncio
import platform
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from console.mor.calls import Profile
from console.operations.actor import Actor
from console.operations.authority import Authority
from console.operations.bulk.archive import Archive
from console.operations.bulk.plan import Moment
from console.operations.bulk.planning import Ground
from console.operations.dispatch import Dispatcher
from console.operations.journal import Journal
from console.operations.leases import held
from console.operations.ledger import Ledger
from console.operations.limits import live
from console.operations.orders import Look
from console.operations.processes import boot_id
from console.operations.settling import Sleep
from console.settings.tables import Safety
from console.state.clock import awake_and_asleep
from console.state.entities import SourceName
from console.state.store import Store


class Place(Struct, frozen=True):
    """A site as bulk work needs it; `systems` are those it has, `profile` the dialect of its switch.

    `sleep` waits; injected, as the store's clock is, so that time can be tested.
    """

    store: Store
    ledger: Ledger
    commands: Dispatcher
    look: Look
    authority: Authority
    safety: Safety
    systems: Collection[SourceName]
    profile: Profile = Profile.Y2019
    sleep: Sleep = asyncio.sleep

    @property
    def journal(self) -> Journal:
        """Where all of it is recorded."""
        return self.ledger.journal

    @property
    def directory(self) -> Path:
        """The folder of the journal."""
        return self.journal.path.parent

    @property
    def archive(self) -> Archive:
        """What was recorded of plans, and of the runs at this site."""
        return Archive(self.directory, self.journal.site)

    @property
    def actor(self) -> Actor:
        """Who is at this console."""
        return self.journal.actor

    def ground(self) -> Ground:
        """Return what a plan is made on, now.

        Raises:
            JournalError: it cannot be read who holds which target.
        """
        return Ground(
            site=self.journal.site,
            mode=self.journal.mode,
            operator=self.actor.operator,
            host=platform.node(),
            now=moment(),
            safety=self.safety,
            systems=self.systems,
            ports=self.store.ports,
            stale=self.store.ports.keys() - {port.port_id for port in live(self.store)},
            held=held(self.directory, self.journal.site, unix_now()),
            profile=self.profile,
        )


def moment() -> Moment:
    """Return the moment by both clocks."""
    return Moment(utc=datetime.now(UTC), clock=awake_and_asleep(), boot_id=boot_id())


def unix_now() -> float:
    """Return the time of day in Unix seconds, which leases are told in."""
    return datetime.now(UTC).timestamp()
