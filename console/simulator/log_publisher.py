"""The Log Publisher's lines: what a warehouse tells -> tag and parameters (autostore.md section 6).

Port mode, system mode and content code have no tag that was readable, so they have no line.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from console.autostore.values import BinMode, CaseState
from console.simulator.bins import LETTERS, Bin
from console.simulator.changes import (
    GRID_ID,
    AlertRaised,
    BinDefined,
    BinModeChanged,
    BinMoved,
    BinPrepared,
    CancelAsked,
    CaseChanged,
    CellLocked,
    Change,
    DeliveryFailed,
    HatchMoved,
    LiftCellLocked,
    Place,
)
from console.simulator.grid import STACK, TOP
from console.simulator.warehouse import Warehouse

START_OF_DOWNLOAD = "DS"

_ONLY_HATCH = 1


def line(change: Change) -> str | None:
    """Return the line of a change, without its end; None for what has no tag."""
    write = _WRITERS.get(type(change))
    return None if write is None else write(change)


def download(world: Warehouse) -> Iterator[str]:
    """Yield the whole present state, as a subscriber gets it first: locks, bins, hatches, running cases."""
    yield START_OF_DOWNLOAD
    yield from (_written("CL", GRID_ID, lock, *cell) for cell, lock in world.grid.locks.items())
    yield from (_written("LCL", *cell, lock) for cell, lock in world.grid.lift_locks.items())
    if world.switches.cell_definitions:
        yield from _cells(world)
    for bin_ in world.bins:
        yield _definition(bin_.bin_id, bin_.height, bin_.holds_case)
        yield _present_place(world, bin_)
    for port in world.ports.values():
        if port.hatched:
            yield _written("HS", port.port_id, port.hatch, _ONLY_HATCH)
        if port.case.state is not CaseState.NOTHING:
            yield _written("AC", port.port_id, port.case.bin_id, port.case.state)


def _written(*parts: object) -> str:
    return ",".join(map(str, parts))


def _moved(change: BinMoved) -> str:
    """Write the shortest of the four forms of BL that holds what there is to say."""
    parts = [change.mode and LETTERS[change.mode], change.content, change.height]
    more = [part for part in parts if part is not None]
    return _written("BL", change.bin_id, *_where(change.place), *more)


def _where(place: Place) -> tuple[int, ...]:
    return (GRID_ID,) if place.cell is None else (GRID_ID, *place.cell, place.depth)


def _mode(bin_id: int, mode: BinMode) -> str:
    return _written("BM", bin_id, LETTERS[mode])


def _definition(bin_id: int, height: int, holds_case: bool) -> str:
    return _written("BD", bin_id, height, "AC" if holds_case else "ST")


def _present_place(world: Warehouse, bin_: Bin) -> str:
    """A bin outside has no place to write, and one on a robot no cell before its mode."""
    place = world.place(bin_)
    if place is None:
        return _mode(bin_.bin_id, bin_.mode)
    if place.cell is None:
        return _moved(BinMoved(bin_.bin_id, place))
    return _moved(BinMoved(bin_.bin_id, place, bin_.mode, bin_.content, bin_.height))


def _cells(world: Warehouse) -> Iterator[str]:
    yield from (_written("CD", *port.cell, "PO", 0, 0) for port in world.ports.values())
    yield from (_written("CD", *cell, "ST", TOP, TOP + STACK) for cell in world.grid.cells)


_WRITERS: Mapping[type[Any], Callable[[Any], str | None]] = {
    BinMoved: _moved,
    BinModeChanged: lambda change: _mode(change.bin_id, change.mode),
    BinPrepared: lambda change: _mode(change.bin_id, BinMode.PREPARED) if change.published else None,
    BinDefined: lambda change: _definition(change.bin_id, change.height, change.holds_case),
    CaseChanged: lambda change: _written("AC", change.port_id, change.bin_id, change.state),
    CancelAsked: lambda change: _written("AC", change.port_id, change.bin_id, "CR"),
    HatchMoved: lambda change: _written("HS", change.port_id, change.position, _ONLY_HATCH),
    CellLocked: lambda change: _written("CL", GRID_ID, change.lock, *change.cell),
    LiftCellLocked: lambda change: _written("LCL", *change.cell, change.lock),
    DeliveryFailed: lambda change: _written("LF", GRID_ID, *change.cell),
    AlertRaised: lambda change: _written("AL", change.alert),
}
