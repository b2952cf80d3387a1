"""The life of an alarm: raised, acknowledged, cleared, shelved (operations-safety rules 36 to 39); pure."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from console.state.alarms import Alarm, Priority
from console.text import SafeText

CHATTER_TIMES, CHATTER_SECONDS = 3, 60.0
"""Raised so often within so many seconds an alarm chatters: it stays one, with a counter."""

KEPT = 24 * 3600.0
"""Seconds for which one that cleared is shown to whoever has not acknowledged it."""

STANDING_LONG = 24 * 3600.0
"""Seconds after which a standing alarm tells of a fault nobody mends, or of an alarm nobody needs."""


class Standing(StrEnum):
    """Where an alarm is in its life."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    SUPPRESSED = "suppressed"
    SHELVED = "shelved"
    OUT_OF_SERVICE = "out of service"


HIDDEN = frozenset({Standing.SUPPRESSED, Standing.SHELVED, Standing.OUT_OF_SERVICE})
"""Those that do not call anybody; they are counted instead."""


class Shelf(Struct, frozen=True):
    """Why somebody does not want to hear of an alarm, until when (Unix seconds); None: out of service."""

    reason: SafeText
    by: SafeText
    until: float | None

    def holds(self, now: float) -> bool:
        """Whether it still hides the alarm; `now` in Unix seconds."""
        return self.until is None or now < self.until


class Episode(Struct, frozen=True):
    """An alarm from the moment it is raised until it is over and somebody knows of it.

    All times are store time. `raised` are the last few moments at which it was raised, `times` is how
    often that was, `cleared` since when it is not so any more. `priority` is the highest it had since
    it was acknowledged.
    """

    alarm: Alarm
    raised: tuple[float, ...]
    priority: Priority
    times: int = 1
    cleared: float | None = None
    acknowledged: bool = False

    @property
    def since(self) -> float:
        """Since when it stands, or stood."""
        return self.raised[-1] if self.alarm.since is None else self.alarm.since

    @property
    def chatters(self) -> bool:
        """Whether it comes and goes, too often to be told each time."""
        return len(self.raised) == CHATTER_TIMES and self.raised[-1] - self.raised[0] <= CHATTER_SECONDS

    def counts(self, now: float) -> bool:
        """Whether it has stood for as long as its sort has to before it counts."""
        end = now if self.cleared is None else self.cleared
        return self.times > 1 or end - self.raised[-1] >= self.alarm.sort.delay


def follow(before: Mapping[str, Episode], raised: Iterable[Alarm], now: float) -> dict[str, Episode]:
    """Return the episodes by name after a look that found these alarms, at store time `now`."""
    found = {alarm.name: alarm for alarm in raised}
    after = {name: _raised(before.get(name), alarm, now) for name, alarm in found.items()}
    for name, episode in before.items():
        if name not in found and (left := _cleared(episode, now)) is not None:
            after[name] = left
    return after


def _raised(episode: Episode | None, alarm: Alarm, now: float) -> Episode:
    if episode is None:
        return Episode(alarm, (now,), alarm.sort.priority)
    latched = alarm.sort.priority if episode.acknowledged else max(episode.priority, alarm.sort.priority)
    episode = replace(episode, alarm=alarm, priority=latched)
    if episode.cleared is None:
        return episode
    # One that comes back soon is the same alarm, and known to whoever acknowledged it.
    moments = (*episode.raised, now)[-CHATTER_TIMES:]
    return replace(episode, raised=moments, times=episode.times + 1, cleared=None)


def _cleared(episode: Episode, now: float) -> Episode | None:
    episode = replace(episode, cleared=now) if episode.cleared is None else episode
    assert episode.cleared is not None
    patience = CHATTER_SECONDS if episode.acknowledged else KEPT
    gone = now - episode.cleared >= patience or not episode.counts(now)
    return None if gone else episode


def acknowledged(before: Mapping[str, Episode], names: Collection[str]) -> dict[str, Episode]:
    """Return the episodes after somebody acknowledged some."""
    return {name: replace(one, acknowledged=True) if name in names else one for name, one in before.items()}


def standing(episode: Episode | None, shelf: Shelf | None, now: float, wall: float) -> Standing | None:
    """Return where an alarm is, or None when nobody needs to see it; `wall` in Unix seconds."""
    if shelf is not None and shelf.holds(wall):
        return Standing.OUT_OF_SERVICE if shelf.until is None else Standing.SHELVED
    if episode is None or not episode.counts(now):
        return None
    if episode.cleared is not None:
        return None if episode.acknowledged else Standing.CLEARED
    if episode.alarm.suppressed:
        return Standing.SUPPRESSED
    return Standing.ACKNOWLEDGED if episode.acknowledged else Standing.NEW
