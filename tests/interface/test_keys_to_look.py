"""The keys that only look: filter, marks, order, panes, colours, help, leaving."""

from unittest import mock

import pytest

from console.interface.actions import ACTIONS
from console.interface.screens.help import Help
from console.interface.screens.workspace import Workspace

from .screen import running
from .world import BIN, CASE, CLOSED, DISABLED, EMPTY, HALL, IN_ERROR, rule

ATTENTION = [IN_ERROR, EMPTY, BIN, CASE, CLOSED, *range(7, HALL + 1), DISABLED]


async def test_the_filter_opens_filters_with_every_key_and_stays_until_it_is_cleared() -> None:
    async with running() as console:
        rows = console.workspace.ports.rows
        await console.press("slash", "a", "c")
        assert list(rows.keys) == [IN_ERROR, CASE]
        assert "1 Ports 2 of 12" in console.text()
        await console.press("enter")
        assert console.focus == "port-rows"
        assert list(rows.keys) == [IN_ERROR, CASE]
        await console.press("slash", "backspace", "down")
        assert console.focus == "port-rows"
        assert " a " in console.text(), "a filter in force is in sight"
        await console.press("escape")
        assert list(rows.keys) == ATTENTION
        assert not console.workspace.ports.filter_line.display


async def test_escape_leaves_the_filter_and_a_filter_of_nothing_goes_away() -> None:
    async with running() as console:
        filter_line = console.workspace.ports.filter_line
        await console.press("slash", "x", "escape")
        assert (filter_line.value, filter_line.display, console.focus) == ("", False, "port-rows")
        await console.press("slash", "enter")
        assert (filter_line.display, console.focus) == (False, "port-rows")


async def test_keys_typed_into_the_filter_do_nothing_else() -> None:
    async with running() as console:
        await console.press("slash")
        await console.write("qb?t:*1")
        assert console.workspace.ports.filter_line.value == "qb?t:*1"
        assert isinstance(console.app.screen, Workspace)
        assert console.commands.sent == []


async def test_marks_by_key() -> None:
    async with running() as console:
        rows = console.workspace.ports.rows
        await console.press("home", "space", "space")
        assert rows.marks == set(ATTENTION[:2])
        assert "2 marked" in console.lines()[0]
        await console.press("asterisk")
        assert rows.marks == set(ATTENTION)
        await console.press("asterisk")
        assert rows.marks == set()
        await console.press("space", "escape")
        assert rows.marks == set()
        assert "marked" not in console.lines()[0]


async def test_escape_clears_the_filter_first_and_the_marks_second() -> None:
    async with running() as console:
        console.mark(BIN)
        await console.press("slash", "a", "c", "enter", "escape")
        assert console.workspace.ports.rows.marks == {BIN}
        await console.press("escape")
        assert console.workspace.ports.rows.marks == set()


async def test_a_filter_for_marks_follows_them() -> None:
    async with running() as console:
        console.mark(BIN, CASE)
        await console.press("slash")
        await console.write("marked")
        await console.press("enter")
        assert list(console.workspace.ports.rows.keys) == [BIN, CASE]
        await console.press("home", "space")
        assert list(console.workspace.ports.rows.keys) == [CASE]


async def test_the_order_goes_round_and_the_cursor_stays_on_its_port() -> None:
    async with running() as console:
        rows = console.workspace.ports.rows
        await console.on_port(CASE)
        for name in ("id", "mode", "type", "age", "attention"):
            await console.press("s")
            assert f"sort: {name}" in console.text()
            assert rows.cursor == CASE
            if name == "id":
                assert list(rows.keys) == list(range(1, HALL + 1))
        assert list(rows.keys) == ATTENTION


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_panes_by_number(size: tuple[int, int]) -> None:
    async with running(size=size) as console:
        for key, pane, focus in (
            ("2", "detail", "detail"),
            ("3", "devices", "device-rows"),
            ("4", "activity", "command-rows"),
            ("1", "ports", "port-rows"),
        ):
            await console.press(key)
            assert console.focus == focus
            shown = [one.id for one in console.workspace.query(".pane") if one.display]
            assert shown == ([pane] if size[0] == 80 else ["ports", "devices", "detail", "activity"])
            assert f"─ {key} " in console.text(), "the title of a pane names its key"


async def test_the_detail_follows_the_list_that_was_left_for_it() -> None:
    async with running(size=(80, 24)) as console:
        await console.on_port(BIN)
        await console.press("2")
        assert "Port 3" in console.text()
        await console.press("3", "2")
        assert "Device 1" in console.text()
        await console.press("4", "2")
        assert "nothing was commanded yet" in console.text()
        await console.press("1", "2")
        assert "Port 3" in console.text()


async def test_colours_go_round_and_each_theme_can_be_drawn() -> None:
    async with running() as console:
        names = sorted(console.app.available_themes)
        assert {"ansi-dark", "dark"} <= set(names)
        for _ in names:
            await console.press("t")
            assert console.toasts()[-1] == f"theme: {console.app.theme}"
            assert "1 Ports 12" in console.text()
        assert console.app.theme == "dark"


@pytest.mark.parametrize(
    ("opener", "closer"), [("question_mark", "escape"), ("f1", "q"), ("question_mark", "question_mark")]
)
async def test_help_opens_and_closes(opener: str, closer: str) -> None:
    async with running(size=(80, 24)) as console:
        await console.press(opener)
        await console.dialog(Help)
        assert "Opens the port" in console.text()
        await console.press("end")
        assert "UNKNOWN: it may have happened" in console.text()
        await console.press(closer)
        assert isinstance(console.app.screen, Workspace)


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving(key: str) -> None:
    async with running() as console:
        console.tap(key)
        await console.until(lambda: console.app._exit, "the end")
    assert console.site.closed
    assert console.app.return_code == 0


async def test_the_last_line_says_what_works_where_the_focus_is() -> None:
    async with running() as console:
        await console.on_port(BIN)
        assert "c close  " in console.lines()[-1]
        await console.press("3")
        assert "c close" not in console.lines()[-1]
        assert "r new rule" in console.lines()[-1]
        await console.press("4")
        assert console.lines()[-1].split() == ["/", "filter", ":", "command", "?", "help", "q", "quit"]


async def test_in_the_activity_there_is_nothing_to_mark() -> None:
    async with running() as console:
        for key in ("space", "asterisk"):
            await console.press("4", key)
            assert console.toasts()[-1].endswith("this is for ports and devices")
        assert console.workspace.ports.rows.marks == set()


async def test_the_detail_is_turned_where_it_says_more_than_fits() -> None:
    async with running(size=(80, 24)) as console:
        console.site.see_rules(1, *(rule(number, f"rule-{number}") for number in range(40)))
        await console.press("3", "2")
        text = console.text()
        assert "rule-0" in text and "rule-39" not in text
        assert "28 below" in text
        await console.press("pagedown")
        assert "18 above, 10 below" in console.text()
        await console.press("end", "j")
        assert "rule-39" in console.text()
        assert "28 above" in console.text() and "below" not in console.text()
        await console.press("home", "k")
        assert console.text() == text
        console.workspace.detail.on_mouse_scroll_down(mock.Mock())
        await console.settle()
        assert "3 above, 25 below" in console.text()


async def test_the_detail_of_something_else_is_shown_from_its_beginning() -> None:
    async with running(size=(80, 24)) as console:
        for device_id in (1, 2):
            console.site.see_rules(device_id, *(rule(number, f"rule-{number}") for number in range(40)))
        await console.press("3", "2", "end", "3", "2")
        assert "rule-39" in console.text(), "the same device"
        await console.press("3", "j", "2")
        assert "rule-0" in console.text()


async def test_a_detail_that_gets_shorter_leaves_nothing_out() -> None:
    async with running(size=(80, 24)) as console:
        console.site.see_rules(1, *(rule(number, f"rule-{number}") for number in range(40)))
        await console.press("3", "2", "end")
        console.site.see_rules(1, rule(1, "only"))
        await console.settle()
        assert "Name" in console.text() and "only" in console.text()
        assert "above" not in console.text()


def test_every_key_that_looks_is_tested_here_or_by_name() -> None:
    here = {"filter.edit", "mark.toggle", "mark.shown", "mark.clear", "sort.next", "theme.next", "help.open"}
    here |= {"pane.ports", "pane.detail", "pane.devices", "pane.activity", "app.leave"}
    elsewhere = {"alarm.go", "alarms.open", "rule.add", "user.choose", "list.refresh", "palette.open"}
    elsewhere |= {"density.next", "freeze.toggle", "rule.try", "wire.open", "picture.save"}
    elsewhere |= {"runs.open", "plan.file", "plan.shown"}
    assert {action.id for action in ACTIONS if action.command is None} == here | elsewhere
