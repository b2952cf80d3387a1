"""How the classes and states of a run are said: a word, a mark and a tone for each; pure."""

from collections.abc import Mapping

from console.interface.drawing import Line, Tone
from console.operations.bulk.classes import REACHED, UNCERTAIN, Class
from console.operations.bulk.progress import RunState

_MARKS: Mapping[Class, tuple[str, Tone]] = {
    Class.NOT_STARTED: (" ", Tone.DIM),
    Class.SENDING: (" ", Tone.PLAIN),
    Class.ACCEPTED: (" ", Tone.PLAIN),
    Class.CONFIRMED: ("+", Tone.PLAIN),
    Class.APPLIED: ("+", Tone.PLAIN),
    Class.ALREADY_SO: ("=", Tone.DIM),
    Class.LEFT_OUT: ("-", Tone.DIM),
    Class.SKIPPED: ("-", Tone.WARN),
    Class.REFUSED: ("-", Tone.WARN),
    Class.NOT_SENT: ("-", Tone.WARN),
    Class.NOT_APPLIED: ("-", Tone.WARN),
    Class.UNVERIFIED: ("~", Tone.PLAIN),
    Class.NOT_REACHED: ("!", Tone.ALARM),
    Class.OTHER_STATE: ("!", Tone.ALARM),
    Class.UNKNOWN: ("?", Tone.UNKNOWN),
    Class.STILL_UNKNOWN: ("?", Tone.UNKNOWN),
}

_STATES: Mapping[RunState, Tone] = {
    RunState.RUNNING: Tone.TITLE,
    RunState.PAUSED: Tone.WARN,
    RunState.STOPPING: Tone.WARN,
    RunState.ENDED: Tone.PLAIN,
    RunState.INTERRUPTED: Tone.ALARM,
}

_QUIET = REACHED | {Class.NOT_STARTED, Class.SENDING, Class.ACCEPTED, Class.LEFT_OUT}


def class_words(cls: Class) -> str:
    """Return a class in words; what nobody knows stands out."""
    words = cls.value.replace("_", " ")
    return words.upper() if cls in UNCERTAIN else words


def class_mark(cls: Class) -> str:
    """Return the mark before a class."""
    return _MARKS[cls][0]


def class_tone(cls: Class) -> Tone:
    """Return the tone of a class; what went as asked has no colour."""
    return _MARKS[cls][1]


def state_tone(state: RunState) -> Tone:
    """Return the tone of a run's state."""
    return _STATES[state]


def counted(counts: Mapping[Class, int], *, bad_only: bool = False) -> Line:
    """Return the classes that occur with their counts on one line, UNKNOWN last and on its own."""
    shown = [cls for cls in Class if counts.get(cls) and not (bad_only and cls in _QUIET)]
    ordered = sorted(shown, key=lambda cls: cls in UNCERTAIN)
    return tuple((f"{counts[cls]} {class_words(cls)}   ", class_tone(cls)) for cls in ordered)


def key_words(*keys: tuple[str, str]) -> Line:
    """Return keys with what they do, for the last line of a screen."""
    return tuple(
        piece for key, words in keys for piece in ((f" {key} ", Tone.KEY), (f"{words} ", Tone.PLAIN))
    )
