"""What is created can be found again: always a PIN, and the command's id in the description."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.fields import Invalid
from console.operations.beliefs import Belief, Created, DeviceState, UserDevices
from console.operations.commands import PIN_DIGITS, any_order
from console.operations.dispatch import Dispatcher
from console.operations.phones import create_device
from console.outcome import Unknown
from console.secret import Secret
from console.state.entities import Key, Kind, SourceName

from .simulated import scene, switch
from .small import Bench, order

NEW_PHONE = {"user_id": 100, "type": "SIP", "description": "gate 9"}


def created(**more: Any) -> Any:
    return any_order(SourceName.MOR, "device_create", {**NEW_PHONE, **more})


def test_a_new_device_always_has_a_pin() -> None:
    pins = {created().arguments["pin"].reveal() for _ in range(20)}
    assert len(pins) > 1
    assert all(len(pin) == PIN_DIGITS and pin.isdecimal() for pin in pins)
    assert created(pin=Secret("77")).arguments["pin"] == Secret("77")


def test_other_calls_are_left_as_they_are() -> None:
    values = {"device_id": 4}
    asked = any_order(SourceName.MOR, "device_delete", values)
    assert (asked.arguments, asked.marked_in, asked.target) == (values, "", "device 4")
    assert any_order(SourceName.AUTOSTORE, "openport", {"port_id": 4}).marked_in == ""


@pytest.mark.parametrize(("words", "start"), [("gate 9", "gate 9 ["), (None, "["), ("", "[")])
async def test_the_id_is_added_before_the_values_are_checked(
    bench: Callable[..., Bench], words: str | None, start: str
) -> None:
    one = bench()
    result = await one.commands.send(order(arguments={"note": words}, marked_in="note", goal=None))
    (sent,) = one.client.calls
    assert sent["note"] == f"{start}{result.op_id}]"
    intent, *_ = one.records()
    assert (intent.entry.op, intent.entry.arguments["note"]) == (result.op_id, sent["note"])


async def test_a_description_without_room_for_the_id_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    async with scene() as one, switch(one) as client:
        with_room_alone = created(description="x" * 250)
        client.check("device_create", with_room_alone.arguments)
        bench = Bench(tmp_path)
        commands = Dispatcher(bench.store, bench.journal, {SourceName.MOR: client}, look=bench.looks.next)
        with pytest.raises(Invalid, match="description"):
            await commands.send(with_room_alone)
        assert bench.records() == []
        assert not one.phones.record.entries
        await bench.close()


OP = "20261122-060000-0badcafe"
BEFORE = UserDevices(user_id=100, ids=frozenset({1, 2}))


async def looked_for(new: int, *marked: int) -> tuple[Belief, list[int]]:
    """What is found of a creation when so many devices are new, and which were read for that.

    `marked` are the places of those that carry its id, the newest first.
    """
    ids = [1000 + number for number in range(new)]
    ours = {ids[-place] for place in marked}
    read: list[int] = []

    async def look(key: Key) -> Belief:
        number = int(key.id)
        if key.kind is Kind.DEVICES:
            return UserDevices(user_id=number, ids=BEFORE.ids | set(ids))
        read.append(number)
        words = f"gate 9 [{OP}]" if number in ours else "somebody else's"
        return DeviceState(device_id=number, facts={"description": words})

    goal = create_device(100, {"type": "SIP"}).goal
    assert goal is not None
    assert goal.look_after is not None
    return await goal.look_after(look, BEFORE, OP), read


@pytest.mark.parametrize(
    ("new", "marked", "found", "read"),
    [
        (0, (), 0, 0),
        (3, (), 0, 3),
        (3, (3,), 1, 3),
        (21, (21,), 1, 21),
        (150, (90,), 1, 90),
        (500, (1,), 1, 20),
        (500, (1, 2), 2, 20),
        (500, (200,), 1, 200),
    ],
)
async def test_a_creation_is_looked_for_among_all_that_is_new(
    new: int, marked: tuple[int, ...], found: int, read: int
) -> None:
    created, looked_at = await looked_for(new, *marked)
    assert isinstance(created, Created)
    assert (len(created.ids), len(looked_at)) == (found, read)


@pytest.mark.parametrize("marked", [(), (201,)])
async def test_more_new_devices_than_are_read_prove_nothing(marked: tuple[int, ...]) -> None:
    with pytest.raises(Unknown, match="300 devices are new"):
        await looked_for(300, *marked)
