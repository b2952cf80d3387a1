"""The Log Publisher on a real socket: what the warehouse tells goes to whoever listens, one way."""

import asyncio
from collections.abc import Iterable

from console.simulator.changes import Alert, AlertRaised, Change, DriverRegained
from console.simulator.log_publisher import download, line
from console.simulator.warehouse import Warehouse

BACKLOG = 1024 * 1024
"""Bytes that may wait for a subscriber besides a full download; a slower one is dropped."""


class LogStream:
    """Sends every subscriber the present state and from then on each change, as lines of text.

    Nothing waits for a subscriber: what it has not read waits in its own bounded buffer.
    """

    def __init__(self, world: Warehouse, backlog: int = BACKLOG) -> None:
        self.subscribers: set[_Subscriber] = set()
        self.backlog = backlog
        self._world = world
        self._lines: list[str] = []
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, on a free port if `port` is 0, and return host and port.

        Raises:
            OSError: the address cannot be had.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Subscriber(self), host, port)
        self._world.course.listeners.append(self._hear)
        address: tuple[str, int] = self._server.sockets[0].getsockname()[:2]
        return address

    async def stop(self) -> None:
        """Send what there is to send and close the socket and every connection."""
        if self._server is None:
            return
        self._world.course.listeners.remove(self._hear)
        self.flush()
        self._server.close()
        for subscriber in self.subscribers:
            subscriber.leave()
        await self._server.wait_closed()
        self._server = None

    def flush(self) -> None:
        """Send the lines that came together since the last time."""
        lines, self._lines = self._lines, []
        if lines:
            data = _encoded(lines)
            for subscriber in self.subscribers:
                subscriber.send(data)

    def welcome(self) -> bytes:
        """Return what a new subscriber gets first; while the driver is lost, that it is."""
        if self._world.system.driver_heard:
            return _encoded(download(self._world))
        missed = line(AlertRaised(Alert.NO_CONNECTION)) if self._world.system.driver_missed else None
        return _encoded([missed] if missed else [])

    def _hear(self, change: Change) -> None:
        if not self.subscribers:
            return
        if isinstance(change, DriverRegained):
            self._download_again()
            return
        told = line(change) if self._passes(change) else None
        if told is None:
            return
        if not self._lines:
            asyncio.get_running_loop().call_soon(self.flush)
        self._lines.append(told)

    def _passes(self, change: Change) -> bool:
        """Without its driver the publisher knows nothing but that."""
        return self._world.system.driver_heard or change == AlertRaised(Alert.NO_CONNECTION)

    def _download_again(self) -> None:
        self.flush()
        data = self.welcome()
        for subscriber in self.subscribers:
            subscriber.send(data, most=len(data) + self.backlog)


class _Subscriber(asyncio.Protocol):
    """One connection; what the subscriber sends means nothing."""

    def __init__(self, stream: LogStream) -> None:
        self._stream = stream
        self._transport: asyncio.Transport | None = None
        self._most = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._stream.flush()
        data = self._stream.welcome()
        self.send(data, most=len(data) + self._stream.backlog)
        self._stream.subscribers.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._stream.subscribers.discard(self)

    def send(self, data: bytes, most: int | None = None) -> None:
        """Send, or drop a subscriber that reads too slowly; `most` is what may wait from now on."""
        assert self._transport is not None
        self._most = most or self._most
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > self._most:
            self._transport.abort()

    def leave(self) -> None:
        """Close the connection, without waiting for what is not read."""
        assert self._transport is not None
        if self._transport.get_write_buffer_size():
            self._transport.abort()
        else:
            self._transport.close()


def _encoded(lines: Iterable[str]) -> bytes:
    return "".join(f"{one}\r\n" for one in lines).encode("ascii")
