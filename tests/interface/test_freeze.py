"""A frozen view: values go on, ports stay where they are."""

from console.interface.port_cells import Density

from .screen import Console, running
from .world import BIN, CLOSED, EMPTY, IN_ERROR, case_in_error, closed, with_bin


async def a_quiet_while(console: Console) -> None:
    """Let so much time pass without a key that ports are put in order again."""
    console.site.clock.pass_(4)
    console.site.see_again()
    console.workspace.tick()
    await console.settle()


async def test_frozen_ports_do_not_move_and_values_go_on() -> None:
    async with running() as console:
        rows = console.workspace.ports.rows
        before = list(rows.keys)
        await console.press("f")
        console.site.see(case_in_error(CLOSED), closed(EMPTY))
        await a_quiet_while(console)
        assert list(rows.keys) == before
        assert "0001 AC >OPEN" in console.text()
        assert "0002 CO >CLOSED" in console.text()
        await console.press("f")
        assert list(rows.keys)[:2] == [CLOSED, IN_ERROR]


async def test_frozen_is_written_on_the_pane_with_the_time_since_when() -> None:
    async with running(size=(80, 24)) as console:
        assert "FROZEN" not in console.text()
        await console.press("f")
        assert "FROZEN since " in console.text()
        assert ", f lets go   sort: attention" in console.text()
        await console.press("v", "v", "slash", "a", "c", "enter")
        assert "FROZEN since " in console.text(), "whatever else is done"
        await console.press("f")
        assert "FROZEN" not in console.text()


async def test_a_frozen_view_still_grows_old() -> None:
    async with running() as console:
        await console.press("f")
        console.site.clock.pass_(10)
        console.workspace.tick()
        await console.settle()
        assert console.text().count("~ 10 s old") == len(console.site.store.ports)


async def test_who_asks_for_another_order_or_filter_gets_it_and_that_stays_too() -> None:
    async with running() as console:
        rows = console.workspace.ports.rows
        await console.press("f", "s")
        assert list(rows.keys) == sorted(rows.keys)
        await console.press("slash")
        await console.write("mode:open")
        await console.press("enter")
        kept = list(rows.keys)
        console.site.see(closed(BIN), with_bin(CLOSED))
        await a_quiet_while(console)
        assert list(rows.keys) == kept
        await console.press("f")
        assert CLOSED in rows.keys


async def test_an_alarm_is_found_in_a_frozen_view() -> None:
    async with running() as console:
        await console.press("f", "v", "g")
        assert console.workspace.ports.density is Density.TILES
        assert console.workspace.ports.rows.cursor == IN_ERROR
