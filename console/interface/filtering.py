"""What is typed after `/`: words that keep or drop ports; pure.

`mode:open type:ac bin:101337 100-200 stale alarm marked -closed`: all words must hold, a
leading minus turns one round. While somebody types, a word that names nothing matches text; where
nobody sees at once what a filter keeps, only words that mean one thing are taken.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from msgspec import Struct

from console.autostore.values import UNAVAILABLE, PortMode, PortType
from console.state.entities import Port
from console.state.quality import Quality
from console.text import safe

Keep = Callable[["Candidate"], bool]

MARKED = "marked"

WANTED = (
    "mode:closed, type:ac, bin:101, case:erso, 100-200, open, closed, alarm, stale, live,"
    " or one of them after a minus"
)

_IDS = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")
_VALUES: Mapping[str, Iterable[str]] = {"mode": PortMode, "type": PortType}
"""Fields whose values are known beforehand."""


class UnknownWord(ValueError):
    """A filter has a word that means nothing, or not one thing; the message is safe to show."""

    def __init__(self, word: str) -> None:
        super().__init__(f"the filter has no word {safe(word, 40)}: wanted {WANTED}")


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
        return MARKED in self.text.lower()

    def keeps(self, candidate: Candidate) -> bool:
        """Return whether a port is shown."""
        return all(word(candidate) for word in self.words)


def parse(text: str, *, strict: bool = False) -> Filter:
    """Return the filter that `text` says; every text is one, a word that names nothing matches text.

    Args:
        strict: nobody looks at what is kept before it is commanded, and nobody has marked anything.

    Raises:
        UnknownWord: with `strict`, the first word that does not mean one thing: turned round, a mistyped
            one would keep everything (operations-safety rule 15).
    """
    words = text.lower().split()
    if strict and (unknown := next(filter(_is_vague, words), None)) is not None:
        raise UnknownWord(unknown)
    return Filter(text=text.strip(), words=tuple(_word(word) for word in words))


def _is_vague(word: str) -> bool:
    plain = word.removeprefix("-")
    name, _, value = plain.partition(":")
    if name in _FIELDS and value:
        return name in _VALUES and not any(one.lower().startswith(value) for one in _VALUES[name])
    return plain == MARKED or name in _FIELDS or _named(plain) is None


def _word(word: str) -> Keep:
    if word.startswith("-") and len(word) > 1:
        inner = _word(word[1:])
        return lambda candidate: not inner(candidate)
    return _named(word) or _anywhere(word)


def _named(word: str) -> Keep | None:
    """Return what a word asks for by name, if it does."""
    name, colon, value = word.partition(":")
    if colon and name in _FIELDS:
        return _FIELDS[name](value)
    if word in _STATES:
        return _STATES[word]
    if ids := _IDS.fullmatch(word):
        return _in_range(int(ids[1]), int(ids[2] or ids[1]))
    return None


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
    MARKED: lambda candidate: candidate.marked,
    "open": lambda candidate: candidate.port.open and candidate.port.mode not in UNAVAILABLE,
    "closed": lambda candidate: candidate.port.mode == "CLOSED",
}
