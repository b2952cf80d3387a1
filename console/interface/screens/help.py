"""All keys and what they do, made from the registry."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from console.interface.actions import ACTIONS, Where
from console.interface.drawing import Line, Tone, fit
from console.interface.screens.dialog import Dialog
from console.interface.widgets.toned import Lines
from console.operations.commands import Danger

_HEADINGS = {
    Where.PORTS: "On the port under the cursor, or on the marked ports",
    Where.DEVICES: "On the device under the cursor, or on the marked devices",
    Where.LISTS: "In both lists",
    Where.ANYWHERE: "Everywhere",
}

_MOVING: tuple[Line, ...] = (
    (("Moving", Tone.TITLE),),
    (("  up    ", Tone.KEY), ("A line up; also k. With down or j, a line down.", Tone.PLAIN)),
    (
        ("  left  ", Tone.KEY),
        ("In tiles and dots, the port before; also h. Right or l, the next.", Tone.PLAIN),
    ),
    (("  pgup  ", Tone.KEY), ("A screenful; home and end go to the first and the last.", Tone.PLAIN)),
    (
        ("  esc   ", Tone.KEY),
        ("Leaves a dialog without doing anything; n does too where y agrees.", Tone.PLAIN),
    ),
    (("", Tone.PLAIN),),
)

_LEGEND: tuple[Line, ...] = (
    (("What you see", Tone.TITLE),),
    (("   ~ ", Tone.STALE), ("old: not seen for a while, and so not to be trusted", Tone.PLAIN)),
    (("   ! ", Tone.ALARM), ("needs a person", Tone.PLAIN)),
    (("   * ", Tone.MARK), ("marked: the next command acts on all marked rows", Tone.PLAIN)),
    (
        ("   ? ", Tone.UNKNOWN),
        ("UNKNOWN: it may have happened; never sent again by itself", Tone.PLAIN),
    ),
    (("   > ", Tone.PLAIN), ("changed a moment ago", Tone.PLAIN)),
    (("", Tone.PLAIN),),
    (("Ports as tiles and dots", Tone.TITLE),),
    (("   . ", Tone.DIM), ("closed, and o is open", Tone.PLAIN)),
    (("   b ", Tone.PLAIN), ("open, with a bin; c while a case action runs", Tone.PLAIN)),
    (("   - ", Tone.DIM), ("disabled", Tone.PLAIN)),
    (("   : ", Tone.WARN), ("a command is under way there", Tone.PLAIN)),
    (("   ? ", Tone.STALE), ("not seen yet", Tone.PLAIN)),
    (("   # ", Tone.ALARM), ("a marked dot that needs a person; % is a marked one that is old", Tone.PLAIN)),
)


def help_lines() -> Iterator[Line]:
    """Return the help text."""
    for where, heading in _HEADINGS.items():
        yield ((heading, Tone.TITLE),)
        for action in ACTIONS:
            if action.where is where:
                asks = " Asks first." if action.danger is Danger.DISRUPTIVE else ""
                yield ((f"  {fit(action.shown, 6)}", Tone.KEY), (action.help + asks, Tone.PLAIN))
        yield (("", Tone.PLAIN),)
    yield from _MOVING
    yield from _LEGEND


class Help(Dialog[None]):
    """The help screen; any of Esc, q and ? closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,question_mark,f1", "leave", "close")]

    def compose(self) -> ComposeResult:
        """Build the screen."""
        with VerticalScroll(classes="dialog", id="help") as dialog:
            dialog.border_title = Content("Help")
            dialog.border_subtitle = Content("esc leaves")
            yield Lines(*help_lines(), hang=8)
