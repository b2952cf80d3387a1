"""What a command acts on is fixed when its key goes down; what is known of it is asked for again."""

import pytest

from console.interface.screens.confirm import Confirm
from console.interface.screens.form import Form

from .screen import running
from .world import BIN, CLOSED, EMPTY, HALL, IN_ERROR, Site, case_in_error, closed, port, with_bin


async def test_the_cursor_may_move_while_a_question_is_open() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await console.press("c")
        await console.dialog(Confirm)
        console.workspace.ports.rows.move_to(EMPTY)
        console.mark(CLOSED, EMPTY)
        await console.press("y")
        await console.back()
        assert [order.target for order in console.commands.sent] == [f"port {BIN}"]


async def test_the_cursor_may_move_while_a_form_is_open() -> None:
    async with running() as console:
        await console.on_port(CLOSED)
        await console.press("o")
        await console.dialog(Form)
        console.workspace.ports.rows.move_to(BIN)
        await console.press("enter", "enter")
        await console.back()
        assert [order.target for order in console.commands.sent] == [f"port {CLOSED}"]


async def test_keys_after_the_command_s_do_not_change_its_target() -> None:
    async with running() as console:
        await console.on_port(EMPTY)
        await console.burst("b", "j", "j", "space")
        await console.back()
        assert [order.target for order in console.commands.sent] == [f"port {EMPTY}"]


async def test_a_burst_acts_on_what_it_has_just_found() -> None:
    async with running() as console:
        await console.burst("slash", *str(BIN), "enter", "c")
        await console.dialog(Confirm)
        assert f"port {BIN}: " in console.text()
        assert "Close port?" in console.text()


async def test_rows_do_not_move_under_the_hand() -> None:
    async with running() as console:
        rows = console.workspace.ports.rows
        await console.press("j")
        before = list(rows.keys)
        console.site.see(case_in_error(HALL))
        console.site.clock.pass_(1)
        console.workspace.tick()
        await console.press("space")
        assert list(rows.keys) == before, "a key was pressed a second ago"
        console.site.clock.pass_(3)
        console.site.see_again()
        console.workspace.tick()
        assert list(rows.keys)[:2] == [IN_ERROR, HALL]


async def test_the_row_under_the_cursor_stays_though_the_filter_would_drop_it() -> None:
    async with running() as console:
        rows = console.workspace.ports.rows
        await console.press("slash")
        await console.write("mode:open")
        await console.press("enter")
        await console.on_port(BIN)
        console.site.see(closed(BIN), closed(EMPTY))
        console.site.clock.pass_(5)
        console.site.see_again()
        console.workspace.tick()
        assert rows.cursor == BIN
        assert EMPTY not in rows.keys
        await console.press("home")
        console.site.clock.pass_(5)
        console.site.see_again()
        console.workspace.tick()
        assert BIN not in rows.keys


async def test_marked_ports_are_always_named_first_however_harmless_the_command() -> None:
    async with running() as console:
        console.mark(EMPTY)
        await console.on_port(BIN)
        await console.press("b")
        await console.dialog(Confirm)
        assert f"port {EMPTY}: a robot brings the next bin" in console.text()
        await console.press("n")
        await console.back()
        assert console.commands.sent == []


async def test_the_question_after_a_form_tells_what_is_known_now_and_that_is_ordered() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await console.press("B")
        await console.dialog(Form)
        console.site.see(with_bin(BIN, 4799))
        await console.press("enter", "enter")
        await console.dialog(Confirm)
        assert f"port {BIN}: moves bin 4799 away" in console.text()
        await console.press("y")
        await console.back()
        assert console.commands.calls == [("closebin", {"port_id": BIN, "bin_id": 4799})]


def nobody_reads(site: Site) -> None:
    site.clock.pass_(60)


def it_was_closed(site: Site) -> None:
    site.see(closed(BIN))


@pytest.mark.parametrize(
    ("happens", "words"),
    [(nobody_reads, "close bin: seen too long ago"), (it_was_closed, "the port is closed")],
)
async def test_a_target_that_went_out_of_reach_during_the_form_is_said_and_left(
    happens: object, words: str
) -> None:
    async with running() as console:
        await console.on_port(BIN)
        await console.press("B")
        await console.dialog(Form)
        happens(console.site)  # type: ignore[operator]
        await console.press("enter", "enter")
        await console.back()
        assert words in console.toasts()[-1]
        assert console.commands.sent == []


async def test_what_was_shown_is_what_is_ordered_though_the_port_changes_behind_the_question() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await console.press("c")
        await console.dialog(Confirm)
        console.site.see(port(BIN, bin_id=5000))
        await console.press("y")
        await console.back()
        order = console.commands.sent[0]
        assert order.goal is not None
        now = console.site.store.ports[BIN]
        assert order.goal.hindrance(now) is not None, "the dispatcher looks again, and sees another bin"
