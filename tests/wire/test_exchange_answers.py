"""What a Link sends, and what it makes of whole answers."""

import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from console.exchange import Link, decoded
from console.outcome import NotSent

from .scripted import Answer, Then, http, playing

OK = Answer(http(b"<ok/>"))
CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""A key and a certificate for 127.0.0.1 that nothing but these tests trusts."""

both = pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "kept"])


@asynccontextmanager
async def linked(url: str, fresh: bool, tls: ssl.SSLContext | None = None) -> AsyncIterator[Link]:
    link = Link(url, deadline=5, fresh=fresh, tls=tls)
    try:
        yield link
    finally:
        await link.close()


@both
async def test_what_is_sent(fresh: bool) -> None:
    async with playing(OK) as server, linked(server.url + "/base", fresh) as link:
        await link.post("/api/v2/task", b"<x>\xc3\xa9</x>", {"Content-Type": "application/xml"}, 1000)
        (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert first == "POST /base/api/v2/task HTTP/1.1"
    assert body == b"<x>\xc3\xa9</x>"
    assert headers["content-type"] == "application/xml"
    assert headers["content-length"] == str(len(body))
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"] == "portside"
    assert headers.get("connection", "keep-alive").lower() == ("close" if fresh else "keep-alive")
    assert not {"cookie", "authorization", "expect", "transfer-encoding"} & set(headers)


@pytest.mark.parametrize(("fresh", "connections"), [(True, 3), (False, 1)])
async def test_commands_get_a_connection_each_and_reads_share_one(fresh: bool, connections: int) -> None:
    async with playing(OK) as server, linked(server.url, fresh) as link:
        for _ in range(3):
            answer = await link.post("/", b"x", {}, 1000)
            assert (answer.status, answer.body) == (200, b"<ok/>")
        assert server.connections == connections
        assert len(server.requests) == 3


@both
@pytest.mark.parametrize(
    ("status", "ok", "proves_nothing"),
    [
        ("200 OK", True, False),
        ("201 Created", True, False),
        ("301 Moved", False, True),
        ("302 Found", False, True),
        ("307 Temporary Redirect", False, True),
        ("400 Bad Request", False, False),
        ("404 Not Found", False, False),
        ("500 Internal Server Error", False, True),
        ("503 Busy", False, True),
        ("599 x", False, True),
    ],
)
async def test_the_status_is_told_and_no_redirect_followed(
    status: str, ok: bool, proves_nothing: bool, fresh: bool
) -> None:
    async with playing(OK) as elsewhere:
        there = http(b"<x/>", status, "text/xml; charset=utf-8", f"Location: {elsewhere.url}/")
        async with playing(Answer(there)) as server, linked(server.url, fresh) as link:
            answer = await link.post("/", b"x", {}, 1000)
            assert f"{answer.status} " == status[:4]
            assert (answer.ok, answer.proves_nothing) == (ok, proves_nothing)
            assert (answer.body, answer.content_type) == (b"<x/>", "text/xml; charset=utf-8")
            assert len(server.requests) == 1
        assert elsewhere.connections == 0


PLAIN = b"<page>" + b"x" * 900 + b"</page>"


@both
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
    ],
)
async def test_compression_is_undone(coding: str, pack: Callable[[bytes], bytes], fresh: bool) -> None:
    reply = http(pack(PLAIN), "200 OK", "text/xml", f"Content-Encoding: {coding}")
    async with playing(Answer(reply)) as server, linked(server.url, fresh) as link:
        assert (await link.post("/", b"x", {}, len(PLAIN))).body == PLAIN


@both
@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<ok\r\n2\r\n/>\r\n0\r\n\r\n"),
        Answer(b"HTTP/1.1 200 OK\r\n\r\n<ok/>", Then.CLOSE),
        Answer(b"HTTP/1.0 200 OK\r\n\r\n<ok/>", Then.CLOSE),
        Answer(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<ok/>"),
    ],
    ids=["chunked", "until close", "old", "after continue"],
)
async def test_ways_to_end_a_body(answer: Answer, fresh: bool) -> None:
    async with playing(answer) as server, linked(server.url, fresh) as link:
        reply = await link.post("/", b"x", {}, 5)
        assert (reply.status, reply.body, reply.content_type) == (200, b"<ok/>", "")
        assert 0 < reply.latency < 5


@both
async def test_cookies_and_the_environment_change_nothing(
    fresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    cookie = Answer(http(b"<ok/>", "200 OK", "text/xml", "Set-Cookie: _session=1; Path=/"))
    # By name: cookies for bare addresses are seldom kept by anyone.
    async with playing(cookie) as server, linked(server.url.replace("127.0.0.1", "localhost"), fresh) as link:
        for _ in range(2):
            await link.post("/", b"x", {}, 1000)
        assert len(server.requests) == 2
        assert b"_session" not in server.received


@both
async def test_tls_is_spoken_and_the_certificate_checked(fresh: bool) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(CERTIFICATE)
    trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
    async with playing(OK, tls=serving) as server:
        async with linked(server.url, fresh, trusting) as link:
            assert (await link.post("/", b"x", {}, 1000)).body == b"<ok/>"
        async with linked(server.url, fresh) as link:
            with pytest.raises(NotSent, match="cannot connect"):
                await link.post("/", b"y", {}, 1000)
        async with linked(server.url.replace("127.0.0.1", "127.0.0.2"), fresh, trusting) as link:
            with pytest.raises(NotSent, match="cannot connect"):
                await link.post("/", b"z", {}, 1000)
        assert server.bodies() == [b"x"]


@pytest.mark.parametrize("size", [0, 10, 65_536, 65_537, 1_000_000])
async def test_decoding_gives_the_same_on_and_off_the_loop(size: int) -> None:
    assert await decoded(b"x" * size, len) == size

    def broken(body: bytes) -> int:
        raise ValueError(len(body))

    with pytest.raises(ValueError, match=str(size)):
        await decoded(b"x" * size, broken)
