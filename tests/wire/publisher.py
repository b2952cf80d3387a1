"""A Log Publisher that says what a test wants, connection by connection."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Talk:
    """One connection, as the publisher has it."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def say(self, *lines: str) -> None:
        """Send whole lines."""
        await self.send("".join(f"{line}\r\n" for line in lines).encode())

    async def send(self, data: bytes) -> None:
        """Send bytes; returns once the other side has room for them."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        """End the connection as a server does that goes down in order."""
        self._writer.close()

    def reset(self) -> None:
        """End the connection as a server does that crashed."""
        sock: socket.socket = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


class Publisher:
    """Listens; every connection waits in `talks` to be told what to say."""

    def __init__(self) -> None:
        self.port = 0
        self.talks: asyncio.Queue[Talk] = asyncio.Queue()
        self._listener: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def listen(self, tls: ssl.SSLContext | None = None) -> None:
        """Accept connections; on the same port when it did so before."""
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def leave(self) -> None:
        """End every connection and accept no more."""
        assert self._listener is not None
        self._listener.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.talks.put_nowait(Talk(writer))


@asynccontextmanager
async def publishing(tls: ssl.SSLContext | None = None) -> AsyncIterator[Publisher]:
    """Run a publisher while the block runs."""
    publisher = Publisher()
    await publisher.listen(tls)
    try:
        yield publisher
    finally:
        await publisher.leave()
