"""All alarms: which are new, which are known, which are out of sight; and what can be done about each."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from console.fields import Field, Kind, gather
from console.interface.alarm_list_lines import alarm_row, alarm_words, alarms_heading
from console.interface.alarms_here import AlarmsHere
from console.interface.bulk_words import key_words
from console.interface.drawing import Line, Tone
from console.interface.screens.bulk_table import Table
from console.interface.screens.form import Form, FormSpec, Values
from console.operations.alarm_desk import AlarmDesk
from console.operations.authority import NotAllowed
from console.operations.journal import JournalError
from console.state.alarm_book import Listed
from console.state.alarm_life import Standing
from console.text import safe

LOOK_EVERY = 1.0
"""Seconds between two drawings: ages go on, and alarms come and go while the list is open."""

_KEYS = key_words(
    ("enter", "go"),
    ("a", "acknowledge"),
    ("A", "all"),
    ("z", "shelve"),
    ("o", "take out"),
    ("b", "back"),
    ("esc", "leave"),
)
_KNOWABLE = (Standing.NEW, Standing.CLEARED)


def _reason(why: str) -> Field:
    return Field(name="reason", kind=Kind.TEXT, required=True, high=200, meaning=why)


class Alarms(Table[str]):
    """One row for each alarm; returns the name of one to go to.

    Args:
        where: site, mode and person, as every dialog says them.
        clock: store time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "go there", show=False, priority=True),
        Binding("a", "know", "acknowledge", show=False),
        Binding("A", "know_all", "acknowledge all", show=False),
        Binding("z", "shelve", "shelve", show=False),
        Binding("o", "take_out", "out of service", show=False),
        Binding("b", "put_back", "put back", show=False),
    ]

    def __init__(self, here: AlarmsHere, desk: AlarmDesk, where: Line, clock: Callable[[], float]) -> None:
        super().__init__("Alarms", _KEYS)
        self._here = here
        self._desk = desk
        self._where = where
        self._clock = clock
        self._listed: Mapping[str, Listed] = {}

    def on_mount(self) -> None:
        """Show them, and go on doing so."""
        super().on_mount()
        self._draw()
        self.set_interval(LOOK_EVERY, self._draw)

    def row(self, key: str) -> Line:
        """Return one alarm."""
        return alarm_row(self._listed[key], self._clock())

    def whole(self, key: str) -> Sequence[Line]:
        """Return all that is known of one."""
        return alarm_words(self._listed[key])

    def action_go(self) -> None:
        """Leave for the place where something can be done about it."""
        if self.rows.cursor is not None:
            self.dismiss(self.rows.cursor)

    def action_know(self) -> None:
        """Acknowledge the one under the cursor."""
        chosen = self._chosen
        if chosen is not None and chosen.standing in _KNOWABLE:
            self._do(self._desk.acknowledge([chosen.name]))

    def action_know_all(self) -> None:
        """Acknowledge all that nobody has."""
        names = [name for name, one in self._listed.items() if one.standing in _KNOWABLE]
        if names:
            self._do(self._desk.acknowledge(names))

    def action_shelve(self) -> None:
        """Put the one under the cursor out of sight for a while."""
        hours = Field(
            name="minutes",
            kind=Kind.INTEGER,
            required=True,
            low=1,
            high=int(60 * self._desk.most_hours),
            meaning="how long; then it calls again",
        )
        self._ask("Shelve", self._desk.refusal, (_reason("why nobody needs to hear of it"), hours))

    def action_take_out(self) -> None:
        """Take the one under the cursor out of service."""
        reason = _reason("why it means nothing until somebody puts it back")
        self._ask("Out of service", self._desk.refusal_to_take_out, (reason,))

    def action_put_back(self) -> None:
        """Let the one under the cursor call again."""
        chosen = self._chosen
        if chosen is not None and chosen.standing in (Standing.SHELVED, Standing.OUT_OF_SERVICE):
            self._do(self._desk.put_back(chosen.name))

    @property
    def _chosen(self) -> Listed | None:
        return None if self.rows.cursor is None else self._listed.get(self.rows.cursor)

    def _ask(self, title: str, refusal: str | None, fields: Collection[Field]) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        if refusal is not None:
            self.notify(refusal, severity="warning", timeout=8, markup=False)
            return

        def asked(values: Values | None) -> None:
            if values is None:
                return
            given = gather(tuple(fields), values)
            reason, minutes = str(given["reason"]), given.get("minutes")
            if isinstance(minutes, int):
                self._do(self._desk.shelve(chosen.name, reason, minutes / 60))
            else:
                self._do(self._desk.take_out(chosen.name, reason))

        text = chosen.name if chosen.episode is None else chosen.episode.alarm.text
        spec = FormSpec(
            title=f"{title}?",
            verb=title,
            lines=[self._where, ((text, Tone.WARN),)],
            fields=tuple(fields),
            call=title.lower(),
            check=lambda values: gather(tuple(fields), values),
        )
        self.app.push_screen(Form(spec), asked)

    def _do(self, act: Awaitable[None]) -> None:
        async def done() -> None:
            try:
                await act
                await self._here.look(self._desk)
            except (NotAllowed, JournalError) as error:
                self.notify(safe(str(error)), severity="error", timeout=8, markup=False)
            self._draw()

        self.run_worker(done(), group="alarms", exit_on_error=False)

    def _draw(self) -> None:
        self._listed = {one.name: one for one in self._here.book.listed}
        self.show([self._where, *alarms_heading(self._here.book)], list(self._listed))
