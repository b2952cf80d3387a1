"""The line that is always on screen: which site, in what mode, how old, who; pure."""

from msgspec import Struct

from console.interface.drawing import Line, Tone, fit_line, plain
from console.interface.port_rows import coarse_age
from console.state.entities import Source
from console.state.quality import Quality
from console.state.store import Store


class Who(Struct, frozen=True):
    """What is said of the site and the person: all in words."""

    site: str
    mode: str
    operator: str
    role: str


def identity_line(store: Store, who: Who, width: int, *, marked: str = "") -> Line:
    """Return the identity line; what does not fit goes from the right end of the left half."""
    left: list[tuple[str, Tone]] = [
        (f" {who.site} ", Tone.TITLE),
        (f" {who.mode} ", Tone.WARN if who.mode != "LIVE" else Tone.GOOD),
        *_system(store),
    ]
    for source in store.sources.values():
        left.extend(_source(source, store.clock()))
    if store.journal_failure is not None:
        left.append((" NO JOURNAL: commands refused ", Tone.ALARM))
    right = f"{marked}  {who.operator} ({who.role}) "
    room = width - len(right)
    if room < len(plain(tuple(left))):
        right = f"{marked}  {who.operator} "
        room = width - len(right)
    return fit_line((*fit_line(tuple(left), room), (right, Tone.DIM)), width)


def _system(store: Store) -> Line:
    status, quality = store.system.status, store.system_quality()
    if status is None:
        return ((" system not seen yet ", Tone.STALE),)
    if quality is not Quality.LIVE:
        return ((f" was {status.name} ", Tone.STALE),)
    running = status.name == "RUNNING"
    return ((f" {status.name} ", Tone.GOOD if running else Tone.ALARM),)


def _source(source: Source, now: float) -> Line:
    name = f"  {source.name} "
    if source.ok is None:
        return ((name, Tone.DIM), ("waiting", Tone.STALE))
    if source.ok:
        age = "" if source.good_at is None else f" {coarse_age(now - source.good_at)}"
        return ((name, Tone.DIM), (f"ok{age}", Tone.PLAIN))
    since = "" if source.failing_since is None else f" {coarse_age(now - source.failing_since)}"
    return ((name, Tone.DIM), (f"LOST{since}", Tone.ALARM))
