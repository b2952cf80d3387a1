"""The ways of bins between grid and ports, and into the system and out of it (autostore.md 7.2, 7.5)."""

from collections.abc import Callable
from functools import partial

from console.autostore.values import BinMode, PortMode
from console.simulator.bins import AT_PORT, IN_GRID, Bin, BinStock
from console.simulator.changes import (
    BinModeChanged,
    BinMoved,
    DeliveryFailed,
    HatchPosition,
    Place,
)
from console.simulator.course import Course
from console.simulator.grid import Grid
from console.simulator.hatches import Hatches
from console.simulator.ports import Location, Port

ON_A_ROBOT = Place()

_DEPTH_AT_PORT = 1
"""Means nothing, but is sent (autostore.md 6, BL)."""

_ON_THE_WAY_BACK = {BinMode.OPEN: BinMode.CLOSED, BinMode.PORT: BinMode.TOGRID}


class Travel:
    """Moves bins. `left` hears when one has left a port, wherever it went."""

    def __init__(
        self, course: Course, bins: BinStock, grid: Grid, hatches: Hatches, left: Callable[[Port, Bin], None]
    ) -> None:
        self._course = course
        self._bins = bins
        self._grid = grid
        self._hatches = hatches
        self._left = left
        for bin_ in bins:
            if bin_.free:
                grid.put(bin_.bin_id, bin_.height)

    def fetch(self, port: Port, bin_: Bin) -> None:
        """Let a robot bring a free bin; at a custom port it waits until it may put it down."""
        self._lift(bin_)
        self._visit(port, bin_)
        if port.custom:
            self._use_location(port)
        else:
            arrive = partial(self._arrive, port, bin_)
            self._course.plan_robot("bin", bin_.bin_id, self._course.delays.arrival, arrive)

    def send_back(self, port: Port, bin_: Bin) -> None:
        """Send a bin to the grid, wherever it is by now; a custom port has to allow the pick-up first."""
        self.set_mode(bin_, _ON_THE_WAY_BACK.get(bin_.mode, bin_.mode))
        self._hatches.move(port, HatchPosition.CLOSED)
        if not (port.custom and bin_.mode in AT_PORT):
            self._plan_pickup(port, bin_)

    def take_out(self, port: Port, bin_: Bin) -> None:
        """Let a bin leave the system at a port, by hand."""
        self._course.agenda.drop(("bin", bin_.bin_id))
        self.set_mode(bin_, BinMode.OUTSIDE)
        self._hatches.move(port, HatchPosition.CLOSED)
        self._leave(port, bin_)

    def bring_in(self, port: Port, bin_: Bin) -> None:
        """Let a bin from outside be fetched from a port."""
        self._visit(port, bin_)
        if not port.custom:
            self._stand(port, bin_, BinMode.CLOSED)
        self._plan_pickup(port, bin_, inserted=True)

    def set_mode(self, bin_: Bin, mode: BinMode) -> None:
        if bin_.mode is not mode:
            bin_.mode = mode
            self._course.tell(BinModeChanged(bin_.bin_id, mode))

    def raise_to_top(self, bin_: Bin) -> None:
        """Dig a bin out of its stack."""
        uppermost = self._grid.raise_to_top(bin_.bin_id)
        if uppermost is not None:
            self._tell_place(bin_)
            self._tell_place(self._bins[uppermost])

    def place(self, bin_: Bin, port: Port | None) -> Place | None:
        """Return where a bin is, which has that `port_id`; None outside the system."""
        if bin_.mode is BinMode.OUTSIDE:
            return None
        if port is not None and bin_.mode in AT_PORT:
            return Place(port.cell, _DEPTH_AT_PORT)
        return self._grid.place(bin_.bin_id) or ON_A_ROBOT

    def allow_delivery(self, port: Port, *, getbin: bool) -> None:
        """Let a bin be put down in the cell of a custom port, and the one that stands there be fetched."""
        port.location = Location(ready=True, getbin=getbin, blocked=port.location.blocked)
        self._use_location(port)

    def allow_pickup(self, port: Port, bin_: Bin) -> None:
        """Let a bin that stands at a custom port go."""
        port.location.announced = False
        self._plan_pickup(port, bin_)

    def _use_location(self, port: Port) -> None:
        location = port.location
        if not location.ready:
            return
        standing = self._standing(port)
        if location.getbin and standing is not None:
            location.getbin = False
            self._plan_pickup(port, standing)
        elif (bin_ := self._approaching(port)) is not None:
            deliver = partial(self._deliver, port, bin_)
            self._course.plan_robot("bin", bin_.bin_id, self._course.delays.arrival, deliver)

    def _standing(self, port: Port, besides: Bin | None = None) -> Bin | None:
        there = (self._bins[bin_id] for bin_id in sorted(port.visitors))
        return next((bin_ for bin_ in there if bin_.mode in AT_PORT and bin_ is not besides), None)

    def _approaching(self, port: Port) -> Bin | None:
        bin_ = None if port.selected_bin is None else self._bins[port.selected_bin]
        return None if bin_ is None or bin_.mode in AT_PORT else bin_

    def _deliver(self, port: Port, bin_: Bin) -> None:
        """Either outcome gives the cell back to the site."""
        blocked, port.location = port.location.blocked, Location(blocked=port.location.blocked)
        if blocked or self._standing(port) is not None:
            self._course.tell(DeliveryFailed(port.cell))
        else:
            self._arrive(port, bin_)

    def _arrive(self, port: Port, bin_: Bin) -> None:
        self._stand(port, bin_, BinMode.PORT)
        if port.mode is PortMode.AUTO:
            port.selected_bin = port.selected_task = None
        if not port.custom:
            present = partial(self._present, port, bin_)
            self._course.plan("bin", bin_.bin_id, self._course.delays.presenting, present)

    def _stand(self, port: Port, bin_: Bin, mode: BinMode) -> None:
        bin_.mode = mode
        self._course.tell(BinMoved(bin_.bin_id, Place(port.cell, _DEPTH_AT_PORT), mode))

    def _present(self, port: Port, bin_: Bin) -> None:
        self.set_mode(bin_, BinMode.OPEN)
        self._hatches.move(port, HatchPosition.OPEN)

    def _plan_pickup(self, port: Port, bin_: Bin, *, inserted: bool = False) -> None:
        pick_up = partial(self._pick_up, port, bin_, inserted=inserted)
        self._course.plan_robot("bin", bin_.bin_id, self._course.delays.leaving, pick_up)

    def _pick_up(self, port: Port, bin_: Bin, *, inserted: bool) -> None:
        if port.custom and bin_.mode not in IN_GRID and self._obstructed(port, bin_):
            self.set_mode(bin_, BinMode.TOGRID)
            return
        self._land(bin_, inserted=inserted)
        self._leave(port, bin_)
        if port.custom:
            self._use_location(port)

    def _obstructed(self, port: Port, bin_: Bin) -> bool:
        return port.location.blocked or self._standing(port, besides=bin_) is not None

    def _land(self, bin_: Bin, *, inserted: bool) -> None:
        was, bin_.mode = bin_.mode, bin_.mode_at_rest
        if was not in IN_GRID:
            self._course.tell(BinMoved(bin_.bin_id, ON_A_ROBOT))
        self._grid.put(bin_.bin_id, bin_.height)
        self._tell_place(bin_, inserted=inserted)

    def _lift(self, bin_: Bin) -> None:
        bin_.forecast = bin_.prepared = False
        bin_.mode = BinMode.GRID
        took_its_place = self._grid.take(bin_.bin_id)
        self._course.tell(BinMoved(bin_.bin_id, ON_A_ROBOT))
        if took_its_place is not None:
            self._tell_place(self._bins[took_its_place])

    def _visit(self, port: Port, bin_: Bin) -> None:
        bin_.port_id = port.port_id
        port.visitors.add(bin_.bin_id)

    def _leave(self, port: Port, bin_: Bin) -> None:
        bin_.port_id = None
        port.visitors.discard(bin_.bin_id)
        self._left(port, bin_)

    def _tell_place(self, bin_: Bin, *, inserted: bool = False) -> None:
        place = self._grid.place(bin_.bin_id) or ON_A_ROBOT
        long = (bin_.mode, bin_.content, bin_.height) if inserted else ()
        self._course.tell(BinMoved(bin_.bin_id, place, *long))
