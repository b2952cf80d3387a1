"""What keeps a command from being sent, and that then nothing is."""

from collections.abc import Callable
from typing import Any

import pytest

from console.fields import Invalid
from console.operations.authority import Authority
from console.operations.dispatch import NotAllowed
from console.outcome import NotSent, Outcome, Refused, Unknown
from console.settings.tables import Role
from console.state.entities import Phase, SourceName

from .small import Bench, goal, order, port

Make = Callable[..., Bench]


def hindered(belief: Any) -> str | None:
    return f"already {belief.mode}"


def broken(belief: Any) -> str | None:
    raise KeyError("a bug")


@pytest.mark.parametrize(
    ("look", "hindrance", "phase", "outcome", "reason"),
    [
        (port("OPEN"), hindered, Phase.NOT_STARTED, None, "already OPEN"),
        (
            NotSent("cannot connect"),
            hindered,
            Phase.NOT_SENT,
            Outcome.NOT_SENT,
            "its state could not be read first: cannot connect",
        ),
        (
            Unknown("no answer"),
            hindered,
            Phase.NOT_SENT,
            Outcome.NOT_SENT,
            "its state could not be read first: no answer",
        ),
        (
            Refused("getportstatus", "No such port.", 1000),
            hindered,
            Phase.NOT_SENT,
            Outcome.NOT_SENT,
            "its state could not be read first: getportstatus refused (1000): No such port.",
        ),
        (ValueError("x"), hindered, Phase.NOT_STARTED, None, "a fault of this console: ValueError"),
        (port("OPEN"), broken, Phase.NOT_STARTED, None, "a fault of this console: KeyError"),
    ],
)
async def test_the_look_before(
    bench: Make, look: Any, hindrance: Any, phase: Phase, outcome: Outcome | None, reason: str
) -> None:
    one = bench(looks=[look])
    result = await one.commands.send(order(goal=goal(hindrance=hindrance)))
    assert (result.phase, result.outcome, result.reason, result.recorded) == (phase, outcome, reason, True)
    assert one.events == ["look", "not_started"]
    assert (one.command.phase, one.command.reason) == (phase, reason)
    told = one.records()[0].entry
    word = "skipped" if result.hindered else phase.name.lower()
    assert (told.outcome, told.reason, told.target) == (word, reason, "port 4")
    assert result.hindered is (reason == "already OPEN")
    await one.commands.settled()
    assert one.slept == []


async def test_a_wrong_value_is_refused_before_anything_is_done(bench: Make) -> None:
    one = bench()
    with pytest.raises(Invalid):
        await one.commands.send(order(arguments={"wrong": 1}))
    assert one.events == []
    assert one.store.commands == {}


@pytest.mark.parametrize(
    ("more", "asked", "words"),
    [
        ({"authority": Authority(read_only=True)}, {}, "this console is read-only here"),
        ({"authority": Authority(role=Role.VIEWER)}, {}, "the role viewer gives no commands"),
        ({"authority": Authority(role=Role.APPROVER)}, {}, "the role approver gives no commands"),
        ({"authority": Authority(attributed=False)}, {}, "who logged in"),
        ({"authority": Authority(critical=frozenset({"port.open"}))}, {}, "port.open is critical here"),
        ({}, {"system": SourceName.MOR}, "this site has no MOR"),
    ],
)
async def test_not_allowed(bench: Make, more: Any, asked: Any, words: str) -> None:
    one = bench(**more)
    for send in (one.commands.send(order(**asked)), one.commands.send_each([order(**asked)])):
        with pytest.raises(NotAllowed, match=words):
            await send
    assert one.events == []
    assert one.store.commands == {}


async def test_a_closed_dispatcher_takes_nothing_more(bench: Make) -> None:
    one = bench()
    await one.commands.close()
    with pytest.raises(NotAllowed, match="closing"):
        await one.commands.send(order())
    assert one.events == []
