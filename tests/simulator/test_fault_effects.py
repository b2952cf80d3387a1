"""Each trouble as a client meets it on a real socket, and whether the call was carried out."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from patience import eventually

from console.simulator.faults import Trouble
from console.simulator.server import Simulation

from .phones import phones
from .raw import OPENPORT, exchange, header, sent, status
from .small import site

SUCCESS = b'<?xml version="1.0"?>\n<response>\n  <params/>\n</response>'


@pytest.fixture
async def simulation() -> AsyncIterator[Simulation]:
    async with Simulation(site(), phones()) as running:
        yield running


def executed(simulation: Simulation) -> bool:
    return bool(simulation.warehouse.record.entries)


async def test_without_a_rule_the_call_is_answered(simulation: Simulation) -> None:
    assert (await exchange(simulation.autostore_url))[1] == SUCCESS
    assert executed(simulation)


@pytest.mark.parametrize(
    ("line", "carried_out"),
    [("drop-before", False), ("drop-after", True), ("drop-after execute=false", False)],
)
async def test_drop(simulation: Simulation, line: str, carried_out: bool) -> None:
    simulation.faults.add(line)
    assert await exchange(simulation.autostore_url) == (b"", b"")
    assert executed(simulation) == carried_out


@pytest.mark.parametrize(("line", "carried_out"), [("reset-before", False), ("reset-after", True)])
async def test_reset(simulation: Simulation, line: str, carried_out: bool) -> None:
    simulation.faults.add(line)
    with pytest.raises(ConnectionResetError):
        await exchange(simulation.autostore_url)
    assert executed(simulation) == carried_out


async def test_truncate_announces_more_than_it_sends(simulation: Simulation) -> None:
    simulation.faults.add("truncate")
    head, body = await exchange(simulation.autostore_url)
    assert header(head, "content-length") == str(len(SUCCESS))
    assert body == SUCCESS[: len(SUCCESS) // 2]


async def test_cut_has_the_right_length(simulation: Simulation) -> None:
    simulation.faults.add("cut")
    head, body = await exchange(simulation.autostore_url)
    assert header(head, "content-length") == str(len(body))
    assert body == SUCCESS[: len(SUCCESS) // 2]


async def test_dribble_sends_everything_byte_by_byte(simulation: Simulation) -> None:
    simulation.faults.add("dribble seconds=0.001")
    began = asyncio.get_running_loop().time()
    assert (await exchange(simulation.autostore_url))[1] == SUCCESS
    assert asyncio.get_running_loop().time() - began >= 0.001 * len(SUCCESS)


@pytest.mark.parametrize("kind", ["latency", "late-reply"])
async def test_delays(simulation: Simulation, kind: str) -> None:
    simulation.faults.add(f"{kind} seconds=0.05")
    began = asyncio.get_running_loop().time()
    assert (await exchange(simulation.autostore_url))[1] == SUCCESS
    assert asyncio.get_running_loop().time() - began >= 0.05


@pytest.mark.parametrize(
    ("line", "code", "content_type", "body"),
    [
        ("html-500", 500, "text/html", b"<h1>Internal Server Error</h1>"),
        ("redirect", 302, "", b""),
        ("redirect status=307", 307, "", b""),
        ("wrong-type", 200, "image/png", SUCCESS),
        ("wrong-type text=text/csv", 200, "text/csv", SUCCESS),
        ("fault code=1001", 200, "application/xml", b"<code>1001</code>"),
        ("server-error", 503, "application/xml", b"<code>1048</code>"),
        ("server-error status=500 code=1001", 500, "application/xml", b"<code>1001</code>"),
        ("dtd", 200, "application/xml", b"<!DOCTYPE response [<!ENTITY"),
        ("empty", 200, "application/xml", b""),
        ("bad-gzip", 200, "application/xml", b"\x1f\x8b"),
        ("oversize size=4000", 200, "application/xml", b"<params>" + b"<a/>" * 1000 + b"</params>"),
    ],
)
async def test_bad_answers(
    simulation: Simulation, line: str, code: int, content_type: str, body: bytes
) -> None:
    simulation.faults.add(line)
    head, came = await exchange(simulation.autostore_url)
    assert status(head) == code
    assert header(head, "content-type").startswith(content_type)
    assert body in came
    assert executed(simulation) == (not line.startswith("fault"))


async def test_an_empty_answer_is_empty(simulation: Simulation) -> None:
    simulation.faults.add("empty")
    head, body = await exchange(simulation.autostore_url)
    assert (header(head, "content-length"), body) == ("0", b"")


async def test_a_redirect_names_a_place(simulation: Simulation) -> None:
    simulation.faults.add("redirect text=http://127.0.0.1:9/")
    assert header((await exchange(simulation.autostore_url))[0], "location") == "http://127.0.0.1:9/"


async def test_garbage_is_no_document(simulation: Simulation) -> None:
    simulation.faults.add("garbage size=100")
    body = (await exchange(simulation.autostore_url))[1]
    assert len(body) == 100
    assert b"response" not in body


async def test_gzip_that_is_none(simulation: Simulation) -> None:
    simulation.faults.add("bad-gzip")
    head, body = await exchange(simulation.autostore_url)
    assert header(head, "content-encoding") == "gzip"
    with pytest.raises((OSError, EOFError, zlib.error)):
        gzip.decompress(body)


async def test_a_gzip_bomb_inflates_to_its_size(simulation: Simulation) -> None:
    simulation.faults.add("gzip-bomb size=5000000")
    head, body = await exchange(simulation.autostore_url)
    assert header(head, "content-encoding") == "gzip"
    assert len(body) < 50_000
    assert len(gzip.decompress(body)) == pytest.approx(5_000_000, abs=100)


async def test_a_rule_for_one_port_leaves_the_others_alone(simulation: Simulation) -> None:
    simulation.faults.add("drop-after method=openport port=1 count=1")
    other = OPENPORT.replace(b"1", b"2")
    assert (await exchange(simulation.autostore_url, body=other))[1] == SUCCESS
    assert await exchange(simulation.autostore_url) == (b"", b"")
    assert b"1002" in (await exchange(simulation.autostore_url))[1]


async def test_rules_reach_the_mor_server_by_call(simulation: Simulation) -> None:
    simulation.faults.add("fault server=mor method=users_get 'text=Dont be so smart'")
    _, body = await exchange(simulation.mor_url, "/billing/api/users_get", b"")
    assert body == b"<page> <error>Dont be so smart</error> </page>"
    assert (await exchange(simulation.autostore_url))[1] == SUCCESS


async def test_a_rule_for_a_call_holds_for_its_old_name_too(simulation: Simulation) -> None:
    simulation.faults.add("fault method=devices_get text=No")
    for name in ("devices_get", "device_list"):
        _, body = await exchange(simulation.mor_url, f"/billing/api/{name}", b"")
        assert body == b"<page> <error>No</error> </page>"


async def test_a_rule_for_every_call_also_spoils_answers_to_nonsense(simulation: Simulation) -> None:
    simulation.faults.add("fault code=1001")
    assert b"<code>1001</code>" in (await exchange(simulation.autostore_url, body=b"nonsense"))[1]


async def test_a_late_call_is_carried_out_after_its_client_has_gone(simulation: Simulation) -> None:
    simulation.faults.add("latency seconds=0.1 count=1")
    _, writer = await sent(simulation.autostore_url)
    await eventually(lambda: not simulation.faults.rules)
    writer.close()
    await writer.wait_closed()
    assert not executed(simulation)
    await eventually(lambda: executed(simulation))


def test_every_trouble_is_shown_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [kind.value for kind in Trouble if kind.value not in text] == []
