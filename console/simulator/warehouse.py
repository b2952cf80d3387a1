"""The AutoStore world: ports, bins, cases and tasks, moved by a clock of its own; no I/O.

What a request may do is decided in `methods`; here is what then happens by itself.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from console.autostore.values import (
    CASE_ACTIVE,
    UNAVAILABLE,
    BinMode,
    CaseState,
    PortMode,
    PortType,
    SystemMode,
)
from console.simulator.agenda import Agenda
from console.simulator.bins import Bin, BinStock
from console.simulator.codes import Code, Refusal
from console.simulator.record import Record
from console.simulator.switches import AutoStoreSwitches
from console.simulator.tasks import TaskBook

DAY_OF_THE_EXAMPLE = datetime(2008, 12, 12, 6, tzinfo=UTC)
"""The world begins on the day that openport's page prints, so that its req_time filter finds work."""

AD_HOC_TASKS = 2_000_000_000
"""Ids above it are tasks the warehouse makes itself for a bin asked for by name (autostore.md 4.2)."""

_ON_THE_WAY_BACK = {BinMode.OPEN: BinMode.CLOSED, BinMode.PORT: BinMode.TOGRID}


class Delays(Struct, frozen=True, kw_only=True):
    """Seconds that things take, as (least, most)."""

    arrival: tuple[float, float] = (2.0, 4.5)
    presenting: tuple[float, float] = (0.2, 0.5)
    leaving: tuple[float, float] = (1.8, 2.2)
    closing: tuple[float, float] = (1.0, 2.0)
    case_step: tuple[float, float] = (1.0, 2.0)


class CaseAction(Struct):
    """What the AutoCase machine of a port does with the case of `bin_id`."""

    bin_id: int | None = None
    state: CaseState = CaseState.NOTHING
    error: bool = False

    @property
    def active(self) -> bool:
        """Whether it is neither idle nor completed; an action in error is active."""
        return self.state in CASE_ACTIVE


class Port(Struct):
    """One port (autostore.md section 3).

    While `closing`, `mode` stays what it was and nothing is selected any more. `visitors` are the
    bins bound for the port, at it, or leaving it.
    """

    port_id: int
    port_type: PortType = PortType.CONVEYOR
    mode: PortMode = PortMode.CLOSED
    closing: bool = False
    req_time: datetime | None = None
    categories: tuple[int, ...] = ()
    contents: tuple[int, ...] = ()
    selected_bin: int | None = None
    selected_task: int | None = None
    selected_taskgroup: int | None = None
    selected_shipment: int | None = None
    visitors: set[int] = set()
    case: CaseAction = msgspec.field(default_factory=CaseAction)

    @property
    def is_open(self) -> bool:
        return self.mode is not PortMode.CLOSED and self.mode not in UNAVAILABLE and not self.closing


class Warehouse:
    """A site. `now` is float seconds since it began; equal seeds and equal calls give equal worlds.

    `jams` are bins whose next extraction gets stuck.
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
        self.agenda = Agenda()
        self.record = Record("autostore")
        self.switches = switches or AutoStoreSwitches()
        self.system_mode: int = SystemMode.RUNNING
        self.stopcode = 0
        self.jams: set[int] = set()
        self._began = began
        self._delays = delays or Delays()
        self._random = Random(seed)
        self._ad_hoc_tasks = AD_HOC_TASKS

    @property
    def now(self) -> float:
        return self.agenda.now

    @property
    def utc(self) -> datetime:
        """The time of day in the world."""
        return self._began + timedelta(seconds=self.now)

    @property
    def running(self) -> bool:
        return self.system_mode == SystemMode.RUNNING

    def advance(self, to: float) -> None:
        """Let the world live on until `to` seconds since it began."""
        self.agenda.advance(to)

    def set_system(self, mode: int, stopcode: int = 0) -> None:
        """Put the system into a mode (autostore.md 2.5), with the reason for a stop."""
        self.system_mode = mode
        self.stopcode = stopcode

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

    def new_ad_hoc_task(self) -> int:
        self._ad_hoc_tasks += 1
        return self._ad_hoc_tasks

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
        bin_.port_id = port.port_id
        port.visitors.add(bin_.bin_id)
        self._plan("bin", bin_.bin_id, self._delays.arrival, lambda: self._arrive(bin_))

    def release_bin(self, port: Port) -> None:
        """Send the selected bin back to the grid, wherever it is by now, and end its case action."""
        bin_id = port.selected_bin
        port.selected_bin = port.selected_task = None
        self.end_case_action(port)
        if bin_id is None:
            return
        bin_ = self.bins[bin_id]
        bin_.mode = _ON_THE_WAY_BACK.get(bin_.mode, bin_.mode)
        self._plan("bin", bin_id, self._delays.leaving, lambda: self._depart(bin_))

    def finish_task(self, port: Port, task_id: int) -> None:
        """Mark a task done; the port keeps its group while tasks remain."""
        task = self.tasks.tasks.get(task_id)
        if task is None:
            return
        self.tasks.finish(task)
        if port.selected_taskgroup == task.taskgroup_id and task.taskgroup_id not in self.tasks.groups:
            port.selected_taskgroup = port.selected_shipment = None

    def begin_closing(self, port: Port, *, suspend: bool) -> None:
        """Clear what the port has selected and close it once it is empty."""
        group = self.tasks.groups.get(port.selected_taskgroup or 0)
        if group is not None and suspend:
            group.suspended = True
        self._release_group(port)
        self.release_bin(port)
        port.closing = True
        self._plan("port", port.port_id, self._delays.closing, lambda: self._close_if_empty(port))

    def start_extraction(self, port: Port, bin_id: int) -> None:
        """Begin to take the case out: EREQ, ERSO, ECMP, or stuck in ERSO when the bin is to jam."""
        port.case = CaseAction(bin_id, CaseState.EXTRACT_REQUESTED)
        self._plan_case_step(port, self._ready_to_send)

    def end_case_action(self, port: Port) -> None:
        """Put the AutoCase machine back to NOOP, whatever it did."""
        self.agenda.drop(("case", port.port_id))
        port.case = CaseAction()

    def snapshot(self) -> dict[str, Any]:
        """Return the whole world as plain data that JSON can hold."""
        plain: dict[str, Any] = msgspec.to_builtins(
            {
                "time": self.now,
                "utc": self.utc,
                "system_mode": int(self.system_mode),
                "stopcode": self.stopcode,
                "ports": list(self.ports.values()),
                "bins": list(self.bins),
                "task_groups": [
                    {**msgspec.structs.asdict(group), "tasks": list(group.tasks.values())}
                    for group in self.tasks.groups.values()
                ],
            }
        )
        return plain

    def _plan(self, kind: str, key: int, delay: tuple[float, float], action: Callable[[], None]) -> None:
        self.agenda.plan((kind, key), self._random.uniform(*delay), action)

    def _release_group(self, port: Port) -> None:
        group = self.tasks.groups.get(port.selected_taskgroup or 0)
        if group is not None:
            self.tasks.release(group)
        port.selected_taskgroup = port.selected_shipment = None

    def _arrive(self, bin_: Bin) -> None:
        bin_.mode = BinMode.PORT
        self._plan("bin", bin_.bin_id, self._delays.presenting, lambda: self._present(bin_))

    def _present(self, bin_: Bin) -> None:
        bin_.mode = BinMode.OPEN

    def _depart(self, bin_: Bin) -> None:
        port = self.ports[bin_.port_id or 0]
        bin_.mode = BinMode.GRID
        bin_.port_id = None
        port.visitors.discard(bin_.bin_id)
        self._close_if_empty(port)

    def _close_if_empty(self, port: Port) -> None:
        if not port.closing or port.visitors or self.agenda.pending(("port", port.port_id)):
            return
        port.closing = False
        port.mode = PortMode.CLOSED
        port.req_time = None
        port.categories = port.contents = ()

    def _plan_case_step(self, port: Port, step: Callable[[Port], None]) -> None:
        self._plan("case", port.port_id, self._delays.case_step, lambda: step(port))

    def _ready_to_send(self, port: Port) -> None:
        port.case.state = CaseState.EXTRACT_READY_TO_SEND
        jammed = port.case.bin_id in self.jams
        self._plan_case_step(port, self._get_stuck if jammed else self._complete_extraction)

    def _get_stuck(self, port: Port) -> None:
        self.jams.discard(port.case.bin_id or 0)
        port.case.error = True

    def _complete_extraction(self, port: Port) -> None:
        port.case.state = CaseState.EXTRACT_COMPLETED
