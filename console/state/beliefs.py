"""What every belief has: an age on one clock, a worth that falls with it, and notices of both."""

from collections.abc import Callable, Iterator

from console.state.entities import Key
from console.state.notices import Notices, Schedule
from console.state.quality import Quality, judge


class Beliefs(Notices):
    """The common ground of the tables.

    Args:
        clock: seconds; injected so that ages can be tested.
        schedule: as `Notices`.
    """

    def __init__(self, *, clock: Callable[[], float], schedule: Schedule | None) -> None:
        super().__init__(schedule)
        self.clock = clock
        self._trusted_from = float("-inf")
        self._told: dict[Key, Quality] = {}

    def distrust(self) -> None:
        """Make everything seen so far stale at once: the process was stopped or the machine slept."""
        self._trusted_from = self.clock()
        self.grow_old()

    def grow_old(self) -> None:
        """Note the beliefs whose quality has changed by the mere passing of time; call once a second."""
        for key, quality in self._qualities():
            if self._told.get(key, Quality.NEVER) is not quality:
                self._told[key] = quality
                self._note(key)

    def _qualities(self) -> Iterator[tuple[Key, Quality]]:
        """Yield what each belief is worth now; every kind of table adds its own."""
        return iter(())

    def _judge(self, seen_at: float | None, limit: float, failure: str | None) -> Quality:
        failing = failure is not None
        if seen_at is not None and seen_at <= self._trusted_from:
            return Quality.UNREACHABLE if failing else Quality.STALE
        return judge(seen_at, self.clock(), limit, failing=failing)

    def _note_if_seen(self, key: Key, before: Quality, after: Quality, *, changed: bool) -> None:
        """Note `key` when people would see a difference: in what is known, or in what it is worth.

        What a pane drew since the last notice may be older than what was told, so both count.
        """
        told = self._told.get(key, Quality.NEVER)
        self._told[key] = after
        if changed or not before is told is after:
            self._note(key)
