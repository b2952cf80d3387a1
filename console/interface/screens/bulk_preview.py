"""A plan before it is begun: every target, what becomes of it, and the answer that begins it."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button

from console.interface.bulk_preview_lines import (
    heading,
    in_order,
    is_mixed,
    rehearsed_rows,
    target_row,
    target_words,
    typed_line,
)
from console.interface.bulk_words import key_words
from console.interface.drawing import Line, Tone
from console.interface.screens.bulk_table import Listing
from console.interface.screens.dialog import Dialog
from console.interface.widgets.entry import Entry
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.operations.bulk.plan import Plan
from console.operations.bulk.preview import Preview
from console.operations.bulk.rehearsal import Rehearsed
from console.text import safe

Rehearse = Callable[[], Awaitable[Sequence[Rehearsed]]]


class Answer(Enum):
    """What is to be done with a plan; to leave it is no answer."""

    RUN = auto()
    AGAIN = auto()
    APPROVE = auto()


class _Typed(Entry):
    """Takes what is typed; what is pasted is no answer."""

    def __init__(self, wanted: str, *, id: str, restrict: str | None = None) -> None:
        super().__init__(id=id, max_length=max(len(wanted) + 4, 6), restrict=restrict)
        self.wanted = wanted

    @property
    def right(self) -> bool:
        """Whether what stands there is what is wanted."""
        return self.value.strip() == self.wanted

    def on_paste(self, event: events.Paste) -> None:
        """Leave it."""
        event.stop()
        event.prevent_default()


class PlanPreview(Dialog[Answer]):
    """Returns RUN for `y`, the button or what has to be typed, while the plan holds; never for a stray Enter.

    Args:
        where: site, mode and person.
        rehearse: makes the dry run.
        clock: seconds; the plan holds from now on for as long as the preview says.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "yes", show=False),
        Binding("n", "leave", "no", show=False),
        Binding("d", "rehearse", "dry run", show=False),
        Binding("R", "again", "plan again", show=False),
        Binding("A", "approve", "approve", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "look(-1)", show=False),
        Binding("down", "look(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "jump(0)", show=False),
        Binding("end", "jump(-1)", show=False),
    ]

    def __init__(
        self, plan: Plan, shown: Preview, where: Line, rehearse: Rehearse, clock: Callable[[], float]
    ) -> None:
        super().__init__()
        self._shown = shown
        self._where = where
        self._plan = plan
        self._rehearse = rehearse
        self._clock = clock
        self._ends_at = clock() + shown.seconds_left
        self._targets = {row.number: row for row in in_order(shown.rows)}
        self._mixed = is_mixed(shown.rows)
        self._rehearsing = False
        self._rows = RowList(self._draw, markable=False)
        self._rows.can_focus = False
        self._entries = [
            *([_Typed(str(shown.count), id="typed-count", restrict=r"\d*")] if shown.count_typed else []),
            *([_Typed(safe(shown.site), id="typed-site")] if shown.site_typed else []),
        ]

    def compose(self) -> ComposeResult:
        """Build the targets and the question."""
        with Vertical(classes="dialog bulk") as dialog:
            dialog.border_title = Content("Plan")
            yield Lines(self._where, *heading(self._shown, self._plan), hang=2)
            yield self._rows
            yield Lines(id="whole", hang=2)
            yield Lines(id="asked")
            with Horizontal(classes="typed"):
                yield from self._entries
            approve = [("A", "approve")] if self._shown.needs_approval else []
            keys = [("d", "dry run"), ("R", "plan again"), *approve, ("up down", "targets"), ("esc", "leave")]
            yield Lines(key_words(*keys), classes="keys")
            with Horizontal(classes="buttons"):
                yield Button(Content("Cancel (n)"), id="cancel")
                yield Button(Content("Run" if self._entries else "Run (y)"), id="agree")

    def on_mount(self) -> None:
        """Give the harmless answer the focus."""
        super().on_mount()
        self._rows.set_keys(tuple(self._targets))
        self.set_focus(self.query_one("#cancel", Button))
        self.set_interval(1.0, self.tick)
        self.tick()

    def tick(self) -> None:
        """Say for how long the answer still counts."""
        self.query_one("#asked", Lines).show([typed_line(self._shown, self._left)])
        self.query_one("#agree", Button).disabled = not self._may_run

    def on_key(self, event: events.Key) -> None:
        """Take a digit to where it is wanted, though the harmless answer has the focus."""
        typing = any(entry.has_focus for entry in self._entries)
        if self._shown.count_typed and not typing and event.character and event.character.isdecimal():
            self.set_focus(self._entries[0])
            self._entries[0].insert_text_at_cursor(event.character)
            event.stop()

    def on_row_list_cursor_moved(self) -> None:
        """Show the target under the cursor in full."""
        row = self._targets.get(self._rows.cursor)
        self.query_one("#whole", Lines).show([] if row is None else [target_words(row)])

    def on_input_changed(self) -> None:
        """Free the button once all that is wanted stands there."""
        self.tick()

    def on_input_submitted(self) -> None:
        """Go on to what is not right yet; all that is right is the answer."""
        wrong = next((entry for entry in self._entries if not entry.right), None)
        if wrong is None:
            self._agree()
        else:
            self.set_focus(wrong)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of a button."""
        if event.button.id == "agree":
            self._agree()
        else:
            self.dismiss(None)

    def action_agree(self) -> None:
        """Agree by key; not where something has to be typed."""
        if not self._entries:
            self._agree()

    def action_again(self) -> None:
        """Make the plan again, on what is known now."""
        self.dismiss(Answer.AGAIN)

    def action_approve(self) -> None:
        """Say that this may be begun by somebody else, where that is asked for."""
        if self._shown.needs_approval and self._left > 0:
            self.dismiss(Answer.APPROVE)

    def action_rehearse(self) -> None:
        """Look at every target anew, and send nothing."""
        if not self._rehearsing:
            self._rehearsing = True
            self.notify("dry run: looking at every target; no command is sent", timeout=3, markup=False)
            self.run_worker(self._rehearsed(), exit_on_error=False)

    async def _rehearsed(self) -> None:
        try:
            words, lines = rehearsed_rows(await self._rehearse())
        finally:
            self._rehearsing = False
        if self.is_current:
            keys = key_words(("esc", "back to the plan"))
            self.app.push_screen(Listing("Dry run", [self._where, ((words, Tone.TITLE),)], lines, keys))

    def action_look(self, by: int) -> None:
        """Look at another target."""
        self._rows.action_move(by)

    def action_page(self, direction: int) -> None:
        """Look at other targets, a screenful away."""
        self._rows.action_page(direction)

    def action_jump(self, index: int) -> None:
        """Look at the first target or the last."""
        self._rows.action_jump(index)

    @property
    def _left(self) -> float:
        return max(self._ends_at - self._clock(), 0.0)

    @property
    def _may_run(self) -> bool:
        return self._shown.count > 0 and self._left > 0 and all(entry.right for entry in self._entries)

    def _agree(self) -> None:
        if self._may_run:
            self.dismiss(Answer.RUN)
        else:
            self.tick()

    def _draw(self, number: int, _marked: bool) -> Line:
        return target_row(self._targets[number], mixed=self._mixed)
