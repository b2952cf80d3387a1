"""What is old looks old, in words, everywhere; nothing is commanded on old knowledge."""

import pytest

from console.autostore.values import SystemMode
from console.interface.screens.overview import JUMP, TICK
from console.state.entities import SourceName

from .screen import Console, running
from .world import BIN, EMPTY, USER, hall


async def let_time_pass(console: Console, seconds: float) -> None:
    """Let time go by in steps of a tick, as it does when nothing stops us."""
    for _ in range(int(seconds)):
        console.site.clock.pass_(TICK)
        console.workspace.tick()
    await console.settle()


def row(console: Console, port_id: int) -> str:
    """Return the row of a port."""
    return next(line for line in console.lines() if f" {port_id:04d} " in line)[:60]


async def test_rows_go_stale_with_a_word_and_their_age() -> None:
    async with running() as console:
        assert "~" not in console.text()
        await let_time_pass(console, 3)
        assert "~" not in console.text(), "three intervals are not yet old"
        await let_time_pass(console, 2)
        assert "~ 5 s old" in row(console, EMPTY)
        assert "OPEN" in row(console, EMPTY), "what was known is not thrown away"
        await let_time_pass(console, 30)
        assert "~ 35 s old" in row(console, EMPTY)
        assert "was RUNNING" in console.lines()[0]


async def test_one_port_may_be_stale_among_live_ones() -> None:
    async with running() as console:
        for _ in range(5):
            await let_time_pass(console, 1)
            console.site.see_again(*(port_id for port_id in console.site.store.ports if port_id != EMPTY))
            console.site.store.miss_port(EMPTY, "no answer in 1 s")
        await let_time_pass(console, 1)
        assert "~ no answer 6 s" in row(console, EMPTY)
        assert "~" not in row(console, BIN)


async def test_the_detail_says_how_old_and_why() -> None:
    async with running() as console:
        await console.on_port(BIN)
        console.site.store.miss_port(BIN, "connection refused")
        await let_time_pass(console, 5)
        assert "Seen   5.0 s ago: UNREACHABLE" in console.text()
        assert "last try: connection refused" in console.text()
        assert "c close port   - no answer: wait for a fresh look" in console.text()


@pytest.mark.parametrize("key", ["o", "c", "b", "B", "x", "X"])
async def test_commands_on_stale_ports_say_why_not(key: str) -> None:
    async with running() as console:
        await let_time_pass(console, 10)
        await console.press(key)
        assert console.toasts()[-1].endswith("seen too long ago: wait for a look")
        assert console.commands.sent == []


async def test_a_fresh_look_makes_a_port_live_again() -> None:
    async with running() as console:
        await let_time_pass(console, 10)
        assert "~" in row(console, BIN)
        hall(console.site)
        await console.settle()
        assert "~" not in row(console, BIN)
        await console.on_port(BIN)
        assert "c close port   moves bin" in console.text()


async def test_a_tick_that_comes_late_makes_everything_stale_at_once() -> None:
    async with running() as console:
        console.site.clock.pass_(TICK + JUMP + 0.1)
        hall(console.site)  # looks that were under way when the machine was stopped
        console.site.clock.pass_(0.1)
        console.workspace.tick()
        await console.settle()
        for port_id in console.site.store.ports:
            assert "old" in row(console, port_id)
        assert "stale" in console.text(), "the list of devices too"
        console.site.clock.pass_(TICK)
        hall(console.site)
        console.workspace.tick()
        await console.settle()
        assert "old" not in row(console, BIN)


async def test_a_tick_in_time_distrusts_nothing() -> None:
    async with running() as console:
        console.site.clock.pass_(TICK + JUMP - 0.1)
        hall(console.site)
        console.workspace.tick()
        await console.settle()
        assert "~" not in row(console, BIN)


async def test_a_clock_that_goes_backwards_breaks_nothing() -> None:
    async with running() as console:
        console.site.clock.pass_(-500)
        console.workspace.tick()
        await console.settle()
        assert "-" not in row(console, BIN).replace("─", "")


async def test_a_lost_controller_is_said_in_the_identity_line_and_once_as_an_alarm() -> None:
    async with running() as console:
        console.site.store.source_is_lost(SourceName.AUTOSTORE, "connection refused", console.site.clock())
        for port_id in console.site.store.ports:
            console.site.store.miss_port(port_id, "connection refused")
        await let_time_pass(console, 12)
        assert "AutoStore LOST 10 s" in console.lines()[0]
        assert console.lines()[1].startswith(" ! AutoStore does not answer, 10 s   1 hidden   g")
        assert "and" not in console.lines()[1], "not one alarm for each port"


async def test_sources_that_fall_silent_are_not_called_well() -> None:
    async with running() as console:
        await let_time_pass(console, 40)
        assert "AutoStore silent 40 s  MOR silent 40 s" in console.lines()[0]


async def test_the_list_of_devices_says_its_age() -> None:
    async with running() as console:
        await let_time_pass(console, 31)
        assert "~ stale, 31 s old" in console.text()
        console.site.store.miss_devices(USER, "timed out")
        await let_time_pass(console, 9)
        assert "~ unreachable, 40 s old" in console.text()


async def test_nothing_is_claimed_before_the_first_look() -> None:
    async with running(lambda site: None) as console:
        text = console.text()
        assert "system not seen yet" in text
        assert text.count("~ not seen yet") == 12
        for claim in ("CLOSED", "OPEN", "RUNNING", " ok "):
            assert claim not in text


async def test_the_system_mode_is_shown_as_it_is_seen() -> None:
    async with running() as console:
        console.site.see_system(SystemMode.STOPPED)
        await console.settle()
        assert "STOPPED" in console.lines()[0]
