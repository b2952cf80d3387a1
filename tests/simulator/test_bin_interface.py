"""The Bin interface: ports that work the queue the WMS gives them (autostore.md 4.1, 4.2, 4.8)."""

from typing import Any

import pytest

from console.autostore.catalogue import Interface
from console.simulator.port_queues import grouped
from console.simulator.ports import Wanted
from console.simulator.warehouse import Warehouse

from . import small
from .small import ARRIVAL, CASE_BIN, CLOSING, DISABLED, LEAVING, OTHER, PLAIN, UNTIL_OPEN, bin_mode, wait

BEGIN, END = {"begingroup": True}, {"endgroup": True}


def call(world: Warehouse, name: str, **arguments: Any) -> Any:
    return small.call(world, name, interface=Interface.BIN, **arguments)


def outcome(world: Warehouse, name: str, **arguments: Any) -> int | str:
    return small.outcome(world, name, interface=Interface.BIN, **arguments)


def bins(*ids: int) -> tuple[dict[str, int], ...]:
    return tuple({"bin_id": bin_id} for bin_id in ids)


def opened(*entries: dict[str, Any], **arguments: Any) -> Warehouse:
    world = small.site()
    call(world, "openport", port_id=PLAIN, **arguments)
    call(world, "setportqueue", port_id=PLAIN, entry=entries)
    return world


def work(world: Warehouse) -> int:
    """Have the next bin, close it, let it go, and return which it was."""
    bin_id: int = call(world, "openbin", port_id=PLAIN)["bin_id"]
    wait(world, UNTIL_OPEN)
    call(world, "closebin", port_id=PLAIN, bin_id=bin_id)
    wait(world, LEAVING)
    return bin_id


@pytest.mark.parametrize("mode", ["OPEN", "INSERT", "SWAP", "AUTO"])
def test_openport_opens_in_the_mode_named_and_in_open_without(mode: str) -> None:
    named = {} if mode == "OPEN" else {"port_mode": mode}
    assert opened(**named).ports[PLAIN].mode == mode


@pytest.mark.parametrize(("port_id", "code"), [(3, 1000), (DISABLED, 1000), (PLAIN, 1002), (OTHER, 1001)])
def test_openport_refuses(port_id: int, code: int) -> None:
    world = opened()
    call(world, "openport", port_id=OTHER)
    call(world, "closeport", port_id=OTHER)
    assert outcome(world, "openport", port_id=port_id) == code


@pytest.mark.parametrize(("port_id", "code"), [(3, 1000), (DISABLED, 1000), (OTHER, 1009)])
def test_closeport_refuses(port_id: int, code: int) -> None:
    assert outcome(opened(), "closeport", port_id=port_id) == code


def test_bins_come_in_the_order_of_the_queue() -> None:
    world = opened(*bins(4, 2))
    call(world, "appendportqueue", port_id=PLAIN, entry=bins(9))
    assert [work(world) for _ in range(3)] == [4, 2, 9]
    assert outcome(world, "openbin", port_id=PLAIN) == 1016


def test_a_bin_is_presented_and_goes_back_with_its_new_content() -> None:
    world = opened(*bins(4))
    assert call(world, "openbin", port_id=PLAIN) == {"bin_id": 4}
    wait(world, UNTIL_OPEN)
    assert bin_mode(world, 4) == "OPEN"
    assert outcome(world, "closebin", port_id=PLAIN, bin_id=4, content=99) == "ok"
    assert (bin_mode(world, 4), world.bins[4].content) == ("CLOSED", 99)


def test_nothing_overtakes_a_bin_that_is_elsewhere() -> None:
    world = opened(*bins(4, 2))
    call(world, "openport", port_id=OTHER)
    call(world, "openbin", port_id=OTHER, bin_id=4)
    assert outcome(world, "openbin", port_id=PLAIN) == 1016


def test_a_content_code_stands_for_any_bin_that_has_it() -> None:
    world = opened({"content": 7}, {"content": 7})
    call(world, "openport", port_id=OTHER)
    call(world, "openbin", port_id=OTHER, bin_id=1)
    assert [work(world), work(world)] == [2, 2]


def test_the_bins_of_a_group_come_in_any_order_but_all_before_the_next() -> None:
    world = opened(BEGIN, *bins(4, 2), END, *bins(9))
    call(world, "openport", port_id=OTHER)
    call(world, "openbin", port_id=OTHER, bin_id=4)
    assert work(world) == 2
    assert outcome(world, "openbin", port_id=PLAIN) == 1016
    call(world, "closeport", port_id=OTHER)
    wait(world, LEAVING)
    assert [work(world), work(world)] == [4, 9]


def test_a_bin_asked_for_by_name_is_taken_off_the_queue_if_it_stands_there() -> None:
    world = opened(*bins(4, 2))
    assert call(world, "openbin", port_id=PLAIN, bin_id=2) == {"bin_id": 2}
    assert world.ports[PLAIN].queue == [[Wanted(bin_id=4)]]


def test_a_bin_queued_twice_comes_twice() -> None:
    world = opened(*bins(4, 4))
    assert [work(world), work(world)] == [4, 4]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"port_id": 3}, 1000),
        ({"port_id": OTHER}, 1009),
        ({"port_id": PLAIN}, 1016),
        ({"port_id": PLAIN, "bin_id": 77}, 1011),
        ({"port_id": PLAIN, "bin_id": CASE_BIN}, 1016),
    ],
)
def test_openbin_refuses(arguments: dict[str, int], code: int) -> None:
    world = opened()
    assert outcome(world, "openbin", **arguments) == code


def test_openbin_refuses_a_second_bin_and_a_port_that_inserts() -> None:
    world = opened(*bins(4, 2))
    call(world, "openbin", port_id=PLAIN)
    assert outcome(world, "openbin", port_id=PLAIN) == 1020
    world = opened(*bins(4), port_mode="INSERT")
    assert outcome(world, "openbin", port_id=PLAIN) == 1016
    assert world.ports[PLAIN].queue == [[Wanted(bin_id=4)]]


@pytest.mark.parametrize("method", ["closebin", "removebin"])
@pytest.mark.parametrize(
    ("port_id", "bin_id", "code"), [(3, 4, 1000), (OTHER, 4, 1009), (PLAIN, 77, 1011), (PLAIN, 2, 1010)]
)
def test_closebin_and_removebin_refuse(method: str, port_id: int, bin_id: int, code: int) -> None:
    world = opened(*bins(4))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    assert outcome(world, method, port_id=port_id, bin_id=bin_id) == code


def test_a_bin_that_is_not_open_yet_can_be_neither_closed_nor_removed() -> None:
    world = opened(*bins(4))
    call(world, "openbin", port_id=PLAIN)
    wait(world, ARRIVAL)
    for method in ("closebin", "removebin"):
        assert outcome(world, method, port_id=PLAIN, bin_id=4) == 1027


def test_a_removed_bin_is_outside() -> None:
    world = opened(*bins(4))
    call(world, "openbin", port_id=PLAIN)
    wait(world, UNTIL_OPEN)
    assert outcome(world, "removebin", port_id=PLAIN, bin_id=4) == "ok"
    assert bin_mode(world, 4) == "OUTSIDE"


def test_a_port_in_auto_presents_its_queue_by_itself_and_selects_nothing() -> None:
    world = opened(*bins(4, 2), port_mode="AUTO")
    for bin_id in (4, 2):
        wait(world, 1.0 + UNTIL_OPEN)
        assert bin_mode(world, bin_id) == "OPEN"
        assert world.ports[PLAIN].selected_bin is None
        assert outcome(world, "closebin", port_id=PLAIN, bin_id=bin_id) == "ok"
        wait(world, LEAVING)
    wait(world, 60)
    assert not world.ports[PLAIN].visitors


def test_a_port_in_auto_closes_with_the_bin_that_stands_there() -> None:
    world = opened(*bins(4, 2), port_mode="AUTO")
    wait(world, 1.0 + UNTIL_OPEN)
    assert outcome(world, "closeport", port_id=PLAIN) == "ok"
    wait(world, LEAVING)
    assert world.ports[PLAIN].mode == "CLOSED"
    assert world.bins[4].free
    wait(world, 60)
    assert world.bins[2].free


def test_a_queue_can_be_set_before_the_port_opens_and_ends_when_it_closes() -> None:
    world = small.site()
    assert outcome(world, "setportqueue", port_id=PLAIN, entry=bins(4)) == "ok"
    call(world, "openport", port_id=PLAIN)
    assert world.ports[PLAIN].queue == [[Wanted(bin_id=4)]]
    call(world, "closeport", port_id=PLAIN)
    wait(world, CLOSING)
    assert world.ports[PLAIN].queue == []


@pytest.mark.parametrize("method", ["setportqueue", "appendportqueue"])
@pytest.mark.parametrize(
    ("port_id", "entries", "code"),
    [
        (3, (), 1000),
        (DISABLED, (), 1000),
        (PLAIN, bins(77), 1011),
        (PLAIN, (BEGIN,), 1007),
        (PLAIN, (END,), 1007),
    ],
)
def test_a_queue_that_does_not_fit_is_refused(method: str, port_id: int, entries: Any, code: int) -> None:
    world = opened(*bins(4))
    assert outcome(world, method, port_id=port_id, entry=entries) == code
    assert world.ports[PLAIN].queue == [[Wanted(bin_id=4)]]


def test_setting_replaces_the_queue_and_setting_nothing_empties_it() -> None:
    world = opened(*bins(4, 2))
    call(world, "setportqueue", port_id=PLAIN, entry=bins(9))
    assert world.ports[PLAIN].queue == [[Wanted(bin_id=9)]]
    call(world, "setportqueue", port_id=PLAIN)
    assert world.ports[PLAIN].queue == []


@pytest.mark.parametrize(
    ("entries", "sizes"),
    [
        ((), []),
        (bins(1, 2), [1, 1]),
        ((BEGIN, *bins(1, 2), END), [2]),
        ((*bins(3), BEGIN, *bins(1), {"content": 7}, END, *bins(2), BEGIN, *bins(1), END), [1, 2, 1, 1]),
    ],
)
def test_entries_fall_into_groups(entries: Any, sizes: list[int]) -> None:
    assert [len(group) for group in grouped(entries)] == sizes


@pytest.mark.parametrize(
    "entries",
    [
        (BEGIN,),
        (END,),
        (BEGIN, END),
        (BEGIN, *bins(1)),
        (*bins(1), END),
        (BEGIN, BEGIN, *bins(1), END, END),
        (BEGIN, *bins(1), END, END),
    ],
)
def test_marks_that_make_no_groups(entries: Any) -> None:
    with pytest.raises(ValueError, match="group"):
        grouped(entries)
