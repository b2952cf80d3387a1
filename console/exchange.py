"""One HTTP exchange with one server: limits, deadline, and what a failure proves.

Reads share kept-alive connections. Commands get a fresh connection each: on a kept one the
server may close while the request is on its way, and nobody could say whether it was
carried out (operations-safety rule 8). Nothing here repeats a request.
"""

import asyncio
import gc
import logging
import os
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import cached_property
from io import BytesIO
from typing import Any, NamedTuple, TypeVar

from console.documents import DocumentError, inflate
from console.http_libraries import AiohttpTransport, aiohttp, httpx
from console.outcome import NotSent, Unknown, Unsupported

T = TypeVar("T")

logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it logs every URL (rule 61)

_LARGE = 64 * 1024
"""Bytes above which a reply is decoded off the event loop."""

_VAST = 4 * 1024 * 1024
"""Bytes above which what a reply becomes is left out of garbage collection."""

_NEVER_LEFT = (
    *(httpx.ConnectError, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL),
    *(aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError),
)
"""Errors that are only raised before a request has a connection."""


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

    @property
    def unknown_here(self) -> bool:
        """Whether the status is what servers answer to a call that they do not know."""
        return self.status in (400, 404, 405)


class Link:
    """Connections to one server.

    Args:
        url: base URL, from configuration only; `post` appends its path.
        deadline: seconds a whole exchange may take, however it drips (rule 9); `post` may be given another.
        fresh: a new connection for every request, for commands.
        tls: context for https URLs; the system's trust store by default.
        slots: most exchanges at the same time.
    """

    def __init__(
        self, url: str, *, deadline: float, fresh: bool, tls: ssl.SSLContext | None = None, slots: int = 16
    ) -> None:
        self._url = url.rstrip("/")
        self._deadline = deadline
        self._headers = {
            "Accept-Encoding": "identity",
            "User-Agent": "portside",
            **({"Connection": "close"} if fresh else {}),
        }
        self._fresh = fresh
        self._verify = _verification(url, tls)
        self._slots = slots

    @cached_property
    def _transport(self) -> httpx.AsyncBaseTransport:
        """What carries requests: made for the first one, for it brings a library of its own.

        Without a client around it a transport follows no redirect and keeps no cookie (rule 61).
        """
        return _transport(self._fresh, self._verify, self._slots)

    async def post(
        self, path: str, body: bytes, headers: Mapping[str, str], limit: int, deadline: float | None = None
    ) -> Answer:
        """Send `body` and return the complete answer, of at most `limit` bytes unpacked.

        Raises:
            NotSent: it is certain that no byte of the request left.
            Unknown: anything else: the server may have acted.
        """
        watch = _SendWatch()
        started = time.monotonic()
        deadline = deadline or self._deadline
        # A free slot is waited for half as long, to tell a full pool from a slow server.
        timeout = {**dict.fromkeys(("connect", "read", "write"), deadline), "pool": deadline / 2}
        async with _classified(watch, deadline):
            async with asyncio.timeout(deadline):
                request = httpx.Request(
                    "POST",
                    self._url + path,
                    headers={**self._headers, **headers},
                    content=body,
                    extensions={"trace": watch.trace, "timeout": timeout},
                )
                response = await self._transport.handle_async_request(request)
                try:
                    raw = await _read(response, limit)
                finally:
                    await response.aclose()
            coding = response.headers.get("content-encoding", "").strip().lower()
            if coding not in ("", "identity"):
                raw = await asyncio.to_thread(_unpack, raw, coding, limit)
            return Answer(
                status=response.status_code,
                content_type=response.headers.get("content-type", ""),
                body=raw,
                latency=time.monotonic() - started,
            )

    async def close(self) -> None:
        """Close every connection; exchanges under way end as Unknown."""
        if "_transport" in vars(self):
            await self._transport.aclose()


async def understood(name: str, answer: Answer, read: Callable[[bytes], T]) -> T:
    """Return what `read` makes of the answer to the call `name` (operations-safety rule 3).

    A refusal that `read` finds counts whatever the status is; a success needs a 2xx.

    Raises:
        Refused: as `read`. Unsupported: the server seems not to know the call. Unknown: anything else.
    """
    if answer.proves_nothing:
        raise Unknown(f"{name}: the server answered HTTP {answer.status}")
    try:
        result = await decoded(answer.body, read)
    except DocumentError as error:
        if answer.unknown_here:
            raise Unsupported(f"{name}: the server answered HTTP {answer.status}") from error
        status = "" if answer.ok else f"HTTP {answer.status}, "
        raise Unknown(f"{name}: {status}{error}") from error
    if not answer.ok:
        raise Unknown(f"{name}: the server answered HTTP {answer.status}")
    return result


async def decoded(body: bytes, decode: Callable[[bytes], T]) -> T:
    """Return `decode(body)`, made in a thread when it would hold up the event loop."""
    if len(body) <= _LARGE:
        return decode(body)
    with _uncollected() if len(body) > _VAST else nullcontext():
        return await asyncio.to_thread(decode, body)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from what is made inside, now and later.

    It would stop every thread for a tenth of a second to look at a hundred thousand devices, again
    and again; but values that were read hold no cycles.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class _SendWatch:
    """What the trace of a fresh connection tells; kept connections are not traced."""

    def __init__(self) -> None:
        self._connecting = False

    async def trace(self, event: str, _info: Mapping[str, Any]) -> None:
        self._connecting = event.startswith("connection.") and not event.endswith(".complete")

    def proves_unsent(self, error: Exception) -> bool:
        """Whether it is certain that no byte of the request left; silence is no proof."""
        return self._connecting or isinstance(error, _NEVER_LEFT)


@asynccontextmanager
async def _classified(watch: _SendWatch, deadline: float) -> AsyncIterator[None]:
    """Turn every failure into NotSent or Unknown."""
    try:
        yield
    except Exception as error:
        origin = _origin(error)
        if watch.proves_unsent(origin):
            raise NotSent(_why_unsent(origin)) from error
        raise Unknown(_why_unknown(origin, deadline)) from error


def _origin(error: Exception) -> Exception:
    """Look behind httpx-aiohttp, which calls a refused and a lost connection both a ConnectTimeout."""
    return error.__cause__ if isinstance(error.__cause__, aiohttp.ClientError) else error


def _why_unsent(error: Exception) -> str:
    match error:
        case httpx.PoolTimeout():
            return "no connection was free"
        case TimeoutError() | httpx.TimeoutException():
            return "no connection was made in time"
        case _:
            return f"cannot connect: {system_reason(error)}"


def system_reason(error: BaseException) -> str:
    """Return why a connection failed, as the system says it, below the libraries' own words."""
    for cause in _causes(error):
        match cause:
            case aiohttp.ClientError():
                continue
            case ssl.SSLCertVerificationError():
                return f"the server's certificate is not trusted: {cause.verify_message}"
            case ssl.SSLEOFError():
                return _HANDSHAKE_ENDED
            case ssl.SSLError():
                return _tls_words(cause)
            case socket.gaierror():
                return str(cause.strerror)
            case OSError() if cause.errno:
                return os.strerror(cause.errno)
            case ConnectionResetError():  # without a number, asyncio means the TLS handshake
                return _HANDSHAKE_ENDED
    return str(error)


_HANDSHAKE_ENDED = "the server ended the TLS handshake: does it want a client certificate?"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _tls_words(error: ssl.SSLError) -> str:
    return f"TLS: {(error.reason or 'failed').replace('_', ' ').lower()}"


def _why_unknown(error: Exception, deadline: float) -> str:
    # A TLS 1.3 server checks the client's certificate while the request is on its way already.
    refusal = next((one for one in _causes(error) if isinstance(one, ssl.SSLError)), None)
    match error:
        case DocumentError():
            return str(error)
        case TimeoutError() | httpx.TimeoutException():
            return f"no complete answer within {deadline:g} s"
        case _ if refusal is not None:
            return f"the server ended the connection: {_tls_words(refusal)}"
        case httpx.RemoteProtocolError() | aiohttp.ClientResponseError() | aiohttp.ClientPayloadError():
            return "the answer was cut short or is not HTTP"
        case httpx.NetworkError() | aiohttp.ClientConnectionError():
            return "the connection was lost before the answer was complete"
        case _:
            return f"the exchange failed: {type(error).__name__}"


async def _read(response: httpx.Response, limit: int) -> bytes:
    whole = BytesIO()  # which hands out what it holds, where to join pieces would take twice the memory
    async for chunk in response.aiter_raw():
        if whole.tell() + len(chunk) > limit:
            raise DocumentError(f"the reply is larger than {limit} bytes")
        whole.write(chunk)
    return whole.getvalue()


def _unpack(raw: bytes, coding: str, limit: int) -> bytes:
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise DocumentError("the reply is compressed in a way that was not asked for")
    return inflate(raw, limit)


def _transport(fresh: bool, verify: ssl.SSLContext | bool, slots: int) -> httpx.AsyncBaseTransport:
    if fresh:
        limits = httpx.Limits(max_connections=slots, max_keepalive_connections=0)
        return httpx.AsyncHTTPTransport(verify=verify, trust_env=False, limits=limits)

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=slots, keepalive_timeout=30, ssl=verify)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return AiohttpTransport(verify=verify, trust_env=False, client=session)


def _verification(url: str, tls: ssl.SSLContext | None) -> ssl.SSLContext | bool:
    """Load the trust store only where TLS is spoken: it costs tens of milliseconds."""
    if not url.lower().startswith("https:"):
        return False
    return tls or ssl.create_default_context()
