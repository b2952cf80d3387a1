"""The simulation as a whole: sockets, clock, record file."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from patience import eventually

from console.simulator.listener import MAX_REQUEST
from console.simulator.server import Simulation

from .phones import KEY, error, phones, signed
from .small import ARRIVAL, CLOSING, PLAIN, UNTIL_OPEN, call, site

OPENPORT = "<methodcall><name>{}</name><params><port_id>1</port_id></params></methodcall>"


class HandClock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def simulation(clock: HandClock) -> AsyncIterator[Simulation]:
    async with Simulation(site(), phones(), clock=clock, speed=2.0) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def test_both_systems_answer_over_http(simulation: Simulation, http: httpx.AsyncClient) -> None:
    task = await http.post(simulation.autostore_url + "/api/v2/task", content=OPENPORT.format("openport"))
    assert (task.status_code, task.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    assert task.text.endswith("<params/>\n</response>")
    query = {"u": "admin", "user_id": "100", "hash": signed(KEY, "100")}
    for answer in (
        await http.post(simulation.mor_url + "/billing/api/devices_get", data=query),
        await http.post(simulation.mor_url + "/billing/api/devices_get", params=query),
    ):
        assert answer.headers["content-encoding"] == "gzip"
        assert "<device_id>2</device_id>" in answer.text


@pytest.mark.parametrize("query", ["u=%ff%00%0d%0a", "u=%zz&&=&u", "?u=admin?", "%"])
async def test_a_query_may_hold_any_bytes(
    simulation: Simulation, http: httpx.AsyncClient, query: str
) -> None:
    answer = await http.post(f"{simulation.mor_url}/billing/api/users_get?{query}")
    assert answer.text == error("Access Denied")


async def test_what_is_no_http_is_refused_without_a_word_on_the_terminal(
    simulation: Simulation, capfd: pytest.CaptureFixture[str]
) -> None:
    where = urlsplit(simulation.mor_url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(b"POST /\xe9 NONSENSE\r\n\r\n")
    assert b" 400 " in await reader.readline()
    writer.close()
    assert capfd.readouterr() == ("", "")


async def test_a_request_that_is_too_large_is_refused(
    simulation: Simulation, http: httpx.AsyncClient
) -> None:
    url = simulation.autostore_url + "/api/v2/task"
    assert (await http.post(url, content=b" " * (MAX_REQUEST + 1))).status_code == 413
    assert (await http.post(url, content=OPENPORT.format("openport"))).status_code == 200


async def test_world_time_is_the_clock_times_the_speed(
    simulation: Simulation, clock: HandClock, http: httpx.AsyncClient
) -> None:
    world = simulation.warehouse
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN, bin_id=3)
    clock.now += ARRIVAL / 2
    status = OPENPORT.format("getportstatus")
    await http.post(simulation.autostore_url + "/api/v2/task", content=status)
    assert (world.now, world.bins[3].mode) == (ARRIVAL, "PORT")
    clock.now += (UNTIL_OPEN - ARRIVAL) / 2
    simulation.advance()
    assert world.bins[3].mode == "OPEN"
    assert simulation.softswitch.now == world.now
    assert call(world, "get_simulation_speed") == {"simulation_speed": 2.0}


async def test_time_passes_without_requests(simulation: Simulation, clock: HandClock) -> None:
    call(simulation.warehouse, "openport", port_id=PLAIN)
    call(simulation.warehouse, "closeport", port_id=PLAIN)
    clock.now += CLOSING
    await eventually(lambda: not simulation.warehouse.ports[PLAIN].closing)


async def test_a_stopped_simulation_starts_again_where_it_stood(clock: HandClock) -> None:
    simulation = Simulation(site(), phones(), clock=clock)
    await simulation.start()
    clock.now += 10
    simulation.advance()
    await simulation.stop()
    clock.now += 3600
    await simulation.start()
    simulation.advance()
    assert simulation.warehouse.now == 10
    await simulation.stop()


async def test_a_taken_port_is_an_error_that_leaves_nothing_open(simulation: Simulation) -> None:
    taken = urlsplit(simulation.autostore_url).port or 0
    second = Simulation(site(), phones(), mor_port=taken)
    with pytest.raises(OSError, match="in use"):
        await second.start()
    where = urlsplit(second.autostore_url)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(where.hostname, where.port)


async def test_the_record_file_has_a_line_per_call_at_once(tmp_path: Path, http: httpx.AsyncClient) -> None:
    path = tmp_path / "executed.jsonl"
    rule = {"u": "admin", "device_id": "2", "name": "r", "cut": "1", "add": "2"}
    rule["hash"] = signed(KEY, "2", "r", "1", "2")
    for round_ in (1, 2):
        async with Simulation(site(), phones(), record_path=path) as simulation:
            await http.post(simulation.autostore_url + "/api/v2/task", content=OPENPORT.format("openport"))
            await http.post(simulation.mor_url + "/billing/api/device_rule_create", data=rule)
            lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [(line["server"], line["method"], line["who"], line["result"]) for line in lines] == [
            ("autostore", "openport", "client", "ok"),
            ("mor", "device_rule_create", "client", "ok"),
        ] * round_
        assert lines[-2]["arguments"] == {"port_id": 1}


@pytest.mark.parametrize("speed", [0.0, -1.0])
def test_time_cannot_stand_still_or_go_back(speed: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Simulation(site(), phones(), speed=speed)


async def test_a_record_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        await Simulation(site(), phones(), record_path=tmp_path / "no" / "file").start()
