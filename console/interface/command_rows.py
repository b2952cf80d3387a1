"""How a command looks in the activity pane; pure."""

from datetime import datetime

from rich.cells import cell_len

from console.interface.drawing import Line, Tone, fit
from console.interface.port_rows import coarse_age
from console.operations.commands import TITLES
from console.state.entities import UNSETTLED, Command, Phase

_TONES = {
    Phase.CONFIRMED: Tone.GOOD,
    Phase.APPLIED: Tone.GOOD,
    Phase.ACCEPTED: Tone.PLAIN,
    Phase.UNVERIFIED: Tone.PLAIN,
    Phase.REFUSED: Tone.WARN,
    Phase.NOT_SENT: Tone.WARN,
    Phase.NOT_STARTED: Tone.WARN,
    Phase.NOT_APPLIED: Tone.WARN,
    Phase.NOT_REACHED: Tone.ALARM,
    Phase.OTHER_STATE: Tone.ALARM,
    Phase.UNKNOWN: Tone.UNKNOWN,
    Phase.STILL_UNKNOWN: Tone.UNKNOWN,
}

_MARKS = {Tone.GOOD: "+", Tone.WARN: "-", Tone.ALARM: "!", Tone.UNKNOWN: "?"}


_TITLE, _TARGET = (12, 18), (8, 12)
"""Least and most cells: nearly every command needs no more than the least, and of any the outcome is seen."""


TIMED = 50
"""Cells a row must have to begin with the time."""


def command_row(command: Command, now: float, local: datetime, width: int) -> Line:
    """Return a command as a row: when, what, where, how far, and why. `local` is when it was asked.

    A long title or target moves what comes after it to the right: where a row is cut to its `width`
    in cells, the reason is.
    """
    tone = phase_tone(command.phase)
    title = TITLES.get(command.method, command.method)
    return (
        (f" {local:%H:%M:%S} " if width >= TIMED else " ", Tone.DIM),
        (f"{_MARKS.get(tone, ' ')} ", tone),
        (f"{_within(title, *_TITLE)} {_within(command.target, *_TARGET)} ", Tone.PLAIN),
        (phase_words(command, now), tone),
    )


def _within(text: str, least: int, most: int) -> str:
    return fit(text, min(max(cell_len(text), least), most))


def phase_tone(phase: Phase) -> Tone:
    """Return the tone in which a phase is said."""
    return _TONES.get(phase, Tone.PLAIN)


def phase_words(command: Command, now: float) -> str:
    """Return how far a command is, in words."""
    words = command.phase.value
    if command.phase in (Phase.CONFIRMED, Phase.APPLIED):
        words += f" {command.changed_at - command.asked_at:.1f} s"
    elif command.phase is Phase.UNKNOWN:
        words += f", settling {coarse_age(now - command.changed_at)}"
    elif command.phase is Phase.ACCEPTED:
        words += ", reading back"
    elif command.phase in UNSETTLED:
        words += " ..."
    if command.code is not None:
        words += f" ({command.code})"
    if command.reason is not None:
        words += f": {command.reason}"
    return words
