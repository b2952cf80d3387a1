"""Sends lines to a syslog: RFC 5424 over UDP or TCP, or to a socket of this host as its C library does."""

import os
import platform
import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from console.settings.values import SyslogAddress

_PRIORITY = 13 * 8 + 6
"""Log audit, informational."""

_MOST_BYTES = 8000
"""Of one line: what a receiver takes that nobody configured (RFC 5424 6.1 asks for 2,048)."""

_SECONDS = 3.0
"""Longest time for connecting, and for each line."""

_OBJECTION = 0.1
"""Seconds for the other host to say that nobody listens: all that UDP ever answers."""

_UNIX = "unix:"


def line(address: SyslogAddress, subject: str, text: str, now: datetime) -> bytes:
    """Return one line as the syslog at `address` takes it, without an end.

    Args:
        subject: one word, what the line is about.
        now: aware, in UTC.
    """
    if address.startswith(_UNIX):
        told = f"<{_PRIORITY}>portside[{os.getpid()}]: {subject} {text}"
    else:
        when = f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"
        told = f"<{_PRIORITY}>1 {when} {_host()} portside {os.getpid()} {subject} - {text}"
    return told.encode()[:_MOST_BYTES]


def send(address: SyslogAddress, lines: Iterable[bytes]) -> None:
    """Connect, send all lines, and leave; nothing is sent twice.

    Raises:
        OSError, ValueError: they may not have arrived, or not all.
    """
    with _connected(address) as connection:
        datagrams = connection.type == socket.SOCK_DGRAM
        for one in lines:
            connection.sendall(one if datagrams else one + b"\n")
        if datagrams and not address.startswith(_UNIX):
            connection.settimeout(_OBJECTION)
            with suppress(TimeoutError):
                connection.recv(1)


def _connected(address: SyslogAddress) -> socket.socket:
    if address.startswith(_UNIX):
        return _joined(socket.AF_UNIX, address.removeprefix(_UNIX))
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 0
    if parts.scheme == "tcp":
        return socket.create_connection((host, port), timeout=_SECONDS)
    family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    return _joined(family, place)


def _joined(family: int, place: str | tuple[Any, ...]) -> socket.socket:
    """Return a socket for datagrams that hears what is answered to them."""
    connection = socket.socket(family, socket.SOCK_DGRAM)
    try:
        connection.settimeout(_SECONDS)
        connection.connect(place)
    except BaseException:
        connection.close()
        raise
    return connection


def _host() -> str:
    """Return this host's name as the header may hold it."""
    return "".join(char for char in platform.node() if "!" <= char <= "~")[:255] or "-"
