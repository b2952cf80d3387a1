"""Tries a number on the rules of a device: what would be dialled, before anybody dials it."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from console.interface.drawing import Tone
from console.interface.screens.dialog import Dialog
from console.interface.trial_lines import SIDES, trial_lines
from console.interface.widgets.choice import Choice
from console.interface.widgets.entry import Entry
from console.interface.widgets.toned import Lines
from console.mor.preview import Side
from console.mor.replies import DeviceRule


class TryNumber(Dialog[None]):
    """Nothing is sent: the rules are those that were read last."""

    def __init__(self, whose: str, rules: Sequence[DeviceRule], age: str) -> None:
        super().__init__()
        self._whose = whose
        self._rules = rules
        self._age = age

    def compose(self) -> ComposeResult:
        """Build the number, the side and the result."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content("Try a number")
            dialog.border_subtitle = Content("tab the other field, esc leaves")
            words = f"{self._whose}: {len(self._rules)} rules, read {self._age} ago"
            yield Lines(((words, Tone.TITLE),))
            with Horizontal(classes="field"):
                yield Lines((("number", Tone.PLAIN),), classes="name")
                yield Entry(id="number", max_length=64)
            with Horizontal(classes="field"):
                yield Lines((("which it is", Tone.PLAIN),), classes="name")
                yield Choice(tuple(SIDES.values()), id="side")
            yield Lines(id="trial", hang=2)

    def on_mount(self) -> None:
        """Start at the number."""
        super().on_mount()
        self.query_one("#number").focus()
        self._try()

    def on_input_changed(self) -> None:
        """Try with every key."""
        self._try()

    def on_choice_changed(self) -> None:
        """Try with every turn."""
        self._try()

    def on_input_submitted(self) -> None:
        """Enter goes on to the other field."""
        self.focus_next()

    def on_choice_submitted(self) -> None:
        """And back."""
        self.focus_next()

    def _try(self) -> None:
        chosen = self.query_one("#side", Choice).value
        side = next((side for side, words in SIDES.items() if words == chosen), Side.DST)
        number = self.query_one("#number", Entry).value.strip()
        self.query_one("#trial", Lines).show(trial_lines(self._rules, number, side))
