"""The order of events never varies, and INTENT is on the disk before anything leaves."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from console.operations.journal import Record, read
from console.outcome import Outcome, Refused, Unknown
from console.state.entities import Phase

from .small import Bench, goal, order, port

Make = Callable[..., Bench]

LOST = Unknown("no complete answer within 5 s")


@pytest.mark.parametrize(
    ("ending", "looks", "events"),
    [
        ({}, [port("CLOSED"), port("OPEN")], "look intent call outcome look settled"),
        ({}, [port("CLOSED")] * 3 + [port("OPEN")], "look intent call outcome look look look settled"),
        (LOST, [port("CLOSED"), port("OPEN")], "look intent call outcome look look settled"),
        (Refused("openport", "already open", 1002), [port("CLOSED")], "look intent call outcome"),
    ],
)
async def test_the_order_of_events(bench: Make, ending: Any, looks: list[Any], events: str) -> None:
    one = bench(ending, looks=looks)
    await one.commands.send(order())
    await one.commands.settled()
    assert one.events == events.split()


async def test_without_a_goal_nothing_is_looked_at_or_read_back(bench: Make) -> None:
    one = bench({"bin_id": 7})
    result = await one.commands.send(order(goal=None))
    await one.commands.settled()
    assert one.events == ["intent", "call", "outcome", "settled"]
    assert (result.outcome, result.phase, result.reply) == (
        Outcome.ACCEPTED,
        Phase.ACCEPTED,
        {"bin_id": 7},
    )


async def test_the_intent_is_on_the_disk_when_the_call_is_made(bench: Make) -> None:
    found: list[Record] = []

    async def called() -> Mapping[str, Any]:
        found.extend(read(one.directory))
        return {}

    one = bench(called)
    await one.commands.send(order())
    (intent,) = found
    assert intent.entry.kind == "intent"
    assert intent.entry.action == "openport"
    assert intent.entry.target == "port 4"
    assert intent.entry.arguments == {"port_id": 4, "category": [1, 2]}
    assert intent.entry.before == "mode CLOSED"


async def test_what_is_sent_is_what_was_recorded(bench: Make) -> None:
    given: dict[str, object] = {"port_id": 4}

    async def look_and_change() -> Any:
        given["port_id"] = 5
        return port("CLOSED")

    one = bench(looks=[look_and_change, port("OPEN")])
    await one.commands.send(order(arguments=given))
    intent = one.records()[0].entry
    assert one.client.calls == [{"port_id": 4}]
    assert intent.arguments == {"port_id": 4}


async def test_every_step_is_shown(bench: Make) -> None:
    one = bench()
    await one.commands.send(order())
    await one.commands.settled()
    life = [Phase.PLANNED, Phase.INTENT, Phase.SENT, Phase.ACCEPTED, Phase.CONFIRMED]
    assert one.phases == life
    assert one.command.detail == "category 1 2"


async def test_all_records_of_a_command_bear_its_id(bench: Make) -> None:
    one = bench()
    result = await one.commands.send(order())
    await one.commands.settled()
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{8}", result.op_id)
    assert [record.entry.op for record in one.records()] == [result.op_id] * 3
    assert list(one.store.commands) == [result.op_id]


async def test_the_time_a_call_took_is_recorded(bench: Make) -> None:
    async def slow() -> Mapping[str, Any]:
        one.clock.now += 1.25
        return {}

    one = bench(slow)
    await one.commands.send(order())
    assert one.records()[1].entry.latency == 1.25


async def test_a_command_that_is_not_reached_says_how_long_it_was_waited_for(bench: Make) -> None:
    one = bench(looks=[port("CLOSED")])
    await one.commands.send(order(goal=goal(patience=3.0)))
    await one.commands.settled()
    assert one.command.phase is Phase.NOT_REACHED
    assert one.command.reason == "not seen within 3 s"
    assert one.outcomes()[-1] == ("settled", "not_reached")


async def test_settling_survives_when_the_store_forgets_the_command(bench: Make) -> None:
    one = bench()
    result = await one.commands.send(order())
    del one.store.commands[result.op_id]
    await one.commands.settled()
    assert one.outcomes()[-1] == ("settled", "confirmed")
    assert one.command.phase is Phase.CONFIRMED


async def test_a_bug_in_reading_back_still_ends_the_command(
    bench: Make, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(looks=[port("CLOSED"), KeyError("a bug"), port("OPEN")])
    await one.commands.send(order())
    await one.commands.settled()
    assert one.command.phase is Phase.CONFIRMED
    assert "a bug" in caplog.text


@pytest.mark.parametrize(("ending", "phase"), [({}, Phase.NOT_REACHED), (LOST, Phase.STILL_UNKNOWN)])
async def test_a_bug_in_the_goal_still_ends_the_command(bench: Make, ending: Any, phase: Phase) -> None:
    def broken(before: Any, after: Any) -> bool:
        raise KeyError("a bug")

    one = bench(ending)
    aim = goal()
    await one.commands.send(order(goal=type(aim)(aim.key, aim.hindrance, broken, aim.patience)))
    await one.commands.settled()
    assert one.command.phase is phase
    assert one.command.reason == "a fault of this console: KeyError"
