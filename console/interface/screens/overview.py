"""What is always on the screen, and what changes on it by itself: lines, panes, ages, the focus."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from console.interface.actions import BY_ID, Where
from console.interface.alarm_line import alarm_line
from console.interface.alarms_here import AlarmsHere
from console.interface.bulk_here import BulkHere
from console.interface.detail import why_not
from console.interface.drawing import Line
from console.interface.identity import Who, identity_line
from console.interface.key_line import TYPING, key_line
from console.interface.panes.activity import ActivityPane
from console.interface.panes.bin_actions import DetailPane
from console.interface.panes.devices import DevicesPane
from console.interface.panes.filter_line import FilterLine
from console.interface.panes.pane import Pane
from console.interface.panes.port_grid import PortGrid
from console.interface.port_cells import Density
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.operations.bulk.progress import Progress, RunState
from console.operations.commands import PortCommand
from console.operations.journal import JournalError
from console.site import Site
from console.state.alarm_book import calling
from console.state.alarms import alarms
from console.state.entities import Key, Kind
from console.text import safe

if TYPE_CHECKING:  # the first frame does not wait for it
    from console.operations.alarm_desk import AlarmDesk

TICK = 1.0
"""Seconds between two looks at what changes by time alone."""

JUMP = 5.0
"""A tick that comes this many seconds late means that we, or the machine, were stopped."""

STILL = 3.0
"""Seconds after a key for which rows do not change places under the hand."""

WIDE = 150
NARROW_COLUMNS, NARROW_ROWS = 100, 30


class Overview(Screen[None]):
    """All panes of one site, kept true."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site = site
        self.store = site.store
        self.ports = PortGrid(site.store)
        self.devices = DevicesPane(site.store)
        self.detail = DetailPane(site.store)
        self.activity = ActivityPane(site.store)
        spec = site.spec
        self.who = Who(site=safe(spec.name), mode=spec.mode, operator=safe(spec.operator), role=spec.role)
        self.link = ""  # what is said of the way to the terminal
        self.bulk = BulkHere(site, self._run_moved)
        self.alarms = AlarmsHere(site.store)
        self._here = Where.PORTS  # the detail counts as the list that it shows something of
        self._asking = False
        self.ports.add_class("active")
        self._ticked_at = site.store.clock()
        self._pressed_at = float("-inf")
        self._arriving = True
        self._stop_listening: Callable[[], None] | None = None
        self._watched: tuple[frozenset[int], frozenset[int]] | None = None

    def compose(self) -> ComposeResult:
        """Build the lines and the panes."""
        yield Lines(id="identity")
        yield Lines(id="alarm")
        with Horizontal(id="panes"):
            with Vertical(id="left", classes="column active"):
                yield self.ports
                yield self.devices
            with Vertical(id="right", classes="column"):
                yield self.detail
                yield self.activity
        yield Lines(id="keys")

    def on_mount(self) -> None:
        """Start listening to the store, and the one ticker there is."""
        self._stop_listening = self.store.listen(self._store_changed)
        self.set_interval(TICK, self.tick)
        self.ports.rows.focus()
        self._start_at_the_top()
        self._show_lines()

    def on_unmount(self) -> None:
        """Stop listening."""
        self.bulk.leave()
        if self._stop_listening is not None:
            self._stop_listening()

    def on_resize(self, event: events.Resize) -> None:
        """Follow the terminal's size."""
        self.lay_out(event.size)
        self.call_after_refresh(self._show_lines)

    def lay_out(self, size: Size) -> None:
        """Choose the layout: one pane at a time where two would be cramped."""
        narrow = size.width < NARROW_COLUMNS or size.height < NARROW_ROWS
        self.set_class(narrow, "narrow")
        self.set_class(size.width >= WIDE, "wide")
        self.set_class(not narrow and self.ports.density is Density.DOTS, "broad")

    # What changes by itself

    def tick(self) -> None:
        """Once a second: ages, order, alarms. A late tick means nothing seen before it is fresh."""
        now = self.store.clock()
        late = now - self._ticked_at - TICK
        self._ticked_at = now
        if late > JUMP:
            self.store.distrust()
        self.store.grow_old()
        self.store.flush()
        if now - self._pressed_at >= STILL:
            self.ports.follow()
        self._start_at_the_top()
        self._look_into_the_journal(now)
        self.ports.show_ages()
        self.devices.show_ages()
        self.activity.show_ages()
        self._watch_ports()
        self._show_lines()

    def _watch_ports(self) -> None:
        """Have the ports read first that are looked at, and then those that are marked."""
        watched = self.ports.watched(), frozenset(self.ports.rows.marks)
        if watched[0] and watched != self._watched:
            self._watched = watched
            self.site.watch(visible=watched[0], marked=watched[1])

    def _look_into_the_journal(self, now: float) -> None:
        """Once the site is open, and then now and then, look for what consoles left when they ended."""
        if self.site.bulk is not None and self.bulk.due(now):
            self.run_worker(self.bulk.look(), group="bulk", exit_on_error=False)
            if self.site.alarm_desk is not None:
                self.run_worker(self._look_at_alarms(self.site.alarm_desk), group="bulk", exit_on_error=False)

    def _run_moved(self, progress: Progress) -> None:
        """Show how far a run of this console is; that it ended is told where nobody watches it."""
        self._show_identity()
        if progress.state is RunState.ENDED and self.is_current and not self._asking:
            words = f"run ended, {progress.done} of {progress.total} done: L tells the rest"
            self.notify(words, timeout=12, markup=False)

    async def _look_at_alarms(self, desk: "AlarmDesk") -> None:
        with suppress(JournalError):  # which the journal's own alarm tells of
            await self.alarms.look(desk)
            self._show_alarm()

    def _start_at_the_top(self) -> None:
        """Once all ports are read, put a cursor that nobody has used where attention is needed most.

        Only this once, and before that no port could be commanded: no key can miss its row.
        """
        if self._arriving and all(port.reading for port in self.store.ports.values()):
            self._arriving = False
            if self._pressed_at < 0 and self.ports.rows.keys:
                self.ports.rows.move_to(self.ports.rows.keys[0])

    def _store_changed(self, keys: frozenset[Key]) -> None:
        by_kind: dict[Kind, list[int | str]] = {}
        for kind, of in keys:
            by_kind.setdefault(kind, []).append(of)
        if Kind.PORT in by_kind:
            self.ports.show_changes(int(of) for of in by_kind[Kind.PORT])
        if Kind.USERS in by_kind:
            self._choose_first_user()
        if {Kind.USERS, Kind.DEVICES}.intersection(by_kind):
            self.devices.rearrange()
        if Kind.COMMAND in by_kind:
            self.activity.rearrange()
            self.ports.show_commands()
        self._show_identity()
        self._show_alarm()
        self._show_keys()
        # Not for every notice: on a busy site they come so often that the ages in it would flicker.
        seldom = {Kind.USERS, Kind.DEVICES, Kind.RULES, Kind.COMMAND}.intersection(by_kind)
        if seldom or self.ports.rows.cursor in by_kind.get(Kind.PORT, ()):
            self._show_detail()

    def _choose_first_user(self) -> None:
        known = [*self.site.spec.user_ids, *(user.user_id for user in self.store.users.users)]
        if self.devices.user_id is None and known:
            self.choose_user(known[0])

    def _show_lines(self) -> None:
        self._show_identity()
        self._show_alarm()
        self._show_detail()
        self._show_keys()

    def _show_identity(self) -> None:
        line = self.query_one("#identity", Lines)
        lists = (self.ports.rows, self.devices.rows)
        marks, hidden = sum(len(rows.marks) for rows in lists), sum(len(rows.hidden_marks) for rows in lists)
        marked = f"{marks} marked" if marks else ""
        marked += f" ({hidden} hidden)" if hidden else ""
        shown = identity_line(
            self.store, self.who, line.size.width, marked=marked, link=self.link, run=self.bulk.note
        )
        line.show([shown])

    def _show_alarm(self) -> None:
        line = self.query_one("#alarm", Lines)
        self.alarms.book.see([*self.bulk.alarms, *alarms(self.store)])
        said = alarm_line(self.alarms.book.listed, self.store.clock(), self.size.width)
        line.set_class(bool(said), "raised")
        line.show([said])

    def _show_detail(self) -> None:
        if self._here is Where.DEVICES:
            self.detail.show_device(self.devices.cursor, self.devices.listed)
        elif self._here is Where.ACTIVITY:
            self.detail.show_command(self.activity.cursor)
        else:
            self.detail.show_port(self.ports.cursor)

    def _show_keys(self) -> None:
        line = self.query_one("#keys", Lines)
        line.show([self._keys(line.size.width)])

    def _keys(self, width: int) -> Line:
        """Return the keys that work now: while a dialog is open, or a filter is typed, those are others."""
        if not self.is_active:
            return ()
        if isinstance(self.focused, FilterLine):
            return TYPING
        return key_line(self._here, self.reason, width, one_pane=self.has_class("narrow"))

    # Where the focus is

    def on_screen_suspend(self) -> None:
        """Promise no keys while something is open over this."""
        self._show_keys()

    def on_screen_resume(self) -> None:
        """Say which keys work again."""
        self._show_keys()

    def on_key(self) -> None:
        """Note that a hand is at the keys."""
        self._pressed_at = self.store.clock()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Follow the focus: it decides which pane is active and what keys act on."""
        pane = _pane_of(event.widget)
        if pane is not None:
            self._activate(pane)
            self._show_lines()

    def on_row_list_cursor_moved(self, event: RowList.CursorMoved) -> None:
        """Show what the cursor is on now."""
        if event.rows is self.devices.rows and self.site.devices is not None:
            self.site.devices.watch_rules(event.key)
        self._watch_ports()
        self._show_detail()
        self._show_keys()

    def on_row_list_marks_changed(self) -> None:
        """Count the marks, and say what can be done with them."""
        self._show_identity()
        self._show_keys()

    def on_filter_line_left(self) -> None:
        """Give the focus back to the list."""
        self.set_focus(self._filtered().rows)

    def _activate(self, pane: Pane) -> None:
        if pane is self.ports:
            self._here = Where.PORTS
        elif pane is self.devices:
            self._here = Where.DEVICES
        elif pane is self.activity:
            self._here = Where.ACTIVITY
        self.set_class(pane is self.devices, "at-devices")
        for one in (self.ports, self.devices, self.detail, self.activity):
            one.set_class(one is pane, "active")
            if one.parent is not None and one is pane:
                for column in self.query(".column"):
                    column.set_class(column is one.parent, "active")

    def _list(self) -> PortGrid | DevicesPane:
        return self.devices if self._here is Where.DEVICES else self.ports

    def _filtered(self) -> PortGrid | DevicesPane | ActivityPane:
        return self.activity if self._here is Where.ACTIVITY else self._list()

    # What can be done here

    def reason(self, action_id: str) -> str | None:
        """Return why an action cannot be used now on what it would act on, or None."""
        action = BY_ID[action_id]
        if not action.where.covers(self._here):
            return f"this is for {action.where.value}"
        if action.command is not None:
            return self._reason_on_ports(action.command)
        if action_id == "rule.add" and not self.devices.targets():
            return "no device is shown"
        if action_id == "rule.try":
            return self._reason_without_rules()
        if action_id in ("user.choose", "list.refresh") and self.site.devices is None:
            return "no phone switch is connected"
        if action_id == "user.choose" and not self.store.users.users:
            return f"no users are known: {self.store.users.failure or 'not read yet'}"
        if action_id == "alarm.go" and not calling(self.alarms.book.listed):
            return "there is no alarm"
        if action_id == "alarms.open" and self.site.alarm_desk is None:
            return "not connected yet"
        if action_id in ("runs.open", "plan.file", "plan.shown") and self.site.bulk is None:
            return "not connected yet"
        if action_id == "plan.shown" and not self.ports.rows.keys:
            return "no port is shown"
        return None

    def _reason_without_rules(self) -> str | None:
        device = self.devices.cursor
        listed = None if device is None else self.store.rule_lists.get(device.device_id)
        return "its rules are not read yet" if listed is None or listed.seen_at is None else None

    def _reason_on_ports(self, command: PortCommand) -> str | None:
        """Return why a command can be used on none of its targets, or None."""
        first = None
        for port_id in self.ports.targets():
            port = self.store.ports[port_id]
            reason = why_not(command, port, self.store.port_quality(port))
            if reason is None:
                return None
            first = first or reason
        return first or "no port is shown"

    def at_hand(self) -> dict[str, str]:
        """Return what the cursors are on, by the names that calls have for it."""
        port, device = self.ports.cursor, self.devices.cursor
        found = {
            "port_id": None if port is None else port.port_id,
            "bin_id": None if port is None else port.bin_id,
            "device_id": None if device is None else device.device_id,
            "user_id": self.devices.user_id,
        }
        return {name: str(value) for name, value in found.items() if value is not None}

    def choose_user(self, user_id: int) -> None:
        """List this user's devices."""
        if self.site.devices is not None:
            self.site.devices.watch_user(user_id)
        self.devices.choose_user(user_id)

    def _user_picked(self, user_id: int | None) -> None:
        if user_id is not None:
            self.choose_user(user_id)

    def _focus_pane(self, widget: Widget) -> None:
        """Move the focus at once, for the next key may be here already."""
        pane = _pane_of(widget)
        if pane is not None:
            self._activate(pane)
        self.set_focus(widget)
        self._show_lines()


def _pane_of(widget: Widget) -> Pane | None:
    return next((one for one in widget.ancestors_with_self if isinstance(one, Pane)), None)
