"""Opens what a site's settings name, in order, and closes it in the opposite order.

State arrives through one interface (`store`), commands leave through one (`commands`). Today
both are this process; an agent that serves many consoles can stand here later, and nothing
above would notice.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from console.mor.calls import Profile
from console.operations.actor import whoami
from console.operations.dispatch import Dispatcher, Target
from console.operations.journal import Entry, Journal, JournalError, RecordKind
from console.operations.look import Looker
from console.settings import MorKeys, Settings, SettingsError, read_keys
from console.settings import Site as SiteSettings
from console.state.entities import SourceName
from console.state.store import Schedule, Store

if TYPE_CHECKING:  # both bring the network stack, which the first frame does not wait for
    from console.autostore.client import AutoStoreClient
    from console.mor.client import MorClient
    from console.workers.devices import DeviceWorker


log = logging.getLogger(__name__)


class SiteSpec(Struct, frozen=True, kw_only=True):
    """What is known of a site before anything is connected."""

    name: str
    mode: str
    operator: str
    role: str
    state_dir: Path
    port_ids: tuple[int, ...] = ()
    port_interval: float = 1.0
    list_interval: float = 10.0
    user_ids: tuple[int, ...] = ()
    rule_profile: Profile = Profile.Y2019
    read_only: bool = False


class Endpoints(NamedTuple):
    """Where a site's servers are, and the keys to them; `keys` is None without a MOR server."""

    settings: SiteSettings
    keys: MorKeys | None


Connect = Callable[[], Awaitable[Endpoints]]
"""Returns the endpoints; a simulated site has them only once its servers listen."""


def describe(
    name: str, settings: Settings, site: SiteSettings, state_dir: Path, *, read_only: bool = False
) -> SiteSpec:
    """Return the spec of a configured site; `read_only` forbids commands whatever the settings say."""
    autostore, mor = site.autostore, site.mor
    read_only = read_only or site.read_only
    return SiteSpec(
        name=name,
        mode="READ-ONLY" if read_only else "SIMULATOR" if site.simulator else "LIVE",
        operator=settings.operator,
        role=settings.role.value,
        state_dir=state_dir,
        port_ids=tuple(autostore.ports) if autostore else (),
        port_interval=autostore.interval if autostore else 1.0,
        list_interval=mor.interval if mor else 10.0,
        user_ids=tuple(mor.users) if mor else (),
        rule_profile=mor.profile if mor else Profile.Y2019,
        read_only=read_only,
    )


def configured(name: str, settings: SiteSettings) -> Connect:
    """Return what connects to a configured site: its settings, with the keys they point to."""

    async def connect() -> Endpoints:
        try:
            return Endpoints(settings, read_keys(settings.mor) if settings.mor else None)
        except SettingsError as error:
            raise SettingsError(f"site {name}: {error}") from None

    return connect


class Site:
    """One site: what is believed of it, and the way to command it.

    Before `open` there is a store without beliefs, so that the screen can be drawn at once.
    """

    def __init__(self, spec: SiteSpec, connect: Connect, schedule: Schedule | None = None) -> None:
        self.spec = spec
        self.store = Store(
            spec.port_ids,
            port_interval=spec.port_interval,
            list_interval=spec.list_interval,
            schedule=schedule,
        )
        self.journal = Journal(
            spec.state_dir, site=spec.name, mode=spec.mode, actor=whoami(spec.operator, spec.role)
        )
        self.autostore: AutoStoreClient | None = None
        self.mor: MorClient | None = None
        self.commands: Dispatcher | None = None
        self.devices: DeviceWorker | None = None
        self._connect = connect
        self._targets: dict[SourceName, Target] = {}
        self._stack = AsyncExitStack()
        self._started = False
        self._closed = False

    async def connect(self) -> None:
        """Open connections and the way to command; nothing is read yet.

        Raises:
            SettingsError: a secret cannot be read.
        """
        await asyncio.to_thread(_load_network)
        settings, keys = await self._connect()
        if self._closed:  # while it connected: whatever is opened now would stay open
            return
        self._stack.push_async_callback(self._close_journal)
        self._open_clients(settings, keys)
        self._open_commands(settings)

    async def open(self) -> None:
        """Connect, and read in the background from now on.

        Raises:
            SettingsError: a secret cannot be read.
        """
        await self.connect()
        if self._closed:
            return
        self._started = True
        await self._note(RecordKind.START)
        if not self._closed:
            self._start_reading()

    async def close(self) -> None:
        """End reading, break off what is under way, and close everything, last opened first."""
        self._closed = True
        await self._stack.aclose()

    def target(self, system: SourceName) -> Target:
        """Return the client of a system.

        Raises:
            LookupError: the site has no such system.
        """
        return self._targets[system]

    async def _note(self, kind: RecordKind) -> None:
        """Record that this console started or stopped; without a journal it still shows what it can."""
        try:
            await self.journal.write(Entry(kind=kind))
        except JournalError as error:
            self.store.note_journal(str(error))

    async def _close_journal(self) -> None:
        if self._started:
            await self._note(RecordKind.STOP)
        await self.journal.close()

    def _open_clients(self, site: SiteSettings, keys: MorKeys | None) -> None:
        from console.autostore.client import AutoStoreClient
        from console.autostore.wire import Encoding
        from console.mor.client import MorClient
        from console.mor.wire import Caller

        if site.autostore is not None:
            self.autostore = AutoStoreClient(
                site.autostore.url,
                interface=site.autostore.interface,
                encoding=Encoding(site.autostore.encoding),
                timeout=site.autostore.timeout,
                read_timeout=site.autostore.poll_timeout,
            )
            self._stack.push_async_callback(self.autostore.close)
            self._targets[SourceName.AUTOSTORE] = self.autostore
            self.store.expect(SourceName.AUTOSTORE)
        if site.mor is not None and keys is not None:
            self.mor = MorClient(
                site.mor.url,
                Caller(
                    user=site.mor.user, secret=keys.secret, password=keys.password, profile=site.mor.profile
                ),
                old_names=site.mor.old_names,
                timeout=site.mor.timeout,
                read_timeout=site.mor.poll_timeout,
            )
            self._stack.push_async_callback(self.mor.close)
            self._targets[SourceName.MOR] = self.mor
            self.store.expect(SourceName.MOR)

    def _open_commands(self, site: SiteSettings) -> None:
        self.commands = Dispatcher(
            self.store,
            self.journal,
            self._targets,
            look=Looker(self.store, self.autostore, self.mor),
            refusal="this console is read-only here" if self.spec.read_only else None,
            deadline=max(one.timeout for one in (site.autostore, site.mor) if one is not None),
        )
        self._stack.push_async_callback(self.commands.close)

    def _start_reading(self) -> None:
        from console.workers.devices import DeviceWorker
        from console.workers.ports import port_poller

        spec, rng = self.spec, random.Random()
        if self.autostore is not None:
            poller = port_poller(
                self.autostore, self.store, spec.port_ids, interval=spec.port_interval, rng=rng
            )
            self._run_behind(SourceName.AUTOSTORE, poller.run())
        if self.mor is not None:
            self.devices = DeviceWorker(
                self.mor, self.store, spec.user_ids, interval=spec.list_interval, rng=rng
            )
            self._run_behind(SourceName.MOR, self.devices.run())

    def _run_behind(self, source: SourceName, reading: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(reading)
        task.add_done_callback(partial(self._reading_ended, source))
        self._stack.push_async_callback(_cancelled, task)

    def _reading_ended(self, source: SourceName, task: asyncio.Task[None]) -> None:
        """Show that a source is read no more, should that ever happen before the site is closed."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("reading %s ended", source, exc_info=error)
            self.store.source_is_lost(source, "a fault of this console ended reading", self.store.clock())


def _load_network() -> None:
    """Import the network and parsing stack on a thread: a third of a second the screen need not wait."""
    import console.autostore.client
    import console.mor.client  # noqa: F401


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
