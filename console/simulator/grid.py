"""The grid: stacks of bins of one height each, and the cells that are locked."""

from msgspec import Struct

from console.simulator.changes import CellLock, LiftLock, Place

FIRST_ROW = 3
"""Rows 1 and 2 belong to the ports."""

COLUMNS = 100
STACK = 5280
"""Millimetres of bins in a full stack; its uppermost bin is `TOP` below the grid top (autostore.md 6)."""

TOP = 120


class _Stack(Struct):
    """Bins of one height (mm), from the floor up."""

    cell: tuple[int, int]
    height: int
    bins: list[int] = []

    @property
    def full(self) -> bool:
        return len(self.bins) >= STACK // self.height

    def depth(self, bin_id: int) -> int:
        return TOP + (STACK // self.height - 1 - self.bins.index(bin_id)) * self.height


class Grid:
    """Where the bins stand that no robot and no port has."""

    def __init__(self) -> None:
        self.locks: dict[tuple[int, int], CellLock] = {}
        self.lift_locks: dict[tuple[int, int], LiftLock] = {}
        self.cells: list[tuple[int, int]] = []
        self._stacks: dict[int, _Stack] = {}
        self._with_room: dict[int, list[_Stack]] = {}

    def put(self, bin_id: int, height: int) -> None:
        """Set a bin on a stack that has room."""
        room = self._with_room.setdefault(height, [])
        if not room:
            room.append(_Stack(self._next_cell(), height))
        stack = room[-1]
        stack.bins.append(bin_id)
        self._stacks[bin_id] = stack
        if stack.full:
            room.pop()

    def take(self, bin_id: int) -> int | None:
        """Take a bin out and return the uppermost one of its stack, which now stands in its place."""
        uppermost = self.raise_to_top(bin_id)
        stack = self._stacks.pop(bin_id)
        if stack.full:
            self._with_room[stack.height].append(stack)
        stack.bins.pop()
        return uppermost

    def raise_to_top(self, bin_id: int) -> int | None:
        """Let a bin change places with the uppermost one of its stack, and return that, if it is another."""
        bins = self._stacks[bin_id].bins
        level, uppermost = bins.index(bin_id), bins[-1]
        bins[level], bins[-1] = uppermost, bin_id
        return None if uppermost == bin_id else uppermost

    def place(self, bin_id: int) -> Place | None:
        """Return where a bin stands, or None while it is elsewhere."""
        stack = self._stacks.get(bin_id)
        return None if stack is None else Place(stack.cell, stack.depth(bin_id))

    def locked(self, bin_id: int) -> bool:
        """Whether robots cannot have the bin, because its cell is locked in some way."""
        stack = self._stacks.get(bin_id)
        return stack is not None and (stack.cell in self.locks or stack.cell in self.lift_locks)

    def _next_cell(self) -> tuple[int, int]:
        row, column = divmod(len(self.cells), COLUMNS)
        self.cells.append((column + 1, FIRST_ROW + row))
        return self.cells[-1]
