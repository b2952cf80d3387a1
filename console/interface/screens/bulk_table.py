"""What the screens of bulk work share: rows under a heading, the one under the cursor in full, the keys."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from console.interface.drawing import Line
from console.interface.screens.dialog import Dialog
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines

T = TypeVar("T")


class Act(StrEnum):
    """What can be wanted of a run: to see it, or a new plan that comes of it."""

    WATCH = "watch"
    REPORT = "report"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    NOT_APPLIED = "not_applied"
    UNDO = "undo"
    SETTLE = "settle"


class Wanted(NamedTuple):
    """What a person wants of which run."""

    run: str
    act: Act


class Table(Dialog[T]):
    """Rows over the whole screen; Esc and q leave.

    Args:
        title: what stands in the border.
        keys: the last line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "leave", "close", show=False)]

    def __init__(self, title: str, keys: Line) -> None:
        super().__init__()
        self._title = title
        self._keys = keys
        self.rows = RowList(lambda key, _marked: self.row(key), markable=False)

    def compose(self) -> ComposeResult:
        """Build heading, rows and the lines below."""
        with Vertical(classes="dialog bulk") as dialog:
            dialog.border_title = Content(self._title)
            yield Lines(id="said", hang=2)
            yield self.rows
            yield Lines(id="whole", hang=2)
            yield Lines(self._keys, classes="keys")

    def on_mount(self) -> None:
        """Give the rows the focus."""
        super().on_mount()
        self.rows.focus()

    def show(self, heading: Iterable[Line], keys: Sequence[Any]) -> None:
        """Draw another heading and other rows; the cursor stays on its row where that is still there."""
        self.query_one("#said", Lines).show(heading)
        self.rows.set_keys(keys)
        self.rows.touch()
        self.on_row_list_cursor_moved()

    def on_row_list_cursor_moved(self) -> None:
        """Show the row under the cursor in full."""
        known = self.rows.cursor is not None
        self.query_one("#whole", Lines).show(self.whole(self.rows.cursor) if known else ())

    def row(self, key: Any) -> Line:
        """Return a row."""
        raise NotImplementedError

    def whole(self, key: Any) -> Sequence[Line]:
        """Return a row in full."""
        raise NotImplementedError


class Listing(Table[None]):
    """Lines that are only read, however many: the bad rows of a file, what a dry run found."""

    def __init__(self, title: str, heading: Iterable[Line], lines: Sequence[Line], keys: Line) -> None:
        super().__init__(title, keys)
        self._heading = heading
        self._lines = lines

    def on_mount(self) -> None:
        """Show the lines."""
        super().on_mount()
        self.show(self._heading, range(len(self._lines)))

    def row(self, key: int) -> Line:
        """Return a line."""
        return self._lines[key]

    def whole(self, key: int) -> Sequence[Line]:
        """Return a line again, with room for all of it."""
        return [self._lines[key]]


class RunTable(Table[Wanted]):
    """A table in which one run is looked at, with the keys for what comes after a run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "want('failed')", "retry the failed", show=False),
        Binding("n", "want('not_started')", "do the rest", show=False),
        Binding("a", "want('not_applied')", "retry what was not applied", show=False),
        Binding("u", "want('undo')", "undo", show=False),
        Binding("s", "want('settle')", "settle", show=False),
        Binding("R", "read", "read again", show=False),
    ]

    @property
    def run_id(self) -> str | None:
        """The run that a key is meant for."""
        raise NotImplementedError

    def action_want(self, act: str) -> None:
        """Ask for something to be made of the run."""
        if self.run_id is not None:
            self.dismiss(Wanted(self.run_id, Act(act)))

    def action_read(self) -> None:
        """Read anew what is shown."""
        raise NotImplementedError


AFTER = (
    ("f", "retry failed"),
    ("n", "do the rest"),
    ("a", "retry not applied"),
    ("u", "undo"),
    ("s", "settle"),
)
"""The keys of every table of runs."""
