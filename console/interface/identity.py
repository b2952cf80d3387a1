"""The line that is always on screen: which site, in what mode, how old, who; pure."""

from msgspec import Struct
from rich.cells import cell_len

from console.interface.drawing import Line, Piece, Tone, fit_line, plain
from console.interface.port_rows import coarse_age
from console.state.entities import Source
from console.state.quality import STALE_MOST, Quality
from console.state.store import Store

NO_ROLE, NO_AGES, NO_SOURCES, NO_NAME, NO_LINK = range(1, 6)
"""What gives way on a small screen, in this order; what is wrong, and the marks, never do."""


class Who(Struct, frozen=True):
    """What is said of the site and the person: all in words."""

    site: str
    mode: str
    operator: str
    role: str


def where(who: Who) -> Line:
    """Return site, mode and person, which every dialog repeats (rule 19)."""
    return ((f"{who.site}  {who.mode}  {who.operator} ({who.role})", Tone.DIM),)


def identity_line(
    store: Store, who: Who, width: int, *, marked: str = "", link: str = "", run: Piece = ("", Tone.PLAIN)
) -> Line:
    """Return the identity line, with as much as fits.

    `link` is what is said of the way to the terminal, `run` of the runs that go on.
    """
    for brief in range(NO_LINK + 1):
        left, right = _left(store, who, brief), _right(who, marked, link, run, brief)
        room = width - cell_len(plain(right))
        if cell_len(plain(left)) <= room:
            break
    return fit_line((*fit_line(left, room), *right), width)


def _left(store: Store, who: Who, brief: int) -> Line:
    pieces = [
        (f" {who.site} ", Tone.TITLE),
        (f" {who.mode} ", Tone.WARN if who.mode != "LIVE" else Tone.GOOD),
        *_system(store),
    ]
    if store.journal_failure is not None:
        pieces.append((" NO JOURNAL: commands refused ", Tone.ALARM))
    for source in store.sources.values():
        pieces.extend(_source(source, store.clock(), brief))
    return tuple(pieces)


def _right(who: Who, marked: str, link: str, run: Piece, brief: int) -> Line:
    name = "" if brief >= NO_NAME else who.operator if brief >= NO_ROLE else f"{who.operator} ({who.role})"
    slow = "" if brief >= NO_LINK else link
    said = ((slow, Tone.WARN), run, (marked, Tone.MARK), (name, Tone.DIM))
    return tuple((f" {text} ", tone) for text, tone in said if text)


def _system(store: Store) -> Line:
    status, quality = store.system.status, store.system_quality()
    if status is None:
        return ((" system not seen yet ", Tone.STALE),)
    if quality is not Quality.LIVE:
        return ((f" was {status.name} ", Tone.STALE),)
    running = status.name == "RUNNING"
    return ((f" {status.name} ", Tone.GOOD if running else Tone.ALARM),)


def _source(source: Source, now: float, brief: int) -> Line:
    words, tone, since = _health(source, now)
    well = tone is Tone.PLAIN
    if well and brief >= NO_SOURCES:
        return ()
    if since is not None and brief < (NO_AGES if well else NO_SOURCES):
        words += f" {coarse_age(now - since)}"
    return ((f"  {source.name.partition(' ')[0]} ", Tone.DIM), (words, tone))


def _health(source: Source, now: float) -> tuple[str, Tone, float | None]:
    if source.ok is None:
        return "waiting", Tone.STALE, None
    if not source.ok:
        return "LOST", Tone.ALARM, source.failing_since
    if source.good_at is not None and now - source.good_at > STALE_MOST:
        return "silent", Tone.STALE, source.good_at
    return "ok", Tone.PLAIN, source.good_at
