"""A shift crew that works ports by itself, so that a demonstration is alive."""

from collections.abc import Iterable
from functools import partial
from random import Random
from typing import Any

from console.autostore.values import BinMode, CaseState
from console.simulator import methods
from console.simulator.codes import Refusal
from console.simulator.ports import Port
from console.simulator.record import CREW
from console.simulator.warehouse import Warehouse

CATEGORIES = (3, 4, 5)
"""The crew leaves the categories of the printed examples, and their bins, to the person at the console."""

_LOOK = (0.5, 1.5)
_PICK = (3.0, 12.0)
_IDLE = (5.0, 20.0)
_BREAK = (30.0, 180.0)
_UNTIL_CANCEL = (20.0, 60.0)
_START = (0.0, 20.0)
_BREAK_CHANCE = 0.05
_JAM_CHANCE = 0.2


class Crew:
    """One seeded operator for each of `ports`: opens it, calls bins, picks, closes them, takes breaks.

    A bin's case, if it has one, is extracted; now and then one jams, and waits a while for
    someone to cancel it.
    """

    def __init__(self, world: Warehouse, ports: Iterable[Port], *, seed: int) -> None:
        self._world = world
        self._random = Random(seed)
        self._ports = list(ports)
        self._at_work: set[int] = set()

    def start(self) -> None:
        """Let the operators come in one by one."""
        for port in self._ports:
            self._come_back(port, _START)

    def _come_back(self, port: Port, after: tuple[float, float]) -> None:
        self._world.agenda.plan(
            ("crew", port.port_id), self._random.uniform(*after), partial(self._work, port)
        )

    def _work(self, port: Port) -> None:
        self._come_back(port, self._do_next(port))

    def _do_next(self, port: Port) -> tuple[float, float]:
        """Do what the port needs now and return the time until the next look."""
        if port.closing:
            return _LOOK
        if not port.is_open:
            return self._begin_or_break(port)
        if port.selected_bin is None:
            return self._ask_for_bin(port)
        bin_ = self._world.bins[port.selected_bin]
        if bin_.mode is not BinMode.OPEN:
            return _LOOK
        if bin_.holds_case and port.case.state is not CaseState.EXTRACT_COMPLETED:
            return self._see_to_case(port, bin_.bin_id)
        return self._call(port, "closebin", _LOOK, bin_id=bin_.bin_id, task_id=port.selected_task)

    def _begin_or_break(self, port: Port) -> tuple[float, float]:
        """Whoever closed the port under an operator at work, it is taken as the sign for a break."""
        if port.port_id in self._at_work:
            self._at_work.discard(port.port_id)
            return _BREAK
        self._at_work.add(port.port_id)
        chosen = self._random.sample(CATEGORIES, self._random.randint(1, len(CATEGORIES)))
        return self._call(port, "openport", _LOOK, category=tuple(chosen))

    def _ask_for_bin(self, port: Port) -> tuple[float, float]:
        if self._random.random() < _BREAK_CHANCE:
            return self._call(port, "closeport", _LOOK)
        return self._call(port, "openbin", _PICK)

    def _see_to_case(self, port: Port, bin_id: int) -> tuple[float, float]:
        if port.case.error:
            return self._call(port, "case_cancel", _LOOK, bin_id=bin_id)
        if port.case.active:
            return _LOOK
        if self._random.random() < _JAM_CHANCE:
            self._world.jams.add(bin_id)
            return self._call(port, "case_extract", _UNTIL_CANCEL, bin_id=bin_id)
        return self._call(port, "case_extract", _PICK, bin_id=bin_id)

    def _call(
        self, port: Port, name: str, then: tuple[float, float], **arguments: Any
    ) -> tuple[float, float]:
        """Make a call as anyone would; a refused operator waits and looks again."""
        try:
            methods.call(self._world, CREW, name, port_id=port.port_id, **arguments)
        except Refusal:
            return _IDLE
        return then
