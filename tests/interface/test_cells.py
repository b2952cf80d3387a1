"""Where cells stand: every key once, in order, and the cursor finds its way among them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.interface.cells import EVEN, ROWS, Places, Shape, places

SHAPES = st.builds(Shape, st.integers(1, 20), st.integers(0, 10), st.sampled_from([0, 5, 10]))


@st.composite
def lines(draw: st.DrawFn) -> Places:
    """Return some keys on some lines, in sections or not."""
    count, columns = draw(st.integers(1, 300)), draw(st.integers(1, 30))
    begins = draw(st.sets(st.integers(0, count - 1), max_size=5))
    return places(count, columns, tuple(sorted(begins | {0})) if begins else ())


@given(lines())
def test_every_key_has_one_place_and_they_are_in_order(of: Places) -> None:
    found = [index for line in range(len(of.starts)) for index in of.on_line(line)]
    assert found == list(range(of.count))
    assert all(index in of.on_line(of.line_of(index)) for index in found)
    assert not of.on_line(-1)
    assert not of.on_line(len(of.starts))


@given(lines(), st.data())
def test_a_move_by_lines_keeps_the_column_as_well_as_it_can(of: Places, data: st.DataObject) -> None:
    index, by = data.draw(st.integers(0, of.count - 1)), data.draw(st.integers(-40, 40))
    there = of.lines_away(index, by)
    line = of.line_of(index)
    assert of.line_of(there) == max(0, min(line + by, len(of.starts) - 1))
    column, moved = index - of.on_line(line).start, there - of.on_line(of.line_of(there)).start
    assert moved == min(column, len(of.on_line(of.line_of(there))) - 1)


@given(SHAPES, st.integers(20, 250))
def test_cells_stand_beside_each_other_and_fit(shape: Shape, width: int) -> None:
    columns = shape.columns(width)
    lefts = [shape.left(column) for column in range(columns)]
    assert lefts[0] == shape.label
    assert all(after - before in (shape.width, shape.width + 1) for before, after in pairwise(lefts))
    if shape.group:
        assert columns in EVEN
    if columns not in (1, EVEN[-1]):
        assert lefts[-1] + shape.width <= width
    for column, left in enumerate(lefts):
        assert shape.column_at(left, columns) == shape.column_at(left + shape.width - 1, columns) == column


@given(SHAPES, st.integers(1, 100), st.integers(0, 400))
def test_what_is_clicked_is_a_cell_or_nothing(shape: Shape, columns: int, x: int) -> None:
    column = shape.column_at(x, columns)
    if column is not None:
        assert 0 <= column < columns
        assert shape.left(column) <= x < shape.left(column) + shape.width


def test_a_row_is_one_cell_wherever_it_is_clicked() -> None:
    assert ROWS.columns(58) == 1
    assert ROWS.column_at(40, 1) == 0
    assert places(3, 1) == Places(3, range(3))


@pytest.mark.parametrize(
    ("width", "columns"), [(118, 100), (117, 100), (116, 50), (78, 50), (58, 20), (30, 20), (10, 10)]
)
def test_how_many_dots_stand_on_a_line(width: int, columns: int) -> None:
    assert Shape(width=1, label=8, group=10).columns(width) == columns


def test_a_new_line_begins_with_each_section() -> None:
    assert list(places(10, 4, (0, 5, 6)).starts) == [0, 4, 5, 6]


def test_a_hundred_thousand_rows_cost_no_memory_for_their_places() -> None:
    assert places(100_000, 1).starts == range(100_000)
