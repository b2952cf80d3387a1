"""Follows the Log Publisher: one TCP connection after another, and what they tell as events.

The protocol has no heartbeat and no end of a download (autostore.md 8 #17). A dead peer is
noticed by TCP keep-alive, and a download counts as complete once nothing of it has come for a
moment. Nothing is ever sent.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import TracebackType

from console.autostore.backlog import Backlog, Counts
from console.autostore.events import (
    LINE_LIMIT,
    BinDefined,
    BinLocated,
    CellDefined,
    CellLocked,
    DownloadBegun,
    Event,
    LiftCellLocked,
    Subject,
    Unreadable,
    Unrecognised,
    read_line,
)
from console.exchange import system_reason
from console.text import SafeText, safe

CONNECT_WITHIN = 10.0
"""Seconds in which a connection has to be made, TLS included."""

_IDLE, _BETWEEN, _PROBES = 10, 5, 3
"""TCP keep-alive: seconds of silence before the first probe, seconds between two, probes until the end."""

_CHUNK = 16 * 1024
"""Bytes read at a time: some five hundred lines, a few milliseconds of the event loop."""

_TAKEN_AT_ONCE = 500
"""Events taken in a row before others get a turn on the event loop."""


class Connected(Event, frozen=True, kw_only=True):
    """The stream is connected; what was told before stays in doubt until a download begins."""

    @property
    def subject(self) -> Subject:
        """The connection, like `Disconnected`."""
        return ("connection",)


class Disconnected(Event, frozen=True, kw_only=True):
    """The connection ended, or could not be made; the next attempt follows by itself."""

    reason: SafeText

    @property
    def subject(self) -> Subject:
        """The connection, like `Connected`."""
        return ("connection",)


class DownloadComplete(Event, frozen=True, kw_only=True):
    """Nothing of the download has come for a moment: what it did not tell is not so."""


class Overrun(Event, frozen=True, kw_only=True):
    """Events were lost because they were not taken in time; only a download makes up for them."""

    lost: int


class LogStream:
    """The events of one publisher, in order, for ever: connect with `async with`, take with `async for`.

    Args:
        backoff: seconds to wait after so many connections in a row that told nothing.
        clock: seconds of the clock that stamps events.
        tls: context of a publisher that speaks TLS.
        sleep: waits before a connection is tried again.
        most: most events that wait to be taken.
        line_limit: most bytes of a line.
        quiet: seconds without a line of a download after which it is complete.

    Entering returns at once, and connects behind; leaving ends that, and every `async for`.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        backoff: Callable[[int], float],
        clock: Callable[[], float],
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        most: int = 10_000,
        line_limit: int = LINE_LIMIT,
        quiet: float = 1.0,
    ) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        self._backoff = backoff
        self._clock = clock
        self._sleep = sleep
        self._line_limit = line_limit
        self._quiet = quiet
        self._backlog = Backlog(most, kept=(Connected, Disconnected, DownloadBegun, DownloadComplete))
        self._told_lost = 0
        self._taken = 0
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def counts(self) -> Counts:
        """How many events gave way since the stream was opened."""
        return self._backlog.counts

    async def __aenter__(self) -> "LogStream":
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: self._news.set())
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def __aiter__(self) -> "LogStream":
        return self

    async def __anext__(self) -> Event:
        assert self._task is not None
        self._taken += 1
        if self._taken % _TAKEN_AT_ONCE == 0:
            await asyncio.sleep(0)
        while True:
            lost, self._told_lost = self.counts.lost - self._told_lost, self.counts.lost
            if lost:
                return Overrun(at=self._clock(), lost=lost)
            if self._backlog:
                return self._backlog.take()
            if self._task.done():
                raise self._fault() or StopAsyncIteration
            self._news.clear()
            await self._news.wait()

    def _fault(self) -> BaseException | None:
        assert self._task is not None
        return None if self._task.cancelled() else self._task.exception()

    def _put(self, event: Event) -> None:
        self._backlog.put(event)
        self._news.set()

    async def _run(self) -> None:
        failures = 0
        while True:
            connection = _Connection(self._put, self._clock, self._line_limit, self._quiet)
            reason = await self._follow(connection)
            self._put(Disconnected(at=self._clock(), reason=safe(reason)))
            failures = 1 if connection.told else failures + 1
            await self._sleep(self._backoff(failures))

    async def _follow(self, connection: "_Connection") -> str:
        """Follow one connection to its end, and return why it ended."""
        trouble = "cannot connect"
        try:
            async with _connected(self._host, self._port, self._tls) as reader:
                trouble = "the connection was lost"
                self._put(Connected(at=self._clock()))
                await connection.follow(reader)
            return "the publisher closed the connection"
        except (OSError, UnicodeError) as error:  # a name that cannot be one is a UnicodeError
            late = isinstance(error, TimeoutError) and error.errno is None
            return "no connection was made in time" if late else f"{trouble}: {system_reason(error)}"


class Lines:
    """Cuts a stream of bytes into lines that end in LF, whatever pieces it comes in; pure.

    Blank lines are left out. Of a line of more than `limit` bytes only the beginning is returned, a
    byte more than `limit`, as soon as it is that long; a line without an end is never returned.
    """

    def __init__(self, limit: int) -> None:
        self._most = limit + 1
        self._begun = b""
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that `data` ends, or makes too long."""
        lines: list[bytes] = []
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._grow(end, lines)
            if self._begun.strip():
                lines.append(self._begun)
            self._begun, self._skipping = b"", False
        self._grow(rest, lines)
        return lines

    def _grow(self, piece: bytes, lines: list[bytes]) -> None:
        if self._skipping:
            return
        self._begun += piece
        if len(self._begun) >= self._most:
            lines.append(self._begun[: self._most])
            self._begun, self._skipping = b"", True


class Download:
    """Tells when a download is complete: `quiet` seconds after its last line; pure."""

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._complete_at: float | None = None

    def hear(self, event: Event) -> None:
        """Note an event; the changes that go on meanwhile do not put the end off."""
        if isinstance(event, DownloadBegun) or (self._complete_at is not None and _of_a_download(event)):
            self._complete_at = event.at + self._quiet

    def wait(self, now: float) -> float | None:
        """Return the seconds after which it is complete unless more comes; None without a download."""
        return None if self._complete_at is None else max(0.0, self._complete_at - now)

    def end(self, now: float) -> bool:
        """Return whether it is complete now; true once for each."""
        if self._complete_at is None or now < self._complete_at:
            return False
        self._complete_at = None
        return True


def _of_a_download(event: Event) -> bool:
    """Whether it is of the kinds that a download is made of (autostore.md 6, DS)."""
    if isinstance(event, BinLocated):
        return event.complete
    return isinstance(event, BinDefined | CellDefined | CellLocked | LiftCellLocked)


class _Connection:
    """One connection; `told` is whether it ever told anything that a publisher tells."""

    def __init__(
        self, put: Callable[[Event], None], clock: Callable[[], float], line_limit: int, quiet: float
    ) -> None:
        self.told = False
        self._put = put
        self._clock = clock
        self._line_limit = line_limit
        self._lines = Lines(line_limit)
        self._download = Download(quiet)

    async def follow(self, reader: asyncio.StreamReader) -> None:
        """Read until the publisher closes; a line that was cut off then is dropped."""
        while (data := await self._data(reader)) != b"":
            now = self._clock()
            for line in self._lines.feed(data or b""):
                event = read_line(line, now, self._line_limit)
                self.told = self.told or not isinstance(event, Unrecognised | Unreadable)
                self._download.hear(event)
                self._put(event)
            if self._download.end(now):
                self._put(DownloadComplete(at=now))
            await asyncio.sleep(0)  # a read of what is there already lets nobody else run

    async def _data(self, reader: asyncio.StreamReader) -> bytes | None:
        """Return what comes next; nothing when a download may be complete, no bytes at the end."""
        try:
            async with asyncio.timeout(self._download.wait(self._clock())) as limit:
                return await reader.read(_CHUNK)
        except TimeoutError:
            if limit.expired():
                return None
            raise


@asynccontextmanager
async def _connected(host: str, port: int, tls: ssl.SSLContext | None) -> AsyncIterator[asyncio.StreamReader]:
    async with asyncio.timeout(CONNECT_WITHIN):
        reader, writer = await asyncio.open_connection(host, port, ssl=tls, limit=_CHUNK)
    try:
        _keep_alive(writer.get_extra_info("socket"))
        yield reader
    finally:
        writer.transport.abort()  # closing politely would wait for a peer that may be gone
        with suppress(OSError):
            await writer.wait_closed()


def _keep_alive(connection: socket.socket) -> None:
    """Let the system notice within half a minute that the peer is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", _IDLE), ("TCP_KEEPINTVL", _BETWEEN), ("TCP_KEEPCNT", _PROBES)):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
