"""The worlds a simulation starts with."""

import json
from collections import Counter

import pytest

from console.autostore.values import PortMode, PortType
from console.simulator.default_softswitch import (
    API_SECRET,
    API_USER,
    EXAMPLE_USER,
    RESELLER_SECRET,
    RESELLER_USER,
    build_softswitch,
)
from console.simulator.default_warehouse import build_warehouse
from console.simulator.orders import CATEGORIES, EXAMPLE_BIN, FIRST_GROUP
from console.simulator.warehouse import Warehouse

from .phones import ask, signed
from .small import call, outcome, wait


@pytest.mark.parametrize("count", [1, 8, 19, 20, 40, 2000])
def test_ports_are_numbered_from_1_and_a_few_never_open(count: int) -> None:
    world = build_warehouse(ports=count)
    assert list(world.ports) == list(range(1, count + 1))
    assert outcome(world, "getportstatus", port_id=count + 1) == 1000
    modes = Counter(port.mode for port in world.ports.values() if port.mode is not PortMode.CLOSED)
    assert modes == ({PortMode.DISABLED: 1, PortMode.MULTIPORT_PUPPET: 1} if count >= 20 else {})
    autocase = {port.port_id for port in world.ports.values() if port.port_type is PortType.AUTOCASE}
    assert {4, 17} & world.ports.keys() <= autocase
    assert len(autocase) <= 2 + count / 6
    for port_id in {*range(1, 9), 17} & world.ports.keys():
        assert world.ports[port_id].mode is PortMode.CLOSED


@pytest.mark.parametrize("count", [0, 2001])
def test_other_numbers_of_ports_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 2000"):
        build_warehouse(ports=count)


def test_several_port_types_and_believable_bins() -> None:
    world = build_warehouse()
    assert len({port.port_type for port in world.ports.values()}) >= 6
    ids = [bin_.bin_id for bin_ in world.bins]
    assert 101337 in ids
    assert max(ids) > 300_000
    assert any(bin_.content == 0 for bin_ in world.bins)


def test_equal_seeds_make_equal_worlds() -> None:
    def later(seed: int) -> dict[str, object]:
        world = build_warehouse(seed=seed, crew=True)
        world.advance(120)
        return world.snapshot()

    assert later(3) == later(3)
    assert later(3) != later(4)
    assert build_softswitch(seed=3).snapshot() == build_softswitch(seed=3).snapshot()
    assert build_softswitch(seed=3).snapshot() != build_softswitch(seed=4).snapshot()


def test_snapshots_are_plain_data() -> None:
    assert json.loads(json.dumps(build_warehouse().snapshot()))["ports"][3]["port_type"] == "AC"
    assert json.loads(json.dumps(build_softswitch().snapshot()))["devices"][1]["user_id"] == EXAMPLE_USER


def test_only_the_first_group_asks_for_the_bin_of_the_examples() -> None:
    world = build_warehouse(ports=200)
    assert [task.taskgroup_id for task in world.tasks.for_bin(EXAMPLE_BIN)] == [FIRST_GROUP]
    assert next(world.tasks.unbound(CATEGORIES)).taskgroup_id == FIRST_GROUP


def work(world: Warehouse, port_id: int) -> None:
    bin_id, task_id = call(world, "openbin", port_id=port_id).values()
    wait(world, 6)
    call(world, "closebin", port_id=port_id, bin_id=bin_id, task_id=task_id)
    wait(world, 14)


@pytest.mark.parametrize(("port_id", "category"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)])
def test_openbin_finds_work_for_hours(port_id: int, category: int) -> None:
    world = build_warehouse()
    call(world, "openport", port_id=port_id, category=(category,))
    for _ in range(6 * 180):
        work(world, port_id)


def test_devices_belong_mostly_to_the_example_user() -> None:
    world = build_softswitch()
    assert world.devices.keys() == set(range(1, 201))
    assert world.devices[2].user_id == EXAMPLE_USER
    owners = Counter(device.user_id for device in world.devices.values())
    assert owners[EXAMPLE_USER] >= 150
    assert len(owners) == 5
    primaries = Counter(device.user_id for device in world.devices.values() if device.primary)
    assert primaries == dict.fromkeys(owners, 1)
    assert len({device.device_type for device in world.devices.values()}) >= 5
    assert any(device.ipaddr == "0.0.0.0" and device.port == "0" for device in world.devices.values())
    assert world.rules_of(1)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5000])
def test_any_number_of_devices(count: int) -> None:
    world = build_softswitch(devices=count)
    assert len(world.devices) == count
    mine = len(world.devices_of(world.users[EXAMPLE_USER]))
    assert mine >= count - max(40, count // 5)


def test_a_negative_number_of_devices_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        build_softswitch(devices=-1)


@pytest.mark.parametrize(
    ("user", "secret", "found"),
    [(API_USER, API_SECRET, True), (RESELLER_USER, RESELLER_SECRET, False)],
)
def test_users_are_scoped_to_their_owner(user: str, secret: str, found: bool) -> None:
    query = f"u={user}&user_id={EXAMPLE_USER}&hash={signed(secret, str(EXAMPLE_USER))}"
    assert (b"<devices>" in ask(build_softswitch(), "devices_get", query).body) == found
    query = f"u={user}&user_id=200&hash={signed(secret, '200')}"
    assert (b"<devices>" in ask(build_softswitch(), "devices_get", query).body) != found
