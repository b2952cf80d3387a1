"""All alarms of a site as a console knows them: what calls for a person, what is hidden, what came."""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from console.state.alarm_life import (
    HIDDEN,
    STANDING_LONG,
    Episode,
    Shelf,
    Standing,
    acknowledged,
    follow,
    standing,
)
from console.state.alarms import Alarm, Priority

FLOOD_SECONDS, FLOOD_ALARMS = 600.0, 10
"""More alarms than that in so many seconds are a flood: nobody can act on each (rule 36)."""

_ORDER = tuple(Standing)


class Listed(Struct, frozen=True):
    """An alarm for a list: `episode` is None while what is shelved does not stand."""

    name: str
    standing: Standing
    episode: Episode | None
    shelf: Shelf | None

    @property
    def calls(self) -> bool:
        """Whether it stands and nobody has put it out of sight."""
        return self.standing in (Standing.NEW, Standing.ACKNOWLEDGED)


class AlarmBook:
    """Follows the alarms of a site.

    Args:
        clock: store time. wall: Unix time, in which shelves are told.
    """

    def __init__(self, clock: Callable[[], float], wall: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._wall = wall
        self._episodes: Mapping[str, Episode] = {}
        self._shelves: Mapping[str, Shelf] = {}
        self._raised: deque[float] = deque(maxlen=1000)

    def see(self, raised: Iterable[Alarm]) -> None:
        """Take up what is an alarm now."""
        before, now = self._episodes, self._clock()
        self._episodes = follow(before, raised, now)
        for name, episode in self._episodes.items():
            if name not in before or episode.times > before[name].times:
                self._raised.append(now)

    def acknowledge(self, names: Collection[str]) -> None:
        """Take up that somebody knows of these."""
        self._episodes = acknowledged(self._episodes, names)

    def shelve(self, shelves: Mapping[str, Shelf]) -> None:
        """Take up what is shelved, in place of what was."""
        self._shelves = shelves

    @property
    def listed(self) -> Sequence[Listed]:
        """All of them: by where they are in their life, the most urgent and then the newest first."""
        now, wall = self._clock(), self._wall()
        found = []
        for name in {**self._episodes, **self._shelves}:
            episode, shelf = self._episodes.get(name), self._shelves.get(name)
            where = standing(episode, shelf, now, wall)
            if where is not None:
                found.append(Listed(name, where, episode, shelf))
        return sorted(found, key=_rank)

    @property
    def flood(self) -> int:
        """How many were raised lately."""
        since = self._clock() - FLOOD_SECONDS
        return sum(moment > since for moment in self._raised)

    @property
    def standing_long(self) -> int:
        """How many have stood for a day: nobody acts on them (rule 38)."""
        before = self._clock() - STANDING_LONG
        return sum(one.cleared is None and one.raised[-1] < before for one in self._episodes.values())


def _rank(listed: Listed) -> tuple[int, int, float]:
    episode = listed.episode
    urgency = Priority.LOW if episode is None else episode.priority
    return _ORDER.index(listed.standing), -urgency, -(episode.since if episode is not None else 0.0)


def calling(listed: Iterable[Listed]) -> list[Listed]:
    """Return those that call for a person."""
    return [one for one in listed if one.calls]


def hidden(listed: Iterable[Listed]) -> int:
    """Return how many call nobody though they stand, or would call nobody if they came (rule 39)."""
    return sum(one.standing in HIDDEN for one in listed)
