"""The workspace: all panes of a site, and what each key of the registry does there.

The first frame does not wait for dialogs: each is imported when it is asked for.
"""

import logging
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.command import CommandPalette

from console.interface.actions import ACTIONS, BY_ID
from console.interface.identity import where
from console.interface.picture import save_picture
from console.interface.screens.overview import Overview
from console.operations.orders import Order
from console.state.alarm_book import Listed, calling
from console.state.entities import Key, Kind, SourceName
from console.state.quality import age_text
from console.text import safe

if TYPE_CHECKING:
    from console.interface.calling import Entry

log = logging.getLogger(__name__)


class Workspace(Overview):
    """All panes of one site, and the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.key, f"act('{action.id}')", action.title, show=False) for action in ACTIONS
    ]

    def action_act(self, action_id: str) -> None:
        """Run an action of the registry, or say why not."""
        if self._asking:
            return
        action = BY_ID[action_id]
        reason = self.reason(action_id)
        if reason is not None:
            self.notify(f"{action.title}: {reason}", severity="warning", timeout=4, markup=False)
        elif action.command is not None:
            from console.interface import commanding

            targets, marked = self.ports.targets(), bool(self.ports.rows.marks)
            self._command(commanding.command_ports(self, action.command, targets, marked=marked))
        else:
            getattr(self, f"do_{action.run}")()

    def _talk(self, conversation: Coroutine[None, None, object]) -> None:
        """Hold a conversation that leads to no orders of its own."""

        async def without_orders() -> Sequence[Order]:
            await conversation
            return ()

        self._command(without_orders())

    def _command(self, conversation: Coroutine[None, None, Sequence[Order]]) -> None:
        """Hold the conversation that leads to orders, then carry them out; one conversation at a time."""
        from console.interface import commanding

        self._asking = True

        async def converse() -> None:
            try:
                try:
                    orders = await conversation
                finally:
                    self._asking = False
                await commanding.hand_over(self, orders)
            except Exception as error:
                log.exception("a command was broken off by a fault of the console")
                fault = (
                    f"a fault of this console ({type(error).__name__}): look what happened before you go on"
                )
                self.notify(fault, severity="error", timeout=60, markup=False)

        self.run_worker(converse(), group="commands", exit_on_error=False)

    def do_filter_edit(self) -> None:
        self._filtered().filter_line.open()

    def do_mark_toggle(self) -> None:
        self._list().rows.toggle_mark()

    def do_mark_shown(self) -> None:
        self._list().rows.mark_shown()

    def do_mark_clear(self) -> None:
        pane = self._filtered()
        if not pane.filter_line.clear_filter():
            pane.rows.clear_marks()

    def do_sort_next(self) -> None:
        self._list().next_sort()

    def do_density_next(self) -> None:
        self.ports.next_density()
        self.lay_out(self.size)

    def do_freeze_toggle(self) -> None:
        self.ports.toggle_freeze(datetime.now().astimezone())

    def do_alarm_go(self) -> None:
        self._go_to(calling(self.alarms.book.listed)[0])

    def do_alarms_open(self) -> None:
        from console.interface.screens.alarms import Alarms

        def go(name: str | None) -> None:
            self._show_alarm()
            chosen = [one for one in self.alarms.book.listed if one.name == name]
            if chosen:
                self._go_to(chosen[0])

        desk = self.site.alarm_desk
        assert desk is not None
        self.app.push_screen(Alarms(self.alarms, desk, where(self.who), self.store.clock), go)

    def _go_to(self, listed: Listed) -> None:
        """Put the cursor where something can be done about an alarm, or say what is known of it."""
        if listed.episode is None:
            return
        alarm = listed.episode.alarm
        key = alarm.key
        if key.kind is Kind.PORT:
            self._focus_pane(self.ports.rows)
            self.ports.reveal(int(key.id))
        elif key.kind is Kind.COMMAND:
            self._focus_pane(self.activity.rows)
            self.activity.reveal(str(key.id))
        elif key == Key(Kind.JOURNAL):
            self.notify(alarm.text, severity="error", timeout=12, markup=False)
        elif key.kind is Kind.JOURNAL:
            self.do_runs_open()
        else:
            source = self.store.sources[SourceName(str(key.id))]
            words = f"{source.name}: {source.reason}" if source.ok is False else alarm.text
            self.notify(words, severity="error", timeout=8, markup=False)

    def do_rule_add(self) -> None:
        from console.interface import commanding

        self._command(commanding.add_rules(self, self.devices.targets()))

    def do_rule_try(self) -> None:
        from console.interface.screens.try_number import TryNumber

        device = self.devices.cursor
        listed = None if device is None else self.store.rule_lists.get(device.device_id)
        if device is not None and listed is not None and listed.seen_at is not None:
            age = age_text(self.store.clock() - listed.seen_at)
            whose = f"Device {device.device_id} {device.username}"
            self.app.push_screen(TryNumber(whose, listed.rules, age))

    def do_user_choose(self) -> None:
        from console.interface.screens.picker import Picker

        self.app.push_screen(Picker.of_users(self.store.users.users), self._user_picked)

    def do_list_refresh(self) -> None:
        if self.site.devices is not None:
            self.site.devices.refresh()

    def do_runs_open(self) -> None:
        from console.interface import bulk_work

        self._talk(bulk_work.look_at_runs(self))

    def do_plan_file(self) -> None:
        from console.interface import bulk_sources

        self._talk(bulk_sources.plan_from_file(self))

    def do_plan_shown(self) -> None:
        from console.interface import bulk_sources

        self._talk(bulk_sources.plan_shown(self, sorted(self.ports.rows.keys)))

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

    def do_picture_save(self) -> None:
        """Save what is on the screen, beside the journal."""
        folder = self.site.spec.state_dir / "pictures"
        try:
            path = save_picture(folder, self.app.export_screenshot(title=f"portside {self.who.site}"))
        except OSError as error:
            self.notify(f"no picture: {safe(str(error))}", severity="error", timeout=8, markup=False)
        else:
            self.notify(f"saved {safe(str(path))}", timeout=8, markup=False)
            self.run_worker(self.site.note_export(path), group="records", exit_on_error=False)

    def do_wire_open(self) -> None:
        from console.interface.screens.wire import WireInspector

        self.app.push_screen(WireInspector(self.site.wire_log))

    def make_call(self, system: SourceName, entry: "Entry") -> None:
        """Make any documented call, one at a time."""
        from console.interface import calling

        if not self._asking:
            self._command(calling.make_call(self, system, entry))

    def do_palette_open(self) -> None:
        self.app.push_screen(CommandPalette())

    def do_help_open(self) -> None:
        from console.interface.screens.help import Help

        self.app.push_screen(Help())

    def do_app_leave(self) -> None:
        if self.bulk.going:
            self._talk(self._leave_runs())
        else:
            self.app.exit()

    async def _leave_runs(self) -> None:
        from console.interface import bulk_work

        if await bulk_work.ask_before_leaving(self):
            self.app.exit()
