"""What a simulated system was asked to change, and what it answered."""

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

OK = "ok"
CLIENT = "client"
CREW = "crew"
CHURN = "churn"


class Executed(Struct, frozen=True):
    """One mutating call; `result` is "ok", a fault code, or an error text. `time` is the world's."""

    sequence: int
    time: float
    server: str
    who: str
    method: str
    arguments: Mapping[str, Any]
    result: str | int


class Record:
    """The calls of one world, oldest first, the newest `KEPT` of them; listeners hear of each at once."""

    KEPT = 100_000

    def __init__(self, server: str) -> None:
        self.server = server
        self.entries: deque[Executed] = deque(maxlen=self.KEPT)
        self.listeners: list[Callable[[Executed], None]] = []
        self._count = 0

    def add(
        self, time: float, who: str, method: str, arguments: Mapping[str, Any], result: str | int
    ) -> None:
        """Note one call; `arguments` must be data that JSON can hold, times included."""
        self._count += 1
        plain = msgspec.to_builtins(dict(arguments))
        entry = Executed(self._count, time, self.server, who, method, plain, result)
        self.entries.append(entry)
        for listener in self.listeners:
            listener(entry)


class RecordFile:
    """Appends each entry to a file as one JSON line, handed to the system before the caller answers.

    Another process can read what was really executed, even after this one was killed.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab", buffering=0)

    def write(self, entry: Executed) -> None:
        self._file.write(msgspec.json.encode(entry) + b"\n")

    def close(self) -> None:
        self._file.close()
