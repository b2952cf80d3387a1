"""What will happen next in a world, and the clock that makes it happen."""

import heapq
from collections.abc import Callable
from itertools import count
from typing import TypeAlias

Key: TypeAlias = tuple[str, int]
"""What an event belongs to, as ("bin", 101337)."""


class Agenda:
    """Events in order of time; one per key, so that a new plan for a thing replaces its old one.

    Time is float seconds since the world began and moves only in `advance`.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[tuple[float, int, Key, Callable[[], None]]] = []
        self._serial_by_key: dict[Key, int] = {}
        self._serials = count()

    def plan(self, key: Key, delay: float, action: Callable[[], None]) -> None:
        """Let `action` happen `delay` seconds from now, instead of what `key` had planned."""
        serial = next(self._serials)
        self._serial_by_key[key] = serial
        heapq.heappush(self._heap, (self.now + delay, serial, key, action))

    def drop(self, key: Key) -> None:
        """Forget what `key` had planned."""
        self._serial_by_key.pop(key, None)

    def pending(self, key: Key) -> bool:
        """Tell whether something is planned for `key`."""
        return key in self._serial_by_key

    def advance(self, to: float) -> None:
        """Move the clock to `to`, doing what falls due on the way; a time already past does nothing."""
        while self._heap and self._heap[0][0] <= to:
            due, serial, key, action = heapq.heappop(self._heap)
            if self._serial_by_key.get(key) != serial:
                continue
            del self._serial_by_key[key]
            self.now = max(self.now, due)
            action()
        self.now = max(self.now, to)
