"""Lists: cursor and marks live on keys; only what is on screen is drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import MouseEvent, MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.scrollbar import ScrollDown, ScrollTo, ScrollUp

from console.interface.cells import Shape
from console.interface.drawing import Line, Tone, plain
from console.interface.widgets.row_list import WHEEL, RowList

from .bench import Bench, Texts

KEYS = st.lists(st.integers(0, 12), unique=True, max_size=12)
ROWS = 10


@given(KEYS.filter(bool), st.lists(KEYS, max_size=5), st.data())
def test_cursor_and_marks_stay_on_their_keys(
    first: list[int], later: list[list[int]], data: st.DataObject
) -> None:
    rows = RowList(Texts())
    rows.set_keys(first)
    rows.move_to(data.draw(st.sampled_from(first)))
    rows.marks = set(data.draw(st.lists(st.sampled_from(first))))
    marks = set(rows.marks)
    for keys in later:
        before, place = rows.cursor, _place(rows)
        rows.set_keys(keys)
        assert list(rows.keys) == keys
        assert rows.marks == marks
        assert rows.hidden_marks == marks - set(keys)
        if before in keys:
            assert rows.cursor == before
        elif keys:
            assert keys.index(rows.cursor) == min(place, len(keys) - 1)
        else:
            assert rows.cursor is None


def _place(rows: RowList) -> int:
    return list(rows.keys).index(rows.cursor) if rows.cursor in rows.keys else 0


@given(st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12)))
def test_only_marks_on_things_that_are_gone_are_forgotten(marks: set[int], known: set[int]) -> None:
    rows = RowList(Texts())
    rows.marks = set(marks)
    rows.prune_marks(known)
    assert rows.marks == marks & known


MOVES = [
    (["j", "j"], 2),
    (["down", "up", "k"], 0),
    (["end"], 29),
    (["end", "home"], 0),
    (["pagedown"], ROWS - 1),
    (["pagedown", "pagedown", "pageup"], ROWS - 1),
    (["k"], 0),
    (["end", "j"], 29),
]


async def test_keys_move_the_cursor_and_keep_it_in_sight() -> None:
    rows = RowList(Texts())
    app = Bench(rows)
    async with app.run_test(size=(40, ROWS)) as pilot:
        rows.set_keys(range(30))
        rows.focus()
        for keys, cursor in MOVES:
            rows.move_to(0)
            await pilot.press(*keys)
            assert rows.cursor == cursor, keys
            assert 0 <= cursor - rows.scroll_offset.y < ROWS
        moved = [message.key for message in app.messages if isinstance(message, RowList.CursorMoved)]
        assert moved[-1] == MOVES[-1][1]


GRID = Shape(width=4, label=3, group=2)
"""Ten cells of four and a blank after each second: 47 cells with the label."""

GRID_MOVES = [
    (["right", "l"], 2),
    (["left"], 0),
    (["right", "h", "h"], 0),
    (["down", "j"], 20),
    (["right", "down", "up", "k"], 1),
    (["down", *["left"] * 3], 7),
    (["end"], 94),
    (["end", "up"], 84),
    (["right"] * 9 + ["pagedown"], 94),
    (["right", "pagedown", "pageup"], 1),
    (["end", "right", "down"], 94),
    (["down", "right", "home"], 0),
]


async def test_keys_move_the_cursor_in_two_dimensions() -> None:
    rows = grid()
    async with Bench(rows).run_test(size=(48, ROWS)) as pilot:
        rows.set_keys(range(95))
        rows.set_shape(GRID)
        rows.focus()
        await pilot.pause()
        for keys, cursor in GRID_MOVES:
            rows.move_to(0)
            await pilot.press(*keys)
            assert rows.cursor == cursor, keys
        assert [plain(rows._wanted(y)).rstrip() for y in (0, 9)] == [
            "0  0   1    2   3    4   5    6   7    8   9",
            "90 90  91   92  93   94",
        ]


async def test_a_row_has_no_left_and_right() -> None:
    rows = RowList(Texts())
    async with Bench(rows).run_test(size=(40, ROWS)) as pilot:
        rows.set_keys(range(5))
        rows.focus()
        await pilot.press("right", "l", "down", "left", "h")
        assert rows.cursor == 1


async def test_sections_begin_lines_and_the_cursor_crosses_them() -> None:
    rows = grid()
    async with Bench(rows).run_test(size=(48, ROWS)) as pilot:
        rows.set_keys(range(20), (0, 3, 4))
        rows.set_shape(GRID, (0, 3, 4))
        rows.focus()
        await pilot.pause()
        rows.move_to(2)
        await pilot.press("down")
        assert rows.cursor == 3, "the line has but one"
        await pilot.press("down", "down")
        assert rows.cursor == 14
        await pilot.press("up", "left")
        assert rows.cursor == 3


async def test_a_list_keeps_cursor_and_marks_in_every_shape() -> None:
    rows = grid()
    async with Bench(rows).run_test(size=(48, ROWS)) as pilot:
        rows.set_keys(range(95))
        rows.move_to(77)
        rows.toggle_mark()
        for shape in (GRID, Shape(width=9), Shape()):
            rows.set_shape(shape)
            await pilot.pause()
            assert (rows.cursor, rows.marks) == (78, {77})
            line = rows._places.line_of(78)
            assert 0 <= line - rows.scroll_offset.y < ROWS


async def test_a_click_on_a_cell_and_beside_one() -> None:
    rows = grid()
    async with Bench(rows).run_test(size=(48, ROWS)) as pilot:
        rows.set_keys(range(25))
        rows.set_shape(GRID)
        await pilot.pause()
        for offset, cursor in (((3, 0), 0), ((10, 1), 11), ((11, 1), 11), ((12, 1), 12), ((0, 2), 12)):
            await pilot.click(rows, offset=offset)
            assert rows.cursor == cursor, offset
        await pilot.click(rows, offset=(30, 2))
        assert rows.cursor == 12, "the line has no more cells"


def grid() -> RowList:
    """Return a list whose cells are as wide as those of the grid."""

    def draw(key: int, marked: bool) -> Line:
        return ((f"{key}{'*' if marked else ''}".ljust(4), Tone.PLAIN),)

    return RowList(draw, label=lambda key, _: ((str(key), Tone.DIM),))


async def test_an_empty_list_takes_every_key() -> None:
    rows = RowList(Texts())
    async with Bench(rows).run_test(size=(40, ROWS)) as pilot:
        rows.focus()
        await pilot.press("j", "k", "pageup", "pagedown", "home", "end")
        rows.set_shape(GRID)
        await pilot.press("j", "k", "pageup", "pagedown", "home", "end", "left", "right")
        rows.toggle_mark()
        rows.mark_shown()
        rows.clear_marks()
        assert rows.cursor is None
        assert rows.marks == set()


async def test_marks() -> None:
    rows = RowList(Texts())
    async with Bench(rows).run_test(size=(40, ROWS)):
        rows.set_keys([3, 1, 2])
        rows.toggle_mark()
        assert (rows.marks, rows.cursor) == ({3}, 1)
        rows.action_move(-1)
        rows.toggle_mark()
        assert rows.marks == set()
        rows.marks = {7}
        rows.mark_shown()
        assert rows.marks == {1, 2, 3, 7}
        rows.mark_shown()
        assert rows.marks == {7}, "marks that are not shown are not touched"
        rows.clear_marks()
        assert rows.marks == set()


async def test_a_list_that_has_no_marks_ignores_them() -> None:
    rows = RowList(Texts(), markable=False)
    async with Bench(rows).run_test(size=(40, ROWS)):
        rows.set_keys([1, 2])
        rows.toggle_mark()
        rows.mark_shown()
        assert (rows.marks, rows.cursor) == (set(), 1)


async def test_a_click_puts_the_cursor_there_and_does_no_more() -> None:
    rows = RowList(Texts())
    async with Bench(rows).run_test(size=(40, ROWS)) as pilot:
        rows.set_keys(range(30))
        rows.action_jump(-1)
        await pilot.pause()
        await pilot.click(rows, offset=(3, 2))
        assert rows.cursor == 30 - ROWS + 2
        assert rows.marks == set()


async def test_wheel_and_scroll_bar_take_the_cursor_along() -> None:
    rows = RowList(Texts())
    async with Bench(rows).run_test(size=(40, ROWS)) as pilot:
        rows.set_keys(range(100))
        await pilot.pause()
        for _ in range(10):
            rows.post_message(mouse(MouseScrollDown, rows))
        await pilot.pause()
        assert rows.cursor == 10 * WHEEL
        rows.post_message(mouse(MouseScrollUp, rows))
        await pilot.pause()
        assert rows.cursor == 9 * WHEEL
        for message, cursor in ((ScrollTo(y=50), 50), (ScrollDown(), 59), (ScrollUp(), 50)):
            rows.post_message(message)
            await pilot.pause()
            assert rows.cursor == cursor
            assert 0 <= rows.cursor - rows.scroll_offset.y < ROWS


def mouse(kind: type[MouseScrollDown] | type[MouseScrollUp], rows: RowList) -> MouseEvent:
    return kind(rows, 1, 1, 0, 1, 0, False, False, False)


async def test_only_rows_on_the_screen_are_drawn_however_many_there_are() -> None:
    texts = Texts()
    rows = RowList(texts)
    async with Bench(rows).run_test(size=(40, ROWS)) as pilot:
        rows.set_keys(range(2000))
        await pilot.pause()
        assert set(texts.drawn) == set(range(ROWS))
        texts.drawn.clear()
        rows.touch()
        assert sorted(texts.drawn) == list(range(ROWS))
        texts.drawn.clear()
        rows.touch(range(1000, 2000))
        assert texts.drawn == []
        rows.set_keys(range(1999, -1, -1))
        await pilot.pause()
        assert len(set(texts.drawn)) <= 2 * ROWS  # where the cursor was, and where it is now


async def test_the_same_keys_again_cost_nothing() -> None:
    texts = Texts()
    rows = RowList(texts)
    async with Bench(rows).run_test(size=(40, ROWS)) as pilot:
        rows.set_keys(range(2000))
        await pilot.pause()
        texts.drawn.clear()
        rows.set_keys(tuple(range(2000)))
        await pilot.pause()
        assert texts.drawn == []


async def test_touch_repaints_the_cells_that_differ_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = Texts()
    rows = RowList(texts)
    async with Bench(rows).run_test(size=(40, ROWS)) as pilot:
        rows.set_keys(range(30))
        await pilot.pause()
        repainted: list[Region] = []
        monkeypatch.setattr(rows, "refresh", lambda *regions, **_: repainted.extend(regions))
        rows.touch()
        assert repainted == []
        texts.texts |= {2: "row X", 3: "rox 3", 29: "row XX"}
        rows.touch([2, 3, 29])
        assert sorted(repainted) == [Region(4, 3, 1, 1), Region(6, 2, 1, 1)]
        rows.touch()
        assert len(repainted) == 2
