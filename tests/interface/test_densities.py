"""Rows, tiles, dots: the same ports, the same cursor, marks, filter and keys."""

import re

import pytest

from console.interface.changes import MARKED_SECONDS
from console.interface.drawing import plain
from console.interface.port_cells import Density
from console.interface.screens.confirm import Confirm
from console.interface.screens.help import help_lines
from console.state.entities import Phase
from console.state.quality import Quality

from .screen import Console, running
from .world import BIN, CASE, DISABLED, EMPTY, HALL, IN_ERROR, closed, command, hall, with_bin

DENSE = [Density.TILES, Density.DOTS]
MANY = 230


async def go_to(console: Console, density: Density) -> None:
    while console.workspace.ports.density is not density:
        await console.press("v")


def dots(console: Console) -> str:
    """Return the dots on the screen, line after line."""
    found = [re.match(r"│ (\d{4}|\w*) +([-~.!?:ob*c#% ]+)│", line) for line in console.lines()]
    return "".join(one[2].replace(" ", "") for one in found if one and one[2].strip())


async def test_v_goes_round_and_cursor_and_marks_stay() -> None:
    async with running(ports=MANY) as console:
        await console.on_port(BIN)
        console.mark(EMPTY, CASE)
        for density in (*DENSE, Density.ROWS):
            await console.press("v")
            ports = console.workspace.ports
            assert ports.density is density
            assert (ports.rows.cursor, ports.rows.marks) == (BIN, {EMPTY, CASE})
            assert f"1 Ports {MANY}" in console.text()
            assert ports.rows.shape.columns(58) == {"rows": 1, "tiles": 4, "dots": 20}[density]


async def test_each_density_says_what_it_has_to() -> None:
    async with running() as console:
        await console.press("s")
        await go_to(console, Density.TILES)
        tiles = [line for line in console.lines() if re.match(r"│ +\*?0001 ", line)]
        assert tiles[0].startswith("│ 0001   CLOSED 0002   OPEN   0003 b OPEN   0004 ! OPEN")
        await go_to(console, Density.DOTS)
        assert "│ 0001   .ob!b-.... .." in console.text()
        assert dots(console) == ".ob!b-......"


@pytest.mark.parametrize("density", DENSE)
async def test_the_port_under_the_cursor_is_said_in_full_above(density: Density) -> None:
    async with running() as console:
        await go_to(console, density)
        await console.on_port(BIN)
        assert "│  0003 CO  OPEN     4711    OPEN " in console.lines()[3]
        console.site.see(with_bin(BIN, 4799))
        await console.settle()
        assert "│  0003 CO  OPEN    >4799    OPEN " in console.lines()[3]
        await console.press("space")
        assert console.workspace.ports.rows.marks == {BIN}
        await console.on_port(BIN)
        assert "│* 0003 CO " in console.lines()[3]


async def test_dots_have_a_legend_where_there_is_room() -> None:
    for size, shown in (((120, 40), True), ((100, 30), False), ((80, 24), False)):
        async with running(size=size) as console:
            await go_to(console, Density.DOTS)
            assert ("! error ~ old ? unseen" in console.text()) is shown


async def test_two_thousand_ports_on_one_screen() -> None:
    async with running(lambda site: None, ports=2000) as console:
        await console.press("s")
        await go_to(console, Density.DOTS)
        assert dots(console) == "?" * 2000
        assert "2 Port 1" in console.text(), "and what can be done with the one under the cursor"
        assert "4 Activity" in console.text()


async def test_no_tile_is_under_the_scroll_bar() -> None:
    async with running(ports=200, size=(72, 24)) as console:  # with room for five tiles, but not beside it
        await console.press("s")
        await go_to(console, Density.TILES)
        await console.press("end")
        lines = [line for line in console.lines() if "CLOSED" in line]
        assert all(len(re.findall(r"\b\d{4}\b", line)) == line.count("CLOSED") for line in lines)


async def test_on_a_small_screen_dots_fill_it_like_any_pane() -> None:
    async with running(ports=MANY, size=(80, 24)) as console:
        await console.press("s")
        await go_to(console, Density.DOTS)
        assert [pane.id for pane in console.workspace.query(".pane") if pane.display] == ["ports"]
        assert len(dots(console)) == MANY
        await console.press("2")
        assert [pane.id for pane in console.workspace.query(".pane") if pane.display] == ["detail"]


async def test_every_pane_can_be_reached_from_dots() -> None:
    async with running() as console:
        await go_to(console, Density.DOTS)
        for key, pane, shown in (
            ("2", "detail", ["ports", "detail", "activity"]),
            ("4", "command-rows", ["ports", "detail", "activity"]),
            ("3", "device-rows", ["devices", "detail", "activity"]),
            ("1", "port-rows", ["ports", "detail", "activity"]),
        ):
            await console.press(key)
            assert console.focus == pane
            assert [one.id for one in console.workspace.query(".pane") if one.display] == shown
        await console.pilot.resize_terminal(80, 24)
        await console.settle()
        assert "broad" not in console.workspace.classes
        await console.pilot.resize_terminal(120, 40)
        await console.settle()
        assert "broad" in console.workspace.classes


@pytest.mark.parametrize("density", Density)
async def test_filter_sort_alarm_and_commands_work_alike(density: Density) -> None:
    async with running(ports=MANY) as console:
        rows = console.workspace.ports.rows
        await go_to(console, density)
        await console.press("slash", "a", "c", "enter")
        assert list(rows.keys) == [IN_ERROR, CASE]
        await console.press("escape", "s", "end")
        assert rows.cursor == MANY
        await console.press("g")
        assert rows.cursor == IN_ERROR
        await console.press("home", "space", "asterisk")
        assert len(rows.marks) == MANY
        await console.press("escape")
        await console.on_port(BIN)
        await console.press("c")
        await console.dialog(Confirm)
        await console.press("y")
        await console.back()
        assert [order.target for order in console.commands.sent] == [f"port {BIN}"]


@pytest.mark.parametrize("density", Density)
async def test_what_is_old_looks_old(density: Density) -> None:
    async with running() as console:
        await go_to(console, density)
        assert "~" not in console.text().replace("~ old", "")
        console.site.clock.pass_(4)
        console.workspace.tick()
        await console.settle()
        if density is Density.DOTS:
            assert dots(console) == "~" * HALL
        elif density is Density.TILES:
            assert len(re.findall(r"\d{4} ~ \w", console.text())) == HALL
        else:
            assert console.text().count("~ 4 s old") == HALL
        hall(console.site)
        console.workspace.tick()
        await console.settle()
        assert "~" not in console.text().replace("~ old", "")


@pytest.mark.parametrize("density", Density)
async def test_nothing_is_claimed_before_the_first_look(density: Density) -> None:
    async with running(lambda site: None) as console:
        await go_to(console, density)
        for port in console.site.store.ports.values():
            assert console.site.store.port_quality(port) is Quality.NEVER
        text = console.text().replace(". closed o open", "")
        for claim in ("CLOSED", "OPEN", "RUNNING", " ok "):
            assert claim not in text


async def test_a_stop_makes_every_dot_old_at_once() -> None:
    async with running(ports=MANY) as console:
        await go_to(console, Density.DOTS)
        console.site.store.distrust()
        await console.settle()
        assert dots(console) == "~" * MANY


@pytest.mark.parametrize(("density", "shown"), [(Density.TILES, " 0002 : OPEN"), (Density.DOTS, ":")])
async def test_a_command_under_way_is_shown(density: Density, shown: str) -> None:
    async with running() as console:
        await go_to(console, density)
        console.site.store.note_command(command("op1", "openbin", f"port {EMPTY}", phase=Phase.SENT))
        await console.settle()
        assert shown in (console.text() if density is Density.TILES else dots(console))
        await console.on_port(EMPTY)
        assert "sent: call bin" in console.lines()[3]


@pytest.mark.parametrize(
    ("density", "shown"),
    [(Density.ROWS, "0002 CO >CLOSED"), (Density.TILES, "0002  >CLOSED"), (Density.DOTS, "")],
)
async def test_the_mark_of_a_change_ends_with_a_tick(density: Density, shown: str) -> None:
    async with running() as console:
        await go_to(console, density)
        await console.on_port(DISABLED)
        console.site.see(closed(EMPTY))
        await console.settle()
        marked = console.strips()[4:]
        assert shown in console.text()
        console.site.clock.pass_(MARKED_SECONDS)
        console.site.see_again()
        await console.settle()
        console.workspace.ports.show_ages()
        await console.settle()
        assert console.strips()[4:] != marked
        assert ">" not in console.text()


async def test_lines_of_dots_begin_with_what_stands_together() -> None:
    async with running(ports=MANY) as console:
        await go_to(console, Density.DOTS)
        labels = [line[2:9].strip() for line in console.lines() if re.match(r"│ [a-z]{3,} +[-.!ob]", line)]
        assert labels == ["error", "open", "closed", "off"]
        await console.press("s")
        assert "│ 0001 " in console.text()
        assert "│ 0101 " in console.text()
        await console.press("s")
        labels = [line[2:9].strip() for line in console.lines() if re.match(r"│ [A-Z]{2}\S* +[-.!ob]", line)]
        assert labels == ["CLOSED", "DISAB…", "OPEN"]


async def test_arrow_keys_go_along_and_across_dots() -> None:
    async with running(ports=MANY) as console:
        rows = console.workspace.ports.rows
        await console.press("s")
        await go_to(console, Density.DOTS)
        await console.press("home", "right", "right", "down", "left")
        assert rows.cursor == 102
        await console.press("end")
        assert rows.cursor == MANY


def test_the_help_explains_every_character() -> None:
    words = "\n".join(plain(line) for line in help_lines())
    for sign in ".ob!-c:~?#%>":
        assert re.search(rf"(^ +|, |; |and ){re.escape(sign)} ", words, re.MULTILINE), sign
