"""Small, middle and large terminals: nothing is lost, only seen one at a time."""

import pytest
from rich.cells import cell_len

from .screen import running

SIZES = [(60, 24), (80, 24), (100, 30), (120, 40), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_line_fits_and_says_where_and_what_works(size: tuple[int, int]) -> None:
    async with running(size=size) as console:
        for key in "1234":
            await console.press(key)
            lines = console.lines()
            assert len(lines) == size[1]
            assert all(cell_len(line) <= size[0] for line in lines)
            assert "Hall 2  LIVE" in lines[0]
            assert "! port 4" in lines[1]
            assert "g go there" in lines[1]
            assert "? help" in lines[-1]


@pytest.mark.parametrize(
    ("size", "classes"),
    [
        ((60, 24), {"narrow"}),
        ((99, 40), {"narrow"}),
        ((120, 29), {"narrow"}),
        ((100, 30), set()),
        ((150, 40), {"wide"}),
        ((200, 20), {"narrow", "wide"}),
    ],
)
async def test_which_layout_a_size_gets(size: tuple[int, int], classes: set[str]) -> None:
    async with running(size=size) as console:
        assert set(console.workspace.classes) & {"narrow", "wide"} == classes


async def test_keys_are_promised_only_where_they_work() -> None:
    async with running(size=(80, 24)) as console:
        assert "1-4 panes  : command" in console.lines()[-1]
        await console.press("slash", "1")
        assert "enter keep it" in console.lines()[-1] and ": command" not in console.lines()[-1]
        await console.press("escape")
        assert ": command" in console.lines()[-1]
        await console.press("question_mark")
        assert console.lines()[-1] == ""
        console.workspace.tick()
        assert console.lines()[-1] == ""
        await console.press("escape")
        assert ": command" in console.lines()[-1]


async def test_a_terminal_that_changes_its_size_keeps_pane_cursor_and_marks() -> None:
    async with running(size=(120, 40)) as console:
        await console.press("3", "j", "space")
        await console.pilot.resize_terminal(80, 24)
        await console.settle()
        assert [pane.id for pane in console.workspace.query(".pane") if pane.display] == ["devices"]
        assert console.workspace.devices.rows.marks == {2}
        await console.pilot.resize_terminal(120, 40)
        await console.settle()
        assert "1 Ports 12" in console.text()
        assert console.focus == "device-rows"


async def test_a_terminal_that_shrinks_behind_a_dialog_has_the_small_layout_after_it() -> None:
    async with running(size=(120, 40)) as console:
        await console.press("question_mark")
        await console.pilot.resize_terminal(80, 24)
        await console.settle()
        await console.press("escape")
        assert "narrow" in console.workspace.classes
        assert max(cell_len(line) for line in console.lines()) <= 80


async def test_a_list_that_grows_and_shrinks_keeps_the_cursor_in_sight() -> None:
    async with running(ports=200, size=(80, 24)) as console:
        await console.press("s", "end")
        assert "0200 CO" in console.text()
        await console.press("slash")
        await console.write("1-5")
        await console.press("enter")
        assert "0001 CO" in console.text()
        await console.press("escape", "end", "home")
        assert "0001 CO" in console.text()
