"""What changes on the screen costs the link: little where little changes, nothing where nothing does."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual._compositor import ChopsUpdate
from textual.geometry import Region
from textual.screen import Screen

from console.interface import app as console_app
from console.interface import partial_update
from console.interface.app import PortsideApp
from console.interface.changes import MARKED_SECONDS
from console.interface.drawing import Tone
from console.interface.port_cells import Density
from console.interface.screens.confirm import Confirm
from console.interface.screens.help import Help
from console.interface.themes import load_themes
from console.interface.widgets.toned import Lines

from .screen import Console
from .terminal import Terminal, shown_on_a_terminal
from .world import Site, hall, port, rule, with_bin

LITTLE = 400
PORTS = 200

BUDGET = 72
"""Bytes for one changed port in a frame of its own: move, colours, text, and the cursor put back."""

SHARED = 24
"""Bytes a port where many change in one frame, and share the colours."""


@asynccontextmanager
async def on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Console, Terminal]]:
    monkeypatch.setattr(console_app, "TERMINAL_CHECK", 3600.0)  # the terminal of the tests is none
    made: list[Site] = []

    def make_site(schedule: Any) -> Any:
        made.append(Site(schedule, ports=range(1, PORTS + 1), fill=hall))
        return made[0]

    app = PortsideApp(make_site, themes=load_themes(), theme="dark")
    async with shown_on_a_terminal(app, size) as (terminal, pilot):
        console = Console(app, pilot, made[0])
        await console.until(made[0].opened.is_set, "the site to be opened")
        await console.settle()
        console.stop_ticker()
        console.workspace.tick()
        await console.on_port(1)
        await terminal.stand()
        yield console, terminal


def assert_same(console: Console, terminal: Terminal) -> None:
    """See that the terminal shows what a fresh drawing would."""
    assert terminal.lines == console.lines()


async def test_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        site = console.site
        assert 0 < await terminal.cost(lambda: site.see(with_bin(3, 4799))) <= LITTLE
        assert await terminal.cost(lambda: site.see(with_bin(3, 4799))) == 0, "nothing has changed"
        assert await terminal.cost(site.see_again) == 0, "nothing has changed anywhere"
        assert await terminal.cost(lambda: site.see(with_bin(190))) == 0, "it is not on the screen"
        assert await terminal.cost(lambda: site.see_devices(*_as_before(site))) == 0
        assert_same(console, terminal)


async def by_density(console: Console, terminal: Terminal, density: Density) -> None:
    """Show the ports by id at a density."""
    await console.press("s", *["v"] * list(Density).index(density))
    console.workspace.ports.rows.move_to(1)
    await terminal.stand()


def let_marks_end(console: Console) -> None:
    """Let so much time pass that no change is marked, while everything is seen again and again."""
    for _ in range(round(MARKED_SECONDS)):
        console.site.clock.pass_(1)
        console.site.see_again()


@pytest.mark.parametrize("density", Density)
async def test_a_change_at_every_density(monkeypatch: pytest.MonkeyPatch, density: Density) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        site, ports = console.site, console.workspace.ports
        await by_density(console, terminal, density)
        assert 0 < await terminal.cost(lambda: site.see(port(15))) <= BUDGET
        assert await terminal.cost(lambda: site.see(port(15))) == 0, "nothing has changed"
        assert await terminal.cost(site.see_again) == 0, "nothing has changed anywhere"
        let_marks_end(console)
        assert 0 < await terminal.cost(ports.show_ages) <= BUDGET, "the mark has ended"
        assert await terminal.cost(ports.show_ages) == 0
        shown = [port_id for port_id in ports.rows.keys if port_id in range(7, 20)]
        cost = await terminal.cost(lambda: site.see(*map(port, shown)))
        assert 0 < cost <= SHARED * len(shown) + BUDGET
        assert_same(console, terminal)


@pytest.mark.parametrize("density", [Density.ROWS, Density.TILES])
async def test_a_change_that_is_not_on_the_screen_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, density: Density
) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        await by_density(console, terminal, density)
        console.workspace.ports.rows.move_to(110)  # far from the port in error, whose age is told
        assert await terminal.cost(lambda: console.site.see(port(190), with_bin(191))) == 0
        let_marks_end(console)
        assert await terminal.cost(console.workspace.ports.show_ages) == 0


async def test_a_step_of_the_cursor_among_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        await by_density(console, terminal, Density.DOTS)
        rows = console.workspace.ports.rows
        rows.move_to(9)
        assert 0 < await terminal.cost(lambda: rows.action_move_along(1)) <= LITTLE
        assert_same(console, terminal)


async def test_a_second_in_which_nothing_changes_costs_the_ages_that_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):

        def a_second() -> None:
            console.site.clock.pass_(1)
            console.site.see_again()
            console.site.see_system()
            console.workspace.tick()

        for _ in range(3):
            assert await terminal.cost(a_second) <= LITTLE
        assert_same(console, terminal)


async def test_a_line_more_in_the_detail_costs_that_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        site = console.site
        await console.on_port(15)
        assert 0 < await terminal.cost(lambda: site.store.miss_port(15, "timed out")) <= BUDGET
        assert 0 < await terminal.cost(lambda: site.see_again(15)) <= BUDGET
        site.see(with_bin(15))
        for mode in ("GRID", "PORT", "OPEN"):
            changed = port(15, bin_id=4711, bin_mode=mode)
            assert 0 < await terminal.cost(lambda changed=changed: site.see(changed)) <= LITTLE
        assert console.text().count("s ago  OPEN 4711") == 4, "a line for each change"
        assert_same(console, terminal)
        await console.press("3")
        assert 0 < await terminal.cost(lambda: site.see_rules(1, rule(1), rule(2))) <= LITTLE
        assert_same(console, terminal)


async def test_a_console_that_nobody_touches_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        for key in ("1", "2", "slash"):
            await console.press(key)
            assert await terminal.cost(lambda: None) == 0, key


async def test_a_change_behind_a_question_costs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        await console.on_port(3)
        await console.press("c")
        await console.dialog(Confirm)
        assert 0 < await terminal.cost(lambda: console.site.see(with_bin(2, 4799))) <= LITTLE
        assert_same(console, terminal)
        await console.press("n")
        await terminal.stand()
        assert_same(console, terminal)


async def test_a_change_in_a_dialog_and_one_behind_it_are_both_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        await console.on_port(3)
        await console.press("c")
        lines = (await console.dialog(Confirm)).query(Lines).first()
        for said in ("one", "two", "three"):
            lines.show([((said, Tone.PLAIN),)] * 2)
            console.workspace._compositor._dirty_regions.add(Region(0, 0, 9, 1))
            console.workspace._compositor_refresh()
            await terminal.stand()
            assert_same(console, terminal)


async def test_a_change_where_the_screen_has_ended_since_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        console.app.push_screen(Help())
        await terminal.stand()
        console.workspace._compositor._dirty_regions.add(Region(0, 50, 9, 1))
        console.workspace._compositor_refresh()
        await terminal.stand()
        assert_same(console, terminal)


async def test_a_change_in_a_pane_that_is_not_shown_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_a_terminal(monkeypatch, (80, 24)) as (console, terminal):
        await console.press("3")
        assert await terminal.cost(lambda: console.site.see(with_bin(2, 4799))) == 0
        await console.press("1")
        await terminal.stand()
        assert_same(console, terminal)


async def test_after_everything_the_terminal_shows_what_a_fresh_drawing_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with on_a_terminal(monkeypatch) as (console, terminal):
        keys = "j space slash 1 enter 3 1 escape s t v l f v end question_mark escape c n"
        for key in keys.split():
            await console.press(key)
            console.site.clock.pass_(0.4)
            console.site.see(with_bin(3, 4700 + len(key)))
            console.workspace.tick()
            await terminal.stand()
            assert_same(console, terminal)


def _as_before(site: Site) -> list[Any]:
    return list(site.store.device_lists[100].devices)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (ChopsUpdate.render_segments, "render_segments"),
        (Screen._compositor_refresh, "_compositor_refresh"),
        (Screen._on_timer_update, "_on_timer_update"),
    ],
)
def test_the_methods_are_replaced(ours: Callable[..., object], theirs: str) -> None:
    assert ours.__module__ == partial_update.__name__, f"{theirs} is Textual's own again"
