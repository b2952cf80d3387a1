"""Where the cells of a list stand: a row each, or many to a line; pure.

Keys are counted from 0 in their order. A list of rows is a grid with one column, so that cursor,
marks and painting are the same at every density.
"""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

EVEN = (100, 50, 20, 10)
"""Cells on a line that is divided: a person counts on from the first number of the line."""


class Shape(Struct, frozen=True):
    """How cells stand on a line.

    `width` is that of a cell, 0 for one as wide as the line. The first `label` cells of a line belong
    to no key. With `group` a blank stands after every so many keys, and a line has an even number.
    """

    width: int = 0
    label: int = 0
    group: int = 0

    def columns(self, width: int) -> int:
        """Return how many keys stand on a line of `width` cells; at least one."""
        if not self.width:
            return 1
        if not self.group:
            return max(1, (width - self.label) // self.width)
        return next((count for count in EVEN if self.left(count - 1) + self.width <= width), EVEN[-1])

    def left(self, column: int) -> int:
        """Return the cell at which a column begins."""
        return self.label + column * self.width + (column // self.group if self.group else 0)

    def column_at(self, x: int, columns: int) -> int | None:
        """Return which of `columns` is at a cell; None in a label or in a blank."""
        if not self.width:
            return 0
        found = bisect_right(range(columns), x, key=self.left) - 1
        return found if found >= 0 and x < self.left(found) + self.width else None


ROWS = Shape()


class Places(Struct, frozen=True):
    """The lines that `count` keys make: line y holds the keys from `starts[y]` to the next start."""

    count: int = 0
    starts: Sequence[int] = ()

    def line_of(self, index: int) -> int:
        """Return the line of a key."""
        return bisect_right(self.starts, index) - 1

    def on_line(self, line: int) -> range:
        """Return the keys on a line; none where there is no such line."""
        if not 0 <= line < len(self.starts):
            return range(0)
        end = self.starts[line + 1] if line + 1 < len(self.starts) else self.count
        return range(self.starts[line], end)

    def lines_away(self, index: int, lines: int) -> int:
        """Return the key in the same column so many lines further, or the nearest to that there is."""
        line = self.line_of(index)
        column = index - self.starts[line]
        there = self.on_line(max(0, min(line + lines, len(self.starts) - 1)))
        return there[min(column, len(there) - 1)]


def places(count: int, columns: int, sections: Sequence[int] = ()) -> Places:
    """Return the lines of `count` keys; at each index of `sections` a new line begins."""
    if not sections:
        return Places(count, range(0, count, columns))
    ends = (*sections[1:], count)
    starts = [at for first, end in zip(sections, ends, strict=True) for at in range(first, end, columns)]
    return Places(count, starts)
