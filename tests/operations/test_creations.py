"""What is created can be found again: always a PIN, and the command's id in the description."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.fields import Invalid
from console.operations.commands import PIN_DIGITS, any_order
from console.operations.dispatch import Dispatcher
from console.secret import Secret
from console.state.entities import SourceName

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
    (intent, _) = one.records()
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
