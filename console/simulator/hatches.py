"""The hatches of the ports that have one (autostore.md 6, tag HS, and 7.2)."""

from functools import partial

from console.simulator.changes import HatchMoved, HatchPosition
from console.simulator.course import Course
from console.simulator.ports import Port


class Hatches:
    """Moves hatches: at once to BETWEEN, and after a while to where they go."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def move(self, port: Port, to: HatchPosition) -> None:
        """Open or close the hatch of a port that has one; one that is there already stays still."""
        if not port.hatched or port.hatch is to:
            return
        self._set(port, HatchPosition.BETWEEN)
        self._course.plan("hatch", port.port_id, self._course.delays.hatch, partial(self._set, port, to))

    def _set(self, port: Port, position: HatchPosition) -> None:
        if port.hatch is not position:
            port.hatch = position
            self._course.tell(HatchMoved(port.port_id, position))
