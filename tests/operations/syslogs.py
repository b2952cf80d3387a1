"""A syslog that keeps what it hears: over UDP, TCP or a socket of this host."""

import re
import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from console.settings.values import SyslogAddress

HEAD = re.compile(r"head - (\d+:[0-9a-f]{64}) ")


class Listener:
    """Hears lines on a thread until it is left; `lines` are all of them so far."""

    def __init__(self, scheme: str, directory: Path) -> None:
        family = socket.AF_UNIX if scheme == "unix" else socket.AF_INET
        self._stream = scheme == "tcp"
        self._socket = socket.socket(family, socket.SOCK_STREAM if self._stream else socket.SOCK_DGRAM)
        if scheme == "unix":
            self._socket.bind(str(directory / "log"))
            self.address = SyslogAddress(f"unix:{directory / 'log'}")
        else:
            self._socket.bind(("127.0.0.1", 0))
            self.address = SyslogAddress(f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}")
        if self._stream:
            self._socket.listen()
        self._socket.settimeout(0.05)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self.lines: list[str] = []

    @property
    def heads(self) -> list[str]:
        """The heads among the lines, as `SEQ:HASH`."""
        return [found[1] for line in self.lines if (found := HEAD.search(line))]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._left.is_set():
            with suppress(TimeoutError):
                self.lines.extend(self._heard().decode().splitlines())

    def _heard(self) -> bytes:
        if not self._stream:
            return self._socket.recv(65536)
        connection, _ = self._socket.accept()
        with connection, connection.makefile("rb") as whole:
            return whole.read()
