"""The words, codes and ranges of the AutoStore interface (autostore.md section 2).

Modes and states arrive as text and stay text: an unknown word is kept and shown, never an
error. The enumerations name the documented ones.
"""

from enum import IntEnum, StrEnum

PORT_ID_RANGE = (1, 2000)
BIN_ID_RANGE = (1, 4_000_000)
SELECT_LIMIT = 32
"""Most categories or content codes a port can select."""


class PortMode(StrEnum):
    """What a port is doing (autostore.md 2.2)."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    INSERT = "INSERT"
    SWAP = "SWAP"
    SEQUENCE = "SEQUENCE"
    RUNOUT = "RUNOUT"
    AUTO = "AUTO"
    MOVE = "MOVE"
    DISABLED = "DISABLED"
    MULTIPORT_PUPPET = "MULTIPORT_PUPPET"


OPENABLE = (PortMode.INSERT, PortMode.OPEN, PortMode.SWAP, PortMode.SEQUENCE, PortMode.RUNOUT)
"""The modes openport accepts (source page openport)."""

NEEDS_SELECT = frozenset({PortMode.OPEN, PortMode.SWAP})
UNAVAILABLE = frozenset({PortMode.DISABLED, PortMode.MULTIPORT_PUPPET})


class PortType(StrEnum):
    """Port types by their Log Publisher code (autostore.md 2.3)."""

    CONVEYOR = "CO"
    CONVEYOR_EXTENDED = "ECO"
    CAROUSEL = "CA"
    VERSA = "VE"
    SWING = "SW"
    RELAY = "RE"
    FUSION = "FU"
    MULTI = "MU"
    PICK_UP = "PI"
    AUTOCASE = "AC"
    GRID_LIFT = "GL"
    CUSTOM = "TC"


PORT_TYPE_NAMES = {
    PortType.CONVEYOR: "ConveyorPort",
    PortType.CONVEYOR_EXTENDED: "ConveyorPort Extended",
    PortType.CAROUSEL: "CarouselPort",
    PortType.VERSA: "VersaPort",
    PortType.SWING: "SwingPort",
    PortType.RELAY: "RelayPort",
    PortType.FUSION: "FusionPort",
    PortType.MULTI: "MultiPort",
    PortType.PICK_UP: "PickUpPort",
    PortType.AUTOCASE: "AutoCase port",
    PortType.GRID_LIFT: "Grid lift port",
    PortType.CUSTOM: "Custom port",
}


class BinMode(StrEnum):
    """Where a bin is in its life (autostore.md 2.4)."""

    GRID = "GRID"
    FORECAST = "FORECAST"
    PREPARED = "PREPARED"
    PORT = "PORT"
    TOGRID = "TOGRID"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    OUTSIDE = "OUTSIDE"
    DELETED = "DELETED"


BIN_MODE_LETTERS = {
    "G": BinMode.GRID,
    "F": BinMode.FORECAST,
    "T": BinMode.PREPARED,
    "P": BinMode.PORT,
    "R": BinMode.TOGRID,
    "O": BinMode.OPEN,
    "C": BinMode.CLOSED,
    "X": BinMode.OUTSIDE,
    "D": BinMode.DELETED,
}
"""Query replies use words on one page and letters in another (autostore.md D8)."""


class CaseState(StrEnum):
    """How far an AutoCase action is (autostore.md 2.6)."""

    NOTHING = "NOOP"
    EXTRACT_REQUESTED = "EREQ"
    EXTRACT_READY_TO_SEND = "ERSO"
    EXTRACT_COMPLETED = "ECMP"
    INSERT_REQUESTED = "IREQ"
    INSERT_READY_TO_RECEIVE = "IRTR"
    INSERT_CASE_RECEIVED = "ICRC"
    INSERT_CASE_INSERTED = "ICIN"
    INSERT_COMPLETED = "ICMP"


CASE_STATE_NAMES = {
    CaseState.NOTHING: "nothing running",
    CaseState.EXTRACT_REQUESTED: "extract requested",
    CaseState.EXTRACT_READY_TO_SEND: "ready to send the case out",
    CaseState.EXTRACT_COMPLETED: "extract completed",
    CaseState.INSERT_REQUESTED: "insert requested",
    CaseState.INSERT_READY_TO_RECEIVE: "ready to receive a case",
    CaseState.INSERT_CASE_RECEIVED: "case received",
    CaseState.INSERT_CASE_INSERTED: "case inserted",
    CaseState.INSERT_COMPLETED: "insert completed",
}

CASE_ACTIVE = frozenset(
    {
        CaseState.EXTRACT_REQUESTED,
        CaseState.EXTRACT_READY_TO_SEND,
        CaseState.INSERT_REQUESTED,
        CaseState.INSERT_READY_TO_RECEIVE,
        CaseState.INSERT_CASE_RECEIVED,
        CaseState.INSERT_CASE_INSERTED,
    }
)
"""States in which a new action gets fault 1148."""


class SystemMode(IntEnum):
    """What getsystemmode answers (autostore.md 2.5); 40 and 60 are both on the way down or up."""

    CONNECTING = 10
    STARTING = 12
    RUNNING = 20
    SERVICE = 30
    ALERT = 35
    STOPPING = 40
    RESTART = 60
    STOPPED = 70
    UPGRADING = 100


def system_mode_name(mode: int) -> str:
    """Return the word for a system mode; an unknown number stays a number, and is not running."""
    try:
        return SystemMode(mode).name
    except ValueError:
        return f"MODE {mode}"
