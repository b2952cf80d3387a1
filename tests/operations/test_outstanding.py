"""One command at a time for a target: a key held down, an outcome that is not known yet, runs in between."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from patience import eventually

from console.fields import target_words
from console.operations import limits
from console.operations.bulk.wishes import run_out_and_close
from console.operations.commands import any_order
from console.operations.dispatch import NotAllowed
from console.operations.limits import outstanding
from console.outcome import Refused, Unknown
from console.state.entities import UNSETTLED, Command, Key, Kind, Phase, SourceName
from console.text import safe

from .hall import Console, Hall, opening, words
from .small import Bench, goal, order, port, waits_for

Make = Callable[..., Bench]

LOST = Unknown("no answer")


def given(phase: Phase, **more: Any) -> Command:
    values = {
        "op_id": "earlier",
        "method": "openport",
        "target": "port 4",
        "detail": safe("category 1"),
        "asked_utc": None,
        "asked_at": 0.0,
    }
    return Command(**{**values, **more}, phase=phase)


NEW = given(Phase.PLANNED, op_id="new")
SENT = "port 4 has a command under way (openport: sent)"


@pytest.mark.parametrize(
    ("earlier", "reason"),
    [
        (given(Phase.SENT), SENT),
        (given(Phase.SENT, method="closeport"), "port 4 has a command under way (closeport: sent)"),
        (given(Phase.PLANNED), "port 4 has a command under way (openport: planned)"),
        (given(Phase.INTENT), "port 4 has a command under way (openport: intent)"),
        (given(Phase.UNKNOWN), "port 4 has a command under way (openport: UNKNOWN)"),
        (given(Phase.ACCEPTED), "port 4 has a command under way (openport: accepted)"),
        (given(Phase.ACCEPTED, method="closeport"), None),
        (given(Phase.ACCEPTED, detail=safe("category 2")), None),
        (given(Phase.SENT, target="port 5"), None),
        (given(Phase.SENT, op_id="new"), None),
        *((given(phase), None) for phase in Phase if phase not in UNSETTLED),
    ],
)
def test_what_a_command_has_to_wait_for(earlier: Command, reason: str | None) -> None:
    assert outstanding(NEW, [given(Phase.CONFIRMED, op_id="old"), earlier]) == reason


def test_what_has_no_target_waits_for_nothing() -> None:
    assert outstanding(replace(NEW, target=""), [given(Phase.SENT, target="")]) is None


@pytest.mark.parametrize(
    ("system", "method", "values", "target"),
    [
        (SourceName.AUTOSTORE, "closeport", {"port_id": "04"}, "port 4"),
        (SourceName.AUTOSTORE, "closeport", {"port_id": 4}, "port 4"),
        (SourceName.MOR, "device_rule_delete", {"device_rule_id": "7"}, "rule 7"),
        (SourceName.MOR, "device_update", {"device": "02"}, "device 2"),
        (SourceName.AUTOSTORE, "closeport", {"port_id": "four"}, "port four"),
        (SourceName.AUTOSTORE, "forecastbin", {"bin_id": ("1", "2")}, ""),
    ],
)
def test_a_call_by_its_name_names_its_target(
    system: SourceName, method: str, values: Any, target: str
) -> None:
    assert any_order(system, method, values).target == target_words(values) == target


async def test_of_a_key_that_is_held_down_one_command_leaves(bench: Make) -> None:
    answered = asyncio.Event()
    one = bench(waits_for(answered), looks=[port("CLOSED")])
    first, *others = [asyncio.ensure_future(one.commands.send(order())) for _ in range(4)]
    for other in others:
        with pytest.raises(NotAllowed, match=r"port 4 has a command under way \(openport: planned\)"):
            await other
    await eventually(lambda: len(one.client.calls) == 1)
    with pytest.raises(NotAllowed, match=re.escape(SENT)):
        await one.commands.send_each([order(method="closeport")])
    answered.set()
    assert (await first).phase is Phase.ACCEPTED
    with pytest.raises(NotAllowed, match="openport: accepted"):
        await one.commands.send(order())
    assert (len(one.client.calls), one.outcomes()) == (1, [("intent", ""), ("outcome", "accepted")])


async def test_nothing_is_sent_behind_an_unknown_command_until_it_is_settled(bench: Make) -> None:
    one = bench(
        LOST, {}, looks=[port("CLOSED"), port("CLOSED"), port("CLOSED"), port("CLOSED"), port("OPEN")]
    )
    assert (await one.commands.send(order())).phase is Phase.UNKNOWN
    for method in ("openport", "closeport"):
        with pytest.raises(NotAllowed, match="openport: UNKNOWN"):
            await one.commands.send(order(method=method))
    await one.commands.settled()
    assert [phase for phase in one.phases if phase is Phase.NOT_APPLIED] == [Phase.NOT_APPLIED]
    assert (await one.commands.send(order())).phase is Phase.ACCEPTED
    assert len(one.client.calls) == 2


async def test_of_several_orders_none_is_sent_behind_an_unknown_one(bench: Make) -> None:
    one = bench(LOST, {}, looks=[port("CLOSED")])
    lost, behind, elsewhere = await one.commands.send_each([order(), order(), order(target="port 5")])
    assert [lost.phase, behind.phase, elsewhere.phase] == [Phase.UNKNOWN, Phase.NOT_STARTED, Phase.ACCEPTED]
    assert (behind.hindered, "UNKNOWN" in str(behind.reason)) == (True, True)
    assert len(one.client.calls) == 2


async def test_what_was_refused_may_be_tried_again_at_once(bench: Make) -> None:
    one = bench(Refused("openport", "closing", 1001), {}, looks=[port("CLOSED")])
    for phase in (Phase.REFUSED, Phase.ACCEPTED):
        assert (await one.commands.send(order(goal=goal()))).phase is phase


async def test_a_run_leaves_out_a_port_where_a_command_of_a_person_is_under_way(tmp_path: Any) -> None:
    hall = Hall(3)
    one = Console(hall, tmp_path / "state")
    hall.will(2, "stuck")
    await one.look(Key(Kind.PORT, 2))
    plan = await one.plan(opening(1, 2, 3))
    raw = any_order(SourceName.AUTOSTORE, "openport", {"port_id": "02", "category": ["1"]})
    sending = asyncio.ensure_future(one.commands.send(raw))
    await eventually(lambda: hall.under_way == 1)
    run = await one.bulk.start(plan)
    await run.wait()
    assert words(run) == {"confirmed": 2, "skipped": 1}
    assert "under way (openport: sent)" in one.bulk.report(run.id).rows[1].reason
    assert hall.received.count(("openport", 2)) == 1
    await one.close()
    assert (await sending).phase is Phase.UNKNOWN


@pytest.mark.parametrize("alive", [True, False])
async def test_nothing_is_sent_behind_what_another_console_that_goes_on_does_not_know_yet(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, alive: bool
) -> None:
    monkeypatch.setattr(limits, "lives", lambda process, boot: alive and process == "another")
    hall = Hall(3)
    one, other = (Console(hall, tmp_path / "state") for _ in range(2))
    one.journal._process = "another"
    hall.will(2, "stuck")
    raw = any_order(SourceName.AUTOSTORE, "openport", {"port_id": 2, "category": ["1"]})
    sending = asyncio.ensure_future(one.commands.send(raw))
    await eventually(lambda: hall.under_way == 1)
    result = await other.commands.send(raw)
    if alive:
        words_of_it = "port 2 has a command of another console under way (openport of tess)"
        assert (result.hindered, result.reason) == (True, words_of_it)
        run = await other.carry_out(opening(1, 2))
        assert words(run) == {"confirmed": 1, "skipped": 1}
        assert other.bulk.report(run.id).rows[1].reason == words_of_it
    else:
        assert result.phase is Phase.ACCEPTED
    await one.close()
    assert (await sending).phase is Phase.UNKNOWN
    assert (await other.commands.send(raw)).phase is Phase.ACCEPTED, "it is as settled as it can be"
    await other.close()


async def test_a_run_is_not_kept_by_its_own_earlier_steps(tmp_path: Any) -> None:
    hall = Hall(2)
    hall.modes |= {1: "OPEN", 2: "OPEN"}
    one = Console(hall, tmp_path / "state")
    hall.will(1, "lost")
    run = await one.carry_out(run_out_and_close([1, 2]))
    assert words(run) == {"applied": 1, "confirmed": 3}
    await one.close()


# Without anything that can be read back


@pytest.mark.parametrize(("ending", "word"), [({}, "unverified"), (LOST, "still_unknown")])
async def test_what_nothing_shows_is_settled_at_once(bench: Make, ending: Any, word: str) -> None:
    one = bench(ending)
    await one.commands.send(order(goal=None))
    assert one.outcomes()[-1] == ("settled", word)
    assert one.command.phase.name.lower() == word
    assert (one.slept, "look" in one.events) == ([], False)


async def test_what_nothing_shows_is_settled_though_its_caller_left(bench: Make) -> None:
    one = bench(waits_for(asyncio.Event()))
    sending = asyncio.ensure_future(one.commands.send(order(goal=None)))
    await eventually(lambda: len(one.client.calls) == 1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert one.outcomes() == [("intent", ""), ("outcome", "unknown"), ("settled", "still_unknown")]


async def test_who_leaves_while_it_is_settled_is_told_so(bench: Make) -> None:
    one, gate = bench(), asyncio.Event()

    def hold_what_follows(_keys: frozenset[Key]) -> None:
        if one.command.phase is Phase.ACCEPTED:
            one.journal.held = gate

    one.store.listen(hold_what_follows)
    sending = asyncio.ensure_future(one.commands.send(order(goal=None)))
    await eventually(lambda: one.journal.held is gate)
    sending.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert one.outcomes() == [("intent", ""), ("outcome", "accepted"), ("settled", "unverified")]


async def test_what_nothing_shows_is_settled_though_the_console_closes(bench: Make) -> None:
    one = bench(waits_for(asyncio.Event()))
    sending = asyncio.ensure_future(one.commands.send(order(goal=None)))
    await eventually(lambda: len(one.client.calls) == 1)
    await one.commands.close()
    assert one.outcomes()[-1] == ("settled", "still_unknown")
    assert (await sending).phase is Phase.UNKNOWN
