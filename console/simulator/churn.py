"""Ports that change without end, so that whoever watches them has something to keep up with."""

from collections.abc import Sequence
from random import Random
from typing import Any

from console.simulator import methods
from console.simulator.codes import Refusal
from console.simulator.crew import CATEGORIES
from console.simulator.ports import Port
from console.simulator.record import CHURN
from console.simulator.warehouse import Warehouse

_ROUND = 0.1
"""Seconds between two rounds: changes come spread over each second."""

_MOST_OWED = 10
"""Rounds that can be caught up on, when too many ports were closing to change in their turn."""


class Churn:
    """Opens and closes `ports` at random, so that `per_second` changes of a port's state are seen.

    An opened port calls a bin in the same moment, which is one change. A port that closes is seen
    twice: when it begins to, and when its bin is gone.
    """

    def __init__(self, world: Warehouse, ports: Sequence[Port], *, per_second: float, seed: int) -> None:
        self._world = world
        self._ports = ports
        self._per_round = per_second * _ROUND
        self._random = Random(seed)
        self._owed = 0.0

    def start(self) -> None:
        """Begin, and go on as long as the world lives."""
        self._world.agenda.plan(("churn", 0), _ROUND, self._round)

    def _round(self) -> None:
        if self._world.system.running:
            self._change_some()
        self.start()

    def _change_some(self) -> None:
        self._owed = min(self._owed, _MOST_OWED * self._per_round) + self._per_round
        for port in self._random.sample(self._ports, min(len(self._ports), int(self._owed))):
            if self._owed >= 1:
                self._owed -= self._flip(port)

    def _flip(self, port: Port) -> int:
        """Change a port, and return how many changes that makes."""
        if port.is_open:
            return 2 if self._do(port, "closeport") else 0
        if self._do(port, "openport", category=CATEGORIES):
            self._do(port, "openbin")
            return 1
        return 0

    def _do(self, port: Port, name: str, **arguments: Any) -> bool:
        try:
            methods.call(self._world, CHURN, name, port_id=port.port_id, **arguments)
        except Refusal:
            return False
        return True
