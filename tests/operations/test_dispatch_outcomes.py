"""Every ending of a call has its class; what is not proven is UNKNOWN (rule 3)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from console.fields import Invalid
from console.outcome import NotSent, Outcome, Refused, Unknown
from console.state.entities import Phase

from .small import Bench, order

Make = Callable[..., Bench]


@pytest.mark.parametrize(
    ("ending", "outcome", "phase", "reason", "code"),
    [
        ({"bin_id": 7}, Outcome.ACCEPTED, Phase.ACCEPTED, None, None),
        (Refused("openport", "Already open.", 1002), Outcome.REFUSED, Phase.REFUSED, "Already open.", 1002),
        (Refused("any", "Incorrect hash"), Outcome.REFUSED, Phase.REFUSED, "Incorrect hash", None),
        (NotSent("cannot connect"), Outcome.NOT_SENT, Phase.NOT_SENT, "cannot connect", None),
        (Unknown("lost \x1b[2J"), Outcome.UNKNOWN, Phase.UNKNOWN, "lost \\x1b[2J", None),
        *(
            (
                error,
                Outcome.UNKNOWN,
                Phase.UNKNOWN,
                f"a fault of this console: {type(error).__name__}",
                None,
            )
            for error in (
                OSError("secret path"),
                TimeoutError(),
                ValueError("x"),
                RuntimeError("x"),
                RecursionError(),
                MemoryError(),
                Invalid("port_id", 0, "1 to 2000"),
                StopAsyncIteration(),
                ExceptionGroup("several", [ValueError("x")]),
            )
        ),
        (asyncio.CancelledError(), Outcome.UNKNOWN, Phase.UNKNOWN, "this console stopped waiting", None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
async def test_classes(
    bench: Make, ending: Any, outcome: Outcome, phase: Phase, reason: str | None, code: int | None
) -> None:
    one = bench(ending)
    result = await one.commands.send(order())
    assert (result.outcome, result.phase, result.reason, result.code) == (outcome, phase, reason, code)
    assert result.recorded
    assert result.reply == (ending if isinstance(ending, dict) else {})
    assert (one.command.phase, one.command.reason, one.command.code) == (phase, reason, code)
    told = one.records()[1].entry
    assert (told.kind, told.outcome, told.reason, told.code) == ("outcome", outcome.value, reason or "", code)


@pytest.mark.parametrize(
    "ending", [{}, NotSent("x"), Unknown("x"), Refused("x", "y"), ValueError("x"), asyncio.CancelledError()]
)
async def test_no_ending_makes_it_call_again(bench: Make, ending: Any) -> None:
    one = bench(ending)
    await one.commands.send(order())
    await one.commands.settled()
    assert one.events.count("call") == 1
    assert one.events.count("intent") == 1


async def test_a_fault_of_ours_is_logged(bench: Make, caplog: pytest.LogCaptureFixture) -> None:
    one = bench(ValueError("what really happened"))
    await one.commands.send(order())
    assert "what really happened" in caplog.text
    assert "what really happened" not in str(one.records())


async def test_refused_and_not_sent_are_final(bench: Make) -> None:
    for ending in (Refused("openport", "Already open.", 1002), NotSent("cannot connect")):
        one = bench(ending)
        await one.commands.send(order())
        await one.commands.settled()
        assert one.slept == []
        assert one.events == ["look", "intent", "call", "outcome"]
