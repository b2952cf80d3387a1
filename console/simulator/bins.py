"""The bins of a warehouse, found by id, by span of ids and by content code."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from console.autostore.values import BinMode

AUTOCASE_TYPES = frozenset({16, 17, 18})
"""Bin types that hold a case (autostore.md 2.4)."""

AT_PORT = frozenset({BinMode.PORT, BinMode.TOGRID, BinMode.OPEN, BinMode.CLOSED})


class Bin(Struct):
    """One bin. `port_id` is the port it is bound for, stands at, or is leaving."""

    bin_id: int
    bin_type: int = 1
    content: int = 0
    mode: BinMode = BinMode.GRID
    port_id: int | None = None

    @property
    def free(self) -> bool:
        """Whether a port can have it now."""
        return self.port_id is None and self.mode is BinMode.GRID

    @property
    def holds_case(self) -> bool:
        return self.bin_type in AUTOCASE_TYPES


class BinStock:
    """All bins; lookups do not slow down with their number."""

    def __init__(self, bins: Iterable[Bin] = ()) -> None:
        self._by_id = {bin_.bin_id: bin_ for bin_ in sorted(bins, key=lambda bin_: bin_.bin_id)}
        self._ids = list(self._by_id)
        self._by_content: dict[int, dict[int, Bin]] = {}
        for bin_ in self:
            self._by_content.setdefault(bin_.content, {})[bin_.bin_id] = bin_

    def __iter__(self) -> Iterator[Bin]:
        return iter(self._by_id.values())

    def __contains__(self, bin_id: int) -> bool:
        return bin_id in self._by_id

    def __getitem__(self, bin_id: int) -> Bin:
        return self._by_id[bin_id]

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
