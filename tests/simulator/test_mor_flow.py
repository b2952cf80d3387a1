"""The life of a phone, as the real client tells it to the simulated switch: encoder and server agree."""

from collections.abc import AsyncIterator

import pytest

from console.mor.calls import Profile
from console.mor.client import MorClient
from console.mor.wire import Caller
from console.outcome import Refused, Unknown
from console.secret import Secret
from console.simulator.server import Simulation
from console.simulator.switches import Delivery

from .phones import KEY, phones
from .small import site


def caller(**more: object) -> Caller:
    return Caller(user="admin", secret=Secret(KEY), **more)  # type: ignore[arg-type]


@pytest.fixture
async def simulation() -> AsyncIterator[Simulation]:
    async with Simulation(site(), phones()) as running:
        yield running


@pytest.fixture
async def client(simulation: Simulation) -> AsyncIterator[MorClient]:
    one = MorClient(simulation.mor_url, caller())
    yield one
    await one.close()


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_a_phone_from_its_creation_to_its_end(
    simulation: Simulation, client: MorClient, delivery: Delivery
) -> None:
    simulation.softswitch.switch(delivery=delivery, declaration=delivery is Delivery.PLAIN)
    made = await client.call("device_create", {"user_id": 100, "description": "gate & door", "pin": "4711"})
    device_id = made["id"]
    assert device_id == 10

    details = await client.details(10)
    assert (details.user_id, details.description, details.pin) == (100, "gate & door", Secret("4711"))
    assert details.secret == Secret(simulation.softswitch.devices[10].secret)
    assert (await client.devices(100))[-1].device_id == 10

    await client.call("device_update", {"device": 10, "username": "door", "hidden": "1", "trunk": "1"})
    details = await client.details(10)
    assert (details.username, details.trunk) == ("door", "1")
    assert simulation.softswitch.devices[10].hidden

    await client.call("device_rule_create", {"device_id": 10, "name": "out", "cut": "9", "add": "00"})
    (rule,) = await client.rules(10)
    assert (rule.cut, rule.add) == ("9", "00")
    await client.call("device_rule_delete", {"device_rule_id": rule.rule_id})
    assert await client.rules(10) == ()

    for number in ("123", "124"):
        await client.call("cli_add", {"device_id": 10, "cli_number": number, "banned": "1"})
    assert [(cli.number, cli.device, cli.banned) for cli in await client.clis(device_id=10)] == [
        ("123", "SIP/door", True),
        ("124", "SIP/door", True),
    ]
    assert [(owner.device_id, owner.user_id) for owner in await client.cli_owners("124")] == [(10, 100)]
    await client.call("cli_delete", {"cli_number": "123"})
    assert len(await client.clis()) == 1

    forward = {"device_id": 10, "callflow_action": "forward", "state": "busy", "forward_to_device": 2}
    await client.call("device_callflow_update", forward)
    flow = await client.callflow(10)
    assert [(step.state, step.action) for step in flow.steps if step.state == "Busy"] == [("Busy", "Forward")]
    assert (flow.user, flow.device) == ("hall", "SIP/door")
    with pytest.raises(Refused, match="forwarded calls"):
        await client.call("device_delete", {"device": 2})

    await client.call("device_delete", {"device": 10})
    with pytest.raises(Refused, match="Device was not found"):
        await client.details(10)
    assert (await client.clis(), await client.version()) == ((), "MOR X16")


@pytest.mark.parametrize("profile", list(Profile))
async def test_client_and_server_of_one_age_understand_each_other(
    simulation: Simulation, profile: Profile
) -> None:
    simulation.softswitch.switch(profile=profile)
    client = MorClient(simulation.mor_url, caller(profile=profile))
    try:
        await client.call("device_rule_create", {"device_id": 2, "name": "n", "cut": "9", "add": "00"})
        made = await client.call("device_create", {"user_id": 101, "pin": ""})
        assert ("password" in made) == (profile is Profile.LIVE)
        assert await client.users()
    finally:
        await client.close()


async def test_a_hash_of_another_age_is_refused_and_nothing_is_done(simulation: Simulation) -> None:
    simulation.softswitch.switch(profile=Profile.LIVE)
    client = MorClient(simulation.mor_url, caller())
    try:
        with pytest.raises(Refused, match="Incorrect hash"):
            await client.call("device_rule_create", {"device_id": 2, "name": "n", "cut": "9", "add": "00"})
    finally:
        await client.close()
    assert simulation.softswitch.rules == {}


async def test_a_lost_answer_leaves_open_what_happened(simulation: Simulation, client: MorClient) -> None:
    simulation.faults.add("drop-after method=device_create count=1")
    with pytest.raises(Unknown):
        await client.call("device_create", {"user_id": 101, "pin": "1"})
    assert [device.pin for device in simulation.softswitch.devices_of(simulation.softswitch.users[101])] == [
        "1"
    ]
