"""How a port looks as a row, and in what order rows stand; pure."""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum

from console.autostore.values import UNAVAILABLE, CaseState
from console.interface.drawing import Line, Piece, Tone, fit
from console.state.entities import Port
from console.state.quality import Quality, age_text
from console.state.store import Store

HEADER = "  port typ mode     bin     at      case "

CHANGED = ">"
"""Stands before a value that changed a moment ago."""

COARSE_AGES = ((10.0, 1.0), (60.0, 5.0), (600.0, 60.0), (float("inf"), 300.0))
"""Up to an age in seconds, ages in rows move in steps of that many, so that stale rows stay quiet."""


class Sort(StrEnum):
    """Orders of the ports pane."""

    ATTENTION = "attention"
    ID = "id"
    MODE = "mode"
    TYPE = "type"
    AGE = "age"


def coarse_age(seconds: float) -> str:
    """Return an age in words that change seldom."""
    for limit, step in COARSE_AGES:
        if seconds < limit:
            return age_text(seconds // step * step).replace(".0 ", " ")
    return age_text(seconds)


def attention(port: Port, quality: Quality) -> int:
    """Return how urgently a port needs a person: lower is sooner.

    A port at work is like any other port at work: rows must not jump with every bin.
    """
    if port.case_error:
        return 0
    if quality in (Quality.UNREACHABLE, Quality.STALE):
        return 1
    if quality is Quality.NEVER:
        return 2
    if port.mode in UNAVAILABLE:
        return 5
    return 3 if port.open else 4


def sorted_ids(store: Store, ports: Iterable[Port], order: Sort) -> list[int]:
    """Return port ids in the order asked for; equals by id."""
    keys: dict[Sort, Callable[[Port], tuple[object, ...]]] = {
        Sort.ATTENTION: lambda port: (attention(port, store.port_quality(port)), port.port_id),
        Sort.ID: lambda port: (port.port_id,),
        Sort.MODE: lambda port: (port.mode or "~", port.port_id),
        Sort.TYPE: lambda port: (port.port_type or "~", port.port_id),
        Sort.AGE: lambda port: (port.seen_at if port.seen_at is not None else float("-inf"), port.port_id),
    }
    return [port.port_id for port in sorted(ports, key=keys[order])]


def port_row(
    port: Port,
    quality: Quality,
    now: float,
    *,
    marked: bool,
    busy: str = "",
    changed: Collection[str] = (),
) -> Line:
    """Return one port as a row.

    `busy` is the word of a command that is under way there, `changed` the names of the values that
    are marked: mode, bin, at, case.
    """
    live = quality is Quality.LIVE
    value = Tone.PLAIN if live else Tone.STALE
    quiet = Tone.DIM if live else Tone.STALE

    def led(name: str, text: str, tone: Tone) -> Piece:
        return (CHANGED if live and name in changed else " ") + text, tone

    return (
        ("* " if marked else "  ", Tone.MARK),
        (f"{port.port_id:04d} ", value),
        (fit(port.port_type or "?", 3), quiet),
        led("mode", fit(port.mode or "?", 8), mode_tone(port) if live else Tone.STALE),
        led("bin", fit("" if port.bin_id is None else str(port.bin_id), 7), value),
        led("at", fit(port.bin_mode or "", 7), value),
        led("case", fit(_case(port), 4) + " ", _case_tone(port) if live else Tone.STALE),
        *_note(port, quality, now, busy),
    )


def mode_tone(port: Port) -> Tone:
    """Return the tone of a live port's mode."""
    if port.mode in UNAVAILABLE or not port.open:
        return Tone.DIM
    return Tone.PLAIN


def _case(port: Port) -> str:
    if port.autocase and port.case_state is None:
        return "?"
    return port.case_state or ""


def _case_tone(port: Port) -> Tone:
    if port.case_error:
        return Tone.ALARM
    return Tone.DIM if port.case_state == CaseState.NOTHING else Tone.PLAIN


def _note(port: Port, quality: Quality, now: float, busy: str) -> Line:
    old = "" if port.seen_at is None else coarse_age(now - port.seen_at)
    if quality is Quality.NEVER:
        return (("~ not seen yet", Tone.STALE),)
    if quality is Quality.UNREACHABLE:
        return ((f"~ no answer {old}".rstrip(), Tone.STALE),)
    if quality is Quality.STALE:
        return ((f"~ {old} old", Tone.STALE),)
    if busy:
        return ((busy, Tone.WARN),)
    if port.case_error:
        since = "" if port.case_since is None else f" {coarse_age(now - port.case_since)}"
        return ((f"! in error{since}", Tone.ALARM),)
    if port.open and port.reading and port.reading.status.ready is False:
        return (("not ready", Tone.DIM),)
    return ()
