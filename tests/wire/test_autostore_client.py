"""The AutoStore client against a scripted controller: what each answer is called."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from console.autostore.catalogue import Interface
from console.autostore.client import AutoStoreClient
from console.autostore.wire import Encoding
from console.fields import Invalid
from console.outcome import NotSent, Refused, Unknown

from .scripted import Answer, Server, Then, http, playing

DONE = b'<?xml version="1.0"?><response><params/></response>'
FAULT = b'<?xml version="1.0"?><response><fault><code>1000</code></fault></response>'
JSON = "application/json"
OPEN = {"port_id": 4, "category": [1, 2]}


@asynccontextmanager
async def site(
    *answers: Answer, encoding: Encoding = Encoding.XML, interface: Interface = Interface.TASK
) -> AsyncIterator[tuple[AutoStoreClient, Server]]:
    async with playing(*answers) as server:
        client = AutoStoreClient(server.url, interface=interface, encoding=encoding)
        try:
            yield client, server
        finally:
            await client.close()


def status(inside: str) -> Answer:
    return Answer(http(f"<response><params>{inside}</params></response>".encode()))


@pytest.mark.parametrize("code", ["200 OK", "201 Created", "202 Accepted"])
async def test_a_success_is_accepted(code: str) -> None:
    async with site(Answer(http(DONE, code))) as (client, server):
        assert await client.call("openport", OPEN) == {}
        (request,) = server.requests
    assert request.startswith(b"POST /api/v2/task HTTP/1.1\r\n")
    assert b"<name>openport</name>" in request
    assert b"content-type: application/xml\r\n" in request.lower()


async def test_a_success_in_json_on_the_bin_interface() -> None:
    answer = Answer(http(b'{"params": {}}', "200 OK", JSON))
    async with site(answer, encoding=Encoding.JSON, interface=Interface.BIN) as (client, server):
        assert await client.call("openport", {"port_id": 4}) == {}
        (request,) = server.requests
    assert request.startswith(b"POST /api/v2/bin HTTP/1.1\r\n")
    assert b"content-type: application/json\r\n" in request.lower()


@pytest.mark.parametrize("code", ["200 OK", "400 Bad Request", "404 Not Found", "409 Conflict", "499 x"])
@pytest.mark.parametrize(
    ("name", "given", "meaning"),
    [
        ("openport", OPEN, "The specified Port is not available."),
        ("case_extract", {"port_id": 4, "bin_id": 7}, "The specified port does not exist."),
        ("case_cancel", {"port_id": 4, "bin_id": 7}, "The specified port does not exist."),
        ("getportstatus", {"port_id": 4}, "Port is not available."),
    ],
)
async def test_a_fault_is_refused_with_its_meaning_for_that_method(
    code: str, name: str, given: Mapping[str, object], meaning: str
) -> None:
    async with site(Answer(http(FAULT, code))) as (client, _):
        with pytest.raises(Refused) as raised:
            await client.call(name, given)
    assert (raised.value.method, raised.value.code, raised.value.meaning) == (name, 1000, meaning)


PROVES_NOTHING = {
    "redirect": http(DONE, "302 Found", "application/xml", "Location: /"),
    "not modified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "5xx with fault": http(FAULT, "500 Internal Server Error"),
    "5xx with success": http(DONE, "500 Internal Server Error"),
    "5xx": http(b"<html>oops</html>", "503 Busy", "text/html"),
    "4xx with success": http(DONE, "400 Bad Request"),
    "4xx": http(b"<html>no</html>", "404 Not Found", "text/html"),
    "4xx with fault in the wrong type": http(FAULT, "400 Bad Request", "text/html"),
    "4xx empty": http(b"", "401 Unauthorized"),
    "wrong type": http(DONE, "200 OK", "text/html"),
    "json": http(b'{"params": {}}', "200 OK", JSON),
    "html": http(b"<html><body>It works</body></html>", "200 OK"),
    "empty": http(b"", "200 OK"),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "truncated": http(DONE[:-5], "200 OK"),
    "both": http(b"<response><params/><fault><code>1000</code></fault></response>"),
    "garbage": http(b"\x00\x01\x02"),
    "too large": http(b"<response><params/>" + b" " * 262_144 + b"</response>"),
    "many tags": http(b"<response><params>" + b"<x/>" * 50_000 + b"</params></response>"),
    "dtd": http(b"<!DOCTYPE response>" + DONE[21:]),
}


@pytest.mark.parametrize("reply", PROVES_NOTHING.values(), ids=PROVES_NOTHING)
@pytest.mark.parametrize(("name", "given"), [("openport", OPEN), ("getportstatus", {"port_id": 4})])
async def test_everything_else_is_unknown(reply: bytes, name: str, given: Mapping[str, object]) -> None:
    async with site(Answer(reply)) as (client, server):
        with pytest.raises(Unknown) as raised:
            await client.call(name, given)
        assert len(server.requests) == 1
    assert str(raised.value).isprintable()


async def test_a_lost_connection_is_unknown_and_not_tried_again() -> None:
    async with site(Answer(then=Then.RESET)) as (client, server):
        for name, given in (("openport", OPEN), ("getportstatus", {"port_id": 4})):
            with pytest.raises(Unknown):
                await client.call(name, given)
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("openport", {"port_id": 0}),
        ("openport", {"port_id": 2001}),
        ("openport", {"port_id": "abc"}),
        ("openport", {"port_id": 4, "category": [1], "content": [2]}),
        ("openport", {"port_id": 4, "port_mode": "OPEN"}),
        ("openport", {"port_id": 4, "req_time": "2026-11-22T06:00:00"}),
        ("getbinstate", {"bin_id": 0}),
        ("case_insert", {"port_id": 4}),
        ("preparebin", {"bin_id": 4}),
    ],
)
async def test_wrong_values_never_reach_the_network(name: str, given: Mapping[str, object]) -> None:
    async with site(Answer(http(DONE))) as (client, server):
        with pytest.raises(Invalid):
            await client.call(name, given)
        with pytest.raises(Invalid):
            client.check(name, given)
        assert server.connections == 0


async def test_commands_get_fresh_connections_and_reads_share_theirs() -> None:
    async with site(Answer(http(DONE))) as (client, server):
        for _ in range(3):
            await client.call("getportstatus", {"port_id": 4})
        assert server.connections == 1
        for _ in range(3):
            await client.call("openport", OPEN)
        assert server.connections == 4
        assert len(server.requests) == 6


async def test_reads_as_typed_values() -> None:
    async with site(status("<port_id>4</port_id><port_type>CO</port_type><mode>OPEN</mode>")) as (
        client,
        server,
    ):
        port = await client.port_status(4)
        assert (port.port_id, port.port_type, port.mode, port.bin_id) == (4, "CO", "OPEN", None)
        server.answers = [status("<port_id>4</port_id><case_state>ERSO</case_state>")]
        assert (await client.case_status(4)).state == "ERSO"
        server.answers = [status("<mode>20</mode>")]
        assert (await client.system_status()).name == "RUNNING"
        server.answers = [status("<bins><bin><bin_id>7</bin_id><bin_mode>O</bin_mode></bin></bins>")]
        found = await client.bin_status(7)
        assert found is not None
        assert found.mode == "OPEN"
        assert await client.bin_status(8) is None


@pytest.mark.parametrize("inside", ["<port_id>5</port_id>", "<port_id>x</port_id>", "<port_id/>"])
async def test_an_answer_about_another_port_is_unknown(inside: str) -> None:
    async with site(status(inside)) as (client, _):
        for read in (client.port_status, client.case_status, client.look):
            with pytest.raises(Unknown, match="asked about port 4"):
                await read(4)


async def test_a_look_survives_what_its_later_reads_cannot_tell() -> None:
    first = status(
        "<port_id>4</port_id><port_type>AC</port_type><mode>OPEN</mode><selected_bin>7</selected_bin>"
    )
    async with site(first, Answer(http(FAULT)), Answer(http(b"oops", "500 x"))) as (client, server):
        reading = await client.look(4)
        assert (reading.status.mode, reading.bin, reading.case) == ("OPEN", None, None)
        assert len(server.requests) == 3


async def test_a_selected_bin_that_cannot_be_is_not_asked_about() -> None:
    async with site(status("<port_type>CO</port_type><selected_bin>0</selected_bin>")) as (client, server):
        assert (await client.look(4)).status.bin_id is None
        assert len(server.requests) == 1


async def test_a_bin_site_reads_its_own_methods() -> None:
    async with site(status("<mode>70</mode>"), interface=Interface.BIN) as (client, server):
        assert (await client.system_status()).name == "STOPPED"
        assert b"<name>getsystemstate</name>" in server.requests[0]
        with pytest.raises(NotSent, match="getportstatus is not a method of the bin interface"):
            await client.look(4)
        assert len(server.requests) == 1
