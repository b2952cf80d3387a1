"""The AutoStore world: ports, bins, cases and tasks, moved by a clock of its own; no I/O.

What a request may do is decided in `methods`, what may go wrong of itself in `incidents`; here is
what then happens.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from console.autostore.values import UNAVAILABLE, BinMode, PortMode
from console.simulator.autocase import CaseMachines
from console.simulator.bins import Bin, BinStock
from console.simulator.changes import BinDefined, ContentChanged, HatchPosition, Place, PortChanged
from console.simulator.codes import Code, Refusal
from console.simulator.course import Course, Delays
from console.simulator.grid import Grid
from console.simulator.hatches import Hatches
from console.simulator.ports import Port
from console.simulator.preparation import Preparation
from console.simulator.record import Record
from console.simulator.switches import AutoStoreSwitches
from console.simulator.system import System
from console.simulator.tasks import TaskBook
from console.simulator.travel import Travel

DAY_OF_THE_EXAMPLE = datetime(2008, 12, 12, 6, tzinfo=UTC)
"""The world begins on the day that openport's page prints, so that its req_time filter finds work."""

AD_HOC_TASKS = 2_000_000_000
"""Ids above it are tasks the warehouse makes itself for a bin asked for by name (autostore.md 4.2)."""


class Warehouse:
    """A site. `now` is float seconds since it began; equal seeds and equal calls give equal worlds.

    `jams` are bins whose next case action gets stuck, `speed` is how fast the time of the world passes.
    """

    def __init__(
        self,
        ports: Iterable[Port] = (),
        bins: Iterable[Bin] = (),
        *,
        seed: int = 1,
        began: datetime = DAY_OF_THE_EXAMPLE,
        delays: Delays | None = None,
        switches: AutoStoreSwitches | None = None,
    ) -> None:
        self.ports = {port.port_id: port for port in ports}
        self.bins = BinStock(bins)
        self.tasks = TaskBook()
        self.record = Record("autostore")
        self.switches = switches or AutoStoreSwitches()
        self.speed = 1.0
        self.course = Course(seed, delays or Delays())
        self.agenda = self.course.agenda
        self.system = System(self.course)
        self.grid = Grid()
        self.hatches = Hatches(self.course)
        self.cases = CaseMachines(self.course)
        self.jams = self.cases.jams
        self.travel = Travel(self.course, self.bins, self.grid, self.hatches, self._left)
        told = self.switches.task_preparation_told
        self.preparation = Preparation(self.course, self.bins, self.tasks, self.travel, tell_all=told)
        self._began = began
        self._ad_hoc_tasks = AD_HOC_TASKS

    @property
    def now(self) -> float:
        return self.agenda.now

    @property
    def utc(self) -> datetime:
        """The time of day in the world."""
        return self._began + timedelta(seconds=self.now)

    def advance(self, to: float) -> None:
        """Let the world live on until `to` seconds since it began."""
        self.agenda.advance(to)

    def set_system(self, mode: int, stopcode: int = 0) -> None:
        """Put the system into a mode (autostore.md 2.5), with the reason for a stop."""
        self.system.set(mode, stopcode)

    def port(self, port_id: int) -> Port:
        """Return the port.

        Raises:
            Refusal: 1000, there is none of that id.
        """
        port = self.ports.get(port_id)
        if port is None:
            raise Refusal(Code.PORT_IS_NOT_AVAILABLE)
        return port

    def bin(self, bin_id: int) -> Bin:
        """Return the bin.

        Raises:
            Refusal: 1011, there is none of that id.
        """
        if bin_id not in self.bins:
            raise Refusal(Code.BIN_DOES_NOT_EXIST)
        return self.bins[bin_id]

    def place(self, bin_: Bin) -> Place | None:
        """Return where a bin is; None outside the system."""
        return self.travel.place(bin_, self.ports.get(bin_.port_id or 0))

    def new_ad_hoc_task(self) -> int:
        """Return the id of a task of the warehouse's own, in no group."""
        self._ad_hoc_tasks += 1
        return self._ad_hoc_tasks

    def define_bin(self, bin_: Bin) -> None:
        """Take in a bin whose id is new; it is outside until it is put in."""
        self.bins.add(bin_)
        self.course.tell(BinDefined(bin_.bin_id, bin_.height, bin_.holds_case))

    def set_content(self, bin_: Bin, content: int) -> None:
        self.bins.set_content(bin_, content)
        self.course.tell(ContentChanged(bin_.bin_id, content))

    def select(self, port: Port, bin_: Bin, task_id: int | None, taskgroup_id: int | None) -> None:
        """Bind bin, task and task group to the port and send the bin on its way.

        A bin without a task group leaves the group that the port is working selected.
        """
        port.selected_bin = bin_.bin_id
        port.selected_task = task_id
        if taskgroup_id is not None:
            self._release_group(port)
            group = self.tasks.groups[taskgroup_id]
            self.tasks.bind(group, port.port_id)
            group.suspended = False
            port.selected_taskgroup = taskgroup_id
            port.selected_shipment = group.shipment
        self.travel.fetch(port, bin_)

    def unselect_bin(self, port: Port, bin_: Bin) -> None:
        """Unbind a bin, its task and its case action from the port, if it is the selected one."""
        if port.selected_bin == bin_.bin_id:
            port.selected_bin = port.selected_task = None
            self.cases.end(port)

    def send_back(self, port: Port, bin_: Bin) -> None:
        """Send a visitor of the port to the grid, wherever it is by now."""
        self.unselect_bin(port, bin_)
        self.travel.send_back(port, bin_)

    def drop_task(self, task_id: int) -> None:
        """Take a task out of the book, done or not wanted; the port keeps its group while tasks remain."""
        task = self.tasks.tasks.get(task_id)
        if task is None:
            return
        group = self.tasks.groups[task.taskgroup_id]
        self.tasks.finish(task)
        self.preparation.reconsider(task.bin_id)
        if group.port_id is not None and not group.tasks:
            port = self.ports[group.port_id]
            port.selected_taskgroup = port.selected_shipment = None

    def begin_closing(self, port: Port, *, suspend: bool) -> None:
        """Clear what the port has selected and queued, and close it once it is empty."""
        group = self.tasks.groups.get(port.selected_taskgroup or 0)
        if group is not None and suspend:
            group.suspended = True
        self._release_group(port)
        self.tasks.set_sequence(port.port_id, [])
        port.queue = []
        for bin_id in sorted(port.visitors):
            bin_ = self.bins[bin_id]
            if bin_id == port.selected_bin or bin_.mode in (BinMode.PORT, BinMode.OPEN):
                self.send_back(port, bin_)
        self.hatches.move(port, HatchPosition.CLOSED)
        port.closing = True
        self._tell(port)
        closed = partial(self._close_if_empty, port)
        self.course.plan("port", port.port_id, self.course.delays.closing, closed)

    def set_mode(self, port: Port, mode: PortMode) -> None:
        """Put a port into a mode; only in SEQUENCE it has one, and for INSERT its hatch opens fully."""
        port.mode = mode
        if mode is not PortMode.SEQUENCE:
            self.tasks.set_sequence(port.port_id, [])
        if mode is PortMode.INSERT:
            self.hatches.move(port, HatchPosition.FULLY_OPEN)
        self._tell(port)

    def snapshot(self) -> dict[str, Any]:
        """Return the whole world as plain data that JSON can hold."""
        ports = [{**msgspec.structs.asdict(port), "cell": port.cell} for port in self.ports.values()]
        plain: dict[str, Any] = msgspec.to_builtins(
            {
                "time": self.now,
                "utc": self.utc,
                "system_mode": int(self.system.mode),
                "stopcode": self.system.stopcode,
                "driver_heard": self.system.driver_heard,
                "ports": ports,
                "bins": list(self.bins),
                "task_groups": [
                    {**msgspec.structs.asdict(group), "tasks": list(group.tasks.values())}
                    for group in self.tasks.groups.values()
                ],
            }
        )
        return plain

    def _release_group(self, port: Port) -> None:
        group = self.tasks.groups.get(port.selected_taskgroup or 0)
        if group is not None:
            self.tasks.release(group)
        port.selected_taskgroup = port.selected_shipment = None

    def _left(self, port: Port, bin_: Bin) -> None:
        self.unselect_bin(port, bin_)
        self.preparation.look()
        self._close_if_empty(port)

    def _close_if_empty(self, port: Port) -> None:
        """A port taken out of service meanwhile stays so."""
        if not port.closing or port.visitors or self.agenda.pending(("port", port.port_id)):
            return
        port.closing = False
        port.req_time = None
        port.categories = port.contents = ()
        self.set_mode(port, port.mode if port.mode in UNAVAILABLE else PortMode.CLOSED)

    def _tell(self, port: Port) -> None:
        self.course.tell(PortChanged(port.port_id, port.mode, port.closing))
