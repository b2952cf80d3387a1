"""What is typed after `/`: words that keep or drop ports; pure.

`mode:open type:ac bin:101337 100-200 stale alarm marked -closed`: all words must hold, a
leading minus turns one round.
"""

import re
from collections.abc import Callable, Collection

from msgspec import Struct

from console.autostore.values import UNAVAILABLE
from console.state.entities import Port
from console.state.quality import Quality

Keep = Callable[["Candidate"], bool]

_IDS = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")


class Candidate(Struct, frozen=True):
    """A port and what a filter may ask of it."""

    port: Port
    quality: Quality
    marked: bool


class Filter(Struct, frozen=True):
    """A parsed filter; empty text keeps everything."""

    text: str
    words: tuple[Keep, ...]

    @property
    def asks_for_marks(self) -> bool:
        """Whether marking a port can hide or show one."""
        return "marked" in self.text.lower()

    def keeps(self, candidate: Candidate) -> bool:
        """Return whether a port is shown."""
        return all(word(candidate) for word in self.words)


def parse(text: str) -> Filter:
    """Return the filter that `text` says; every text is one, a word that names nothing matches text."""
    return Filter(text=text.strip(), words=tuple(_word(word) for word in text.lower().split()))


def _word(word: str) -> Keep:
    if word.startswith("-") and len(word) > 1:
        inner = _word(word[1:])
        return lambda candidate: not inner(candidate)
    name, colon, value = word.partition(":")
    if colon and name in _FIELDS:
        return _FIELDS[name](value)
    if word in _STATES:
        return _STATES[word]
    if ids := _IDS.fullmatch(word):
        return _in_range(int(ids[1]), int(ids[2] or ids[1]))
    return _anywhere(word)


def _in_range(low: int, high: int) -> Keep:
    low, high = sorted((low, high))
    return lambda candidate: low <= candidate.port.port_id <= high


def _mode(value: str) -> Keep:
    return lambda candidate: (candidate.port.mode or "").lower().startswith(value)


def _type(value: str) -> Keep:
    return lambda candidate: (candidate.port.port_type or "").lower().startswith(value)


def _bin(value: str) -> Keep:
    return lambda candidate: str(candidate.port.bin_id or "").startswith(value)


def _case(value: str) -> Keep:
    return lambda candidate: (candidate.port.case_state or "").lower().startswith(value)


def _anywhere(word: str) -> Keep:
    def keep(candidate: Candidate) -> bool:
        port = candidate.port
        texts: Collection[str | None] = (port.mode, port.port_type, port.bin_mode, port.case_state)
        return any(word in text.lower() for text in texts if text)

    return keep


_FIELDS: dict[str, Callable[[str], Keep]] = {"mode": _mode, "type": _type, "bin": _bin, "case": _case}

_STATES: dict[str, Keep] = {
    "stale": lambda candidate: candidate.quality is not Quality.LIVE,
    "live": lambda candidate: candidate.quality is Quality.LIVE,
    "alarm": lambda candidate: candidate.port.case_error,
    "marked": lambda candidate: candidate.marked,
    "open": lambda candidate: candidate.port.open and candidate.port.mode not in UNAVAILABLE,
    "closed": lambda candidate: candidate.port.mode == "CLOSED",
}
