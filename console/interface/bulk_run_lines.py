"""A run as it goes on, runs in a list, and what the workspace says of them; pure (rules 6, 26 and 30)."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from console.interface.bulk_words import class_mark, class_tone, class_words, counted, state_tone
from console.interface.drawing import Line, Piece, Tone, fit
from console.operations.bulk.classes import UNCERTAIN, Class
from console.operations.bulk.progress import Progress, RunState
from console.state.alarms import Alarm, Priority, Sort
from console.state.entities import Key, Kind
from console.state.quality import age_text
from console.text import safe

if TYPE_CHECKING:  # the first frame does not wait for bulk work
    from console.operations.bulk.desk import Told

DASH = "–"
"""What stands where nobody can tell (rule 30)."""

GOES_ON = (RunState.RUNNING, RunState.PAUSED, RunState.STOPPING)

_ALWAYS = (Class.CONFIRMED, Class.NOT_STARTED, Class.UNKNOWN)
"""Classes that are shown though there is none of them: an empty place says that too."""


def progress_lines(progress: Progress, width: int) -> list[Line]:
    """Return how far a run is: state, bar, speed, then each class; UNKNOWN stands apart, and all add up."""
    wave = f"   wave {progress.wave} of {progress.waves}" if progress.waves else ""
    reason = f"   {safe(progress.reason)}" if progress.reason else ""
    tone = state_tone(progress.state)
    return [
        ((progress.state.value.upper(), tone), (wave, Tone.PLAIN), (reason, tone)),
        bar(progress, width),
        ((speed_words(progress), Tone.DIM),),
        (("", Tone.PLAIN),),
        *_classes(progress),
    ]


def bar(progress: Progress, width: int) -> Line:
    """Return how much is done as a bar of text; what is UNKNOWN has a place of its own in it."""
    numbers = f" {progress.done} of {progress.total}"
    room = max(width - len(numbers) - 2, 10)
    total = max(progress.total, 1)
    unknown = sum(progress.counts.get(cls, 0) for cls in UNCERTAIN)
    settled = progress.done - progress.counts.get(Class.STILL_UNKNOWN, 0)
    query = min(math.ceil(unknown * room / total), room)
    full = min(settled * room // total, room - query)
    return (
        ("[", Tone.DIM),
        ("#" * full, Tone.PLAIN),
        ("?" * query, Tone.UNKNOWN),
        ("." * (room - full - query), Tone.DIM),
        ("]", Tone.DIM),
        (numbers, Tone.PLAIN),
    )


def speed_words(progress: Progress) -> str:
    """Return how fast it goes and how long it will take yet."""
    rate = DASH if progress.rate is None else f"{progress.rate:.1f} a second"
    eta = DASH if progress.eta is None else f"about {age_text(progress.eta)}"
    return f"rate {rate}   left {eta}   since the beginning {age_text(progress.elapsed)}"


def _classes(progress: Progress) -> list[Line]:
    shown = [cls for cls in Class if progress.counts.get(cls) or cls in _ALWAYS]
    known = [cls for cls in shown if cls not in UNCERTAIN]
    unknown = [cls for cls in shown if cls in UNCERTAIN]
    lines = [_class(cls, progress.counts.get(cls, 0)) for cls in known]
    lines.append((("", Tone.PLAIN),))
    lines += [_class(cls, progress.counts.get(cls, 0)) for cls in unknown]
    lines.append((("", Tone.PLAIN),))
    return [*lines, ((f"   {'all':<14}{progress.total:>6}", Tone.PLAIN),)]


def _class(cls: Class, count: int) -> Line:
    tone = class_tone(cls) if count else Tone.DIM
    note = "   nobody can say yet; never sent again by itself" if cls in UNCERTAIN and count else ""
    return ((f" {class_mark(cls)} {class_words(cls):<14}{count:>6}", tone), (note, Tone.DIM))


def run_row(told: "Told") -> Line:
    """Return a run as a row: which, how far, what, whose; what did not go as asked is counted."""
    progress = told.progress
    return (
        (f" {fit(told.run, 24)} ", Tone.DIM),
        (f"{fit(progress.state.value, 12)}", state_tone(progress.state)),
        (f"{fit(f'{progress.done} of {progress.total}', 13)}", Tone.PLAIN),
        (f"{fit(safe(told.title), 26)} ", Tone.PLAIN),
        *counted(progress.counts, bad_only=True),
        (safe(told.operator, 40), Tone.DIM),
    )


def run_words(told: "Told") -> list[Line]:
    """Return a run in full, for what its row has no room for."""
    progress = told.progress
    reason = f"   {safe(progress.reason)}" if progress.reason else ""
    return [
        ((safe(told.title), Tone.TITLE), (f"   {safe(told.operator, 40)}   {told.run}", Tone.DIM)),
        ((progress.state.value, state_tone(progress.state)), (reason, Tone.DIM)),
        counted(progress.counts),
    ]


def run_note(runs: Iterable[Progress]) -> Piece:
    """Return what the identity line says of the runs of this console that go on, if any does."""
    going = [progress for progress in runs if progress.state in GOES_ON]
    if not going:
        return "", Tone.PLAIN
    first, more = going[0], f" +{len(going) - 1}" if len(going) > 1 else ""
    words = f"run {first.done}/{first.total}{more}"
    waits = any(progress.state is RunState.PAUSED for progress in going)
    return (f"{words} PAUSED", Tone.WARN) if waits else (words, Tone.PLAIN)


INTERRUPTED = Sort(
    "interrupted run",
    Priority.MEDIUM,
    "Its console ended. `L` shows it: settle what was under way, then do the rest or leave it.",
)
LEFT = Sort(
    "commands without an ending",
    Priority.HIGH,
    "Look at what they were for. `portside runs recover` tells which they are, and settles what can be.",
)


def _warning(text: str) -> Sort:
    words = "".join(char for char in text if not char.isdigit())  # a figure in it makes it no other alarm
    guidance = "Whoever looks after this host has to make room, or to take away what was kept aside."
    return Sort(f"journal: {words}", Priority.MEDIUM, guidance)


def interrupted_alarms(runs: "Sequence[Told]") -> list[Alarm]:
    """Return the alarm of the runs whose console ended before they did (rule 28)."""
    if not runs:
        return []
    first, more = runs[0], f", and {len(runs) - 1} more" if len(runs) > 1 else ""
    words = f"interrupted run, {first.progress.done} of {first.progress.total} done{more}"
    return [Alarm(Key(Kind.JOURNAL, first.run), words, None, INTERRUPTED)]


def journal_alarms(left: int, warnings: Iterable[str]) -> list[Alarm]:
    """Return the alarms of commands that a console left without an ending, and of the journal itself."""
    which = "a command" if left == 1 else f"{left} commands"
    words = f"nobody knows yet what became of {which} when a console ended: `portside runs recover`"
    commands = [Alarm(Key(Kind.JOURNAL), safe(words), None, LEFT)] if left else []
    return [*commands, *(Alarm(Key(Kind.JOURNAL), safe(text), None, _warning(text)) for text in warnings)]
