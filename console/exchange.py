"""One HTTP exchange with one server: limits, deadline, and what a failure proves.

Reads share kept-alive connections. Commands get a fresh connection each: on a kept one the
server may close while the request is on its way, and nobody could say whether it was
carried out (operations-safety rule 8). Nothing here repeats a request.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx
from httpx_aiohttp import AiohttpTransport

from console.documents import DocumentError, inflate
from console.outcome import NotSent, Unknown


class Answer(NamedTuple):
    """A complete reply: `latency` in seconds, `body` with its compression undone."""

    status: int
    content_type: str
    body: bytes
    latency: float

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def proves_nothing(self) -> bool:
        """Whether the status alone leaves open if the server acted: 1xx, 3xx and 5xx (rule 3)."""
        return not (self.ok or 400 <= self.status < 500)


class Link:
    """Connections to one server.

    Args:
        url: base URL, from configuration only; `post` appends its path.
        deadline: seconds a whole exchange may take, however it drips (rule 9).
        fresh: a new connection for every request, for commands.
        tls: context for https URLs; the system's trust store by default.
        slots: most exchanges at the same time.
    """

    def __init__(
        self, url: str, *, deadline: float, fresh: bool, tls: ssl.SSLContext | None = None, slots: int = 16
    ) -> None:
        self._deadline = deadline
        self._fresh = fresh
        limits = httpx.Limits(
            max_connections=slots, max_keepalive_connections=0 if fresh else slots, keepalive_expiry=30
        )
        verify = _verification(url, tls)
        options: dict[str, Any] = {"verify": verify, "trust_env": False, "limits": limits}
        self._client = httpx.AsyncClient(
            base_url=url,
            transport=httpx.AsyncHTTPTransport(**options) if fresh else AiohttpTransport(**options),
            follow_redirects=False,
            timeout=deadline,
            headers={
                "Accept-Encoding": "identity",
                "User-Agent": "portside",
                **({"Connection": "close"} if fresh else {}),
            },
        )

    async def post(self, path: str, body: bytes, headers: Mapping[str, str], limit: int) -> Answer:
        """Send `body` and return the complete answer, of at most `limit` bytes unpacked.

        Raises:
            NotSent: it is certain that no byte of the request left.
            Unknown: anything else: the server may have acted.
        """
        watch = _SendWatch()
        started = time.monotonic()
        async with _classified(watch if self._fresh else None, self._deadline):
            async with asyncio.timeout(self._deadline):
                request = self._client.build_request(
                    "POST", path, content=body, headers=dict(headers), extensions={"trace": watch.trace}
                )
                response = await self._client.send(request, stream=True)
                try:
                    raw = await _read(response, limit)
                finally:
                    await response.aclose()
            return Answer(
                status=response.status_code,
                content_type=response.headers.get("content-type", ""),
                body=_decode(raw, response.headers.get("content-encoding", ""), limit),
                latency=time.monotonic() - started,
            )

    async def close(self) -> None:
        """Close every connection; exchanges under way end as Unknown."""
        await self._client.aclose()


class _SendWatch:
    """Notes the moment from which the server may have seen the request."""

    def __init__(self) -> None:
        self.begun = False

    async def trace(self, event: str, _info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            self.begun = True


@asynccontextmanager
async def _classified(watch: _SendWatch | None, deadline: float) -> AsyncIterator[None]:
    """Turn every failure into NotSent or Unknown; only proof of not sending makes a NotSent.

    `watch` tells for a fresh connection whether sending had begun; without one, only a connection
    that was never made is proof.
    """
    try:
        yield
    except Exception as error:
        unsent = isinstance(error, httpx.ConnectError) if watch is None else not watch.begun
        raise (NotSent if unsent else Unknown)(_reason(error, deadline)) from error


def _reason(error: Exception, deadline: float) -> str:
    match error:
        case DocumentError():
            return str(error)
        case httpx.ConnectError():
            return f"cannot connect: {error}"
        case TimeoutError() | httpx.ReadTimeout() | httpx.WriteTimeout():
            return f"no complete answer within {deadline:g} s"
        case httpx.PoolTimeout():
            return "no connection was free"
        case _:
            return f"connection lost: {str(error) or type(error).__name__}"


async def _read(response: httpx.Response, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > limit:
            raise DocumentError(f"the reply is larger than {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _decode(raw: bytes, coding: str, limit: int) -> bytes:
    match coding.strip().lower():
        case "" | "identity":
            return raw
        case "gzip" | "x-gzip" | "deflate":
            return inflate(raw, limit)
        case _:
            raise DocumentError("the reply is compressed in a way that was not asked for")


def _verification(url: str, tls: ssl.SSLContext | None) -> ssl.SSLContext | bool:
    """Load the trust store only where TLS is spoken: it costs tens of milliseconds."""
    if not url.lower().startswith("https:"):
        return False
    return tls or ssl.create_default_context()
