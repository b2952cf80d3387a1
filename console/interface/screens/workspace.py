"""The workspace: identity line, panes, key line; and what each key of the registry does here."""

from collections.abc import Callable, Coroutine, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from console.interface import commanding
from console.interface.actions import ACTIONS, BY_ID, Where
from console.interface.detail import why_not
from console.interface.drawing import Tone
from console.interface.identity import Who, identity_line
from console.interface.key_line import key_line
from console.interface.panes.activity import ActivityPane
from console.interface.panes.bin_actions import DetailPane
from console.interface.panes.devices import DevicesPane
from console.interface.panes.pane import Pane
from console.interface.panes.port_grid import PortGrid
from console.interface.port_rows import coarse_age
from console.interface.screens.help import Help
from console.interface.screens.picker import Picker
from console.interface.widgets.row_list import RowList
from console.interface.widgets.toned import Lines
from console.operations.orders import Order
from console.site import Site
from console.state.alarms import alarms
from console.state.entities import Key, Kind

TICK = 1.0
"""Seconds between two looks at what changes by time alone."""

JUMP = 5.0
"""A tick that comes this many seconds late means that we, or the machine, were stopped."""

WIDE = 150
NARROW_COLUMNS, NARROW_ROWS = 100, 30


class Workspace(Screen[None]):
    """All panes of one site."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.key, f"act('{action.id}')", action.title, show=False) for action in ACTIONS
    ]

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site = site
        self.store = site.store
        self.ports = PortGrid(site.store)
        self.devices = DevicesPane(site.store)
        self.detail = DetailPane(site.store)
        self.activity = ActivityPane(site.store)
        self.who = Who(
            site=site.spec.name, mode=site.spec.mode, operator=site.spec.operator, role=site.spec.role
        )
        self._subject = Where.PORTS
        self._asking = False
        self._active: Pane = self.ports
        self._ticked_at = site.store.clock()
        self._stop_listening: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Build the lines and the panes."""
        yield Lines(id="identity")
        yield Lines(id="alarm")
        with Horizontal(id="panes"):
            with Vertical(id="left", classes="column"):
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
        self._show_lines()

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._stop_listening is not None:
            self._stop_listening()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout: one pane at a time where two would be cramped."""
        size = event.size
        self.set_class(size.width < NARROW_COLUMNS or size.height < NARROW_ROWS, "narrow")
        self.set_class(size.width >= WIDE, "wide")
        self._activate(self._active)
        self.call_after_refresh(self._show_lines)

    # What changes by itself

    def tick(self) -> None:
        """Once a second: ages, order, alarms. A late tick means nothing seen before it is fresh."""
        now = self.store.clock()
        late = now - self._ticked_at - TICK
        self._ticked_at = now
        if late > JUMP:
            self.store.distrust()
        self.store.grow_old()
        self.ports.rearrange()
        self.ports.show_ages()
        self.devices.show_ages()
        self.activity.show_ages()
        self._show_lines()

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
        self._show_lines()

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
        marks, hidden = len(self.ports.rows.marks) + len(self.devices.rows.marks), self.ports.hidden_marks()
        marked = f"{marks} marked" if marks else ""
        marked += f" ({hidden} hidden)" if hidden else ""
        line.show([identity_line(self.store, self.who, line.size.width, marked=marked)])

    def _show_alarm(self) -> None:
        line = self.query_one("#alarm", Lines)
        raised = alarms(self.store)
        line.set_class(bool(raised), "raised")
        if raised:
            first = raised[0]
            since = "" if first.since is None else f", {coarse_age(self.store.clock() - first.since)}"
            more = f"   and {len(raised) - 1} more" if len(raised) > 1 else ""
            line.show(
                [((f" ! {first.text}{since}{more}", Tone.ALARM), ("   g ", Tone.KEY), ("go there", Tone.DIM))]
            )

    def _show_detail(self) -> None:
        if self._subject is Where.DEVICES:
            self.detail.show_device(self.devices.cursor, self.devices.listed)
        else:
            self.detail.show_port(self.ports.cursor)

    def _show_keys(self) -> None:
        line = self.query_one("#keys", Lines)
        line.show([key_line(self._subject, self.reason, line.size.width)])

    # Where the focus is

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
        self._show_detail()
        self._show_keys()

    def on_row_list_marks_changed(self) -> None:
        """Count the marks."""
        self._show_identity()

    def on_filter_line_left(self) -> None:
        """Give the focus back to the list."""
        self.set_focus(self._list())

    def _activate(self, pane: Pane) -> None:
        self._active = pane
        if pane is self.ports:
            self._subject = Where.PORTS
        elif pane is self.devices:
            self._subject = Where.DEVICES
        for one in (self.ports, self.devices, self.detail, self.activity):
            one.set_class(one is pane, "active")
            if one.parent is not None and one is pane:
                for column in self.query(".column"):
                    column.set_class(column is one.parent, "active")

    def _list(self) -> RowList:
        return self.devices.rows if self._subject is Where.DEVICES else self.ports.rows

    # What keys do

    def reason(self, action_id: str) -> str | None:
        """Return why an action cannot be used now on what it would act on, or None."""
        action = BY_ID[action_id]
        if action.where not in (Where.ANYWHERE, self._subject):
            return f"this is for {action.where.value}"
        if action.command is not None:
            targets = self.ports.targets()
            if not targets:
                return "no port is shown"
            reasons = [why_not(action.command, port, self.store.port_quality(port)) for port in targets]
            return None if None in reasons else reasons[0]
        if action_id == "rule.add" and not self.devices.targets():
            return "no device is shown"
        if action_id == "alarm.go" and not alarms(self.store):
            return "there is no alarm"
        return None

    def action_act(self, action_id: str) -> None:
        """Run an action of the registry, or say why not."""
        if self._asking:
            return
        action = BY_ID[action_id]
        reason = self.reason(action_id)
        if reason is not None:
            self.notify(f"{action.title}: {reason}", severity="warning", timeout=4, markup=False)
        elif action.command is not None:
            self._command(commanding.command_ports(self, action.command, self.ports.targets()))
        else:
            getattr(self, f"do_{action.run}")()

    def _command(self, conversation: Coroutine[None, None, Sequence[Order]]) -> None:
        """Hold the conversation that leads to orders, then carry them out; one conversation at a time."""
        self._asking = True

        async def converse() -> None:
            try:
                orders = await conversation
            finally:
                self._asking = False
            await commanding.hand_over(self, orders)

        self.run_worker(converse(), group="commands", exit_on_error=False)

    def do_filter_edit(self) -> None:
        (self.devices if self._subject is Where.DEVICES else self.ports).filter_line.open()

    def do_mark_toggle(self) -> None:
        self._list().toggle_mark()

    def do_mark_shown(self) -> None:
        self._list().mark_shown()

    def do_mark_clear(self) -> None:
        pane = self.devices if self._subject is Where.DEVICES else self.ports
        if not pane.filter_line.clear_filter():
            pane.rows.clear_marks()

    def do_sort_next(self) -> None:
        self.ports.next_sort()

    def do_alarm_go(self) -> None:
        key = alarms(self.store)[0].key
        if key.kind is Kind.PORT:
            self.ports.filter_line.clear_filter()
            self.ports.rows.focus()
            self.ports.rows.move_to(key.id)
        elif key.kind is Kind.COMMAND:
            self.activity.rows.focus()
            self.activity.rows.move_to(key.id)

    def do_rule_add(self) -> None:
        self._command(commanding.add_rules(self, self.devices.targets()))

    def do_user_choose(self) -> None:
        self.app.push_screen(Picker.of_users(self.store.users.users), self._user_picked)

    def do_list_refresh(self) -> None:
        if self.site.devices is not None:
            self.site.devices.refresh()

    def do_pane_ports(self) -> None:
        self._focus_pane(self.ports.rows)

    def do_pane_detail(self) -> None:
        self._focus_pane(self.detail)

    def do_pane_devices(self) -> None:
        self._focus_pane(self.devices.rows)

    def do_pane_activity(self) -> None:
        self._focus_pane(self.activity.rows)

    def do_theme_next(self) -> None:
        names = sorted(self.app.available_themes)
        self.app.theme = names[(names.index(self.app.theme) + 1) % len(names)]
        self.notify(f"theme: {self.app.theme}", timeout=2, markup=False)

    def do_palette_open(self) -> None:
        self.app.action_command_palette()

    def do_help_open(self) -> None:
        self.app.push_screen(Help())

    def do_app_leave(self) -> None:
        self.app.exit()

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
