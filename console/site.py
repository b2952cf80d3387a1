"""Opens what a site's settings name, in order, and closes it in the opposite order.

State arrives through one interface (`store`), commands leave through one (`commands`). Today
both are this process; an agent that serves many consoles can stand here later, and nothing
above would notice.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.autostore.catalogue import Method
from console.autostore.methods import offered
from console.mor.calls import CALLS, Call
from console.operations.actor import whoami
from console.operations.authority import Authority
from console.operations.comms import CommRecorder
from console.operations.dispatch import Dispatcher, Target
from console.operations.journal import Entry, Journal, JournalError, RecordKind
from console.operations.journal.keeping import room, warnings
from console.operations.ledger import Ledger
from console.operations.look import Looker
from console.settings import Site as SiteSettings
from console.settings.tables import LogPublisher, Role
from console.site_spec import Connect, Endpoints, SiteSpec
from console.state.entities import SourceName
from console.state.store import Schedule, Store
from console.state.wire_log import WireLog
from console.text import safe

if TYPE_CHECKING:  # both bring the network stack, which the first frame does not wait for
    from console.autostore.client import AutoStoreClient
    from console.mor.client import MorClient
    from console.operations.alarm_desk import AlarmDesk
    from console.operations.bulk.desk import Bulk
    from console.tap import Exchange
    from console.workers.budget import Budget
    from console.workers.devices import DeviceWorker
    from console.workers.events import LogFollower
    from console.workers.ports import PortReader


COMMANDS_WITHIN = 0.3
"""Most seconds for which a site that answers nothing holds up that it can be commanded."""

READ_AGAIN_AFTER, READ_AGAIN_MOST = 1.0, 30.0
"""Seconds until a worker that ended by a fault begins again; doubled each time, up to the second."""

log = logging.getLogger(__name__)


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
            spec.state_dir,
            site=spec.name,
            mode=spec.mode,
            actor=whoami(spec.operator, spec.role),
            told=spec.told_elsewhere,
        )
        self.wire_log = WireLog()
        self.autostore: AutoStoreClient | None = None
        self.mor: MorClient | None = None
        self.commands: Dispatcher | None = None
        self.bulk: Bulk | None = None
        self.alarm_desk: AlarmDesk | None = None
        self.devices: DeviceWorker | None = None
        self.ports: PortReader | None = None
        self.log: LogFollower | None = None
        self._connect = connect
        self._endpoints: Endpoints | None = None
        self._budget: Budget | None = None
        self._targets: dict[SourceName, Target] = {}
        self._stack = AsyncExitStack()
        self._started = False
        self._closed = False

    async def connect(self) -> None:
        """Open connections and the way to command; nothing is read yet.

        Raises:
            SettingsError: a secret or a certificate cannot be read.
        """
        await self._reach()
        await self._take_command()

    async def open(self) -> None:
        """Connect, and read in the background from now on; what is seen does not wait for commands.

        Raises:
            SettingsError: a secret or a certificate cannot be read.
        """
        await self._reach()
        if not self._closed:
            self._started = True
            await self._note(RecordKind.START)
        if not self._closed:
            self._start_reading()
            await self._something_seen()
        await self._take_command()

    async def _something_seen(self) -> None:
        """Wait for the first answer, but not for long: what commands need is loaded after that."""
        seen = asyncio.Event()
        stop = self.store.listen(lambda _: seen.set())
        with suppress(TimeoutError):
            await asyncio.wait_for(seen.wait(), COMMANDS_WITHIN)
        stop()

    async def _reach(self) -> None:
        await asyncio.to_thread(_load_network)
        endpoints = await self._connect()
        if not self._closed:  # while it connected: whatever is opened now would stay open
            self._endpoints = endpoints
            self._stack.push_async_callback(self._close_journal)
            self._open_clients(endpoints)

    async def _take_command(self) -> None:
        await asyncio.to_thread(_load_commands)
        if not self._closed and self._endpoints is not None:
            self._open_commands(self._endpoints.settings)

    async def close(self) -> None:
        """End reading, break off what is under way, and close everything, last opened first."""
        self._closed = True
        await self._stack.aclose()

    def watch(self, *, visible: Iterable[int], marked: Iterable[int] = ()) -> None:
        """Say which ports are on the screen and which are marked: they are read more often.

        Ports just above and below the screen may count as visible, so that they are fresh already when
        they come into view. Until this is called for the first time, all ports count as visible.
        """
        changed = self.store.watch(visible, marked)
        if self.ports is not None:
            self.ports.repace(changed)

    def target(self, system: SourceName) -> Target:
        """Return the client of a system.

        Raises:
            LookupError: the site has no such system.
        """
        return self._targets[system]

    def offered(self) -> list[tuple[SourceName, Method | Call]]:
        """Return every documented call that the servers may know: a refusal as unknown takes it away."""
        found: list[tuple[SourceName, Method | Call]] = []
        if self.autostore is not None:
            found += ((SourceName.AUTOSTORE, method) for method in offered(self.autostore.interface))
        if self.mor is not None:
            found += ((SourceName.MOR, call) for call in CALLS)
        return [(system, entry) for system, entry in found if entry.name not in self.wire_log.not_known]

    async def ask(self, system: SourceName, name: str, values: Mapping[str, object]) -> Mapping[str, Any]:
        """Make a call that only reads, and return its reply.

        Raises:
            LookupError: the site has no such system. Invalid, CallFailed: as the client.
            ValueError: the call is a command; commands go through `commands`.
        """
        target = self.target(system)
        if target.request(name, values).command:
            raise ValueError(f"{name} is a command")
        return await target.call(name, values)

    def journal_warnings(self) -> tuple[str, ...]:
        """Return what a person should see to about the journal, the gravest first (rules 49 to 52).

        Raises:
            JournalError: it cannot be read.
        """
        here = warnings(room(self.spec.state_dir), self.spec.journal_days, datetime.now(UTC))
        return (*here, *self.journal.warnings)

    async def note_export(self, path: Path) -> None:
        """Record that somebody took something along, and in which file (rule 43)."""
        await self._note(RecordKind.EXPORT, f"into {safe(str(path), 1000)}")

    async def _note(self, kind: RecordKind, reason: str = "") -> None:
        """Record what this console does itself; without a journal it still shows what it can."""
        try:
            await self.journal.write(Entry(kind=kind, reason=reason))
        except JournalError as error:
            self.store.note_journal(str(error))

    async def _close_journal(self) -> None:
        if self._started:
            await self._note(RecordKind.STOP)
        await self.journal.close()

    def _open_clients(self, endpoints: Endpoints) -> None:
        from console.autostore.client import AutoStoreClient
        from console.autostore.wire import Encoding
        from console.mor.client import MorClient
        from console.mor.wire import Caller
        from console.workers.budget import Budget

        site, keys, autostore_tls, mor_tls = endpoints
        if site.autostore is not None:
            self.autostore = AutoStoreClient(
                site.autostore.url,
                interface=site.autostore.interface,
                encoding=Encoding(site.autostore.encoding),
                timeout=site.autostore.timeout,
                tls=autostore_tls,
                tap=self._note_controller_call,
            )
            self._budget = Budget(site.autostore.calls_per_second, site.autostore.in_flight)
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
                tls=mor_tls,
                tap=self.wire_log.note,
            )
            self._stack.push_async_callback(self.mor.close)
            self._targets[SourceName.MOR] = self.mor
            self.store.expect(SourceName.MOR)

    def _open_commands(self, site: SiteSettings) -> None:
        # Bulk work is imported only now: neither the first frame nor the first value waits for it.
        from console.operations.alarm_desk import AlarmDesk
        from console.operations.bulk.desk import Bulk
        from console.operations.bulk.place import Place

        safety, actor = site.safety, self.journal.actor
        authority = Authority(
            role=Role(self.spec.role),
            read_only=self.spec.read_only,
            attributed=actor.login_uid is not None or site.unattributed_may_command,
            critical=frozenset(safety.critical),
            emergency=frozenset(safety.emergency),
        )
        self.alarm_desk = AlarmDesk(self.journal, authority, safety.shelve_hours)
        look = Looker(self.store, self.autostore, self.mor)
        self.commands = Dispatcher(
            self.store,
            self.journal,
            self._targets,
            look=look,
            authority=authority,
            safety=safety,
            deadline=max(one.timeout for one in (site.autostore, site.mor) if one is not None),
        )
        self._stack.push_async_callback(self.commands.close)
        place = Place(
            store=self.store,
            ledger=Ledger(self.store, self.journal),
            commands=self.commands,
            look=look,
            authority=authority,
            safety=safety,
            systems=frozenset(self._targets),
            profile=self.spec.rule_profile,
        )
        self.bulk = Bulk(place)
        self._stack.push_async_callback(self.bulk.close)
        if self._started and authority.refusal is None:
            self._stack.push_async_callback(CommRecorder(self.store, self.journal).close)

    def _note_controller_call(self, exchange: "Exchange") -> None:
        """Count every call, so that reads in the background leave room for those that do not wait."""
        self.wire_log.note(exchange)
        if self._budget is not None:
            self._budget.spend(self.store.clock())

    def _start_reading(self) -> None:
        from console.workers.devices import DeviceWorker
        from console.workers.ports import PortReader

        assert self._endpoints is not None
        spec, settings, rng = self.spec, self._endpoints.settings.autostore, random.Random()
        if self.autostore is not None and settings is not None:
            self.ports = PortReader(
                self.autostore.hurried(settings.poll_timeout),
                self.store,
                rng=rng,
                budget=self._budget,
                at_once=settings.in_flight,
            )
            self._run_behind(SourceName.AUTOSTORE, self.ports.run)
            if settings.log_publisher is not None:
                self._start_following(settings.log_publisher, self.ports, rng)
        mor = self._endpoints.settings.mor
        if self.mor is not None and mor is not None:
            self.devices = DeviceWorker(
                self.mor.hurried(mor.poll_timeout),
                self.store,
                spec.user_ids,
                interval=spec.list_interval,
                rng=rng,
            )
            self._run_behind(SourceName.MOR, self.devices.run)

    def _start_following(self, settings: LogPublisher, reader: "PortReader", rng: random.Random) -> None:
        from console.autostore.stream import LogStream
        from console.workers.circuit import backoff
        from console.workers.events import LogFollower

        assert self._endpoints is not None
        tls = self._endpoints.autostore_tls if settings.tls else None

        def connect() -> LogStream:
            return LogStream(
                settings.host,
                settings.port,
                tls=tls,
                clock=self.store.clock,
                backoff=lambda failures: backoff(failures, rng),
            )

        self.store.expect(SourceName.LOG)
        self.log = LogFollower(connect, self.store, hurry=reader.hurry, repace=reader.repace_all)
        self._run_behind(SourceName.LOG, self.log.run)

    def _run_behind(self, source: SourceName, read: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.create_task(self._read_again_and_again(source, read))
        self._stack.push_async_callback(_cancelled, task)

    async def _read_again_and_again(
        self, source: SourceName, read: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        """Read for ever: should a fault of ours end that, say so, and begin again later (rule 71)."""
        wait = READ_AGAIN_AFTER
        while True:
            try:
                await read()
            except Exception:
                log.exception("reading %s ended", source)
            words = f"a fault of this console ended reading; it begins again within {wait:g} s"
            self.store.source_is_lost(source, words, self.store.clock())
            await asyncio.sleep(wait)
            wait = min(2 * wait, READ_AGAIN_MOST)


def _load_network() -> None:
    """Import the network and parsing stack on a thread: a third of a second the screen need not wait."""
    import console.autostore.client
    import console.mor.client  # noqa: F401
    from console import memory

    memory.give_back_large()


def _load_commands() -> None:
    """Import what only commands need, on a thread: the first of them does not wait for it either."""
    import httpcore  # noqa: F401

    import console.operations.bulk.desk  # noqa: F401


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
