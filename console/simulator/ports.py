"""The ports of a warehouse, as values that change."""

from datetime import datetime

import msgspec
from msgspec import Struct

from console.autostore.values import CASE_ACTIVE, UNAVAILABLE, CaseState, PortMode, PortType
from console.simulator.changes import HatchPosition

HATCHED = frozenset({PortType.RELAY, PortType.FUSION, PortType.PICK_UP})
"""Port types that get a hatch here; no page lists them."""

NO_SCALE, OVERLOAD_ONLY, SCALE = 0, 1, 2
"""What a port weighs with (autostore.md 2.6, weight_equipment)."""

_CELLS_IN_A_ROW = 1000


class CaseAction(Struct):
    """What the AutoCase machine of a port does with the case of `bin_id`."""

    bin_id: int | None = None
    state: CaseState = CaseState.NOTHING
    error: bool = False

    @property
    def active(self) -> bool:
        """Whether it is neither idle nor completed; an action in error is active."""
        return self.state in CASE_ACTIVE


class Location(Struct):
    """The one cell of a custom port (autostore.md 4.7).

    `announced` and `ready` are what the port controller allowed last, `getbin` whether the bin standing
    there is to be fetched as well; `blocked` means that something lies in the cell.
    """

    announced: bool = False
    ready: bool = False
    getbin: bool = False
    blocked: bool = False


class Wanted(Struct, frozen=True):
    """One entry of a port queue: a bin, or any bin with a content code."""

    bin_id: int | None = None
    content: int | None = None


class Port(Struct):
    """One port (autostore.md section 3).

    While `closing`, `mode` stays what it was and nothing is selected any more. `visitors` are the
    bins bound for the port, at it, or leaving it. `queue` holds the groups of wanted bins of
    the Bin interface. `weight_equipment` is autostore.md 2.6.
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
    hatch: HatchPosition = HatchPosition.CLOSED
    location: Location = msgspec.field(default_factory=Location)
    queue: list[list[Wanted]] = []
    weight_equipment: int = SCALE

    @property
    def is_open(self) -> bool:
        return self.mode is not PortMode.CLOSED and self.mode not in UNAVAILABLE and not self.closing

    @property
    def cell(self) -> tuple[int, int]:
        """Its grid cell, x and y; ports stand in the first two rows of the grid."""
        row, column = divmod(self.port_id - 1, _CELLS_IN_A_ROW)
        return column + 1, row + 1

    @property
    def custom(self) -> bool:
        """Whether the site drives its mechanics itself, through the Port Interface."""
        return self.port_type is PortType.CUSTOM

    @property
    def hatched(self) -> bool:
        return self.port_type in HATCHED
