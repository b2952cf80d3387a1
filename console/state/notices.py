"""Changes gathered into one notice a frame: keys only, and listeners read the tables themselves."""

from collections.abc import Callable
from contextlib import suppress

from console.state.entities import Key

Listener = Callable[[frozenset[Key]], None]
Schedule = Callable[[Callable[[], None]], object]
"""Runs a function once, at the next frame."""


class Notices:
    """Keeps which keys have changed, and tells the listeners at most once a frame.

    Args:
        schedule: arranges the next notice; without one every change is told at once.
    """

    def __init__(self, schedule: Schedule | None) -> None:
        self._schedule = schedule
        self._listeners: list[Listener] = []
        self._changed: set[Key] = set()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with the keys that changed; returns a function that ends it."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def flush(self) -> None:
        """Tell the listeners what has changed since the last time."""
        if not self._changed:
            return
        keys, self._changed = frozenset(self._changed), set()
        for listener in tuple(self._listeners):
            listener(keys)

    def _note(self, key: Key) -> None:
        first = not self._changed
        self._changed.add(key)
        if self._schedule is None:
            self.flush()
        elif first:
            self._schedule(self.flush)
