"""The simulated shift crew."""

from collections import Counter

import pytest

from console.autostore.values import SystemMode
from console.simulator.default_warehouse import build_warehouse
from console.simulator.warehouse import Warehouse

from .small import call


@pytest.fixture(scope="module")
def shift() -> Warehouse:
    world = build_warehouse(crew=True)
    world.advance(1800)
    return world


def test_it_works_every_kind_of_call_and_is_hardly_ever_refused(shift: Warehouse) -> None:
    done = Counter((entry.method, entry.result == "ok") for entry in shift.record.entries)
    for method in ("openport", "openbin", "case_extract", "case_cancel", "closebin", "closeport"):
        assert done[method, True] > 3
    assert sum(count for (_, ok), count in done.items() if not ok) < 0.05 * sum(done.values())


def test_its_calls_are_marked_and_stay_off_the_persons_ports(shift: Warehouse) -> None:
    assert {entry.who for entry in shift.record.entries} == {"crew"}
    ports = {entry.arguments["port_id"] for entry in shift.record.entries}
    assert ports <= set(range(9, 39))
    assert 17 in ports
    assert all(shift.ports[port_id].mode == "CLOSED" for port_id in range(1, 9))


def test_it_leaves_the_bin_of_the_examples_to_the_person(shift: Warehouse) -> None:
    call(shift, "openport", port_id=4, category=(1, 2))
    assert call(shift, "openbin", port_id=4)["bin_id"] == 101337


def test_without_it_nothing_happens() -> None:
    world = build_warehouse()
    world.advance(600)
    assert not world.record.entries


def test_a_port_closed_by_somebody_else_stays_closed_for_a_while() -> None:
    world = build_warehouse(crew=True)
    world.advance(90)
    port_id = next(port.port_id for port in world.ports.values() if port.is_open)
    call(world, "closeport", port_id=port_id)
    world.advance(110)
    assert world.ports[port_id].mode == "CLOSED"
    world.advance(300)
    reopened = [
        entry
        for entry in world.record.entries
        if entry.method == "openport" and entry.arguments["port_id"] == port_id and entry.time > 110
    ]
    assert reopened


def test_it_waits_while_the_system_is_stopped() -> None:
    world = build_warehouse(crew=True)
    world.advance(120)
    world.set_system(SystemMode.STOPPED)
    before = len(world.record.entries)
    world.advance(180)
    refused = list(world.record.entries)[before:]
    assert {entry.result for entry in refused if not entry.method.startswith("case_")} == {1048}
    world.set_system(SystemMode.RUNNING)
    world.advance(240)
    assert world.record.entries[-1].result == "ok"
