"""How often a port is read, and so from what age on its belief is stale; pure.

What somebody looks at is read at the interval of the settings, what is at work less often, what
sleeps seldom. While the Log Publisher tells of bins, cases and hatches, reads only look for what it
has no line for, the modes (autostore.md 8 #16), and all come less often.
"""

from typing import NamedTuple

from console.autostore.values import UNAVAILABLE
from console.state.entities import Port
from console.state.quality import STALE_AFTER_INTERVALS, STALE_MOST, stale_limit

RECENT = 30.0
"""Seconds for which a port that has changed counts as at work."""

SELDOM = STALE_MOST / STALE_AFTER_INTERVALS
"""Seconds between two reads that still keep a belief from growing stale (rule 32)."""


class Pace(NamedTuple):
    """`interval` seconds between two reads; `weight`: how much each counts once all come late."""

    interval: float
    weight: float = 1.0

    @property
    def limit(self) -> float:
        """The age in seconds from which on a belief is stale."""
        return stale_limit(self.interval)


class Paces(NamedTuple):
    """One pace for each degree of interest."""

    watched: Pace
    awake: Pace
    asleep: Pace


_ASKED = (1.0, 3.0, 10.0)
_TOLD = (1.5, 10.0, 10.0)
"""Intervals as multiples of the one of the settings, without the Log Publisher's word and with it."""

_WEIGHTS = (5.0, 1.0, 1.0)


def paces(interval: float, *, told: bool) -> Paces:
    """Return the paces of ports that are read every `interval` seconds when somebody looks.

    Args:
        told: whether the Log Publisher tells what changes.
    """
    times = _TOLD if told else _ASKED
    intervals = (max(interval, min(interval * factor, SELDOM)) for factor in times)
    return Paces(*(Pace(seconds, weight) for seconds, weight in zip(intervals, _WEIGHTS, strict=True)))


def pace_of(port: Port, choice: Paces, now: float, *, watched: bool, marked: bool) -> Pace:
    """Return how often a port is to be read.

    Args:
        watched: whether it is on the screen, or a command is under way at it.
    """
    if watched:
        return choice.watched
    at_work = port.open and port.mode not in UNAVAILABLE
    recent = port.changed_at is not None and now - port.changed_at < RECENT
    return choice.awake if marked or at_work or recent or port.case_active else choice.asleep
