"""Stacks of bins: where they stand, and that none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from console.simulator.changes import CellLock, LiftLock
from console.simulator.grid import COLUMNS, FIRST_ROW, TOP, Grid

HEIGHTS = {0: 330, 1: 220, 2: 425}


def height(bin_id: int) -> int:
    return HEIGHTS[bin_id % 3]


@given(st.lists(st.tuples(st.sampled_from(["put", "take", "raise"]), st.integers(1, 60))))
def test_every_bin_has_a_place_of_its_own_in_a_stack_of_its_height(steps: list[tuple[str, int]]) -> None:
    grid, inside = Grid(), set()
    for step, bin_id in steps:
        if step == "put" and bin_id not in inside:
            grid.put(bin_id, height(bin_id))
            inside.add(bin_id)
        elif step == "take" and bin_id in inside:
            grid.take(bin_id)
            inside.discard(bin_id)
        elif step == "raise" and bin_id in inside:
            grid.raise_to_top(bin_id)
    places = {bin_id: grid.place(bin_id) for bin_id in inside}
    assert None not in places.values()
    assert len(set(places.values())) == len(inside)
    for bin_id, place in places.items():
        assert place is not None
        same_cell = [other for other in inside if places[other] and places[other].cell == place.cell]
        assert {height(other) for other in same_cell} == {height(bin_id)}
        assert (place.depth - TOP) % height(bin_id) == 0
        lower = {places[other].depth for other in same_cell} | {TOP + 5280 // height(bin_id) * height(bin_id)}
        assert place.depth + height(bin_id) in lower, "it floats"
    assert all(grid.place(bin_id) is None for bin_id in range(1, 61) if bin_id not in inside)


def test_the_uppermost_bin_of_a_full_stack_is_just_below_the_grid_top() -> None:
    grid = Grid()
    for bin_id in range(16):
        grid.put(bin_id, 330)
    depths = [place.depth for bin_id in range(16) if (place := grid.place(bin_id))]
    assert depths == [TOP + 330 * level for level in reversed(range(16))]
    grid.put(16, 330)
    assert grid.cells == [(1, FIRST_ROW), (2, FIRST_ROW)]


def test_a_taken_bin_is_replaced_by_the_uppermost_of_its_stack() -> None:
    grid = Grid()
    for bin_id in (1, 2, 3):
        grid.put(bin_id, 330)
    before = grid.place(1)
    assert grid.take(1) == 3
    assert grid.place(3) == before
    assert grid.take(2) is None


def test_room_that_became_free_is_used_again() -> None:
    grid = Grid()
    for bin_id in range(32):
        grid.put(bin_id, 330)
    grid.take(5)
    grid.put(40, 330)
    assert len(grid.cells) == 2


def test_rows_fill_from_the_left() -> None:
    grid = Grid()
    for bin_id in range(16 * (COLUMNS + 1)):
        grid.put(bin_id, 330)
    assert grid.cells[-2:] == [(COLUMNS, FIRST_ROW), (1, FIRST_ROW + 1)]


def test_locks_hold_the_bins_of_their_cell() -> None:
    grid = Grid()
    grid.put(1, 330)
    assert not grid.locked(1)
    grid.locks[1, FIRST_ROW] = CellLock.PERMANENT
    assert grid.locked(1)
    assert not grid.locked(2)
    del grid.locks[1, FIRST_ROW]
    grid.lift_locks[1, FIRST_ROW] = LiftLock.LOCKED
    assert grid.locked(1)
