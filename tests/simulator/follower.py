"""A listener to the Log Publisher of the simplest kind, and what it has to believe."""

from collections.abc import Iterable

from console.autostore.values import BIN_MODE_LETTERS, BinMode
from console.simulator.log_publisher import download
from console.simulator.warehouse import Warehouse

from .small import lines

_LETTERS = {mode: letter for letter, mode in BIN_MODE_LETTERS.items()}


class Follower:
    """Keeps what it was told last: places and modes of bins, hatches, cases."""

    def __init__(self, world: Warehouse) -> None:
        self.places: dict[int, tuple[str, ...]] = {}
        self.modes: dict[int, str] = {}
        self.hatches: dict[str, str] = {}
        self.cases: dict[str, str] = {}
        self._world = world
        self.follow(download(world))
        self.said = lines(world)

    def follow(self, said: Iterable[str]) -> None:
        for one in said:
            tag, *values = one.split(",")
            if tag == "BL":
                self.places[int(values[0])] = tuple(values[2:5])
                self.modes[int(values[0])] = values[5] if len(values) > 5 else "G"
            elif tag == "BM":
                self.modes[int(values[0])] = values[1]
            elif tag == "HS":
                self.hatches[values[0]] = values[1]
            elif tag == "AC" and values[2] != "CR":
                self.cases[values[0]] = values[2]

    def check(self) -> None:
        """Raise an AssertionError if what was said since has not told what is true now.

        Not told: that a bin is prepared for a task or forecast, and where one from outside stands
        after a failed pick-up.
        """
        self.follow(self.said)
        self.said.clear()
        for bin_ in self._world.bins:
            place = self._world.place(bin_)
            if place is None:
                assert self.modes.get(bin_.bin_id, "X") == "X"
                continue
            if bin_.mode in (BinMode.PORT, BinMode.OPEN, BinMode.CLOSED, BinMode.TOGRID):
                assert self.modes[bin_.bin_id] == _LETTERS[bin_.mode]
            if bin_.mode is not BinMode.TOGRID:
                cell = () if place.cell is None else (*map(str, place.cell), str(place.depth))
                assert self.places[bin_.bin_id] == cell
        for port in self._world.ports.values():
            assert self.hatches.get(str(port.port_id), "C") == port.hatch
            assert self.cases.get(str(port.port_id), "NOOP") == port.case.state
