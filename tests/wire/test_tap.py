"""Every exchange is told once, however it ends, and without a secret."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

import pytest
from patience import PATIENCE

from console.autostore.client import AutoStoreClient
from console.autostore.wire import Encoding
from console.fields import Invalid
from console.mor.client import MorClient
from console.mor.wire import Caller
from console.outcome import CallFailed, NotSent, Outcome, Refused, Unknown, Unsupported
from console.secret import Secret
from console.tap import BROKEN_OFF, KEPT_BYTES, Body, Exchange, Request, kept, telling

from .scripted import Answer, Server, Then, http, playing

KEY, PASSWORD, PIN = "c4nary-key", "c4nary-p", "471147114711"
CALLER = Caller(user="admin", secret=Secret(KEY), password=Secret(PASSWORD))

DONE = http(b"<response><params/></response>")
FAULT = http(b"<response><fault><code>1002</code></fault></response>")
NOT_KNOWN = http(b"<html>no such thing</html>", "404 Not Found", "text/html")

Client: TypeAlias = AutoStoreClient | MorClient

REQUEST = Request(
    system="autostore", method="openport", command=True, target="port 4", url="", content_type="", body=Body()
)


@asynccontextmanager
async def tapped(
    *answers: Answer, mor: bool = False, **more: Any
) -> AsyncIterator[tuple[Any, list[Exchange], Server]]:
    """Run a scripted server and a client of it, whose exchanges are kept in a list."""
    told: list[Exchange] = []
    async with playing(*answers) as server:
        client: Client
        if mor:
            client = MorClient(server.url, CALLER, tap=told.append, **more)
        else:
            client = AutoStoreClient(server.url, tap=told.append, **more)
        try:
            yield client, told, server
        finally:
            await client.close()


class Ending(NamedTuple):
    """How a call ends, and what is told of it besides."""

    answer: Answer
    outcome: Outcome
    status: int | None
    reply: bytes
    reason: str = ""
    code: int | None = None
    unsupported: bool = False


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


SOON = 0.5
"""Seconds after which no answer is waited for."""

ENDINGS = {
    "accepted": Ending(Answer(DONE), Outcome.ACCEPTED, 200, body(DONE)),
    "refused": Ending(
        Answer(FAULT), Outcome.REFUSED, 200, body(FAULT), "{} refused (1002): Port is already open.", 1002
    ),
    "nonsense": Ending(
        Answer(http(b"<ok/>")),
        Outcome.UNKNOWN,
        200,
        b"<ok/>",
        "{}: the reply is neither a success nor a fault",
    ),
    "an error of the server": Ending(
        Answer(http(b"oops", "500 Oops")), Outcome.UNKNOWN, 500, b"oops", "{}: the server answered HTTP 500"
    ),
    "not known": Ending(
        Answer(NOT_KNOWN),
        Outcome.UNKNOWN,
        404,
        body(NOT_KNOWN),
        "{}: the server answered HTTP 404",
        unsupported=True,
    ),
    "no answer in time": Ending(
        Answer(then=Then.HANG), Outcome.UNKNOWN, None, b"", f"no complete answer within {SOON} s"
    ),
    "reset": Ending(
        Answer(then=Then.RESET),
        Outcome.UNKNOWN,
        None,
        b"",
        "the connection was lost before the answer was complete",
    ),
}


@pytest.mark.parametrize("name", ["case_getstate", "flushportbin"], ids=["read", "command"])
@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
async def test_an_exchange_is_told_once_however_it_ends(ending: Ending, name: str) -> None:
    command = name == "flushportbin"
    given = {"port_id": 4, "bin_id": 7} if command else {"port_id": 4}
    before = datetime.now(UTC)
    timeout = SOON if ending.answer.then is Then.HANG else PATIENCE
    async with tapped(ending.answer, timeout=timeout) as (client, told, server):
        try:
            await client.call(name, given)
        except CallFailed as failure:
            assert failure.outcome is ending.outcome
        request = client.request(name, given)
        (sent,) = server.bodies()
    (exchange,) = told
    assert exchange.request == request
    assert (request.system, request.method, request.command) == ("autostore", name, command)
    assert (request.target, request.url) == ("port 4", f"{server.url}/api/v2/task")
    assert (request.content_type, request.body) == ("application/xml", Body(sent))
    assert (exchange.outcome, exchange.status, exchange.reply.text) == (
        ending.outcome,
        ending.status,
        ending.reply,
    )
    assert exchange.reason == ending.reason.format(name)
    assert (exchange.code, exchange.unsupported) == (ending.code, ending.unsupported)
    assert before <= exchange.at_utc <= datetime.now(UTC)
    assert 0 < exchange.latency < 10
    if exchange.reason.endswith("within 0.2 s"):
        assert exchange.latency >= 0.2


async def test_what_was_not_sent_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    told: list[Exchange] = []
    client = AutoStoreClient(nobody, tap=told.append)
    with pytest.raises(NotSent) as raised:
        await client.call("openport", {"port_id": 4})
    await client.close()
    (exchange,) = told
    assert (exchange.outcome, exchange.status, exchange.reply) == (Outcome.NOT_SENT, None, Body())
    assert exchange.reason == raised.value.reason


async def test_a_call_that_is_broken_off_is_told_as_unknown() -> None:
    async with tapped(Answer(then=Then.HANG)) as (client, told, server):
        calling = asyncio.create_task(client.call("openport", {"port_id": 4}))
        await asyncio.wait_for(server.asked.wait(), 10)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
    (exchange,) = told
    assert (exchange.outcome, exchange.status, exchange.reason) == (Outcome.UNKNOWN, None, BROKEN_OFF)


async def test_what_is_wrong_is_neither_sent_nor_told() -> None:
    async with tapped(Answer(DONE)) as (client, told, server):
        with pytest.raises(Invalid):
            await client.call("openport", {"port_id": 0})
        with pytest.raises(Invalid):
            client.request("openport", {"port_id": 0})
        assert (told, server.requests) == ([], [])


async def test_every_read_of_the_console_is_told() -> None:
    status = "<port_type>AC</port_type><mode>OPEN</mode><selected_bin>7</selected_bin>"
    answer = http(f"<response><params><port_id>4</port_id>{status}</params></response>".encode())
    async with tapped(Answer(answer)) as (client, told, server):
        await client.look(4)
        assert [one.request.method for one in told] == ["getportstatus", "getbinstate", "case_getstate"]
        assert [one.request.target for one in told] == ["port 4", "bin 7", "port 4"]
        assert [one.request.body.text for one in told] == server.bodies()


async def test_json_is_told_as_json() -> None:
    answer = Answer(http(b'{"params": {}}', "200 OK", "application/json"))
    async with tapped(answer, encoding=Encoding.JSON) as (client, told, server):
        await client.call("openport", {"port_id": 4})
        (sent,) = server.bodies()
    assert (told[0].request.content_type, told[0].request.body) == ("application/json", Body(sent))


async def test_a_large_request_and_a_large_reply_are_cut_and_say_so() -> None:
    rows = "".join(f"<bin><bin_id>{number}</bin_id></bin>" for number in range(1, 1000))
    reply = f"<response><params><bins>{rows}</bins></params></response>".encode()
    async with tapped(Answer(http(reply)), Answer(DONE)) as (client, told, server):
        await client.call("getbininfo")
        await client.call("forecastbin", {"bin_id": list(range(1, 1000))})
        sent = server.bodies()[1]
    large, request = told[0].reply, told[1].request.body
    assert large == Body(reply[:KEPT_BYTES], cut=True)
    assert request == Body(sent[:KEPT_BYTES], cut=True)
    assert len(sent) > KEPT_BYTES


@pytest.mark.parametrize("size", [0, 1, KEPT_BYTES, KEPT_BYTES + 1])
def test_what_is_kept(size: int) -> None:
    assert kept(b"x" * size) == Body(b"x" * min(size, KEPT_BYTES), cut=size > KEPT_BYTES)


LEAKY = (
    f"<page><secret>{PIN}</secret><a pin='{PIN}'/><status>{KEY} {PASSWORD}</status>"
    f"<error>no {KEY}, no {PASSWORD}</error></page>"
)

MOR_CALLS = [
    ("device_create", {"user_id": 7, "pin": PIN}),
    ("users_get", {"uniquehash": PIN}),
    ("device_update", {"device": 2, "authentication": "0", "password": PIN}),
    ("morphone_details_get", {}),
]


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "500 Oops"])
@pytest.mark.parametrize(("name", "given"), MOR_CALLS)
async def test_no_secret_is_told(name: str, given: dict[str, object], status: str) -> None:
    async with tapped(Answer(http(LEAKY.encode(), status)), mor=True) as (client, told, server):
        with pytest.raises(CallFailed) as raised:
            await client.call(name, given)
        request = client.request(name, given)
        (sent,) = server.bodies()
    (exchange,) = told
    assert exchange.request == request
    signature = sent.partition(b"&hash=")[2].decode() or "no signature"
    assert PASSWORD.encode() in sent
    for secret in (KEY, PASSWORD, PIN, signature):
        assert secret not in f"{exchange!r} {raised.value} {raised.value!r}"
    assert b"<secret>***</secret><a pin='***'/><status>*** ***</status>" in exchange.reply.text


async def test_the_target_of_a_mor_call_is_told() -> None:
    told_of = [("device_rules_get", {"device_id": 2}, "device 2"), ("devices_get", {"user_id": 7}, "user 7")]
    told_of += [("device_delete", {"device": 3}, "device 3"), ("system_version_get", {}, "")]
    async with tapped(Answer(http(b"<page><error>no</error></page>")), mor=True) as (client, told, server):
        for name, given, _ in told_of:
            with pytest.raises(Refused):
                await client.call(name, given)
        urls = [f"{server.url}/billing/api/{name}" for name, _, _ in told_of]
    assert [one.request.target for one in told] == [target for _, _, target in told_of]
    assert [one.request.url for one in told] == urls
    assert [one.request.command for one in told] == [False, False, True, False]


@pytest.mark.parametrize(
    ("failure", "outcome", "code", "unsupported"),
    [
        (Refused("openport", "no", 1002), Outcome.REFUSED, 1002, False),
        (Refused("cli_add", "no"), Outcome.REFUSED, None, False),
        (NotSent("no"), Outcome.NOT_SENT, None, False),
        (Unknown("no"), Outcome.UNKNOWN, None, False),
        (Unsupported("no"), Outcome.UNKNOWN, None, True),
    ],
)
def test_each_failure_is_told_in_its_own_words(
    failure: CallFailed, outcome: Outcome, code: int | None, unsupported: bool
) -> None:
    told: list[Exchange] = []
    with pytest.raises(type(failure)), telling(told.append, REQUEST):
        raise failure
    (one,) = told
    assert (one.outcome, one.code, one.unsupported, one.reason) == (
        outcome,
        code,
        unsupported,
        failure.reason,
    )


def test_a_fault_of_ours_is_told_without_its_words() -> None:
    told: list[Exchange] = []
    with pytest.raises(RuntimeError), telling(told.append, REQUEST):
        raise RuntimeError(KEY)
    assert [(one.outcome, one.reason) for one in told] == [(Outcome.UNKNOWN, BROKEN_OFF)]


def test_nobody_need_listen() -> None:
    with telling(None, REQUEST) as so_far:
        so_far.status = 200
    with pytest.raises(NotSent), telling(None, REQUEST):
        raise NotSent("no")
