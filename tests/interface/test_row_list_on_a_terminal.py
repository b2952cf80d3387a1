"""What stands on the terminal is what the list would draw, after any change and at any moment."""

import asyncio
import importlib.util
import random
from collections.abc import Callable

import pytest
from textual._compositor import ChopsUpdate

from console.interface.cells import ROWS, Shape
from console.interface.drawing import Line, fit_line, plain
from console.interface.widgets.row_list import RowList

from .bench import Bench, Texts
from .terminal import Terminal, shown_on_a_terminal

SIZE = (40, 10)
TEXT_CELLS = 30
"""Cells compared: the rest of a row is blank, or the scroll bar's."""


def textual_s_own() -> Callable[..., str]:
    """Return the method that the console replaces, from a second copy of its module."""
    spec = importlib.util.find_spec("textual._compositor")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    own: Callable[..., str] = module.ChopsUpdate.render_segments
    return own


UPDATES = {"as Textual does it": textual_s_own(), "only what changed": ChopsUpdate.render_segments}


@pytest.fixture(params=UPDATES)
def _update(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChopsUpdate, "render_segments", UPDATES[request.param])


def test_the_two_ways_to_update_are_two() -> None:
    assert {update.__module__ for update in UPDATES.values()} == {
        "textual._compositor",
        "console.interface.partial_update",
    }


async def test_a_change_at_the_right_end_is_cheap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    costs = {}
    for name, update in UPDATES.items():
        monkeypatch.setattr(ChopsUpdate, "render_segments", update)
        texts = Texts()
        rows = RowList(texts)
        texts.texts[0] = "x" * 60 + "a"
        async with shown_on_a_terminal(Bench(rows), (80, 10)) as (terminal, _):
            rows.set_keys(range(5))
            await terminal.stand()
            texts.texts[0] = "x" * 60 + "b"
            costs[name] = await terminal.cost(lambda: rows.touch([0]))  # noqa: B023 - called at once
            assert "xb" in terminal.lines[0]
    assert costs["only what changed"] <= 40 < costs["as Textual does it"]


SHAPES = {"rows": ROWS, "grid": Shape(width=7)}


class Cells(Texts):
    """Texts that are as wide as the cells of a shape."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.width = shape.width

    def __call__(self, key: int, marked: bool) -> Line:
        line = super().__call__(key, marked)
        return fit_line(line, self.width) if self.width else line


def wanted(rows: RowList, texts: Texts) -> list[str]:
    columns = rows.shape.columns(rows.size.width)
    top, height = rows.scroll_offset.y, rows.size.height
    keys = rows.keys[top * columns : (top + height) * columns]
    cells = [plain(texts(key, key in rows.marks)) for key in keys]
    shown = ["".join(cells[first : first + columns]) for first in range(0, len(cells), columns)]
    return [*shown, *[""] * (height - len(shown))]


def cut(lines: list[str]) -> list[str]:
    return [line[:TEXT_CELLS].rstrip() for line in lines]


async def assert_same(rows: RowList, texts: Texts, terminal: Terminal) -> None:
    await terminal.stand()
    line = rows.keys.index(rows.cursor) // rows.shape.columns(rows.size.width)
    assert 0 <= line - rows.scroll_offset.y < rows.size.height
    assert cut(terminal.lines) == cut(wanted(rows, texts))


@pytest.mark.usefixtures("_update")
async def test_a_row_that_changes_again_before_it_is_painted() -> None:
    texts = Texts()
    rows = RowList(texts)
    async with shown_on_a_terminal(Bench(rows), SIZE) as (terminal, _):
        texts.texts[0] = "aaaa"
        rows.set_keys(range(30))
        await assert_same(rows, texts, terminal)
        texts.texts[0] = "abaa"
        rows.touch([0])
        texts.texts[0] = "bbbb"  # the store is ahead of its notices
        await terminal.stand()
        rows.touch([0])
        await assert_same(rows, texts, terminal)


@pytest.mark.usefixtures("_update")
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("shape", SHAPES)
async def test_any_changes(seed: int, shape: str) -> None:
    chance = random.Random(seed)
    texts = Cells(SHAPES[shape])
    rows = RowList(texts)
    async with shown_on_a_terminal(Bench(rows), SIZE) as (terminal, _):
        rows.set_shape(SHAPES[shape])
        rows.set_keys(range(40))
        for _ in range(10):
            for _ in range(chance.randrange(1, 6)):
                change(rows, texts, chance)
                await asyncio.sleep(chance.choice([0, 0, 0.02]))
            rows.touch()
            await assert_same(rows, texts, terminal)


def change(rows: RowList, texts: Texts, chance: random.Random) -> None:
    match chance.randrange(5):
        case 0 | 1:
            key = rows.keys[min(len(rows.keys) - 1, rows.scroll_offset.y + chance.randrange(4))]
            texts.texts[key] = "".join(chance.choice("ab漢") for _ in range(chance.randrange(10)))
            rows.touch([key])
        case 2:
            rows.action_move(chance.randrange(-15, 16))
        case 3:
            rows.toggle_mark()
        case 4:
            keys = list(range(40))
            chance.shuffle(keys)
            rows.set_keys(keys[: chance.randrange(1, 40)])
