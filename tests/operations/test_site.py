"""A whole site against the simulated servers, on real sockets and in real time."""

import asyncio
import gc
import threading
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from patience import PATIENCE, eventually

from console.fields import Invalid
from console.operations.commands import PORT_COMMANDS, add_rule
from console.operations.dispatch import NotAllowed
from console.operations.journal import read
from console.operations.orders import Order
from console.secret import Secret
from console.settings import AutoStore, Mor, MorKeys
from console.settings import Site as SiteSettings
from console.settings.values import BaseUrl, PortIds, UserIds, VariableName
from console.simulator.default_softswitch import API_SECRET, API_USER, build_softswitch
from console.simulator.default_warehouse import build_warehouse
from console.simulator.server import Simulation
from console.site import Site
from console.site_spec import Endpoints, SiteSpec
from console.state.entities import Key, Phase, SourceName
from console.state.quality import Quality

INTERVAL = 0.5
PORTS = tuple(range(1, 13))
USER, DEVICE, PORT = 100, 2, 4


def simulation(**more: Any) -> Simulation:
    """Twelve ports, 4 among them an AutoCase port, in a world that lives twenty times as fast."""
    values: dict[str, Any] = {"speed": 20.0, **more}
    return Simulation(build_warehouse(ports=len(PORTS)), build_softswitch(devices=20), **values)


def site(servers: Simulation, state_dir: Path, **more: Any) -> Site:
    spec = SiteSpec(
        name="Hall 2",
        mode="SIMULATOR",
        operator="tech1",
        role="technician",
        state_dir=state_dir,
        port_ids=PORTS,
        port_interval=INTERVAL,
        list_interval=0.5,
        user_ids=(USER,),
        **more,
    )

    async def connect() -> Endpoints:
        settings = SiteSettings(
            simulator=True,
            autostore=AutoStore(
                url=BaseUrl(servers.autostore_url), ports=PortIds(PORTS), interval=INTERVAL, timeout=10.0
            ),
            mor=Mor(
                url=BaseUrl(servers.mor_url),
                user=API_USER,
                secret_env=VariableName("UNUSED"),
                users=UserIds((USER,)),
                timeout=10.0,
            ),
        )
        return Endpoints(settings, MorKeys(Secret(API_SECRET), None, ()))

    return Site(spec, connect)


@asynccontextmanager
async def opened(servers: Simulation, state_dir: Path, **more: Any) -> AsyncIterator[Site]:
    one = site(servers, state_dir, **more)
    await one.open()
    try:
        yield one
    finally:
        await one.close()


def contents(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.iterdir())


def qualities(one: Site) -> set[Quality]:
    return {one.store.port_quality(port) for port in one.store.ports.values()}


def health(one: Site) -> list[bool | None]:
    """Every change of the controller's health from now on; that ports are late is no such change."""
    changes: list[bool | None] = []

    def listen(_keys: frozenset[Key]) -> None:
        ok = one.store.sources[SourceName.AUTOSTORE].ok
        if ok != (changes or [True])[-1]:
            changes.append(ok)

    one.store.listen(listen)
    return changes


async def all_live(one: Site) -> None:
    await eventually(lambda: qualities(one) == {Quality.LIVE})


async def test_ports_system_and_devices_become_live(tmp_path: Path) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await all_live(one)
        await eventually(lambda: USER in one.store.device_lists and one.store.system.status is not None)
        assert {port.mode for port in one.store.ports.values()} == {"CLOSED"}
        assert one.store.ports[PORT].autocase
        assert one.store.system.status is not None
        assert one.store.system.status.name == "RUNNING"
        devices = servers.softswitch.devices.values()
        listed = {device.device_id for device in one.store.device_lists[USER].devices}
        assert listed == {device.device_id for device in devices if device.user_id == USER}
        assert {source.ok for source in one.store.sources.values()} == {True}


async def test_commands_end_confirmed_and_did_happen(tmp_path: Path) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await all_live(one)
        by_id = {command.id: command for command in PORT_COMMANDS}
        assert one.commands is not None

        async def confirmed(order: Order) -> None:
            assert one.commands is not None
            result = await one.commands.send(order)
            await one.commands.settled()
            assert one.store.commands[result.op_id].phase is Phase.CONFIRMED

        await confirmed(by_id["port.open"].order(one.store.ports[PORT], {"category": ["1", "2"]}))
        assert servers.warehouse.ports[PORT].categories == (1, 2)
        await confirmed(by_id["bin.call"].order(one.store.ports[PORT], {}))
        await eventually(lambda: one.store.ports[PORT].bin_mode == "OPEN")
        await confirmed(by_id["case.extract"].order(one.store.ports[PORT], {}))
        await eventually(lambda: one.store.ports[PORT].case_error)
        await confirmed(by_id["case.cancel"].order(one.store.ports[PORT], {}))
        await confirmed(by_id["bin.close"].order(one.store.ports[PORT], {}))
        await eventually(lambda: one.store.ports[PORT].bin_id is None)
        await confirmed(by_id["port.close"].order(one.store.ports[PORT], {}))
        await confirmed(add_rule(DEVICE, {"name": "myrule", "cut": "353", "add": "0"}))

        executed = [*servers.warehouse.record.entries, *servers.softswitch.record.entries]
        assert [entry.method for entry in executed] == [
            *("openport", "openbin", "case_extract", "case_cancel", "closebin", "closeport"),
            "device_rule_create",
        ]
        assert {entry.result for entry in executed} == {"ok"}
        assert servers.softswitch.rules_of(DEVICE)[-1].name == "myrule"
    kinds = [record.entry.kind.value for record in read(tmp_path)]
    assert kinds == ["start", *["intent", "outcome", "settled"] * 7, "stop"]
    assert API_SECRET.encode() not in contents(tmp_path)


async def test_a_controller_that_is_slow_to_tell_of_its_ports_is_commanded_all_the_same(
    tmp_path: Path,
) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await all_live(one)
        servers.faults.add(f"latency method=getportstatus seconds={2 * INTERVAL}")
        await eventually(lambda: Quality.LIVE not in qualities(one))
        opens = next(command for command in PORT_COMMANDS if command.id == "port.open")
        assert one.commands is not None
        result = await one.commands.send(opens.order(one.store.ports[PORT], {"category": ["1"]}))
        await one.commands.settled()
        assert one.store.commands[result.op_id].phase is Phase.CONFIRMED


@pytest.mark.parametrize(
    ("trouble", "executed", "phase"),
    [("drop-after", True, Phase.APPLIED), ("drop-before", False, Phase.NOT_APPLIED)],
)
async def test_a_command_without_an_answer_is_settled_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str, executed: bool, phase: Phase
) -> None:
    monkeypatch.setattr("console.operations.settling.EQUAL_LOOKS_APART", 0.1)
    async with simulation() as servers, opened(servers, tmp_path) as one:
        assert one.commands is not None
        one.commands._settler._flight = 0.1
        await all_live(one)
        servers.faults.add(f"{trouble} method=openport count=1")
        opening = PORT_COMMANDS[0].order(one.store.ports[PORT], {"category": ["1"]})
        result = await one.commands.send(opening)
        assert result.phase is Phase.UNKNOWN
        await one.commands.settled()
        assert one.store.commands[result.op_id].phase is phase
        assert len(servers.warehouse.record.entries) == int(executed)


async def test_a_controller_that_goes_away_is_one_change_then_stale_and_comes_back(tmp_path: Path) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await all_live(one)
        changes = health(one)
        number = urlsplit(servers.autostore_url).port
        await servers.stop()
        await eventually(lambda: one.store.sources[SourceName.AUTOSTORE].ok is False)
        assert qualities(one) == {Quality.LIVE}
        await eventually(lambda: Quality.LIVE not in qualities(one))
        assert {port.mode for port in one.store.ports.values()} == {"CLOSED"}
        again = Simulation(servers.warehouse, servers.softswitch, autostore_port=number or 0, speed=20.0)
        async with again:
            await all_live(one)
            assert changes == [False, True]


async def test_a_read_only_site_reads_and_refuses(tmp_path: Path) -> None:
    async with simulation() as servers, opened(servers, tmp_path, read_only=True) as one:
        await all_live(one)
        assert one.commands is not None
        with pytest.raises(NotAllowed, match="read-only"):
            await one.commands.send(PORT_COMMANDS[0].order(one.store.ports[PORT], {}))
        assert len(servers.warehouse.record.entries) == 0


async def test_without_a_journal_it_shows_what_it_can_and_sends_nothing(tmp_path: Path) -> None:
    nowhere = tmp_path / "state"
    nowhere.write_text("a file where the directory should be")
    async with simulation() as servers, opened(servers, nowhere) as one:
        assert one.store.journal_failure is not None
        await all_live(one)
        assert one.commands is not None
        with pytest.raises(NotAllowed, match="no command without a journal"):
            await one.commands.send(PORT_COMMANDS[0].order(one.store.ports[PORT], {}))
        assert len(servers.warehouse.record.entries) == 0


async def test_what_cannot_be_right_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await all_live(one)
        assert one.commands is not None
        wrong = PORT_COMMANDS[0].order(one.store.ports[PORT], {"category": ["1"], "content": ["2"]})
        with pytest.raises(Invalid, match="never both"):
            await one.commands.send(wrong)
        assert len(servers.warehouse.record.entries) == 0


def our_tasks() -> Counter[str]:
    """The tasks of this loop by name, but for those of the simulated servers."""
    coroutines = (task.get_coro() for task in asyncio.all_tasks())
    names = (getattr(coroutine, "__qualname__", "") for coroutine in coroutines)
    return Counter(name for name in names if not name.startswith(("RequestHandler.", "Simulation.")))


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """After the test there are no threads of ours but those that were there before.

    What tests before it left to be collected is collected here: it is not this test's.
    """
    with warnings.catch_warnings(action="ignore"):
        gc.collect()
    before = set(threading.enumerate())
    yield
    left = {thread for thread in set(threading.enumerate()) - before if not thread.name.startswith("asyncio")}
    for thread in left:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in left)


@pytest.mark.filterwarnings("error")
@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("servers_first", [True, False])
async def test_closing_leaves_nothing_behind(tmp_path: Path, servers_first: bool) -> None:
    servers = simulation()
    before = our_tasks()
    await servers.start()
    one = site(servers, tmp_path)
    await one.open()
    await all_live(one)
    assert one.commands is not None
    servers.faults.add("late-reply method=closeport seconds=30")
    await one.commands.send(PORT_COMMANDS[0].order(one.store.ports[PORT], {}))
    await one.commands.settled()
    closing = asyncio.create_task(one.commands.send(PORT_COMMANDS[1].order(one.store.ports[PORT], {})))
    await eventually(lambda: any(command.phase is Phase.SENT for command in one.store.commands.values()))
    for end in (servers.stop, one.close) if servers_first else (one.close, servers.stop):
        await end()
    assert (await closing).phase is Phase.UNKNOWN
    await one.close()
    gc.collect()
    assert our_tasks() == before
    kinds = [record.entry.kind.value for record in read(tmp_path)]
    assert kinds[0] == "start"
    assert kinds[-1] == "stop"
    assert kinds.count("intent") == kinds.count("outcome") == 2


@pytest.mark.filterwarnings("error")
@pytest.mark.usefixtures("nothing_left")
async def test_closing_while_it_opens_leaves_nothing_behind(tmp_path: Path) -> None:
    async with simulation() as servers:
        one = site(servers, tmp_path)
        connected, go_on = asyncio.Event(), asyncio.Event()
        connect = one._connect

        async def slowly() -> Endpoints:
            connected.set()
            await go_on.wait()
            return await connect()

        one._connect = slowly
        before = our_tasks()
        opening = asyncio.create_task(one.open())
        await connected.wait()
        await one.close()
        go_on.set()
        await opening
        assert our_tasks() == before
        assert (one.autostore, one.mor, one.devices) == (None, None, None)
        assert list(read(tmp_path)) == []


async def test_a_reader_that_ends_by_a_fault_of_ours_shows_and_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with simulation() as servers, opened(servers, tmp_path) as one:
        await all_live(one)

        said: list[str] = []
        monkeypatch.setattr("console.site.READ_AGAIN_AFTER", 0.05)
        monkeypatch.setattr(one.store, "source_is_lost", lambda name, reason, at: said.append(reason))

        async def broken() -> None:
            raise KeyError("a bug")

        one._run_behind(SourceName.AUTOSTORE, broken)
        await eventually(lambda: len(said) == 3)
        assert said[0] == "a fault of this console ended reading; it begins again within 0.05 s"
        assert said[1] != said[0], "each time later"
        assert "a bug" in caplog.text


def test_before_it_is_opened_there_is_a_store_to_draw(tmp_path: Path) -> None:
    one = site(simulation(), tmp_path)
    assert qualities(one) == {Quality.NEVER}
    with pytest.raises(LookupError):
        one.target(SourceName.AUTOSTORE)
    assert list(tmp_path.iterdir()) == []
