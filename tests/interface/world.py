"""A site without servers: a store that a test fills, and a dispatcher that only remembers.

Its clients are real ones; nobody answers them unless a test says where.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.autostore.catalogue import Interface, Method
from console.autostore.client import AutoStoreClient
from console.autostore.methods import offered
from console.autostore.replies import BinStatus, CaseStatus, PortReading, PortStatus, SystemStatus
from console.autostore.values import SystemMode
from console.mor.calls import CALLS, Call
from console.mor.client import MorClient
from console.mor.replies import Device, DeviceRule, User
from console.mor.wire import Caller
from console.operations.alarm_desk import AlarmDesk
from console.operations.dispatch import Result
from console.operations.orders import Order
from console.outcome import Outcome
from console.secret import Secret
from console.site_spec import SiteSpec
from console.state.entities import Command, Phase, SourceName
from console.state.store import Schedule, Store
from console.state.wire_log import WireLog
from console.text import safe

from .bulk_desk import Desk

USER = 100
SECRET = "canary-7f3a"
"""The password of every device, and our key; it may be on no screen."""

NOBODY = "http://127.0.0.1:9"
"""Where no server is."""


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds


class Dispatcher:
    """Remembers orders; `answers` are the results by target, `failure` is raised instead."""

    def __init__(self) -> None:
        self.sent: list[Order] = []
        self.answers: dict[str, Result] = {}
        self.failure: Exception | None = None
        self.despite: list[str] = []
        self.emergency: tuple[str, ...] = ()

    async def send_each(self, orders: Sequence[Order]) -> list[Result]:
        """Take the orders as the real one does."""
        if self.failure is not None:
            raise self.failure
        self.sent.extend(orders)
        return [self.answers.get(order.target, result(Phase.ACCEPTED)) for order in orders]

    async def send(self, order: Order, *, despite: str = "") -> Result:
        """Take one order, and note why it is given without a journal."""
        self.despite.append(despite)
        return (await self.send_each([order]))[0]

    def goes_without_journal(self, order: Order) -> bool:
        """Let a supervisor have the orders that a test says."""
        return order.method in self.emergency

    @property
    def calls(self) -> list[tuple[str, dict[str, object]]]:
        """Method and arguments of each order."""
        return [(order.method, dict(order.arguments)) for order in self.sent]


class Devices:
    """Remembers what the screen wants to be kept fresh."""

    def __init__(self) -> None:
        self.user: int | None = None
        self.rules: int | None = None
        self.refreshed = 0

    def watch_user(self, user_id: int | None) -> None:
        """Note the user."""
        self.user = user_id

    def watch_rules(self, device_id: int | None) -> None:
        """Note the device."""
        self.rules = device_id

    def refresh(self) -> None:
        """Count."""
        self.refreshed += 1


class Site:
    """What the interface sees of a site."""

    def __init__(
        self,
        schedule: Schedule | None = None,
        *,
        ports: Iterable[int] = (),
        fill: "Callable[[Site], None]" = lambda site: None,
        mode: str = "LIVE",
        interface: Interface = Interface.TASK,
    ) -> None:
        self.clock = Clock()
        self.interface = interface
        self.url = NOBODY
        self.wire_log = WireLog()
        self._targets: dict[SourceName, AutoStoreClient | MorClient] = {}
        self._fill = fill
        self.spec = SiteSpec(
            name="Hall 2",
            mode=mode,
            operator="tech1",
            role="technician",
            state_dir=Path("unused"),
            port_ids=tuple(ports),
            user_ids=(USER,),
        )
        self.store = Store(self.spec.port_ids, clock=self.clock, schedule=schedule)
        self.commands: Dispatcher | None = Dispatcher()
        self.devices: Devices | None = Devices()
        self.bulk: Desk | None = Desk(self)
        self.alarm_desk: AlarmDesk | None = None
        self.warnings: tuple[str, ...] = ()
        self.exported: list[Path] = []
        self.failure: Exception | None = None
        self.opened = asyncio.Event()
        self.closed = False
        self.watched = frozenset[int](), frozenset[int]()

    async def open(self) -> None:
        """Read everything at once, or fail as told."""
        self.opened.set()
        if self.failure is not None:
            raise self.failure
        self._fill(self)

    async def close(self) -> None:
        """End the runs that go on, as the real one does, and note the end."""
        if self.bulk is not None:
            self.bulk.close()
        self.closed = True
        for client in self._targets.values():
            await client.close()

    def target(self, system: SourceName) -> AutoStoreClient | MorClient:
        """Return the client of the server at `url`."""
        if system not in self._targets:
            self._targets[system] = self._client(system)
        return self._targets[system]

    def _client(self, system: SourceName) -> AutoStoreClient | MorClient:
        if system is SourceName.AUTOSTORE:
            return AutoStoreClient(self.url, interface=self.interface, tap=self.wire_log.note)
        caller = Caller(user="admin", secret=Secret(SECRET), password=Secret(SECRET))
        return MorClient(self.url, caller, tap=self.wire_log.note)

    def offered(self) -> list[tuple[SourceName, Method | Call]]:
        """Offer everything but what the server does not know."""
        found: list[tuple[SourceName, Method | Call]] = []
        found += ((SourceName.AUTOSTORE, method) for method in offered(self.interface))
        found += ((SourceName.MOR, call) for call in CALLS)
        return [one for one in found if one[1].name not in self.wire_log.not_known]

    async def ask(self, system: SourceName, name: str, values: Mapping[str, object]) -> Mapping[str, Any]:
        """Ask the server."""
        return await self.target(system).call(name, values)

    async def note_export(self, path: Path) -> None:
        """Remember which file somebody took along."""
        self.exported.append(path)

    def journal_warnings(self) -> tuple[str, ...]:
        """Say what a test wants to be said of the journal."""
        return self.warnings

    def watch(self, *, visible: Iterable[int], marked: Iterable[int] = ()) -> None:
        """Note which ports are to be read first."""
        self.watched = frozenset(visible), frozenset(marked)

    # Observations, all made now

    def see(self, *readings: PortReading) -> None:
        """Look at ports."""
        for reading in readings:
            self.store.see_port(reading, self.clock())

    def see_again(self, *port_ids: int) -> None:
        """Look at ports that are as they were."""
        for port_id in port_ids or tuple(self.store.ports):
            known = self.store.ports[port_id].reading
            assert known is not None
            self.see(known)

    def see_system(self, mode: int = SystemMode.RUNNING) -> None:
        """Look at the system mode and hear from both servers."""
        self.store.see_system(SystemStatus(mode=mode, stopcode=None), self.clock())
        self.hear(SourceName.AUTOSTORE, SourceName.MOR)

    def hear(self, *names: SourceName) -> None:
        """Get good answers."""
        for name in names:
            self.store.source_answers(name, self.clock())

    def see_devices(self, *devices: Device, user_id: int = USER) -> None:
        """List the devices of a user."""
        self.store.see_devices(user_id, devices, self.clock())

    def see_users(self, *users: User) -> None:
        """List the users."""
        self.store.see_users(users, self.clock())

    def see_rules(self, device_id: int, *rules: DeviceRule) -> None:
        """List the rules of a device."""
        self.store.see_rules(device_id, rules, self.clock())


HALL = 12
"""How many ports the hall has."""

CLOSED, EMPTY, BIN, IN_ERROR, CASE, DISABLED = range(1, 7)
"""The ports of the hall, each in another state; all others are closed."""

BIN_ID, ERROR_BIN, CASE_BIN = 4711, 4712, 4713


def hall(site: Site) -> None:
    """See a hall at work: a port in each state, a few phones, two users."""
    site.see_system()
    site.see(
        closed(CLOSED),
        port(EMPTY),
        with_bin(BIN, BIN_ID),
        case_in_error(IN_ERROR, ERROR_BIN),
        port(CASE, "OPEN", "AC", bin_id=CASE_BIN, bin_mode="OPEN", case="NOOP"),
        port(DISABLED, "DISABLED"),
        *(closed(port_id) for port_id in site.store.ports if port_id > DISABLED),
    )
    site.see_users(user(USER, "hall2", "Hall", "2"), user(101, "office"))
    site.see_devices(device(1, "reception"), *(device(device_id) for device_id in range(2, 15)))
    site.see_devices(device(21, "desk"), user_id=101)
    site.see_rules(1, rule(1, "outside", cut="00", add="39"))


def port(
    port_id: int,
    mode: str | None = "OPEN",
    port_type: str | None = "CO",
    *,
    bin_id: int | None = None,
    bin_mode: str | None = None,
    case: str | None = None,
    error: bool | None = None,
    **status: Any,
) -> PortReading:
    """Return a look at a port; text is made safe as the clients do."""
    return PortReading(
        status=PortStatus(
            port_id=port_id, port_type=_safe(port_type), mode=_safe(mode), bin_id=bin_id, **status
        ),
        bin=None if bin_mode is None or bin_id is None else BinStatus(bin_id, _safe(bin_mode), port_id),
        case=None if case is None else CaseStatus(bin_id, _safe(case), error),
    )


def closed(port_id: int, port_type: str = "CO") -> PortReading:
    """Return a look at a closed port."""
    return port(port_id, "CLOSED", port_type)


def with_bin(port_id: int, bin_id: int = 4711, **status: Any) -> PortReading:
    """Return a look at a port where a bin stands open."""
    return port(port_id, bin_id=bin_id, bin_mode="OPEN", **status)


def case_in_error(port_id: int, bin_id: int = 4711) -> PortReading:
    """Return a look at an AutoCase port whose extraction hangs."""
    return port(port_id, "OPEN", "AC", bin_id=bin_id, bin_mode="OPEN", case="ERSO", error=True)


def device(device_id: int, username: str = "", **more: Any) -> Device:
    """Return a registered phone."""
    known: Mapping[str, Any] = {
        "user_id": USER,
        "device_type": "SIP",
        "username": username or f"phone-{device_id}",
        "ipaddr": "10.0.0.7",
        "port": "5060",
        "devicegroup_id": "1",
        "callerid": "",
    }
    values = {
        name: _safe(value) if isinstance(value, str) else value for name, value in {**known, **more}.items()
    }
    return Device(device_id=device_id, primary=False, **values)


def user(user_id: int, username: str, first_name: str = "", last_name: str = "") -> User:
    """Return a user."""
    return User(user_id, safe(username), safe(first_name), safe(last_name), False, safe("user"))


def rule(rule_id: int, name: str = "out", *, enabled: bool = True, **texts: str) -> DeviceRule:
    """Return a rule."""
    shown = {"cut": "0", "add": "", "pr_type": "dst", **texts}
    return DeviceRule(
        rule_id=rule_id,
        device_id=1,
        name=safe(name),
        enabled=enabled,
        minlen=1,
        maxlen=100,
        change_callerid_name=False,
        **{field: safe(text) for field, text in shown.items()},
    )


def command(op_id: str = "op1", method: str = "closeport", target: str = "port 1", **more: Any) -> Command:
    """Return a command asked for at 14:02:11 UTC."""
    return Command(
        op_id=op_id,
        method=method,
        target=target,
        detail=safe(""),
        asked_utc=datetime(2026, 3, 5, 14, 2, 11, tzinfo=UTC),
        asked_at=1000.0,
        **more,
    )


def result(phase: Phase, reason: str | None = None, code: int | None = None) -> Result:
    """Return what the dispatcher says of one command."""
    outcomes = {
        Phase.ACCEPTED: Outcome.ACCEPTED,
        Phase.REFUSED: Outcome.REFUSED,
        Phase.NOT_SENT: Outcome.NOT_SENT,
        Phase.UNKNOWN: Outcome.UNKNOWN,
    }
    return Result(
        op_id="op",
        outcome=outcomes.get(phase),
        phase=phase,
        reason=None if reason is None else safe(reason),
        code=code,
    )


def _safe(text: str | None) -> Any:
    return None if text is None else safe(text)
