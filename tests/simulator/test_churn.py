"""Ports that change without end."""

from collections import Counter
from typing import Any

import pytest

from console.simulator.default_warehouse import build_warehouse
from console.simulator.warehouse import Warehouse

from .small import call


def states(world: Warehouse) -> list[Any]:
    return [call(world, "getportstatus", port_id=port_id) for port_id in world.ports]


def changed(world: Warehouse, second: int) -> int:
    before = states(world)
    world.advance(second)
    return sum(old != new for old, new in zip(before, states(world), strict=True))


@pytest.mark.parametrize(("ports", "share"), [(400, 0.05), (100, 0.2), (2000, 0.01)])
def test_the_share_asked_for_changes_each_second(ports: int, share: float) -> None:
    world = build_warehouse(ports=ports, churn=share)
    world.advance(30)
    seen = [changed(world, second) for second in range(31, 61)]
    assert sum(seen) / len(seen) == pytest.approx(share * ports, rel=0.15)
    assert min(seen) > 0


def test_ports_open_with_a_bin_and_close_again() -> None:
    world = build_warehouse(ports=100, churn=0.2)
    world.advance(60)
    modes = Counter(port.mode for port in world.ports.values())
    assert modes["OPEN"] > 20
    assert modes["CLOSED"] > 20
    assert sum(port.selected_bin is not None for port in world.ports.values()) > 20


def test_it_leaves_the_persons_ports_and_those_out_of_service_alone() -> None:
    world = build_warehouse(ports=40, churn=1.0)
    world.advance(30)
    called = {entry.arguments["port_id"] for entry in world.record.entries}
    assert called == set(range(9, 38))
    assert {entry.who for entry in world.record.entries} == {"churn"}


def test_equal_seeds_churn_equally() -> None:
    def later(seed: int) -> dict[str, Any]:
        world = build_warehouse(ports=60, churn=0.1, seed=seed)
        world.advance(60)
        return world.snapshot()

    assert later(3) == later(3)
    assert later(3) != later(4)


def test_it_waits_while_the_system_is_stopped_and_does_not_make_up_for_it() -> None:
    world = build_warehouse(ports=100, churn=0.05)
    world.set_system(70)
    world.advance(600)
    assert all(port.mode == "CLOSED" for port in world.ports.values() if port.port_id < 98)
    world.set_system(20)
    world.advance(601)
    assert sum(port.is_open for port in world.ports.values()) < 20


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share, 0 to 1"):
        build_warehouse(churn=share)
