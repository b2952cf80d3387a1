"""The control port over real sockets: what it changes, what it tells, and what it refuses."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.simulator.control import Control
from console.simulator.faults import Faults
from console.simulator.server import Simulation
from console.simulator.setting import Worlds
from console.simulator.wire import Received

from .phones import phones
from .small import site

OPENPORT = b"<methodcall><name>openport</name><params><port_id>1</port_id></params></methodcall>"


@pytest.fixture
async def simulation() -> AsyncIterator[Simulation]:
    async with Simulation(site(), phones(), control_port=0) as running:
        yield running


@pytest.fixture
async def control(simulation: Simulation) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=simulation.control_url) as client:
        yield client


async def added(control: httpx.AsyncClient, rule: str) -> int:
    number: int = (await control.post("/faults", json={"rule": rule})).json()["number"]
    return number


async def listed(control: httpx.AsyncClient) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = (await control.get("/faults")).json()["faults"]
    return rules


async def test_rules_are_added_listed_removed_and_cleared(control: httpx.AsyncClient) -> None:
    assert await listed(control) == []
    first = await added(control, "latency seconds=0.0")
    second = await added(control, "drop-after method=openport count=2")
    assert await listed(control) == [
        {"number": first, "rule": "latency seconds=0.0", "left": None},
        {"number": second, "rule": "drop-after method=openport count=2", "left": 2},
    ]
    assert (await control.delete(f"/faults/{first}")).status_code == 200
    assert [one["number"] for one in await listed(control)] == [second]
    assert (await control.delete("/faults")).status_code == 200
    assert await listed(control) == []


async def test_a_rule_works_at_once_and_its_count_goes_down(
    simulation: Simulation, control: httpx.AsyncClient
) -> None:
    await added(control, "fault code=1001 count=2")
    async with httpx.AsyncClient() as client:
        answer = await client.post(simulation.autostore_url + "/api/v2/task", content=OPENPORT)
    assert "1001" in answer.text
    assert (await listed(control))[0]["left"] == 1


async def test_no_rule_reaches_the_control_port(control: httpx.AsyncClient) -> None:
    await added(control, "drop-before")
    assert len(await listed(control)) == 1


async def test_the_worlds_are_changed_and_told(simulation: Simulation, control: httpx.AsyncClient) -> None:
    for incident in ("stop-system stopcode=7", "lose-driver", "switch-api-off", "give-rule device=2 name=x"):
        assert (await control.post("/world", json={"incident": incident})).status_code == 200
    told = (await control.get("/world")).json()
    assert told["autostore"]["stopcode"] == 7
    assert (told["autostore"]["driver_heard"], told["mor"]["enabled"], told["mor"]["rules"]) == (
        False,
        False,
        1,
    )
    assert told["autostore"]["port_modes"]["CLOSED"] >= 3
    assert not simulation.warehouse.system.running


async def test_a_port_and_a_device_are_told_without_secrets(control: httpx.AsyncClient) -> None:
    port = (await control.get("/world/ports/4")).json()
    assert (port["port_id"], port["mode"], port["case"]["state"]) == (4, "CLOSED", "NOOP")
    await control.post("/world", json={"incident": "give-rule device=2 name=x cut=9"})
    device = (await control.get("/world/devices/2")).json()
    assert (device["device_id"], device["rules"][0]["cut"], device["clis"]) == (2, "9", [])
    assert not {"secret", "pin"} & device.keys()
    for path in ("ports/77", "ports/x", "devices/77", "bins/1", "ports/" + "9" * 5000):
        assert (await control.get("/world/" + path)).status_code == 404


async def test_the_record_is_told_oldest_first(simulation: Simulation, control: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient() as client:
        for port in (b"1", b"2", b"2"):
            body = OPENPORT.replace(b"1", port)
            await client.post(simulation.autostore_url + "/api/v2/task", content=body)

    async def told(query: str = "") -> list[tuple[int, object]]:
        executed = (await control.get(f"/record{query}")).json()["executed"]
        return [(one["arguments"]["port_id"], one["result"]) for one in executed]

    assert await told() == [(1, "ok"), (2, "ok"), (2, 1002)]
    assert await told("?last=2") == [(2, "ok"), (2, 1002)]


async def test_without_a_scenario_there_is_no_report(control: httpx.AsyncClient) -> None:
    answer = await control.get("/scenario")
    assert (answer.status_code, answer.json()) == (404, {"error": "no scenario is played"})


async def test_it_listens_on_the_loopback_address_alone() -> None:
    async with Simulation(site(), phones(), host="0.0.0.0", control_port=0) as running:
        assert urlsplit(running.control_url).hostname == "127.0.0.1"
        assert urlsplit(running.mor_url).hostname == "0.0.0.0"


async def test_there_is_none_unless_it_is_asked_for() -> None:
    async with Simulation(site(), phones()) as running:
        assert running.control_url == ""


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("verb", "path", "body", "status", "reason"),
    [
        ("POST", "/faults", b'{"rule": "emty"}', 400, "did you mean empty?"),
        ("POST", "/faults", b'{"rule": "empty port=x"}', 400, 'port is "x": wanted a port id, 1 to 2000'),
        ("POST", "/faults", b'{"rule": 4}', 400, "rule is 4: wanted a text, not blank"),
        ("POST", "/faults", b'{"rule": ""}', 400, "wanted a text, not blank"),
        ("POST", "/faults", b'{"line": "empty"}', 400, '"line" is not known here'),
        ("POST", "/faults", b"{}", 400, "rule is missing"),
        ("POST", "/faults", b'["empty"]', 400, "not a JSON object"),
        ("POST", "/faults", b"empty", 400, "not a JSON object"),
        ("POST", "/faults", b"\xff", 400, "not a JSON object"),
        ("POST", "/faults", b'{"rule": "lose-driver"}', 400, '"lose-driver" is not known here'),
        ("POST", "/world", b'{"incident": "empty"}', 400, '"empty" is not known here'),
        ("POST", "/world", b'{"incident": "stick-case port=1"}', 400, "port 1 is not an AutoCase port"),
        ("POST", "/world", b'{"incident": "stick-case port=77"}', 400, "no port 77"),
        ("GET", "/record?last=0", b"", 400, 'last is "0": wanted how many times, 1 or more'),
        ("GET", "/record?first=1", b"", 400, '"first" is not known here'),
        ("DELETE", "/faults/7", b"", 404, "no rule of that number"),
        ("DELETE", "/faults/x", b"", 404, "no rule of that number"),
        ("PUT", "/faults", b"", 405, "wanted GET or POST or DELETE"),
        ("GET", "/", b"", 404, "no such address"),
        ("GET", "/faults/1/2", b"", 404, "no such address"),
    ],
)
async def test_what_is_refused_says_why_and_changes_nothing(
    simulation: Simulation,
    control: httpx.AsyncClient,
    verb: str,
    path: str,
    body: bytes,
    status: int,
    reason: str,
) -> None:
    await added(control, "latency seconds=0.0")
    before = (simulation.warehouse.snapshot()["ports"], simulation.softswitch.snapshot())
    answer = await control.request(verb, path, content=body, headers=JSON)
    assert (answer.status_code, reason in answer.json()["error"]) == (status, True)
    assert len(await listed(control)) == 1
    assert (simulation.warehouse.snapshot()["ports"], simulation.softswitch.snapshot()) == before


async def test_a_form_that_a_web_page_can_send_is_refused(control: httpx.AsyncClient) -> None:
    for headers in ({"Content-Type": "text/plain"}, {}):
        answer = await control.post("/faults", content=b'{"rule": "empty"}', headers=headers)
        assert (answer.status_code, answer.json()) == (
            400,
            {"error": "the content type is not application/json"},
        )
    assert await listed(control) == []


@given(
    verb=st.sampled_from(["GET", "POST", "DELETE", "BREW"]),
    path=st.sampled_from(["/faults", "/faults/1", "/world", "/world/ports/1", "/record"]) | st.text(),
    query=st.text(),
    body=st.binary() | st.sampled_from([b'{"rule": "\\ud800"}', b'{"incident": "give-rule device=1"}']),
)
def test_any_request_is_answered(verb: str, path: str, query: str, body: bytes) -> None:
    face = Control(Worlds(site(), phones()), Faults())
    received = Received(verb=verb, path=path, query=query, body=body, content_type="application/json")
    assert face.read(received).answer().status in (200, 400, 404, 405)
