"""The last calls of this console, kept for people who want to see what was said."""

from collections import deque
from collections.abc import Iterator, Set
from typing import NamedTuple

from console.outcome import Outcome
from console.tap import Exchange, Request

KEPT = 500
"""Calls that are kept: the last so many commands, and the last so many reads.

Apart, for at a busy site the reads of a few seconds would push out what was commanded.
"""


class Numbered(NamedTuple):
    """An exchange and its place in the order of all."""

    number: int
    exchange: Exchange


class WireLog:
    """Takes what a client's tap tells; the newest comes first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._commands: deque[Numbered] = deque(maxlen=kept)
        self._reads: deque[Numbered] = deque(maxlen=kept)
        self._count = 0
        self._understood: set[str] = set()
        self._not_understood: set[str] = set()

    @property
    def not_known(self) -> Set[str]:
        """Calls that the server does not seem to know: it answered so, and never anything better."""
        return self._not_understood - self._understood

    @property
    def count(self) -> int:
        """How many calls there were since this console was opened."""
        return self._count

    def note(self, exchange: Exchange) -> None:
        """Keep a call."""
        self._count += 1
        if exchange.unsupported:
            self._not_understood.add(exchange.request.method)
        elif exchange.outcome in (Outcome.ACCEPTED, Outcome.REFUSED):
            self._understood.add(exchange.request.method)
        kept = self._commands if exchange.request.command else self._reads
        kept.append(Numbered(self._count, exchange))

    def made_since(self, count: int, request: Request) -> Exchange | None:
        """Return the newest exchange of this request, of those after the first `count` calls.

        Of a command name and target have to be the same: its id may have been put into its values.
        """
        newer = (one.exchange for one in self if one.number > count)
        return next((exchange for exchange in newer if _is_same(exchange.request, request)), None)

    def __iter__(self) -> Iterator[Numbered]:
        """Go through the calls, the newest first."""
        return iter(sorted((*self._commands, *self._reads), key=lambda one: -one.number))


def _is_same(made: Request, asked: Request) -> bool:
    if made.command:
        return (made.method, made.target) == (asked.method, asked.target)
    return made == asked
