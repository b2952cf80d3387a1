"""TLS with certificates on both sides: what a failed handshake proves, for calls and for the stream."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from console.autostore import stream as stream_module
from console.autostore.events import Alert, Event
from console.autostore.stream import Connected, Disconnected, LogStream
from console.exchange import Link
from console.outcome import NotSent, Unknown

from .certificates import LOCALHOST, STRANGER, client, server
from .publisher import Publisher, publishing
from .scripted import Answer, http, playing

OK = Answer(http(b"<ok/>"))
OLD, NEW = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
ASKED_FOR = "the server ended the TLS handshake: does it want a client certificate?"
DISTRUST = "the server's certificate is not trusted: "

both = pytest.mark.parametrize("fresh", [True, False], ids=["command", "read"])
versions = pytest.mark.parametrize("version", [OLD, NEW], ids=["1.2", "1.3"])
unwelcome = pytest.mark.parametrize("shows", [None, STRANGER], ids=["none", "a stranger's"])


async def post(url: str, tls: ssl.SSLContext, fresh: bool) -> bytes:
    link = Link(url, deadline=10, fresh=fresh, tls=tls)
    try:
        return (await link.post("/", b"x", {}, 1000)).body
    finally:
        await link.close()


@both
@versions
async def test_a_call_with_the_right_certificates(fresh: bool, version: ssl.TLSVersion) -> None:
    async with playing(OK, tls=server(asks=True, version=version)) as there:
        assert await post(there.url, client(shows=LOCALHOST), fresh) == b"<ok/>"


@both
@versions
async def test_a_call_to_a_server_that_is_not_trusted_is_not_sent(
    fresh: bool, version: ssl.TLSVersion
) -> None:
    async with playing(OK, tls=server(version=version)) as there:
        with pytest.raises(NotSent, match=f"cannot connect: {DISTRUST}self-signed certificate"):
            await post(there.url, client(trusts=STRANGER), fresh)
        assert there.received == b""


@both
async def test_a_call_to_a_server_of_another_name_is_not_sent(fresh: bool) -> None:
    async with playing(OK, tls=server(STRANGER)) as there:
        with pytest.raises(NotSent, match=f"cannot connect: {DISTRUST}IP address mismatch"):
            await post(there.url, client(trusts=STRANGER), fresh)
        assert there.received == b""


@both
@unwelcome
async def test_a_certificate_refused_within_the_handshake_is_proof_of_nothing_sent(
    fresh: bool, shows: Path | None
) -> None:
    async with playing(OK, tls=server(asks=True, version=OLD)) as there:
        with pytest.raises(NotSent) as raised:
            await post(there.url, client(shows=shows), fresh)
        assert raised.value.reason == f"cannot connect: {ASKED_FOR}"
        assert there.received == b""


@both
@unwelcome
async def test_a_certificate_refused_after_the_request_left_is_no_proof(
    fresh: bool, shows: Path | None
) -> None:
    """In TLS 1.3 the client may write before the server has looked at its certificate."""
    async with playing(OK, tls=server(asks=True, version=NEW)) as there:
        with pytest.raises(Unknown):
            await post(there.url, client(shows=shows), fresh)
        assert there.received == b""


@both
async def test_the_alert_of_a_server_is_told(fresh: bool) -> None:
    async with refusing() as url:
        with pytest.raises(Unknown) as raised:
            await post(url, client(), fresh)
    assert raised.value.reason == ("the server ended the connection: TLS: tlsv13 alert certificate required")


@asynccontextmanager
async def refusing() -> AsyncIterator[str]:
    """Run a server that wants a certificate, and that ends a connection as Kestrel does: alert, then end.

    asyncio's own server resets the connection instead, so that the alert may be lost.
    """

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = server(asks=True).wrap_bio(incoming, outgoing, server_side=True)
        with closing(writer):
            while data := await reader.read(65536):
                incoming.write(data)
                try:
                    tls.do_handshake()
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                except ssl.SSLError:
                    writer.write(outgoing.read())
                    writer.write_eof()
                    break
            await reader.read()

    listener = await asyncio.start_server(refuse, "127.0.0.1", 0)
    try:
        yield f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()


@asynccontextmanager
async def following(publisher: Publisher, tls: ssl.SSLContext) -> AsyncIterator[LogStream]:
    """Follow a publisher; a second attempt comes only after the test."""
    async with LogStream(
        "127.0.0.1",
        publisher.port,
        tls=tls,
        backoff=lambda _: 3600.0,
        clock=asyncio.get_running_loop().time,
    ) as stream:
        yield stream


async def next_of(stream: LogStream) -> Event:
    return await asyncio.wait_for(anext(stream), 20)


@versions
async def test_a_stream_with_the_right_certificates(version: ssl.TLSVersion) -> None:
    async with (
        publishing(server(asks=True, version=version)) as publisher,
        following(publisher, client(shows=LOCALHOST)) as stream,
    ):
        assert isinstance(await next_of(stream), Connected)
        talk = await publisher.talks.get()
        await talk.say("AL,BCK")
        assert isinstance(await next_of(stream), Alert)
        talk.close()
        ended = await next_of(stream)
        assert isinstance(ended, Disconnected)
        assert ended.reason == "the publisher closed the connection"


@versions
async def test_a_stream_whose_publisher_is_not_trusted(version: ssl.TLSVersion) -> None:
    async with (
        publishing(server(version=version)) as publisher,
        following(publisher, client(trusts=STRANGER)) as stream,
    ):
        ended = await next_of(stream)
    assert isinstance(ended, Disconnected)
    assert ended.reason == f"cannot connect: {DISTRUST}self-signed certificate"


@unwelcome
async def test_a_stream_that_shows_no_welcome_certificate(shows: Path | None) -> None:
    async with (
        publishing(server(asks=True, version=OLD)) as publisher,
        following(publisher, client(shows=shows)) as stream,
    ):
        ended = await next_of(stream)
    assert isinstance(ended, Disconnected)
    assert ended.reason == f"cannot connect: {ASKED_FOR}"


async def test_a_publisher_that_speaks_no_tls() -> None:
    async with publishing() as publisher, following(publisher, client()) as stream:
        await (await publisher.talks.get()).say("DS", "BM,1,P")
        ended = await next_of(stream)
    assert isinstance(ended, Disconnected)
    assert ended.reason == "cannot connect: TLS: wrong version number"


async def test_a_publisher_that_never_answers_the_handshake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "CONNECT_WITHIN", 0.2)
    async with publishing() as publisher, following(publisher, client()) as stream:
        ended = await next_of(stream)
    assert isinstance(ended, Disconnected)
    assert ended.reason == "no connection was made in time"
