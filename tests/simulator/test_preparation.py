"""Bins announced and bins dug out in advance (autostore.md 4.6 and 4.8)."""

from typing import Any

import pytest

from console.autostore.catalogue import Interface
from console.simulator.warehouse import Warehouse

from . import small
from .small import ARRIVAL, LEAVING, OTHER, PLAIN, PREPARING, UNTIL_OPEN, bin_mode, call, lines, site, wait


def queue(world: Warehouse, method: str, *bin_ids: int, **more: Any) -> int | str:
    return small.outcome(world, method, interface=Interface.BIN, bin_id=bin_ids, **more)


def prepared(world: Warehouse) -> list[int]:
    return [bin_.bin_id for bin_ in world.bins if bin_.mode == "PREPARED"]


def test_bins_are_prepared_one_after_another_and_that_is_published() -> None:
    world = site()
    said = lines(world)
    assert queue(world, "preparebin", 4, 2) == "ok"
    assert prepared(world) == []
    wait(world, PREPARING)
    assert prepared(world) == [4]
    wait(world, PREPARING)
    assert prepared(world) == [2, 4]
    assert [line for line in said if line.startswith("BM")] == ["BM,4,T", "BM,2,T"]


def test_a_prepared_bin_stands_on_top_of_its_stack() -> None:
    world = site()
    queue(world, "preparebin", 4)
    wait(world, PREPARING)
    place = world.grid.place(4)
    assert place is not None
    beside = [world.grid.place(bin_id) for bin_id in range(1, 11)]
    assert place.depth == min(other.depth for other in beside if other and other.cell == place.cell)


def test_bins_are_put_in_at_a_place_and_behind_the_end_at_the_end() -> None:
    world = site()
    queue(world, "preparebin", 1, 2)
    queue(world, "insertpreparebin", 7, 8, index=2)
    queue(world, "insertpreparebin", 9, index=1024)
    queue(world, "insertpreparebin", 10, index=1)
    assert world.preparation.queue == [10, 1, 7, 8, 2, 9]


def test_cancelling_takes_the_rearmost_entry_of_each_bin() -> None:
    world = site()
    queue(world, "preparebin", 1, 2, 1, 3, 1)
    assert queue(world, "cancelpreparebin", 1, 3, 77) == "ok"
    assert world.preparation.queue == [1, 2, 1]
    queue(world, "cancelpreparebin", 1, 1)
    assert world.preparation.queue == [2]


def test_cancelling_all_empties_the_queue_and_unprepares() -> None:
    world = site()
    queue(world, "preparebin", 1, 2)
    wait(world, 2 * PREPARING)
    assert queue(world, "cancelpreparebin", all=True) == "ok"
    assert world.preparation.queue == []
    assert prepared(world) == []


def test_a_bin_stays_prepared_while_it_is_queued_once_more() -> None:
    world = site()
    queue(world, "preparebin", 1, 1)
    wait(world, PREPARING)
    queue(world, "cancelpreparebin", 1)
    assert prepared(world) == [1]
    queue(world, "cancelpreparebin", 1)
    assert prepared(world) == []


@pytest.mark.parametrize("interface", Interface)
@pytest.mark.parametrize("method", ["closebin", "removebin"])
def test_closing_or_removing_drops_the_foremost_entry(method: str, interface: Interface) -> None:
    world = site()
    queue(world, "preparebin", 1, 2, 1)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", interface=Interface.BIN, port_id=PLAIN, bin_id=1)
    wait(world, UNTIL_OPEN)
    call(world, method, interface=interface, port_id=PLAIN, bin_id=1)
    assert world.preparation.queue == [2, 1]


def test_a_bin_that_comes_back_is_prepared_again_for_its_next_entry() -> None:
    world = site()
    queue(world, "preparebin", 1, 1)
    wait(world, PREPARING)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", interface=Interface.BIN, port_id=PLAIN, bin_id=1)
    wait(world, UNTIL_OPEN)
    call(world, "closebin", interface=Interface.BIN, port_id=PLAIN, bin_id=1)
    wait(world, LEAVING)
    assert prepared(world) == []
    wait(world, PREPARING)
    assert prepared(world) == [1]


def test_a_bin_elsewhere_does_not_hold_up_the_others() -> None:
    world = site()
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN, bin_id=1)
    queue(world, "preparebin", 1, 2)
    wait(world, PREPARING)
    assert prepared(world) == [2]


def test_nothing_is_prepared_while_the_system_stands_still() -> None:
    world = site()
    queue(world, "preparebin", 1)
    world.set_system(70)
    wait(world, 60)
    assert prepared(world) == []
    world.set_system(20)
    wait(world, PREPARING)
    assert prepared(world) == [1]


@pytest.mark.parametrize("method", ["preparebin", "insertpreparebin"])
def test_an_unknown_bin_is_refused_with_all_the_others(method: str) -> None:
    world = site()
    more = {"index": 1} if method == "insertpreparebin" else {}
    assert queue(world, method, 1, 77, **more) == 1011
    assert world.preparation.queue == []


def test_forecast_bins_are_in_that_mode_until_they_are_withdrawn_or_called() -> None:
    world = site()
    assert small.outcome(world, "forecastbin", bin_id=(1, 2)) == "ok"
    assert small.outcome(world, "forecastbin", min_bin_id=9, max_bin_id=400) == "ok"
    assert [bin_.bin_id for bin_ in world.bins if bin_.mode == "FORECAST"] == [1, 2, 9, 10]
    assert small.outcome(world, "cancelforecastbin", min_bin_id=2, max_bin_id=9) == "ok"
    assert [bin_.bin_id for bin_ in world.bins if bin_.mode == "FORECAST"] == [1, 10]
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "openbin", port_id=PLAIN, bin_id=1)
    call(world, "closeport", port_id=PLAIN)
    wait(world, LEAVING)
    assert bin_mode(world, 1) == "GRID"


def test_a_bin_at_a_port_is_forecast_once_it_is_back() -> None:
    world = site()
    call(world, "openport", port_id=OTHER, category=(1,))
    call(world, "openbin", port_id=OTHER, bin_id=3)
    wait(world, ARRIVAL)
    call(world, "forecastbin", bin_id=(3,))
    assert bin_mode(world, 3) == "PORT"
    call(world, "closeport", port_id=OTHER)
    wait(world, LEAVING)
    assert bin_mode(world, 3) == "FORECAST"


@pytest.mark.parametrize(("method", "widest"), [("forecastbin", 10_000), ("cancelforecastbin", 1_000)])
def test_a_forecast_refuses(method: str, widest: int) -> None:
    world = site()
    for arguments, code in (
        ({}, 1010),
        ({"min_bin_id": 1}, 1010),
        ({"max_bin_id": 5}, 1010),
        ({"min_bin_id": 5, "max_bin_id": 4}, 1010),
        ({"min_bin_id": 1, "max_bin_id": widest + 1}, 1010),
        ({"bin_id": (1, 77)}, 1011),
        ({"min_bin_id": 1, "max_bin_id": widest}, "ok"),
    ):
        assert small.outcome(world, method, **arguments) == code, arguments
