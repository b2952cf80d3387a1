"""HTTP as it comes over a socket, whatever is wrong with it."""

import asyncio
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from urllib.parse import urlsplit

OPENPORT = b"<methodcall><name>openport</name><params><port_id>1</port_id></params></methodcall>"


async def sent(url: str, path: str = "/api/v2/task", body: bytes = OPENPORT) -> tuple[Reader, Writer]:
    """Post over a fresh connection."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    head = f"POST {path} HTTP/1.1\r\nHost: site\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    return reader, writer


async def exchange(url: str, path: str = "/api/v2/task", body: bytes = OPENPORT) -> tuple[bytes, bytes]:
    """Post, and return head and body as they came until the server closed.

    Raises:
        ConnectionResetError: the server reset the connection.
    """
    reader, writer = await sent(url, path, body)
    try:
        answer = await asyncio.wait_for(reader.read(-1), 10)
    finally:
        writer.close()
    head_came, _, body_came = answer.partition(b"\r\n\r\n")
    return head_came, body_came


def status(head: bytes) -> int:
    return int(head.split(b" ")[1])


def header(head: bytes, name: str) -> str:
    lines = head.decode().lower().split("\r\n")
    return next((line.partition(": ")[2] for line in lines if line.startswith(name + ":")), "")
