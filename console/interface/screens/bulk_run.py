"""A run while it goes on, begun here or by another console: how far it is, and what can be done about it."""

from collections.abc import Callable
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from console.interface.bulk_run_lines import GOES_ON, progress_lines
from console.interface.bulk_words import key_words
from console.interface.drawing import Line, Tone
from console.interface.screens.bulk_table import Act, Wanted
from console.interface.screens.confirm import Confirm, Question
from console.interface.screens.dialog import Dialog
from console.interface.widgets.toned import Lines
from console.operations.authority import NotAllowed
from console.operations.bulk.desk import Bulk
from console.operations.bulk.progress import Progress, RunState
from console.operations.journal import JournalError
from console.text import safe

_KEYS = key_words(
    ("space", "pause, go on"), ("a", "abort"), ("enter", "target by target"), ("esc", "leave it running")
)
_OVER = key_words(("enter", "target by target"), ("esc", "leave"))


class RunWatch(Dialog[Wanted]):
    """Shows a run until Esc; the run goes on behind. Returns that its report is wanted, or None.

    Args:
        holds: for how many seconds the answer counts whether it is to be aborted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn", "pause, go on", show=False),
        Binding("a", "abort", "abort", show=False),
        Binding("enter", "report", "target by target", show=False),
        Binding("q", "leave", "leave it running", show=False),
    ]

    def __init__(
        self,
        desk: Bulk,
        run_id: str,
        where: Line,
        clock: Callable[[], float],
        *,
        holds: float,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._run_id = run_id
        self._where = where
        self._clock = clock
        self._holds = holds
        self._progress: Progress | None = None

    def compose(self) -> ComposeResult:
        """Build the lines."""
        with Vertical(classes="dialog bulk") as dialog:
            dialog.border_title = Content("Run")
            yield Lines(self._where, id="title")
            with VerticalScroll(id="progress"):
                yield Lines(id="said", hang=2)
            yield Lines(_KEYS, id="can", classes="keys")

    def on_mount(self) -> None:
        """Begin to follow."""
        super().on_mount()
        self.query_one("#progress").focus()
        self.run_worker(self._follow(), exit_on_error=False)

    def on_resize(self) -> None:
        """Fit the bar to the width."""
        if self._progress is not None:
            self.show(self._progress)

    def show(self, progress: Progress) -> None:
        """Show how far it is."""
        self._progress = progress
        words: Line = ((safe(progress.title), Tone.TITLE), (f"   {self._run_id}", Tone.DIM))
        self.query_one("#title", Lines).show([self._where, words])
        said = self.query_one("#said", Lines)
        said.show(progress_lines(progress, said.size.width or 60))
        self.query_one("#can", Lines).show([_KEYS if self._goes_on else _OVER])

    def action_turn(self) -> None:
        """Pause the run, or let it go on."""
        if self._goes_on and self._progress is not None:
            self._ask("resume" if self._progress.state is RunState.PAUSED else "pause")

    def action_abort(self) -> None:
        """Ask whether nothing more is to be sent."""
        if not self._goes_on or self._progress is None:
            return
        left = self._progress.total - self._progress.done
        lines: list[Line] = [
            self._where,
            (("Nothing new is sent any more; what was sent is settled, and not taken back.", Tone.WARN),),
            ((f"Not done yet: {left} of {self._progress.total}.", Tone.PLAIN),),
        ]
        question = Question(title="Abort the run?", verb="Abort", lines=lines, holds=self._holds)
        self.app.push_screen(Confirm(question, self._clock), self._aborted)

    def action_report(self) -> None:
        """Go to the targets one by one."""
        self.dismiss(Wanted(self._run_id, Act.REPORT))

    @property
    def _goes_on(self) -> bool:
        return self._progress is not None and self._progress.state in GOES_ON

    def _aborted(self, agreed: bool | None) -> None:
        if agreed:
            self._ask("abort")

    def _ask(self, what: Literal["pause", "resume", "abort"]) -> None:
        self.run_worker(self._asked(what), exit_on_error=False)

    async def _asked(self, what: Literal["pause", "resume", "abort"]) -> None:
        try:
            await self._desk.ask(self._run_id, what)
        except (LookupError, JournalError, NotAllowed) as error:
            self.notify(f"{what}: {safe(str(error))}", severity="error", timeout=8, markup=False)
            return
        if self._run_id not in self._desk.own:
            self.notify(f"{what}: asked; the console that carries it out does it", timeout=4, markup=False)

    async def _follow(self) -> None:
        try:
            async for progress in self._desk.follow(self._run_id):
                self.show(progress)
        except (LookupError, JournalError) as error:
            self.notify(f"cannot follow the run: {safe(str(error))}", severity="error", markup=False)
