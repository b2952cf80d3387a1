"""What a warehouse tells its listeners, as it happens; which of it has a line is `log_publisher`'s to say."""

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from console.autostore.values import BinMode, CaseState, PortMode

GRID_ID = 1
"""The only grid of a simulated site."""


class Alert(StrEnum):
    """Alert codes of the Log Publisher (autostore.md 2.6)."""

    NO_CONNECTION = "NOC"
    BACKUP = "BCK"
    DELAYED_STOP = "DSTP"


class HatchPosition(StrEnum):
    """How far a port's hatch is open (autostore.md 2.6)."""

    UNKNOWN = "U"
    CLOSED = "C"
    BETWEEN = "B"
    OPEN = "O"
    FULLY_OPEN = "FO"


class CellLock(StrEnum):
    """Who locked a cell (autostore.md 2.6)."""

    LONG_TERM = "L"
    PERMANENT = "P"
    CLEARED = "C"


class LiftLock(StrEnum):
    """Whether robots may lift from a cell (autostore.md 2.6)."""

    LOCKED = "BOTH"
    CLEARED = "CLEAR"


class Place(Struct, frozen=True):
    """Where a bin is: in a cell, `depth` mm below the grid top, or on a robot, with no cell."""

    cell: tuple[int, int] | None = None
    depth: int = 0


class PortChanged(Struct, frozen=True):
    """A port opened, began to close, closed, or went out of service."""

    port_id: int
    mode: PortMode
    closing: bool


class BinMoved(Struct, frozen=True):
    """A bin is somewhere else; `mode` when it came to a port, `content` and `height` (mm) when inserted."""

    bin_id: int
    place: Place
    mode: BinMode | None = None
    content: int | None = None
    height: int | None = None


class BinModeChanged(Struct, frozen=True):
    bin_id: int
    mode: BinMode


class BinPrepared(Struct, frozen=True):
    """A bin stands on top of its stack; `published` if the Log Publisher is to tell that as well."""

    bin_id: int
    published: bool


class BinDefined(Struct, frozen=True):
    """A bin is known from now on; `height` in mm."""

    bin_id: int
    height: int
    holds_case: bool


class ContentChanged(Struct, frozen=True):
    bin_id: int
    content: int


class CaseChanged(Struct, frozen=True):
    port_id: int
    bin_id: int
    state: CaseState
    error: bool


class CancelAsked(Struct, frozen=True):
    """Somebody at the port wants the case action cancelled (autostore.md 7.4, `CR`)."""

    port_id: int
    bin_id: int


class HatchMoved(Struct, frozen=True):
    port_id: int
    position: HatchPosition


class CellLocked(Struct, frozen=True):
    cell: tuple[int, int]
    lock: CellLock


class LiftCellLocked(Struct, frozen=True):
    cell: tuple[int, int]
    lock: LiftLock


class DeliveryFailed(Struct, frozen=True):
    """A robot could not put a bin down in the cell of a custom port (autostore.md 7.5)."""

    cell: tuple[int, int]


class AlertRaised(Struct, frozen=True):
    alert: Alert


class SystemChanged(Struct, frozen=True):
    mode: int
    stopcode: int


class DriverLost(Struct, frozen=True):
    """The Log Publisher hears nothing of the warehouse from now on."""


class DriverRegained(Struct, frozen=True):
    """The Log Publisher hears the warehouse again, and what it said meanwhile is lost."""


Change: TypeAlias = (
    PortChanged
    | BinMoved
    | BinModeChanged
    | BinPrepared
    | BinDefined
    | ContentChanged
    | CaseChanged
    | CancelAsked
    | HatchMoved
    | CellLocked
    | LiftCellLocked
    | DeliveryFailed
    | AlertRaised
    | SystemChanged
    | DriverLost
    | DriverRegained
)
