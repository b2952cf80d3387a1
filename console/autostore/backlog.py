"""Events that wait to be taken: a bounded queue in which only what is out of date gives way; pure."""

from collections import OrderedDict
from typing import NamedTuple

from console.autostore.events import Event, Subject


class Counts(NamedTuple):
    """What became of events that did not fit.

    `outdated` gave way to a later event about the same; `lost` were the latest of their subject.
    """

    outdated: int = 0
    lost: int = 0


class Backlog:
    """At most `limit` events in the order in which they came.

    While there is room, nothing is left out. When it is full, an event about the same gives way to
    a new one; otherwise the oldest that is not `kept` does, and `counts` tells that it is lost.

    Args:
        limit: most events, 16 or more.
        kept: types of which the latest event always stays.
    """

    def __init__(self, limit: int, kept: tuple[type[Event], ...] = ()) -> None:
        self.counts = Counts()
        self._limit = limit
        self._kept = kept
        self._waiting: OrderedDict[int, Event] = OrderedDict()
        self._latest: dict[Subject, int] = {}
        self._number = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, event: Event) -> None:
        """Add an event, and make room for it if there is none."""
        subject = event.subject
        if len(self._waiting) >= self._limit:
            self._make_room(subject)
        self._number += 1
        self._waiting[self._number] = event
        self._latest[subject] = self._number

    def take(self) -> Event:
        """Remove the oldest event and return it.

        Raises:
            KeyError: nothing waits.
        """
        number, event = self._waiting.popitem(last=False)
        if self._latest[event.subject] == number:
            del self._latest[event.subject]
        return event

    def _make_room(self, subject: Subject) -> None:
        outdated, lost = self.counts
        number = self._latest.get(subject)
        if number is not None:
            del self._waiting[number]
            self.counts = Counts(outdated + 1, lost)
            return
        number, event = next(one for one in self._waiting.items() if not self._stays(*one))
        del self._waiting[number]
        if self._latest[event.subject] == number:
            del self._latest[event.subject]
            self.counts = Counts(outdated, lost + 1)
        else:
            self.counts = Counts(outdated + 1, lost)

    def _stays(self, number: int, event: Event) -> bool:
        return isinstance(event, self._kept) and self._latest[event.subject] == number
