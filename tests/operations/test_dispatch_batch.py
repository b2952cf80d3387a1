"""Several orders, one after the other, each with its own outcome, and when the rest is left out."""

from collections.abc import Callable
from typing import Any

import pytest

from console.fields import Invalid
from console.operations.authority import Authority
from console.operations.dispatch import NotAllowed
from console.outcome import NotSent, Refused, Unknown
from console.state.entities import Phase

from .small import Bench, goal, order, port

Make = Callable[..., Bench]

OK: Any = {}
NO = Refused("openport", "Already open.", 1002)
LOST = Unknown("no answer")
DOWN = NotSent("cannot connect")
LEFT_OUT = Phase.NOT_STARTED


@pytest.mark.parametrize(
    ("endings", "phases"),
    [
        ([OK, NO, OK], [Phase.ACCEPTED, Phase.REFUSED, Phase.ACCEPTED]),
        ([LOST, LOST, OK, OK, OK, OK], [Phase.UNKNOWN, Phase.UNKNOWN] + [LEFT_OUT] * 4),
        ([DOWN, DOWN, OK, OK], [Phase.NOT_SENT, Phase.NOT_SENT, LEFT_OUT, LEFT_OUT]),
        ([LOST, DOWN, OK, OK], [Phase.UNKNOWN, Phase.NOT_SENT, LEFT_OUT, LEFT_OUT]),
        ([LOST, OK, LOST, NO], [Phase.UNKNOWN, Phase.ACCEPTED, Phase.UNKNOWN, Phase.REFUSED]),
        ([NO, NO, NO, OK], [Phase.REFUSED, Phase.REFUSED, Phase.REFUSED, Phase.ACCEPTED]),
        ([ValueError("x"), ValueError("x"), OK], [Phase.UNKNOWN, Phase.UNKNOWN, LEFT_OUT]),
        ([], []),
    ],
)
async def test_two_lost_in_a_row_stop_the_rest(bench: Make, endings: list[Any], phases: list[Phase]) -> None:
    one = bench(*endings, looks=[port("CLOSED")])
    results = await one.commands.send_each([order(target=f"port {n}") for n in range(len(endings))])
    assert [result.phase for result in results] == phases
    sent = [phase for phase in phases if phase is not LEFT_OUT]
    assert len(one.client.calls) == len(sent)
    told = [one.entry for one in one.records() if one.entry.kind == "not_started"]
    assert [entry.target for entry in told] == [f"port {n}" for n in range(len(sent), len(phases))]
    assert {entry.reason for entry in told} <= {"stopped: the two before it were lost"}


async def test_one_left_out_for_its_own_state_does_not_break_a_row(bench: Make) -> None:
    one = bench(LOST, looks=[port("CLOSED")])
    fits, unfit = order(), order(target="port 7", goal=goal(hindrance=lambda belief: "already open"))
    others = [order(target=f"port {number}") for number in (5, 6)]
    results = await one.commands.send_each([fits, unfit, *others])
    assert [result.phase for result in results] == [Phase.UNKNOWN, LEFT_OUT, Phase.UNKNOWN, LEFT_OUT]
    assert [result.reason for result in results[1::2]] == [
        "already open",
        "stopped: the two before it were lost",
    ]


async def test_targets_that_cannot_be_looked_at_count_as_lost(bench: Make) -> None:
    one = bench(looks=[DOWN])
    results = await one.commands.send_each([order()] * 4)
    assert [result.phase for result in results] == [Phase.NOT_SENT] * 2 + [LEFT_OUT] * 2
    assert one.client.calls == []


async def test_one_wrong_value_among_many_sends_none(bench: Make) -> None:
    one = bench()
    with pytest.raises(Invalid):
        await one.commands.send_each([order(), order(), order(arguments={"wrong": 1})])
    assert one.events == []


@pytest.mark.parametrize(("broken_from", "sent"), [(1, 0), (2, 1), (3, 1), (4, 2)])
async def test_a_journal_that_breaks_stops_the_rest(bench: Make, broken_from: int, sent: int) -> None:
    one = bench(NO, looks=[port("CLOSED")])
    one.journal.broken_from = broken_from
    results = await one.commands.send_each([order()] * 5)
    assert len(results) == 5
    assert len(one.client.calls) == sent
    assert results[-1].phase is LEFT_OUT
    assert results[-1].reason == "stopped: the journal cannot be written"
    assert [result.phase for result in results[:sent]] == [Phase.REFUSED] * sent


async def test_each_has_an_id_of_its_own(bench: Make) -> None:
    one = bench(NO, looks=[port("CLOSED")])
    results = await one.commands.send_each([order()] * 200)
    assert len({result.op_id for result in results}) == 200
    assert len(one.store.commands) == 200


async def test_read_only_tells_before_anything_is_looked_at(bench: Make) -> None:
    one = bench(authority=Authority(read_only=True))
    with pytest.raises(NotAllowed):
        await one.commands.send_each([order(), order()])
    assert one.events == []
