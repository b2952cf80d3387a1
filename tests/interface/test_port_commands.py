"""Each port command by its key: what is asked, what is ordered, and why it cannot be used."""

import pytest

from console.interface.actions import ACTIONS
from console.interface.screens.confirm import Confirm
from console.interface.screens.form import Form
from console.interface.screens.workspace import Workspace
from console.operations.commands import PORT_COMMANDS

from .screen import running
from .world import BIN, BIN_ID, CASE, CASE_BIN, CLOSED, DISABLED, EMPTY, ERROR_BIN, IN_ERROR

ORDERS = [
    ("o", CLOSED, [Form], ("openport", {"port_id": CLOSED})),
    ("c", BIN, [Confirm], ("closeport", {"port_id": BIN})),
    ("b", EMPTY, [], ("openbin", {"port_id": EMPTY})),
    ("B", BIN, [Form, Confirm], ("closebin", {"port_id": BIN, "bin_id": BIN_ID})),
    ("x", CASE, [Confirm], ("case_extract", {"port_id": CASE, "bin_id": CASE_BIN})),
    ("X", IN_ERROR, [Confirm], ("case_cancel", {"port_id": IN_ERROR, "bin_id": ERROR_BIN})),
]

REASONS = [
    ("o", EMPTY, "open port: already open (mode OPEN)"),
    ("o", DISABLED, "open port: the port is DISABLED"),
    ("c", CLOSED, "close port: already closed"),
    ("b", CLOSED, "call bin: the port is closed"),
    ("b", BIN, f"call bin: bin {BIN_ID} is still selected"),
    ("B", EMPTY, "close bin: no bin is reported"),
    ("x", BIN, "extract case: not an AutoCase port"),
    ("x", IN_ERROR, "extract case: an action is running (ERSO)"),
    ("X", CASE, "cancel case: no action to cancel"),
]


def test_every_port_command_is_tested() -> None:
    assert {key for key, *_ in ORDERS} == {key for key, *_ in REASONS} == {one.key for one in PORT_COMMANDS}
    assert len([action for action in ACTIONS if action.command]) == len(ORDERS)


@pytest.mark.parametrize(("key", "port_id", "dialogs", "call"), ORDERS, ids=lambda value: str(value)[:12])
async def test_a_key_leads_to_one_order_for_the_port_under_the_cursor(
    key: str, port_id: int, dialogs: list[type[Form] | type[Confirm]], call: tuple[str, dict[str, object]]
) -> None:
    async with running() as console:
        await console.on_port(port_id)
        await console.press(key)
        for dialog in dialogs:
            await console.dialog(dialog)
            assert f"port {port_id}" in console.text().lower()
            assert console.commands.sent == []
            await console.press(*(["enter", "enter"] if dialog is Form else ["y"]))
        await console.back()
        assert console.commands.calls == [call]
        assert console.commands.sent[0].target == f"port {port_id}"
        assert console.toasts() == []


@pytest.mark.parametrize(("key", "port_id", "dialogs", "call"), ORDERS, ids=lambda value: str(value)[:12])
async def test_esc_leaves_every_dialog_and_nothing_is_ordered(
    key: str, port_id: int, dialogs: list[type[Form] | type[Confirm]], call: object
) -> None:
    async with running() as console:
        await console.on_port(port_id)
        for turn in range(len(dialogs)):
            await console.press(key)
            for dialog in dialogs[:turn]:
                await console.dialog(dialog)
                await console.press("enter", "enter")
            await console.dialog(dialogs[turn])
            await console.press("escape")
            await console.back()
        assert console.commands.sent == [] or not dialogs


async def test_a_key_that_cannot_be_used_says_why_and_does_nothing() -> None:
    async with running() as console:
        for key, port_id, words in REASONS:
            await console.on_port(port_id)
            await console.press(key)
            assert console.toasts()[-1].startswith(words)
            assert isinstance(console.app.screen, Workspace)
        assert console.commands.sent == []


async def test_values_of_the_form_go_into_the_order() -> None:
    async with running() as console:
        await console.on_port(CLOSED)
        await console.press("o")
        await console.dialog(Form)
        await console.write("1 2")
        assert "call  openport port_id=1 category=1 2" in console.text()
        await console.press("enter", "enter")
        await console.back()
        assert console.commands.calls == [("openport", {"port_id": CLOSED, "category": ["1", "2"]})]


async def test_what_is_commanded_is_about_the_port_shown_from_the_detail_pane_too() -> None:
    async with running() as console:
        await console.on_port(EMPTY)
        await console.press("2", "b")
        await console.back()
        assert console.commands.calls == [("openbin", {"port_id": EMPTY})]


@pytest.mark.parametrize("pane", ["3", "4"])
async def test_no_port_is_commanded_from_a_pane_that_shows_none(pane: str) -> None:
    async with running() as console:
        for command in PORT_COMMANDS:
            await console.on_port(next(one for key, one, *_ in ORDERS if key == command.key))
            await console.press(pane, command.key)
            await console.until(lambda: bool(console.toasts()), "the reason")
            assert console.toasts()[-1] == f"{command.title}: this is for ports"
        assert console.commands.sent == []


FULL = "no space left on device"


@pytest.mark.parametrize(("typed", "despite"), [("fire", ["fire"]), (None, [])])
async def test_an_emergency_command_asks_for_a_reason_while_there_is_no_journal(
    typed: str | None, despite: list[str]
) -> None:
    async with running() as console:
        console.commands.emergency = ("closeport",)
        console.site.store.note_journal(FULL)
        await console.on_port(BIN)
        await console.press("c")
        await console.dialog(Confirm)
        await console.press("y")
        await console.dialog(Form)
        assert FULL in console.text()
        await console.press("enter")
        if typed is None:
            await console.press("escape")
        else:
            await console.write(typed)
            await console.press("enter", "enter")
        await console.back()
        assert (console.commands.despite, len(console.commands.sent)) == (despite, len(despite))


@pytest.mark.parametrize(("failure", "emergency"), [(FULL, ()), (None, ("closeport",))])
async def test_no_reason_is_asked_for_where_none_counts(
    failure: str | None, emergency: tuple[str, ...]
) -> None:
    async with running() as console:
        console.commands.emergency = emergency
        console.site.store.note_journal(failure)
        await console.on_port(BIN)
        await console.press("c")
        await console.dialog(Confirm)
        await console.press("y")
        await console.back()
        assert (console.commands.despite, len(console.commands.sent)) == ([], 1)
