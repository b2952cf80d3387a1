"""The two worlds of a simulation as somebody asks for them, and how they come to life."""

from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from console.simulator.default_softswitch import build_softswitch
from console.simulator.default_warehouse import build_warehouse
from console.simulator.softswitch import Softswitch
from console.simulator.warehouse import Warehouse

CREW_SETTLES = 120.0
"""Seconds of its own time after which a busy warehouse looks like the middle of a shift."""


class Setting(Struct, frozen=True):
    """How many ports and devices there are, and whether somebody works at ports from 9 on.

    `busy` ones live a working day; of `churn`, a share of all ports changes its state each second.
    """

    ports: Annotated[int, Meta(ge=1, le=2000, description="how many ports, 1 to 2000")] = 40
    devices: Annotated[int, Meta(ge=0, le=1_000_000, description="how many phones, 0 to 1000000")] = 200
    seed: Annotated[int, Meta(ge=0, description="a whole number from 0")] = 1
    busy: bool = False
    churn: Annotated[float, Meta(ge=0, le=1, description="a share, 0 to 1")] = 0.0

    @property
    def lead(self) -> float:
        """Seconds that the worlds should have lived before anybody looks."""
        return CREW_SETTLES if self.busy else 0.0


class Worlds(NamedTuple):
    """A warehouse and a switch that live side by side."""

    warehouse: Warehouse
    softswitch: Softswitch

    def advance(self, to: float) -> None:
        """Let both live until `to` seconds since they began."""
        self.warehouse.advance(to)
        self.softswitch.advance(to)


def build(setting: Setting) -> Worlds:
    """Return worlds at their very beginning.

    Raises:
        ValueError: fewer than 1 or more than 2000 ports, or fewer than 0 devices.
    """
    warehouse = build_warehouse(
        ports=setting.ports, seed=setting.seed, crew=setting.busy, churn=setting.churn
    )
    return Worlds(warehouse, build_softswitch(devices=setting.devices, seed=setting.seed))
