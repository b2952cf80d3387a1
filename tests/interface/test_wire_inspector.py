"""The wire inspector: the last calls as they were when it was opened, each in full."""

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from console.interface.drawing import plain
from console.interface.screens.wire import WireInspector
from console.interface.screens.workspace import Workspace
from console.interface.widgets.row_list import RowList
from console.interface.wire_rows import as_curl
from console.outcome import Outcome
from console.tap import Body, Exchange, Request, kept

from .screen import Console, running
from .world import HALL, Site, hall

SIZES = [(80, 24), (120, 40)]


def exchange(method: str, port: int, *, command: bool = True, body: str = "", **more: Any) -> Exchange:
    request = Request(
        system="autostore",
        method=method,
        command=command,
        target=f"port {port}",
        url="http://10.0.0.5:44000/api/v2/task",
        content_type="application/xml",
        body=kept((body or f"<port_id>{port}</port_id>").encode()),
    )
    at_utc = datetime(2026, 3, 5, 14, 2, port, tzinfo=UTC)
    values = {"latency": 0.012, "outcome": Outcome.ACCEPTED, "status": 200, **more}
    return Exchange(request=request, at_utc=at_utc, **values)


CALLS = [
    exchange("openport", 1, reply=Body(b"<response>first</response>")),
    exchange("getportstatus", 2, command=False),
    exchange("closeport", 3, outcome=Outcome.REFUSED, code=1009, reason="closeport refused (1009): not open"),
    exchange("openbin", 4, outcome=Outcome.UNKNOWN, status=None, reason="no complete answer within 5 s"),
]


def told(*calls: Exchange) -> Any:
    """Return what fills a site with a hall and these calls."""

    def fill(site: Site) -> None:
        hall(site)
        note(site, calls)

    return fill


def note(site: Site, calls: Iterable[Exchange]) -> None:
    for one in calls:
        site.wire_log.note(one)


async def opened(console: Console) -> WireInspector:
    await console.press("w")
    return await console.dialog(WireInspector)


def rows(inspector: WireInspector) -> list[str]:
    """Return the methods of the rows, from the top."""
    calls = inspector._calls
    return [calls[number].exchange.request.method for number in inspector.query_one(RowList).keys]


def below(inspector: WireInspector) -> str:
    """Return the call that is shown in full."""
    return "\n".join(plain(line) for line in inspector.query_one("#said")._wanted)  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_it_lists_the_calls_newest_first_and_shows_the_first_in_full(size: tuple[int, int]) -> None:
    async with running(told(*CALLS), size=size) as console:
        inspector = await opened(console)
        assert rows(inspector) == ["openbin", "closeport", "getportstatus", "openport"]
        shown = [" ".join(line.strip("│").split()) for line in console.lines()]
        assert "14:02:04 12 openbin port 4 UNKNOWN" in shown
        assert "14:02:03 12 closeport port 3 refused 1009" in shown
        assert "14:02:02 12 getportstatus port 2 ok" in shown
        assert "no reply 12.0 ms UNKNOWN" in shown
        assert "no complete answer within 5 s" in shown
        assert "4 kept, 4 made since this console was opened" in console.text()
        assert inspector.query_one(RowList).has_focus


async def test_what_is_below_follows_the_cursor() -> None:
    async with running(told(*CALLS)) as console:
        inspector = await opened(console)
        await console.press("down")
        assert "closeport refused (1009): not open" in below(inspector)
        await console.press("end")
        assert "<response>first</response>" in below(inspector)
        await console.press("k", "k", "home")
        assert "no complete answer within 5 s" in below(inspector)


async def test_it_stands_still_until_it_is_told_to_take_the_newest() -> None:
    async with running(told(*CALLS), size=(80, 24)) as console:
        inspector = await opened(console)
        await console.press("down")
        before, said = console.text(), below(inspector)
        note(console.site, [exchange("forecastbin", number) for number in range(1, 50)])
        await console.settle()
        assert (console.text(), below(inspector)) == (before, said)

        await console.press("R")
        assert rows(inspector)[0] == "forecastbin"
        assert "53 kept, 53 made" in console.text()
        assert "<port_id>49</port_id>" in below(inspector), "the cursor goes to the newest"


async def test_the_filter_keeps_what_holds_every_word() -> None:
    async with running(told(*CALLS), size=(80, 24)) as console:
        inspector = await opened(console)
        for words, found in [
            ("port", ["openbin", "closeport", "getportstatus", "openport"]),
            ("commands -openbin", ["closeport", "openport"]),
            ("1009", ["closeport"]),
            ("unknown", ["openbin"]),
            ("reads", ["getportstatus"]),
        ]:
            await console.press("slash")
            await console.write(words)
            assert rows(inspector) == found, words
            assert f"{len(found)} of 4 kept" in console.text()
            await console.press("enter")
            assert inspector.query_one(RowList).has_focus
            assert rows(inspector) == found, "Enter keeps the filter"
            await console.press("slash", "escape")
            assert len(rows(inspector)) == 4, "Esc clears it"


async def test_keys_are_letters_while_the_filter_is_typed() -> None:
    async with running(told(*CALLS)) as console:
        inspector = await opened(console)
        await console.press("slash")
        await console.write("yRq/w")
        assert rows(inspector) == []
        assert below(inspector) == ""
        assert console.toasts() == []
        assert "0 of 4 kept" in console.text()
        await console.press("enter", "y")
        assert console.toasts() == [], "there is nothing to copy"
        await console.press("slash", "escape")
        assert len(rows(inspector)) == 4
        assert "<port_id>4</port_id>" in below(inspector)


async def test_a_filter_stays_when_the_newest_are_taken() -> None:
    async with running(told(*CALLS)) as console:
        inspector = await opened(console)
        await console.press("slash")
        await console.write("openport")
        await console.press("enter")
        note(console.site, [exchange("openport", 7), exchange("closeport", 8)])
        await console.press("R")
        assert rows(inspector) == ["openport", "openport"]
        assert "<port_id>7</port_id>" in below(inspector)
        assert "2 of 6 kept" in console.text()


async def test_a_call_is_copied_as_a_command() -> None:
    async with running(told(*CALLS)) as console:
        await opened(console)
        await console.press("down", "y")
        command = as_curl(CALLS[2])
        assert command is not None
        assert console.app.clipboard == command
        assert shlex.split(command)[-2:] == ["<port_id>3</port_id>", "http://10.0.0.5:44000/api/v2/task"]
        assert console.toasts() == ["copied as curl; secrets are left out"]


async def test_a_call_that_was_cut_is_not_copied() -> None:
    async with running(told(exchange("preparebin", 1, body="x" * 20_000))) as console:
        await opened(console)
        await console.press("y")
        assert console.app.clipboard == ""
        assert console.toasts() == ["not copied: only a part of this call was kept"]


@pytest.mark.parametrize("size", SIZES)
async def test_a_long_call_is_read_below(size: tuple[int, int]) -> None:
    long = exchange("getbininfo", 1, reply=Body("\n".join(f"line {n}" for n in range(200)).encode()))
    async with running(told(*CALLS, long), size=size) as console:
        inspector = await opened(console)
        assert "line 199" not in console.text()
        await console.press("enter")
        assert console.focus == "exchange"
        await console.press("end")
        assert "line 199" in console.text()
        await console.press("pageup", "up")
        assert "line 199" not in console.text()
        await console.press("escape")
        assert inspector.query_one(RowList).has_focus
        await console.press("down")
        assert inspector.query_one("#exchange").scroll_y == 0, "another call is read from its beginning"


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_ways_out(key: str) -> None:
    async with running(told(*CALLS)) as console:
        await opened(console)
        await console.press("enter", key)
        assert isinstance(console.app.screen, WireInspector), "from the call back to the list"
        await console.press(key)
        assert isinstance(console.app.screen, Workspace)


async def test_before_any_call_there_is_nothing_to_see() -> None:
    async with running() as console:
        inspector = await opened(console)
        assert rows(inspector) == []
        assert "0 kept, 0 made since this console was opened" in console.text()
        await console.press("down", "y", "enter", "R", "escape", "escape")
        assert isinstance(console.app.screen, Workspace)


HOSTILE = "\x1b]0;x\x07[red]‮</x>\r\x9b"


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_shown_for_what_it_is(size: tuple[int, int]) -> None:
    bad = exchange("openport", 1, body=HOSTILE, reply=Body(HOSTILE.encode()), reason=HOSTILE)
    async with running(told(bad), size=size) as console:
        await opened(console)
        assert console.text().count("\\x1b]0;x\\x07[red]\\u202e</x>\\x0d\\x9b") == 3
        assert not any(char in console.text() for char in "\x1b\x07‮\r\x9b")


async def test_the_ports_behind_it_get_none_of_its_keys() -> None:
    async with running(told(*CALLS)) as console:
        await opened(console)
        await console.press("o", "c", "b", "x", "space", "asterisk", "1", "s")
        await console.press("escape")
        await console.back()
        assert console.commands.sent == []
        assert console.workspace.ports.rows.marks == set()
        assert len(console.workspace.ports.rows.keys) == HALL


@pytest.mark.parametrize("size", SIZES)
async def test_its_keys_are_in_sight(size: tuple[int, int]) -> None:
    async with running(told(*CALLS), size=size) as console:
        await opened(console)
        for words in ("/ filter", "y copy as curl", "R take the newest", "enter read on below", "esc leave"):
            assert words in console.text()
