"""The last line of the screen: the keys that work here, now; pure."""

from collections.abc import Callable

from console.interface.actions import ACTIONS, Where
from console.interface.drawing import Line, Piece, Tone, fit_line, plain

LAST = ("palette.open", "help.open")
"""Always at the end, so that the way to everything else never falls off a small screen."""


def key_line(subject: Where, reason: Callable[[str], str | None], width: int) -> Line:
    """Return the keys for the focused list; the ones that cannot be used now stay, but dim."""
    tail = [
        piece for action in ACTIONS if action.id in LAST for piece in _key(action.shown, action.footer, True)
    ]
    room = width - len(plain(tuple(tail)))
    pieces: list[Piece] = [(" ", Tone.DIM)]
    for action in ACTIONS:
        if not action.footer or action.id in LAST or action.where not in (Where.ANYWHERE, subject):
            continue
        key = _key(action.shown, action.footer, reason(action.id) is None)
        if len(plain((*pieces, *key))) > room:
            break
        pieces.extend(key)
    return fit_line((*pieces, *tail), width)


def _key(shown: str, word: str, usable: bool) -> tuple[Piece, ...]:
    return (
        (f"{shown} ", Tone.KEY if usable else Tone.DIM),
        (f"{word}  ", Tone.PLAIN if usable else Tone.DIM),
    )
