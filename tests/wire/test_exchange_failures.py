"""The whole table of rule 3: what a failed exchange proves, on fresh and on kept connections.

Only a request of which no byte left may be called not sent, and none is ever sent twice.
"""

import asyncio
import gzip
import itertools
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import pytest
from patience import PATIENCE

from console import exchange
from console.exchange import Answer as Reply
from console.exchange import Link
from console.outcome import CallFailed, NotSent, Unknown

from .scripted import Answer, Server, Then, http, playing

OK = Answer(http(b"<ok/>"))
HEAD = b"HTTP/1.1 200 OK\r\n"
LIMIT = 1000
SOON = 0.5
"""Seconds after which an exchange with a silent server is given up."""

STATES = ["fresh", "kept, first", "kept, again"]
_numbers = itertools.count()


@asynccontextmanager
async def linked(url: str, state: str, *, deadline: float = PATIENCE, slots: int = 16) -> AsyncIterator[Link]:
    link = Link(url, deadline=deadline, fresh=state == "fresh", slots=slots)
    try:
        yield link
    finally:
        await link.close()


async def ask(link: Link) -> Reply:
    body = f"<request>{next(_numbers)}</request>".encode()
    return await link.post("/api", body, {"Content-Type": "application/xml"}, LIMIT)


async def failed(server: Server, state: str, deadline: float = PATIENCE) -> CallFailed:
    """Return how the exchange after a first, good one (on a kept connection) ends."""
    async with linked(server.url, state, deadline=deadline) as link:
        if state == "kept, again":
            server.answers.insert(0, OK)
            assert (await ask(link)).body == b"<ok/>"
        with pytest.raises(CallFailed) as raised:
            await ask(link)
    assert len(set(server.bodies())) == len(server.bodies())
    assert str(raised.value).isprintable()
    return raised.value


LOST = {
    "closed at once": Answer(then=Then.CLOSE, blind=True),
    "reset at once": Answer(then=Then.RESET, blind=True),
    "closed": Answer(then=Then.CLOSE),
    "reset": Answer(then=Then.RESET),
    "head cut": Answer(HEAD + b"Content-", Then.CLOSE),
    "head reset": Answer(HEAD + b"Content-", Then.RESET),
    "body cut": Answer(HEAD + b"Content-Length: 100\r\n\r\n<response>", Then.CLOSE),
    "body reset": Answer(HEAD + b"Content-Length: 100\r\n\r\n<response>", Then.RESET),
    "chunk cut": Answer(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<response>", Then.CLOSE),
    "no last chunk": Answer(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", Then.CLOSE),
    "bad chunk": Answer(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n", Then.CLOSE),
    "bad length": Answer(HEAD + b"Content-Length: ten\r\n\r\n<response/>", Then.CLOSE),
    "garbage": Answer(b"\x00\xff\x1b[31mgarbage\r\n\r\n", Then.CLOSE),
    "another protocol": Answer(b"SSH-2.0-OpenSSH_9.6\r\n", Then.CLOSE),
    "no status": Answer(b"HTTP/1.1 abc\r\n\r\n", Then.CLOSE),
    "bad header": Answer(HEAD + b"no colon\r\n\r\n", Then.CLOSE),
    "endless header": Answer(HEAD + b"X: " + b"x" * 300_000, Then.CLOSE),
    "too large": Answer(http(b"x" * (LIMIT + 1)), Then.CLOSE),
    "too large, unfinished": Answer(HEAD + b"Content-Length: 9999999\r\n\r\n" + b"x" * 5000, Then.HANG),
    "bad gzip": Answer(http(b"<ok/>", "200 OK", "text/xml", "Content-Encoding: gzip")),
    "cut gzip": Answer(http(gzip.compress(b"<ok/>")[:-1], "200 OK", "text/xml", "Content-Encoding: gzip")),
    "gzip and more": Answer(
        http(gzip.compress(b"<ok/>") + b"x", "200 OK", "text/xml", "Content-Encoding: gzip")
    ),
    "gzip bomb": Answer(http(gzip.compress(bytes(90_000)), "200 OK", "text/xml", "Content-Encoding: gzip")),
    "unknown coding": Answer(http(b"<ok/>", "200 OK", "text/xml", "Content-Encoding: br")),
    "two codings": Answer(http(b"<ok/>", "200 OK", "text/xml", "Content-Encoding: gzip, gzip")),
}

SLOW = {
    "silent": Answer(then=Then.HANG),
    "silent in head": Answer(HEAD + b"Content-", Then.HANG),
    "silent in body": Answer(HEAD + b"Content-Length: 100\r\n\r\n<response>", Then.HANG),
    "dribbling head": Answer(HEAD + b"X: ", Then.DRIBBLE),
    "dribbling body": Answer(HEAD + b"Content-Length: 100\r\n\r\n", Then.DRIBBLE),
    "dribbling without end": Answer(HEAD + b"\r\n", Then.DRIBBLE),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
async def test_a_broken_answer_proves_nothing(answer: Answer, state: str) -> None:
    async with playing(answer) as server:
        assert type(await failed(server, state)) is Unknown


async def test_silence_about_the_sending_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    tell = exchange._SendWatch.trace

    async def only_of_connecting(watch: exchange._SendWatch, event: str, info: Mapping[str, Any]) -> None:
        if event.startswith("connection."):
            await tell(watch, event, info)

    monkeypatch.setattr(exchange._SendWatch, "trace", only_of_connecting)
    async with playing(Answer(then=Then.CLOSE)) as server:
        assert type(await failed(server, "fresh")) is Unknown


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
async def test_a_slow_answer_proves_nothing_and_is_not_waited_for(answer: Answer, state: str) -> None:
    async with playing(answer) as server:
        started = asyncio.get_running_loop().time()
        failure = await failed(server, state, deadline=SOON)
        took = asyncio.get_running_loop().time() - started
    assert type(failure) is Unknown
    assert failure.reason == f"no complete answer within {SOON} s"
    assert SOON <= took < PATIENCE


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.mark.parametrize("state", STATES[:2])
async def test_a_refused_connection_is_not_sent(state: str) -> None:
    async with linked(f"http://127.0.0.1:{free_port()}", state) as link:
        with pytest.raises(NotSent, match="cannot connect"):
            await ask(link)


@pytest.mark.parametrize("state", STATES[:2])
async def test_an_unknown_name_is_not_sent(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    async with linked("http://controller.invalid:44000", state) as link:
        with pytest.raises(NotSent, match="cannot connect"):
            await ask(link)


@pytest.mark.parametrize("state", STATES[:2])
async def test_tls_to_a_plain_server_is_not_sent(state: str) -> None:
    async with playing(Answer(b"HTTP/1.1 400 Bad Request\r\n\r\n", Then.CLOSE, blind=True)) as server:
        async with linked(server.url.replace("http:", "https:"), state) as link:
            with pytest.raises(NotSent, match="cannot connect"):
                await ask(link)
        assert server.connections == 1
        assert b"POST" not in server.received


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
@pytest.mark.parametrize("state", STATES[:2])
async def test_a_connection_that_never_comes_about_is_not_sent(state: str) -> None:
    with ExitStack() as open_sockets:
        deaf, *waiting = (open_sockets.enter_context(socket.socket()) for _ in range(5))
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(deaf.getsockname())
        async with linked(f"http://127.0.0.1:{deaf.getsockname()[1]}", state, deadline=SOON) as link:
            with pytest.raises(NotSent, match="no connection was made in time"):
                await ask(link)


@pytest.mark.parametrize("state", STATES[:2])
async def test_no_free_slot_is_not_sent(state: str) -> None:
    async with (
        playing(Answer(then=Then.HANG)) as server,
        linked(server.url, state, deadline=2 * SOON, slots=1) as link,
    ):
        first = asyncio.create_task(ask(link))
        await server.asked.wait()
        with pytest.raises(NotSent, match="no connection was"):
            await ask(link)
        with pytest.raises(Unknown):
            await first
        assert len(server.requests) == 1


@pytest.mark.parametrize("state", STATES[:2])
async def test_cancelling_goes_through_and_sends_nothing_more(state: str) -> None:
    async with playing(Answer(then=Then.HANG)) as server, linked(server.url, state) as link:
        task = asyncio.create_task(ask(link))
        await server.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        server.answers = [OK]
        await ask(link)
        assert len(server.requests) == 2


@pytest.mark.parametrize("state", STATES[:2])
async def test_closing_the_link_leaves_an_exchange_unknown(state: str) -> None:
    async with playing(Answer(then=Then.HANG)) as server, linked(server.url, state) as link:
        task = asyncio.create_task(ask(link))
        await server.asked.wait()
        await link.close()
        with pytest.raises(Unknown):
            await asyncio.wait_for(task, PATIENCE / 2)


@pytest.mark.parametrize("then", [Then.CLOSE, Then.RESET])
@pytest.mark.parametrize("state", STATES[:2])
async def test_a_server_that_closes_idle_connections_sees_nothing_twice(state: str, then: Then) -> None:
    answered = unknown = 0
    async with playing(Answer(http(b"<ok/>"), then)) as server, linked(server.url, state) as link:
        for _ in range(100):
            try:
                await ask(link)
                answered += 1
            except Unknown:
                unknown += 1
        assert len(set(server.bodies())) == len(server.bodies())
        assert answered <= len(server.bodies()) <= answered + unknown
    if state == "fresh" and then is Then.CLOSE:
        assert unknown == 0
