"""A caller that goes away, or a console that closes, leaves no command without an ending."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from patience import eventually

from console.operations.dispatch import NotAllowed
from console.outcome import Outcome
from console.state.entities import Phase

from .small import Bench, order, port, waits_for

Make = Callable[..., Bench]
CALLED_OFF = "called off before it was sent"


async def cancelled(work: "asyncio.Task[Any]") -> None:
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


def begun(work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
    return asyncio.create_task(work)


async def test_cancelled_during_the_look_nothing_is_sent(bench: Make) -> None:
    one = bench(looks=[waits_for(asyncio.Event())])
    sending = begun(one.commands.send(order()))
    await eventually(lambda: one.events == ["look"])
    await cancelled(sending)
    assert one.client.calls == []
    assert one.outcomes() == [("not_started", "not_started")]
    assert (one.command.phase, one.command.reason) == (Phase.NOT_STARTED, CALLED_OFF)


async def test_cancelled_while_the_intent_is_written_nothing_is_sent(bench: Make) -> None:
    one = bench()
    one.journal.held = asyncio.Event()
    sending = begun(one.commands.send(order()))
    await eventually(lambda: one.journal._writes == 1)
    sending.cancel()
    await asyncio.sleep(0)
    sending.cancel()
    one.journal.held.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert one.client.calls == []
    assert one.outcomes() == [("intent", ""), ("not_started", "not_started")]
    assert one.command.phase is Phase.NOT_STARTED


async def test_cancelled_during_the_call_it_is_unknown_and_is_settled(bench: Make) -> None:
    one = bench(waits_for(asyncio.Event()))
    sending = begun(one.commands.send(order()))
    await eventually(lambda: "call" in one.events)
    await cancelled(sending)
    assert one.outcomes() == [("intent", ""), ("outcome", "unknown")]
    await one.commands.settled()
    assert one.outcomes()[-1] == ("settled", "applied")
    assert one.command.phase is Phase.APPLIED
    assert one.command.reason == "this console stopped waiting"
    assert len(one.client.calls) == 1


async def test_cancelled_while_the_outcome_is_written_it_is_written(bench: Make) -> None:
    async def answer() -> Any:
        one.journal.held = asyncio.Event()
        return {}

    one = bench(answer)
    sending = begun(one.commands.send(order()))
    await eventually(lambda: one.journal._writes == 2)
    sending.cancel()
    await asyncio.sleep(0)
    assert one.journal.held is not None
    one.journal.held.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await one.commands.settled()
    assert one.outcomes() == [("intent", ""), ("outcome", "accepted"), ("settled", "confirmed")]


async def test_a_deadline_of_the_caller_counts_as_cancelled(bench: Make) -> None:
    async def is_over() -> None:
        deadline.reschedule(asyncio.get_running_loop().time())
        await asyncio.Event().wait()

    one = bench(is_over)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(None) as deadline:
            await one.commands.send(order())
    assert one.outcomes()[:2] == [("intent", ""), ("outcome", "unknown")]


async def test_sending_from_a_task_that_was_cancelled_before_works(bench: Make) -> None:
    one = bench()

    async def clean_up() -> Any:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return await one.commands.send(order())

    work = begun(clean_up())
    await asyncio.sleep(0)
    work.cancel()
    assert (await work).outcome is Outcome.ACCEPTED


async def test_of_several_the_rest_is_not_begun_once_cancelled(bench: Make) -> None:
    one = bench(waits_for(asyncio.Event()))
    sending = begun(one.commands.send_each([order()] * 3))
    await eventually(lambda: "call" in one.events)
    await cancelled(sending)
    assert len(one.client.calls) == 1
    assert len(one.store.commands) == 1


async def test_closing_breaks_off_a_call_and_records_it_as_unknown(bench: Make) -> None:
    one = bench(waits_for(asyncio.Event()))
    sending = begun(one.commands.send(order()))
    await eventually(lambda: "call" in one.events)
    await one.commands.close()
    assert one.outcomes() == [("intent", ""), ("outcome", "unknown")]
    assert (await sending).phase is Phase.UNKNOWN
    assert one.slept == []


async def test_closing_during_the_look_sends_nothing(bench: Make) -> None:
    one = bench(looks=[waits_for(asyncio.Event())])
    sending = begun(one.commands.send(order()))
    await eventually(lambda: one.events == ["look"])
    await one.commands.close()
    assert one.client.calls == []
    assert (await sending).phase is Phase.NOT_STARTED


async def test_closing_while_the_intent_is_written_sends_nothing(bench: Make) -> None:
    one = bench()
    one.journal.held = asyncio.Event()
    sending = begun(one.commands.send(order()))
    await eventually(lambda: one.journal._writes == 1)
    closing = begun(one.commands.close())
    await asyncio.sleep(0)
    assert not closing.done()
    one.journal.held.set()
    await closing
    assert one.client.calls == []
    assert (await sending).phase is Phase.NOT_STARTED
    assert one.outcomes() == [("intent", ""), ("not_started", "not_started")]


async def test_closing_leaves_out_the_rest_of_many(bench: Make) -> None:
    one = bench(waits_for(asyncio.Event()), looks=[port("CLOSED")])
    sending = begun(one.commands.send_each([order()] * 50))
    await eventually(lambda: "call" in one.events)
    await one.commands.close()
    results = await sending
    assert [result.phase for result in results] == [Phase.UNKNOWN] + [Phase.NOT_STARTED] * 49
    assert one.events == ["look", "intent", "call", "outcome"]


async def test_closing_stops_settling_and_leaves_it_as_it_was_recorded(bench: Make) -> None:
    never = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await never.wait()

    tasks = asyncio.all_tasks()
    one = bench(looks=[port("CLOSED")], sleep=sleep)
    await one.commands.send(order())
    await eventually(lambda: one.events.count("look") == 2)
    waiting = begun(one.commands.settled())
    await one.commands.close()
    await waiting
    assert one.outcomes() == [("intent", ""), ("outcome", "accepted")]
    assert one.command.phase is Phase.ACCEPTED
    assert asyncio.all_tasks() == tasks


async def test_closing_while_the_settlement_is_written_writes_it(bench: Make) -> None:
    one = bench()
    await one.commands.send(order())
    one.journal.held = asyncio.Event()
    await eventually(lambda: one.journal._writes == 3)
    closing = begun(one.commands.close())
    await asyncio.sleep(0)
    one.journal.held.set()
    await closing
    assert one.outcomes()[-1] == ("settled", "confirmed")


async def test_closing_twice_is_harmless(bench: Make) -> None:
    one = bench()
    await one.commands.close()
    await one.commands.close()
    with pytest.raises(NotAllowed):
        await one.commands.send(order())
