"""How a port looks where many stand on a line: as a tile, or as a single character; pure.

The character says what matters most of a port, without colour: a port whose values are old never
has the character of a live one, marked or not.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from console.autostore.values import UNAVAILABLE
from console.interface.cells import ROWS, Shape
from console.interface.drawing import Line, Piece, Tone, fit
from console.interface.port_rows import CHANGED, Sort, attention, mode_tone
from console.state.entities import Port
from console.state.quality import Quality
from console.state.store import Store


class Density(StrEnum):
    """How close together the ports stand."""

    ROWS = "rows"
    TILES = "tiles"
    DOTS = "dots"


SHAPES = {
    Density.ROWS: ROWS,
    Density.TILES: Shape(width=14),
    Density.DOTS: Shape(width=1, label=8, group=10),
}

_ERROR, _OLD, _UNSEEN = "!", "~", "?"
_COMMAND, _OFF, _CLOSED, _CASE, _BIN, _OPEN = ":", "-", ".", "c", "b", "o"

_MARKED = {_ERROR: "#", _OLD: "%", _UNSEEN: "%"}
"""What a marked dot becomes where a mere `*` would hide that something is not normal."""

_QUIET = (_CLOSED, _OPEN)
"""Not said of a tile, whose mode says it."""

LEGEND: Line = tuple(
    piece
    for sign, word, tone in (
        (_CLOSED, "closed", Tone.DIM),
        (_OPEN, "open", Tone.PLAIN),
        (_BIN, "bin", Tone.PLAIN),
        (_CASE, "case", Tone.PLAIN),
        (_OFF, "off", Tone.DIM),
        (_ERROR, "error", Tone.ALARM),
        (_OLD, "old", Tone.STALE),
        (_UNSEEN, "unseen ", Tone.STALE),
    )
    for piece in ((f" {sign} ", tone), (word, Tone.DIM))
)

_ATTENTION = ("error", "old", "unseen", "open", "closed", "off")


def port_tile(
    port: Port, quality: Quality, *, marked: bool, busy: str = "", changed: Collection[str] = ()
) -> Line:
    """Return a port as a tile: its id, its mode, and a character for what is not said by that."""
    live = quality is Quality.LIVE
    sign, tone = _sign(port, quality, busy)
    value = Tone.STALE if not live else tone if sign == _ERROR else Tone.PLAIN
    mode = mode_tone(port) if live else Tone.STALE
    return (
        ("*" if marked else " ", Tone.MARK),
        (f"{port.port_id:04d} ", value),
        (" " if sign in _QUIET else sign, tone),
        ((CHANGED if live and changed else " ") + fit(port.mode or "?", 6), mode),
    )


def port_dot(
    port: Port, quality: Quality, *, marked: bool, busy: str = "", changed: Collection[str] = ()
) -> Line:
    """Return a port as one character."""
    sign, tone = _sign(port, quality, busy)
    if marked:
        return ((_MARKED.get(sign, "*"), tone if sign in _MARKED else Tone.MARK),)
    if changed and tone in (Tone.PLAIN, Tone.DIM):
        tone = Tone.TITLE
    return ((sign, tone),)


def _sign(port: Port, quality: Quality, busy: str) -> Piece:
    if quality is not Quality.LIVE:
        return _UNSEEN if port.reading is None else _OLD, Tone.STALE
    if port.case_error:
        return _ERROR, Tone.ALARM
    if busy:
        return _COMMAND, Tone.WARN
    if port.mode in UNAVAILABLE:
        return _OFF, Tone.DIM
    if not port.open:
        return _CLOSED, Tone.DIM
    return _CASE if port.case_active else _BIN if port.bin_id is not None else _OPEN, Tone.PLAIN


def section(store: Store, port: Port, order: Sort) -> str:
    """Return the word for the ports that stand together in an order: each begins a line of dots."""
    quality = store.port_quality(port)
    match order:
        case Sort.ATTENTION:
            return _ATTENTION[attention(port, quality)]
        case Sort.ID:
            return f"{(port.port_id - 1) // 100 * 100 + 1:04d}"
        case Sort.MODE:
            return port.mode or "?"
        case Sort.TYPE:
            return port.port_type or "?"
        case Sort.AGE:
            return "unseen" if port.seen_at is None else "live" if quality is Quality.LIVE else "old"


def sections(words: Sequence[str]) -> tuple[int, ...]:
    """Return the indices at which the word is another than the one before."""
    return tuple(index for index, word in enumerate(words) if not index or word != words[index - 1])


def dots_label(word: str, port_id: int, begins: bool, order: Sort) -> Line:
    """Return what stands before a line of dots: the first id in it, or the word of a section that begins."""
    if order is Sort.ID:
        return ((f" {port_id:04d}", Tone.DIM),)
    return ((f" {fit(word, 6)}" if begins else "", Tone.DIM),)
