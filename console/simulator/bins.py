"""The bins of a warehouse, found by id, by span of ids and by content code."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator

from msgspec import Struct

from console.autostore.values import BIN_MODE_LETTERS, BinMode

AUTOCASE_TYPES = frozenset({16, 17, 18})
"""Bin types that hold a case (autostore.md 2.4)."""

AT_PORT = frozenset({BinMode.PORT, BinMode.TOGRID, BinMode.OPEN, BinMode.CLOSED})
IN_GRID = frozenset({BinMode.GRID, BinMode.FORECAST, BinMode.PREPARED})

LETTERS = {mode: letter for letter, mode in BIN_MODE_LETTERS.items()}

_HEIGHTS = {1: 330, 2: 220, 5: 425, 16: 330, 17: 220, 18: 425}
_EMPTY_WEIGHT = 3_000
_MOST_LOAD = 30_000


class Bin(Struct):
    """One bin. `port_id` is the port it is bound for, stands at, or is leaving.

    `forecast` and `prepared` say that it was announced, or brought to the top of its stack.
    """

    bin_id: int
    bin_type: int = 1
    content: int = 0
    mode: BinMode = BinMode.GRID
    port_id: int | None = None
    target_grid: int = 1
    forecast: bool = False
    prepared: bool = False

    @property
    def free(self) -> bool:
        """Whether a port can have it now."""
        return self.port_id is None and self.mode in IN_GRID

    @property
    def holds_case(self) -> bool:
        return self.bin_type in AUTOCASE_TYPES

    @property
    def height(self) -> int:
        """Millimetres (autostore.md 2.4)."""
        return _HEIGHTS[self.bin_type]

    @property
    def weight(self) -> int:
        """Grams; made up, but always the same for a bin and what is in it."""
        load = (self.bin_id * 7919 + self.content * 104_729) % _MOST_LOAD if self.content else 0
        return _EMPTY_WEIGHT + load

    @property
    def mode_at_rest(self) -> BinMode:
        """The mode of a bin that stands in the grid."""
        if self.prepared:
            return BinMode.PREPARED
        return BinMode.FORECAST if self.forecast else BinMode.GRID


class BinStock:
    """All bins; lookups do not slow down with their number."""

    def __init__(self, bins: Iterable[Bin] = ()) -> None:
        self._by_id: dict[int, Bin] = {}
        self._ids: list[int] = []
        self._by_content: dict[int, dict[int, Bin]] = {}
        for bin_ in sorted(bins, key=lambda bin_: bin_.bin_id):
            self.add(bin_)

    def __iter__(self) -> Iterator[Bin]:
        """Yield the bins by ascending id."""
        return (self._by_id[bin_id] for bin_id in self._ids)

    def __contains__(self, bin_id: int) -> bool:
        return bin_id in self._by_id

    def __getitem__(self, bin_id: int) -> Bin:
        return self._by_id[bin_id]

    def add(self, bin_: Bin) -> None:
        """Take in a bin whose id is new."""
        self._by_id[bin_.bin_id] = bin_
        insort(self._ids, bin_.bin_id)
        self._by_content.setdefault(bin_.content, {})[bin_.bin_id] = bin_

    def span(self, low: int, high: int) -> list[Bin]:
        """Return the bins with `low` <= id <= `high`, by ascending id."""
        ids = self._ids[bisect_left(self._ids, low) : bisect_right(self._ids, high)]
        return [self._by_id[bin_id] for bin_id in ids]

    def holding(self, content: int) -> Iterator[Bin]:
        """Yield the bins with that content code."""
        return iter(self._by_content.get(content, {}).values())

    def set_content(self, bin_: Bin, content: int) -> None:
        del self._by_content[bin_.content][bin_.bin_id]
        bin_.content = content
        self._by_content.setdefault(content, {})[bin_.bin_id] = bin_
