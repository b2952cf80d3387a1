"""The flows of autostore.md section 7, through the client, with what the Log Publisher says of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from patience import PATIENCE
from simulator.phones import phones
from simulator.small import (
    ARRIVAL,
    AUTOCASE,
    CASE_BIN,
    CASE_STEP,
    CELL,
    CLOSING,
    CUSTOM,
    DISABLED,
    HATCHED,
    LEAVING,
    PLAIN,
    PRESENTING,
    PUPPET,
    UNTIL_OPEN,
    hand_over,
    wide_site,
)
from state.small import Clock

from console.autostore.client import AutoStoreClient
from console.autostore.events import BinLocated, BinModeChanged, CaseChanged, HatchMoved, PortLocationFailed
from console.autostore.stream import DownloadComplete, LogStream
from console.autostore.wire import Encoding
from console.outcome import Refused
from console.simulator import incidents
from console.simulator.server import Simulation

OPEN_FOR_ONE = {"category": (1,)}


class Floor:
    """A warehouse whose time passes when told, a client, and what the Log Publisher told since."""

    def __init__(self, encoding: Encoding) -> None:
        self.clock = Clock(0.0)
        self.world = wide_site()
        self.simulation = Simulation(self.world, phones(), clock=self.clock, log_port=0)
        self.encoding = encoding
        self.client: AutoStoreClient
        self.heard: list[Any] = []
        self.news = asyncio.Event()

    def wait(self, seconds: float) -> None:
        """Let the warehouse live on; costs no time."""
        self.clock.now += seconds
        self.simulation.advance()

    async def call(self, name: str, **arguments: Any) -> int | str:
        """Return `ok`, or the fault code."""
        try:
            await self.client.call(name, arguments)
        except Refused as refusal:
            assert refusal.code is not None
            return refusal.code
        return "ok"

    async def mode(self, port_id: int) -> str | None:
        return (await self.client.port_status(port_id)).mode

    async def bin_mode(self, bin_id: int) -> str | None:
        status = await self.client.bin_status(bin_id)
        return None if status is None else status.mode

    async def case(self) -> str:
        return (await self.client.case_status(AUTOCASE)).state

    async def hears(self, wanted: Callable[[Any], bool]) -> Any:
        """Wait until the Log Publisher has said such a thing, and return it."""
        async with asyncio.timeout(PATIENCE):
            while not (found := next((event for event in self.heard if wanted(event)), None)):
                self.news.clear()
                await self.news.wait()
        return found


@pytest.fixture(params=list(Encoding), ids=str)
async def floor(request: pytest.FixtureRequest) -> AsyncIterator[Floor]:
    one = Floor(request.param)
    async with one.simulation, listening(one):
        one.client = AutoStoreClient(one.simulation.autostore_url, encoding=one.encoding)
        try:
            yield one
        finally:
            await one.client.close()


@asynccontextmanager
async def listening(one: Floor) -> AsyncIterator[None]:
    assert one.simulation.log_address is not None
    host, port = one.simulation.log_address

    async def listen(stream: LogStream) -> None:
        async for event in stream:
            one.heard.append(event)
            one.news.set()

    async with LogStream(host, port, backoff=lambda _: 0.1, clock=time.monotonic, quiet=0.1) as stream:
        listener = asyncio.create_task(listen(stream))
        try:
            await one.hears(lambda event: isinstance(event, DownloadComplete))
            one.heard.clear()
            yield
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)


@pytest.mark.parametrize(
    ("select", "mode", "becomes"),
    [
        ({"category": (1,)}, None, "OPEN"),
        ({"content": (7,)}, None, "OPEN"),
        ({}, None, "INSERT"),
        ({"category": (1,)}, "OPEN", "OPEN"),
        ({}, "INSERT", "INSERT"),
        ({"category": (1,)}, "SWAP", "SWAP"),
        ({}, "RUNOUT", "RUNOUT"),
    ],
)
async def test_the_port(floor: Floor, select: dict[str, Any], mode: str | None, becomes: str) -> None:
    """7.1: each way to open it, once only, and back to closed."""
    asked = {**select, **({} if mode is None else {"port_mode": mode})}
    assert await floor.call("openport", port_id=PLAIN, **asked) == "ok"
    assert await floor.mode(PLAIN) == becomes
    if becomes != "RUNOUT":  # whether that opens again is not documented (section 8)
        assert await floor.call("openport", port_id=PLAIN, **asked) == 1002
    assert await floor.call("closeport", port_id=PLAIN) == "ok"
    assert await floor.call("openport", port_id=PLAIN, **asked) == 1001
    floor.wait(CLOSING + LEAVING)
    assert await floor.mode(PLAIN) == "CLOSED"


@pytest.mark.parametrize("port_id", [DISABLED, PUPPET])
async def test_a_port_that_is_not_available(floor: Floor, port_id: int) -> None:
    assert await floor.call("openport", port_id=port_id, **OPEN_FOR_ONE) == 1000


async def test_the_cycle_of_a_task(floor: Floor) -> None:
    """7.2 and 7.3: openport, openbin, OPEN at this port, closebin with its task, the next, closeport."""
    hand_over(floor.world, 20, 3, 4)
    assert await floor.call("openport", port_id=PLAIN, **OPEN_FOR_ONE) == "ok"
    for bin_id in (3, 4):
        assert await floor.call("openbin", port_id=PLAIN) == "ok"
        assert await floor.call("openbin", port_id=PLAIN) == 1020
        floor.wait(ARRIVAL)
        assert await floor.bin_mode(bin_id) == "PORT"
        floor.wait(PRESENTING)
        assert await floor.bin_mode(bin_id) == "OPEN"
        shown = await floor.client.port_status(PLAIN)
        assert (shown.bin_id, shown.task_id) == (bin_id, 20000 + bin_id)
        await floor.hears(
            lambda event, bin_id=bin_id: (
                isinstance(event, BinModeChanged) and (event.bin_id, event.bin_mode) == (bin_id, "OPEN")
            )
        )
        done = {"port_id": PLAIN, "bin_id": bin_id, "task_id": shown.task_id, "content": 9}
        assert await floor.call("closebin", **done) == "ok"
        floor.wait(LEAVING)
    assert (await floor.bin_mode(3), floor.world.bins[3].content) == ("GRID", 9)
    assert await floor.call("openbin", port_id=PLAIN) == 1015
    assert await floor.call("closeport", port_id=PLAIN) == "ok"


async def with_the_case_bin_open(floor: Floor) -> None:
    hand_over(floor.world, 20, CASE_BIN)
    assert await floor.call("openport", port_id=AUTOCASE, **OPEN_FOR_ONE) == "ok"
    assert await floor.call("openbin", port_id=AUTOCASE) == "ok"
    floor.wait(UNTIL_OPEN)


async def test_a_case_goes_out(floor: Floor) -> None:
    """7.4: NOOP, EREQ, ERSO, ECMP; one action at a time; nothing to cancel without an error."""
    await with_the_case_bin_open(floor)
    case = {"port_id": AUTOCASE, "bin_id": CASE_BIN}
    seen = [await floor.case()]
    assert await floor.call("case_cancel", **case) == 1152
    assert await floor.call("case_extract", **case) == "ok"
    assert await floor.call("case_extract", **case) == 1148
    assert await floor.call("case_cancel", **case) == 1153
    for _ in range(3):
        seen.append(await floor.case())
        floor.wait(CASE_STEP)
    assert list(dict.fromkeys(seen)) == ["NOOP", "EREQ", "ERSO", "ECMP"]
    for state in ("EREQ", "ERSO", "ECMP"):
        await floor.hears(
            lambda event, state=state: isinstance(event, CaseChanged) and event.case_state == state
        )


async def test_a_case_that_jams_is_cancelled(floor: Floor) -> None:
    await with_the_case_bin_open(floor)
    case = {"port_id": AUTOCASE, "bin_id": CASE_BIN}
    assert await floor.call("case_extract", **case) == "ok"
    incidents.stick_case(floor.world, port_id=AUTOCASE)
    assert (await floor.client.case_status(AUTOCASE)).error is True
    assert await floor.call("case_cancel", **case) == "ok"
    assert await floor.case() == "NOOP"


async def test_a_case_comes_in(floor: Floor) -> None:
    await with_the_case_bin_open(floor)
    incidents.insert_case(floor.world, port_id=AUTOCASE)
    seen = []
    for _ in range(6):
        seen.append(await floor.case())
        floor.wait(CASE_STEP)
    assert list(dict.fromkeys(seen)) == ["IREQ", "IRTR", "ICRC", "ICIN", "ICMP"]


async def test_a_custom_port_after_a_failure(floor: Floor) -> None:
    """7.5: a cell that is not free fails the delivery; clear it, and say again that it is ready."""
    hand_over(floor.world, 20, 3)
    assert await floor.call("openport", port_id=CUSTOM, **OPEN_FOR_ONE) == "ok"
    assert await floor.call("openbin", port_id=CUSTOM) == "ok"
    incidents.block_cell(floor.world, port_id=CUSTOM)
    assert await floor.call("portlocationready", **CELL) == "ok"
    floor.wait(ARRIVAL)
    await floor.hears(lambda event: isinstance(event, PortLocationFailed))
    incidents.clear_cell(floor.world, port_id=CUSTOM)
    assert await floor.call("portlocationready", **CELL) == "ok"
    floor.wait(ARRIVAL)
    await floor.hears(
        lambda event: isinstance(event, BinLocated) and (event.bin_id, event.mode) == (3, "PORT")
    )
    assert await floor.bin_mode(3) == "PORT"


async def test_a_hatch_tells_when_it_is_open(floor: Floor) -> None:
    """7.2: OPEN is set when the hatch starts to open; the publisher says when it is."""
    hand_over(floor.world, 20, 3)
    assert await floor.call("openport", port_id=HATCHED, **OPEN_FOR_ONE) == "ok"
    assert await floor.call("openbin", port_id=HATCHED) == "ok"
    floor.wait(UNTIL_OPEN + 1)
    await floor.hears(lambda event: isinstance(event, HatchMoved) and event.port_id == HATCHED)
    assert await floor.bin_mode(3) == "OPEN"


async def test_logging_out_in_the_middle_of_a_group(floor: Floor) -> None:
    """7.7: closeport with suspend_taskgroup; at log-in openport, then openbin with the group."""
    hand_over(floor.world, 20, 3, 4)
    assert await floor.call("openport", port_id=PLAIN, **OPEN_FOR_ONE) == "ok"
    assert await floor.call("openbin", port_id=PLAIN) == "ok"
    floor.wait(UNTIL_OPEN)
    assert await floor.call("closeport", port_id=PLAIN, suspend_taskgroup=True) == "ok"
    floor.wait(CLOSING + LEAVING)
    assert await floor.call("openport", port_id=PLAIN, **OPEN_FOR_ONE) == "ok"
    assert await floor.call("openbin", port_id=PLAIN) in (1015, 1016)
    assert await floor.call("openbin", port_id=PLAIN, taskgroup_id=20) == "ok"
    floor.wait(UNTIL_OPEN)
    assert (await floor.client.port_status(PLAIN)).taskgroup_id == 20
