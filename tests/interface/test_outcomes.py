"""What came of an order is said: at once when it went wrong, and in the activity pane always."""

import pytest

from console.fields import Invalid
from console.operations.dispatch import NotAllowed
from console.state.entities import Phase
from console.text import safe

from .screen import Console, running
from .world import BIN, EMPTY, command, result


async def call_bin(console: Console) -> None:
    await console.on_port(EMPTY)
    await console.press("b")
    await console.back()
    await console.until(lambda: not list(console.workspace.workers), "the order to be handed over")
    await console.settle()


@pytest.mark.parametrize(
    ("phase", "reason", "words"),
    [
        (Phase.ACCEPTED, None, []),
        (Phase.REFUSED, "Port is closing.", ["call bin, port 2: refused - Port is closing."]),
        (Phase.NOT_SENT, "connection refused", ["call bin, port 2: not sent - connection refused"]),
        (Phase.UNKNOWN, "no answer in 5 s", ["call bin, port 2: UNKNOWN - no answer in 5 s"]),
        (Phase.NOT_STARTED, "the port is closed", ["call bin, port 2: not started - the port is closed"]),
        (Phase.UNKNOWN, None, ["call bin, port 2: UNKNOWN"]),
    ],
)
async def test_one_order(phase: Phase, reason: str | None, words: list[str]) -> None:
    async with running() as console:
        console.commands.answers[f"port {EMPTY}"] = result(phase, reason)
        await call_bin(console)
        assert console.toasts() == words


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (NotAllowed("this console is read-only here"), "call bin: this console is read-only here"),
        (NotAllowed("no command without a journal: disk full"), "call bin: no command without a journal"),
        (Invalid("port_id", 0, "a whole number 1 to 2000"), "call bin: port_id is 0: wanted a whole"),
        (RuntimeError("[red]secret"), "a fault of this console (RuntimeError): look what happened"),
    ],
)
async def test_what_could_not_be_handed_over_is_said(failure: Exception, words: str) -> None:
    async with running() as console:
        console.commands.failure = failure
        await call_bin(console)
        assert len(console.toasts()) == 1
        assert console.toasts()[0].startswith(words)


async def test_after_a_fault_the_next_command_can_be_given() -> None:
    async with running() as console:
        console.commands.failure = RuntimeError()
        await call_bin(console)
        console.commands.failure = None
        await call_bin(console)
        assert len(console.commands.sent) == 1


async def test_a_fault_while_asking_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from console.interface import commanding

    def broken(*_: object) -> object:
        raise LookupError("closeport")

    monkeypatch.setattr(commanding, "_port_question", broken)
    async with running() as console:
        await console.on_port(BIN)
        await console.press("c")
        await console.back()
        assert "a fault of this console (LookupError)" in console.toasts()[-1]


async def test_before_the_site_is_connected_it_is_said() -> None:
    async with running() as console:
        console.site.commands = None
        await console.on_port(EMPTY)
        await console.press("b")
        await console.back()
        assert console.toasts() == ["call bin: not connected yet"]


async def test_the_activity_tells_the_life_of_a_command_the_latest_first() -> None:
    async with running() as console:
        store = console.site.store
        for op_id, phase in (("a", Phase.CONFIRMED), ("b", Phase.SENT)):
            store.note_command(command(op_id, phase=phase, changed_at=1001.0))
        await console.settle()
        assert list(console.workspace.activity.rows.keys) == ["b", "a"]
        assert "14:02:11   close port   port 1   sent ..." in console.text()
        store.note_command(command("b", phase=Phase.REFUSED, code=1009, reason=safe("Port is not open.")))
        await console.settle()
        assert "14:02:11 - close port   port 1   refused (1009)" in console.text()
        assert "4 Activity 2" in console.text()


async def test_a_row_that_is_cut_says_so_beside_a_scroll_bar_too() -> None:
    async with running() as console:
        for number in range(30):
            refused = command(f"op{number}", phase=Phase.REFUSED, reason=safe("no " * 40))
            console.site.store.note_command(refused)
        await console.settle()
        rows = [line for line in console.lines() if "14:02:11" in line]
        assert len(rows) > 5
        assert all(row[-3] == "…" for row in rows)


async def test_a_list_without_rows_says_why() -> None:
    async with running() as console:
        assert "nothing was commanded here yet" in console.text()
        console.site.store.note_command(command("a"))
        await console.settle()
        assert "nothing was commanded here yet" not in console.text()
        for pane, title in (("1", "Ports 0 of 12"), ("3", "0 of 14"), ("4", "Activity 0 of 1")):
            await console.press(pane, "slash")
            await console.write("zzz")
            assert title in console.text()
            assert console.text().count("nothing matches the filter: esc clears it") == 1
            await console.press("escape")
            assert "nothing matches" not in console.text()


async def test_the_activity_is_filtered_by_the_words_of_its_rows() -> None:
    async with running() as console:
        store, activity = console.site.store, console.workspace.activity
        for op_id, target, phase in (
            ("a", "port 1", Phase.CONFIRMED),
            ("b", "port 2", Phase.STILL_UNKNOWN),
            ("c", "port 3", Phase.UNKNOWN),
        ):
            store.note_command(command(op_id, "openbin", target, phase=phase))
        await console.settle()
        await console.press("4", "slash", *"UNKNOWN", "enter")
        assert list(activity.rows.keys) == ["c", "b"]
        assert "4 Activity 2 of 3" in console.text()
        store.note_command(command("c", "openbin", "port 3", phase=Phase.APPLIED))
        await console.settle()
        assert list(activity.rows.keys) == ["b"]
        await console.press("escape")
        assert list(activity.rows.keys) == ["c", "b", "a"]


async def test_an_alarm_leads_to_its_command_past_a_filter() -> None:
    async with running() as console:
        activity = console.workspace.activity
        console.site.store.note_command(command("a", "openbin", "port 1", phase=Phase.STILL_UNKNOWN))
        console.site.store.note_command(command("b", "openbin", "port 2", phase=Phase.CONFIRMED))
        await console.settle()
        await console.press("4", "slash", *"confirmed", "enter", "g")
        assert activity.rows.cursor == "a"


async def test_the_detail_of_a_command_has_room_for_the_whole_reason() -> None:
    reason = "New action cannot be started until the previous action has been completed."
    async with running() as console:
        known = command("20260305-140211-7f3a", phase=Phase.REFUSED, code=1148, reason=safe(reason))
        console.site.store.note_command(known)
        await console.press("4")
        text = " ".join(line[60:].strip("│ ") for line in console.lines()[2:15])
        for words in ("Close port  port 1", "2026-03-05 14:02:11", f"refused (1148): {reason}", known.op_id):
            assert words in text
        await console.press("2")
        assert "20260305-140211-7f3a" in console.text(), "the detail stays with what was looked at"
        console.site.store.note_command(command("20260305-140211-7f3a", phase=Phase.CONFIRMED))
        await console.settle()
        assert "refused" not in console.text()


async def test_a_command_under_way_is_shown_on_its_port() -> None:
    async with running() as console:
        console.site.store.note_command(command("a", "openbin", f"port {EMPTY}", phase=Phase.SENT))
        await console.settle()
        row = next(line for line in console.lines() if f"{EMPTY:04d} CO" in line)
        assert "sent: call bin" in row
        console.site.store.note_command(command("a", "openbin", f"port {EMPTY}", phase=Phase.CONFIRMED))
        await console.settle()
        row = next(line for line in console.lines() if f"{EMPTY:04d} CO" in line)
        assert "call bin" not in row[:60]
