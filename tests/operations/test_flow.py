"""A shift in short, through the clients and over the wire: what is accepted happens, and is seen to."""

import pytest
from simulator.small import AUTOCASE, CASE_BIN, CASE_STEP, CLOSING, LEAVING, UNTIL_OPEN

from console.autostore.client import AutoStoreClient
from console.autostore.replies import CaseStatus
from console.autostore.wire import Encoding
from console.text import safe

from .simulated import Scene, controller, scene, switch

PORT = {"port_id": AUTOCASE}
BIN = {**PORT, "bin_id": CASE_BIN}


async def with_the_case_bin_open(one: Scene, client: AutoStoreClient) -> int:
    """Open the port, call the bin and wait for it; returns the task's id."""
    await client.call("openport", {**PORT, "category": (1, 2), "req_time": "2008-12-12T14:00:00Z"})
    assert (await client.port_status(AUTOCASE)).mode == "OPEN"
    called = await client.call("openbin", PORT)
    assert called["bin_id"] == CASE_BIN
    seen = await client.look(AUTOCASE)
    assert (seen.status.bin_id, seen.bin and seen.bin.mode) == (CASE_BIN, "GRID")
    one.wait(UNTIL_OPEN + 0.01)
    seen = await client.look(AUTOCASE)
    assert seen.bin is not None
    assert (seen.bin.mode, seen.bin.port_id, seen.status.task_id) == ("OPEN", AUTOCASE, called["task_id"])
    task: int = called["task_id"]
    return task


async def state_of_the_case(client: AutoStoreClient) -> CaseStatus | None:
    return (await client.look(AUTOCASE)).case


def case(state: str, *, error: bool = False, bin_id: int | None = CASE_BIN) -> CaseStatus:
    return CaseStatus(bin_id=bin_id, state=safe(state), error=error)


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_a_case_that_jams_is_cancelled(encoding: Encoding) -> None:
    async with scene() as one, controller(one, encoding) as client:
        await with_the_case_bin_open(one, client)
        assert await state_of_the_case(client) == case("NOOP", bin_id=None)
        one.world.jams.add(CASE_BIN)
        assert await client.call("case_extract", BIN) == {}
        assert await state_of_the_case(client) == case("EREQ")
        one.wait(CASE_STEP + 0.01)
        assert await state_of_the_case(client) == case("ERSO")
        one.wait(CASE_STEP + 0.01)
        assert await state_of_the_case(client) == case("ERSO", error=True)
        assert await client.call("case_cancel", BIN) == {}
        assert await state_of_the_case(client) == case("NOOP", bin_id=None)


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_a_case_comes_out_and_bin_and_port_are_closed(encoding: Encoding) -> None:
    async with scene() as one, controller(one, encoding) as client:
        task = await with_the_case_bin_open(one, client)
        await client.call("case_extract", BIN)
        one.wait(2 * CASE_STEP + 0.01)
        assert await state_of_the_case(client) == case("ECMP")
        assert await client.call("closebin", {**BIN, "task_id": task, "content": 12}) == {}
        one.wait(LEAVING + 0.01)
        assert (await client.port_status(AUTOCASE)).bin_id is None
        assert one.world.bins[CASE_BIN].content == 12
        assert await client.call("closeport", PORT) == {}
        assert (await client.port_status(AUTOCASE)).ready is False
        one.wait(CLOSING + 0.01)
        assert (await client.port_status(AUTOCASE)).mode == "CLOSED"


async def test_the_system_mode() -> None:
    async with scene() as one, controller(one) as client:
        one.world.set_system(70, 5)
        status = await client.system_status()
        assert (status.name, status.stopcode) == ("STOPPED", 5)


async def test_a_rule_is_created_and_seen() -> None:
    async with scene() as one, switch(one) as client:
        assert await client.rules(7) == ()
        values = {"device_id": 7, "name": "my rule & co", "cut": "353", "add": "0", "minlen": 9}
        await client.call("device_rule_create", values)
        (seen,) = await client.rules(7)
        assert (seen.name, seen.cut, seen.add, seen.minlen, seen.maxlen) == (
            "my rule & co",
            "353",
            "0",
            9,
            100,
        )
        assert [rule.name for rule in one.phones.rules_of(7)] == ["my rule & co"]


async def test_users_and_devices_are_seen_and_secrets_hidden() -> None:
    async with scene() as one, switch(one) as client:
        users = {user.user_id for user in await client.users()}
        assert users == set(one.phones.users)
        devices = await client.devices(100)
        assert [device.device_id for device in devices] == [2, 7]
        assert "s3cr3t" not in repr(devices)
