"""One line of the Log Publisher to one event; pure functions (autostore.md section 6).

Codes arrive as text and stay text: an unknown one is kept and shown, never an error. The
enumerations name the documented ones. No line carries a time: `at` is when it was received.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, TypeAlias

from msgspec import Struct

from console.autostore.values import BIN_ID_RANGE, BIN_MODE_LETTERS, PORT_ID_RANGE
from console.fields import whole_number
from console.text import SafeText, safe

LINE_LIMIT = 64 * 1024
"""Bytes of the longest line that is looked into; no page has a limit, documented lines stay below 100."""

_TAG_SHOWN = 40

CANCEL_ASKED = "CR"
"""The code of an AC line that is a signal and no state."""


class AlertCode(StrEnum):
    """What an AL line warns of (autostore.md 2.6)."""

    NO_CONNECTION = "NOC"
    BACKUP_SEQUENCE = "BCK"
    DELAYED_STOP = "DSTP"


class HatchPosition(StrEnum):
    """How far a port's hatch is open (autostore.md 2.6)."""

    UNKNOWN = "U"
    CLOSED = "C"
    BETWEEN = "B"
    OPEN = "O"
    FULLY_OPEN = "FO"


class LockMode(StrEnum):
    """Who keeps robots out of a cell: a delayed stop, a user, or nobody any more (autostore.md 2.6)."""

    LONG_TERM = "L"
    PERMANENT = "P"
    CLEARED = "C"


class LiftLock(StrEnum):
    """Whether robots may lift from a cell (autostore.md 2.6)."""

    LOCKED = "BOTH"
    CLEARED = "CLEAR"
    UNKNOWN = "UNKNOWN"


Subject: TypeAlias = tuple[Any, ...]
"""What an event is about: a later event about the same makes an earlier one out of date."""


class Event(Struct, frozen=True, kw_only=True):
    """What every event has.

    `at` is when it was received, in seconds of the receiver's clock; `surplus` are fields that
    no page mentions, as they came: for diagnosis, never used.
    """

    at: float
    surplus: SafeText = SafeText("")

    _about: ClassVar[tuple[str, ...]] = ()

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return (type(self).__name__, *(getattr(self, name) for name in self._about))


class CaseChanged(Event, frozen=True, kw_only=True):
    """AC: how far the case action at a port is, or that somebody wants it cancelled."""

    port_id: int
    bin_id: int
    case_state: SafeText

    _about = ("port_id", "cancel_asked")

    @property
    def cancel_asked(self) -> bool:
        """Whether this is the wish to cancel, which changes no state."""
        return self.case_state == CANCEL_ASKED


class Alert(Event, frozen=True, kw_only=True):
    """AL: the system warns of itself."""

    alert_code: SafeText

    _about = ("alert_code",)

    @property
    def driver_lost(self) -> bool:
        """Whether the publisher itself hears nothing: what it says is dead until the next download."""
        return self.alert_code == AlertCode.NO_CONNECTION.value


class BinDefined(Event, frozen=True, kw_only=True):
    """BD: a bin's height in mm and its variant: NO none, ST standard, AC AutoCase, UN unexpected."""

    bin_id: int
    height: int
    variant: SafeText

    _about = ("bin_id",)


class BinLocated(Event, frozen=True, kw_only=True):
    """BL: where a bin is; on a robot it has a grid and no cell.

    `depth` is mm from the grid top down to the bin's top, negative above it, and meaningless in a
    port. `mode` is a word; with content and height the line is of a download, or of an insertion.
    """

    bin_id: int
    grid_id: int
    xpos: int | None = None
    ypos: int | None = None
    depth: int | None = None
    mode: SafeText | None = None
    content: int | None = None
    height: int | None = None

    _about = ("bin_id", "tells_mode", "complete")
    """A short form does not make the mode and the content of an earlier, longer one out of date."""

    @property
    def tells_mode(self) -> bool:
        """Whether the mode is told, too."""
        return self.mode is not None

    @property
    def complete(self) -> bool:
        """Whether this is the longest form."""
        return self.content is not None


class BinModeChanged(Event, frozen=True, kw_only=True):
    """BM: a bin's mode, as a word, at port level; its return to the grid is not told this way."""

    bin_id: int
    bin_mode: SafeText

    _about = ("bin_id",)


class CellDefined(Event, frozen=True, kw_only=True):
    """CD: what a cell is for, and its depths.

    Types: PO port, SE service, ST stock, EX exit, CH charge, FL flex, OV overhang.
    """

    xpos: int
    ypos: int
    cell_type: SafeText
    min_depth: int
    max_depth: int

    _about = ("xpos", "ypos")


class CellLocked(Event, frozen=True, kw_only=True):
    """CL: a cell is locked, or is no longer."""

    grid_id: int
    lock_mode: SafeText
    xpos: int
    ypos: int

    _about = ("grid_id", "xpos", "ypos")

    @property
    def cleared(self) -> bool:
        """Whether the lock is gone."""
        return self.lock_mode == LockMode.CLEARED.value


class LiftCellLocked(Event, frozen=True, kw_only=True):
    """LCL: robots may not lift from a cell, or may again."""

    xpos: int
    ypos: int
    lock_state: SafeText

    _about = ("xpos", "ypos")

    @property
    def cleared(self) -> bool:
        """Whether the lock is gone."""
        return self.lock_state == LiftLock.CLEARED.value


class DownloadBegun(Event, frozen=True, kw_only=True):
    """DS: all that is true now follows; forget every lock, since only locked cells are told."""


class HatchMoved(Event, frozen=True, kw_only=True):
    """HS: a port's hatch; `port_index` 1 is the left or only one, 2 the right one of a MultiPort."""

    port_id: int
    hatch_position: SafeText
    port_index: int

    _about = ("port_id", "port_index")


class PortLocationFailed(Event, frozen=True, kw_only=True):
    """LF: a custom port's cell could not be served; check that it is free, then try again."""

    grid_id: int
    xpos: int
    ypos: int

    _about = ("grid_id", "xpos", "ypos")


class Unrecognised(Event, frozen=True, kw_only=True):
    """A line whose tag no page mentions; kept for diagnosis."""

    tag: SafeText
    text: SafeText

    _about = ("tag",)


class Unreadable(Event, frozen=True, kw_only=True):
    """A line of a known tag whose values cannot be right, or one that is too long; `reason` says why."""

    text: SafeText
    reason: SafeText


class _Number(NamedTuple):
    """A field that is a whole number."""

    name: str
    low: int
    high: int
    optional: bool = False

    def read(self, text: str) -> int:
        number = whole_number(text)
        if number is None or not self.low <= number <= self.high:
            raise ValueError(f"{self.name} is {text or 'empty'}: wanted {self.low} to {self.high}")
        return number


class _Code(NamedTuple):
    """A field that is a code; `words` is what codes stand for where the rest of portside has words."""

    name: str
    words: Mapping[str, str] = {}
    optional: bool = False

    def read(self, text: str) -> SafeText:
        if not text:
            raise ValueError(f"{self.name} is empty: wanted a code")
        return safe(str(self.words.get(text, text)))


class _Line(NamedTuple):
    """What a tag's line becomes, and its fields in their order."""

    shape: type[Event]
    fields: tuple[_Number | _Code, ...] = ()


_CELLS = 1024
_CONTENT_MOST = 10_000_000
_MILLIMETRES = 1_000_000
"""No page bounds depths and heights; this is a grid a kilometre high."""

_PORT = _Number("port_id", *PORT_ID_RANGE)
_BIN = _Number("bin_id", *BIN_ID_RANGE)
_GRID = _Number("grid_id", 1, _CELLS)
_X, _Y = _Number("xpos", 1, _CELLS), _Number("ypos", 1, _CELLS)

_LINES = {
    "AC": _Line(CaseChanged, (_PORT, _BIN, _Code("case_state"))),
    "AL": _Line(Alert, (_Code("alert_code"),)),
    "BD": _Line(BinDefined, (_BIN, _Number("height", 0, _MILLIMETRES), _Code("variant"))),
    "BL": _Line(
        BinLocated,
        (
            *(_BIN, _GRID),
            *(_Number(name, 0, _CELLS, optional=True) for name in ("xpos", "ypos")),
            _Number("depth", -_MILLIMETRES, _MILLIMETRES, optional=True),
            _Code("mode", BIN_MODE_LETTERS, optional=True),
            _Number("content", 0, _CONTENT_MOST, optional=True),
            _Number("height", 0, _MILLIMETRES, optional=True),
        ),
    ),
    "BM": _Line(BinModeChanged, (_BIN, _Code("bin_mode", BIN_MODE_LETTERS))),
    "CD": _Line(
        CellDefined,
        (
            *(_X, _Y, _Code("cell_type")),
            *(_Number(name, -_MILLIMETRES, _MILLIMETRES) for name in ("min_depth", "max_depth")),
        ),
    ),
    "CL": _Line(CellLocked, (_GRID, _Code("lock_mode"), _X, _Y)),
    "DS": _Line(DownloadBegun),
    "HS": _Line(HatchMoved, (_PORT, _Code("hatch_position"), _Number("port_index", 1, 2))),
    "LCL": _Line(LiftCellLocked, (_X, _Y, _Code("lock_state"))),
    "LF": _Line(PortLocationFailed, (_GRID, _X, _Y)),
}


def read_line(line: bytes, at: float, limit: int = LINE_LIMIT) -> Event:
    """Return the event that a line tells, whatever its bytes; never raises.

    Args:
        line: one line, with or without the CRLF that ends it.
        at: when it was received, in seconds of the receiver's clock.
        limit: most bytes of a line that is looked into.
    """
    # The first line of a .NET stream may begin with a byte order mark, which utf-8-sig takes away.
    text = line[:limit].removesuffix(b"\n").removesuffix(b"\r").decode("utf-8-sig", "backslashreplace")
    if len(line) > limit:
        return Unreadable(at=at, text=safe(text), reason=safe(f"the line is longer than {limit} bytes"))
    tag, _, rest = text.partition(",")
    tag = tag.strip(" ")
    if tag not in _LINES:
        return Unrecognised(at=at, tag=safe(tag, _TAG_SHOWN), text=safe(text))
    shape, fields = _LINES[tag]
    try:
        return shape(at=at, **_values(fields, rest))
    except ValueError as error:
        return Unreadable(at=at, text=safe(text), reason=safe(str(error)))


def _values(fields: tuple[_Number | _Code, ...], rest: str) -> dict[str, Any]:
    parts = [part.strip(" ") for part in rest.split(",", len(fields))]
    values: dict[str, Any] = {}
    for index, field in enumerate(fields):
        part = parts[index] if index < len(parts) else ""
        if part or not field.optional:
            values[field.name] = field.read(part)
    if len(parts) > len(fields):
        values["surplus"] = safe(parts[-1])
    return _off_the_robot(values) if fields is _LINES["BL"].fields else values


def _off_the_robot(values: dict[str, Any]) -> dict[str, Any]:
    """Check the cell of a BL line, and take away 0,0 with its depth: that is how a robot may be told."""
    cell = (values.get("xpos"), values.get("ypos"))
    if cell in ((0, 0), (None, None)):
        return {name: value for name, value in values.items() if name not in ("xpos", "ypos", "depth")}
    if 0 in cell or None in cell:
        raise ValueError("xpos and ypos are not both of a cell: wanted both, or none, or 0 and 0")
    return values
