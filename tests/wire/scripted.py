"""A server that plays what it is told, byte by byte, and remembers what it was sent."""

import asyncio
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import Enum, auto
from typing import NamedTuple


class Then(Enum):
    """What happens to the connection after an answer's bytes."""

    KEEP = auto()
    CLOSE = auto()
    RESET = auto()
    HANG = auto()
    DRIBBLE = auto()
    """One byte at a time, without end."""


class Answer(NamedTuple):
    """What one request gets; with `blind`, the connection gets it before any request is read."""

    data: bytes = b""
    then: Then = Then.KEEP
    blind: bool = False


def http(
    body: bytes = b"", status: str = "200 OK", content_type: str = "application/xml", *more: str
) -> bytes:
    """Return a whole reply with a right Content-Length."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*head, "", ""]).encode() + body


class Server:
    """Plays `answers` in order, the last one for ever."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.received = b""
        self.requests: list[bytes] = []
        self.connections = 0
        self.asked = asyncio.Event()
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def bodies(self) -> list[bytes]:
        """Return the bodies of the requests that arrived whole."""
        return [request.partition(b"\r\n\r\n")[2] for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Play on one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._turn(reader, writer):
                pass
        except (OSError, asyncio.CancelledError):
            pass  # the other side left, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _turn(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if not self.answers[0].blind and not await self._request(reader):
            return False
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        writer.write(answer.data)
        await writer.drain()
        match answer.then:
            case Then.RESET:
                sock: socket.socket = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            case Then.HANG:
                await reader.read()
            case Then.DRIBBLE:
                while not writer.is_closing():
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(0.01)
        return answer.then is Then.KEEP

    async def _request(self, reader: asyncio.StreamReader) -> bool:
        request = b""
        while True:
            data = await reader.read(65536)
            self.received += data
            request += data
            head, blank, body = request.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
            if blank and length and len(body) >= int(length[1]):
                self.requests.append(request)
                self.asked.set()
                return True
            if not data:
                return False

    def end(self) -> None:
        """Drop every connection."""
        for task in self._tasks:
            task.cancel()


@asynccontextmanager
async def playing(*answers: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Run a server that plays `answers`; its address is in `url`."""
    server = Server(answers)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    host, port = listener.sockets[0].getsockname()
    server.url = f"{'https' if tls else 'http'}://{host}:{port}"
    try:
        yield server
    finally:
        listener.close()
        server.end()
