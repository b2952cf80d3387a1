"""What was seen of each port, change by change, in little memory: for trends and for looking back.

Sixteen bytes hold one change, so that two thousand ports with full rings cost four megabytes.
"""

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import NamedTuple

from console.state.entities import Port

KEPT = 128
"""Changes kept of one port; the oldest gives way."""

_WHEN, _WHAT = Struct("<d"), Struct("<IBBBB")
_ENTRY = Struct("<dIBBBB")

_NONE, _OTHER = 0, 255
"""Numbers of no word, and of every word after 254 different ones: a server can say as many as it likes."""

OTHER_WORD = "other"

_IN_ERROR = 1 << 31
"""Stands beside the bin's id, which is far smaller."""


class Seen(NamedTuple):
    """What a port looked like from `at` on, in seconds of the store's clock; None is unknown or none."""

    at: float
    mode: str | None
    bin_id: int | None
    bin_mode: str | None
    case_state: str | None
    case_error: bool
    hatch: str | None


class History:
    """The changes of each port, the last `KEPT` of each."""

    def __init__(self, port_ids: Iterable[int]) -> None:
        self._rings = {port_id: bytearray() for port_id in port_ids}
        self._numbers: dict[str | None, int] = {None: _NONE}
        self._words: list[str | None] = [None]

    def capture(self, port: Port, at: float) -> None:
        """Keep what is believed of a port since `at`, if that is not what was kept last."""
        ring = self._rings[port.port_id]
        what = _WHAT.pack(
            (port.bin_id or 0) | (_IN_ERROR if port.case_error else 0),
            self._number(port.mode),
            self._number(port.bin_mode),
            self._number(port.case_state),
            self._number(port.hatch),
        )
        if ring[-_WHAT.size :] == what:
            return
        if len(ring) >= KEPT * _ENTRY.size:
            del ring[: _ENTRY.size]
        latest = _ENTRY.unpack_from(ring, len(ring) - _ENTRY.size)[0] if ring else at
        ring += _WHEN.pack(max(at, latest)) + what

    def __call__(self, port_id: int) -> tuple[Seen, ...]:
        """Return what was seen of a port, the oldest first; nothing for a port that is not known."""
        return tuple(self._read(self._rings.get(port_id, b"")))

    def _read(self, ring: bytes | bytearray) -> Iterator[Seen]:
        for at, bin_id, mode, bin_mode, case_state, hatch in _ENTRY.iter_unpack(ring):
            yield Seen(
                at=at,
                mode=self._word(mode),
                bin_id=(bin_id & ~_IN_ERROR) or None,
                bin_mode=self._word(bin_mode),
                case_state=self._word(case_state),
                case_error=bool(bin_id & _IN_ERROR),
                hatch=self._word(hatch),
            )

    def _number(self, word: str | None) -> int:
        number = self._numbers.get(word)
        if number is None:
            if len(self._words) >= _OTHER:
                return _OTHER
            number = self._numbers[word] = len(self._words)
            self._words.append(word)
        return number

    def _word(self, number: int) -> str | None:
        return OTHER_WORD if number == _OTHER else self._words[number]
