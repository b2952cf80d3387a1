"""The last line of the screen: the keys that work here, now; pure."""

from collections.abc import Callable, Sequence

from console.interface.actions import ACTIONS, Action, Where
from console.interface.drawing import Line, Piece, Tone, fit_line, plain

LAST = ("palette.open", "help.open")
"""Always at the end, so that the way to everything else never falls off a small screen."""

TYPING: Line = (
    (" type ", Tone.PLAIN),
    ("what to show  ", Tone.DIM),
    ("enter ", Tone.KEY),
    ("keep it  ", Tone.PLAIN),
    ("esc ", Tone.KEY),
    ("show all", Tone.PLAIN),
)
"""While a filter is typed."""

_PANES: Line = (("1-4 ", Tone.KEY), ("panes  ", Tone.PLAIN))


def key_line(here: Where, reason: Callable[[str], str | None], width: int, *, one_pane: bool = False) -> Line:
    """Return the keys for where the focus is; the ones that cannot be used now stay, but dim.

    Where not all fit, the unusable ones give way first, from the end. With `one_pane` on the screen
    the way to the others is among them.
    """
    panes = _PANES if one_pane else ()
    keys = [action for action in ACTIONS if action.footer and action.where.covers(here)]
    usable = {action.id: reason(action.id) is None for action in keys}
    while len(_text(keys) + plain(panes)) > width and len(keys) > len(LAST):
        spare = [action for action in keys if action.id not in LAST]
        idle = [action for action in spare if not usable[action.id]]
        keys.remove((idle or spare)[-1])
    pieces: list[Piece] = [(" ", Tone.DIM)]
    for action in keys:
        pieces += panes if action.id == LAST[0] else ()
        pieces += _key(action, usable[action.id])
    return fit_line(tuple(pieces), width)


def _text(actions: Sequence[Action]) -> str:
    return " " + plain(tuple(piece for action in actions for piece in _key(action, True)))


def _key(action: Action, usable: bool) -> tuple[Piece, ...]:
    return (
        (f"{action.shown} ", Tone.KEY if usable else Tone.DIM),
        (f"{action.footer}  ", Tone.PLAIN if usable else Tone.DIM),
    )
