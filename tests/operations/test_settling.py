"""What became of a command, told from looks alone; time is a script."""

import asyncio
from typing import Any

import pytest
from state.small import Clock, rule

from console.operations.orders import Goal
from console.operations.settling import EQUAL_LOOKS_APART, FLIGHT_LEAST, Finding, Settler
from console.outcome import Unknown
from console.state.entities import Key, Kind, Phase, RuleList

from .small import Scripted, goal, port

BLIND = Unknown("no answer")
CLOSED, OPEN, RUNOUT = port("CLOSED"), port("OPEN"), port("RUNOUT")


class Bench:
    """A settler whose pauses cost no time; `looked_at` are the seconds at which it looked."""

    def __init__(self, *looks: Any, deadline: float = 1.0) -> None:
        self.looks, self.clock = Scripted(*looks), Clock(0.0)
        self.looked_at: list[float] = []
        self.settler = Settler(self._look, clock=self.clock, deadline=deadline, sleep=self._sleep)

    async def _look(self, key: Key) -> Any:
        self.looked_at.append(self.clock.now)
        return await self.looks.next()

    async def _sleep(self, seconds: float) -> None:
        self.clock.now += seconds
        await asyncio.sleep(0)


async def confirm(*looks: Any, patience: float = 10.0, before: Any = CLOSED) -> tuple[Finding, list[float]]:
    bench = Bench(*looks)
    return await bench.settler.confirm(goal(patience=patience), before), bench.looked_at


async def reconcile(
    *looks: Any, before: Any = CLOSED, aim: Goal | None = None
) -> tuple[Finding, list[float]]:
    bench = Bench(*looks)
    return await bench.settler.reconcile(aim or goal(), before), bench.looked_at


async def test_confirmed_at_the_first_look_that_shows_it() -> None:
    finding, times = await confirm(CLOSED, BLIND, OPEN, CLOSED)
    assert finding == Finding(Phase.CONFIRMED)
    assert len(times) == 3


async def test_pauses_grow_from_a_quarter_to_two_seconds() -> None:
    finding, times = await confirm(CLOSED, patience=10.0)
    assert finding == Finding(Phase.NOT_REACHED, "not seen within 10 s")
    assert times == [0, 0.25, 0.75, 1.75, 3.75, 5.75, 7.75, 9.75, 11.75]


async def test_a_goal_that_shows_at_the_very_end_is_confirmed() -> None:
    finding, _ = await confirm(*[CLOSED] * 8, OPEN)
    assert finding == Finding(Phase.CONFIRMED)


async def test_what_cannot_be_seen_is_not_called_seen() -> None:
    finding, _ = await confirm(BLIND, patience=1.0)
    assert finding == Finding(Phase.NOT_REACHED, "its state could not be read within 1 s")


async def test_what_was_so_before_confirms_nothing() -> None:
    finding, _ = await confirm(OPEN, before=OPEN, patience=1.0)
    assert finding.phase is Phase.NOT_REACHED


async def test_an_error_of_ours_while_looking_is_a_failed_look(caplog: pytest.LogCaptureFixture) -> None:
    finding, _ = await confirm(KeyError("a bug"), OPEN)
    assert finding == Finding(Phase.CONFIRMED)
    assert "a bug" in caplog.text


@pytest.mark.parametrize(
    ("looks", "phase", "reason"),
    [
        ([OPEN, OPEN], Phase.APPLIED, None),
        ([CLOSED, CLOSED], Phase.NOT_APPLIED, None),
        ([RUNOUT, RUNOUT], Phase.OTHER_STATE, None),
        ([CLOSED, OPEN, OPEN], Phase.APPLIED, None),
        ([BLIND, OPEN, OPEN], Phase.APPLIED, None),
        ([OPEN, BLIND, OPEN, OPEN], Phase.APPLIED, None),
        ([OPEN, CLOSED, OPEN, CLOSED], Phase.STILL_UNKNOWN, "its state does not come to rest"),
        ([OPEN, BLIND, OPEN, BLIND], Phase.STILL_UNKNOWN, "its state could not be read"),
        ([BLIND], Phase.STILL_UNKNOWN, "its state could not be read"),
    ],
)
async def test_reconcile(looks: list[Any], phase: Phase, reason: str | None) -> None:
    finding, _ = await reconcile(*looks)
    assert finding == Finding(phase, reason)


@pytest.mark.parametrize(("deadline", "flight"), [(0.1, FLIGHT_LEAST), (2.5, 5.0), (10.0, 20.0)])
async def test_nobody_looks_before_the_flight_is_over(deadline: float, flight: float) -> None:
    bench = Bench(OPEN, deadline=deadline)
    await bench.settler.reconcile(goal(), CLOSED)
    assert bench.looked_at == [flight, flight + EQUAL_LOOKS_APART]


async def test_looks_are_two_seconds_apart_and_come_to_an_end() -> None:
    _, times = await reconcile(BLIND)
    assert times == [5, 7, 9, 11]


async def test_a_goal_that_stood_before_proves_nothing() -> None:
    finding, _ = await reconcile(OPEN, before=OPEN)
    assert finding == Finding(Phase.STILL_UNKNOWN, "it was so before")


AC = {"port_type": "AC", "bin_id": 7, "bin_mode": "OPEN", "case": "NOOP"}


@pytest.mark.parametrize(
    ("after", "phase"),
    [
        ({**AC}, Phase.NOT_APPLIED),
        ({**AC, "case": None}, Phase.STILL_UNKNOWN),
        ({**AC, "bin_mode": None}, Phase.STILL_UNKNOWN),
        ({**AC, "bin_id": 8, "bin_mode": None}, Phase.OTHER_STATE),
        ({**AC, "bin_id": None, "bin_mode": None}, Phase.OTHER_STATE),
        ({**AC, "case": "EREQ"}, Phase.OTHER_STATE),
    ],
)
async def test_a_look_that_misses_a_part_does_not_judge(after: dict[str, Any], phase: Phase) -> None:
    finding, _ = await reconcile(port("OPEN", **after), before=port("OPEN", **AC), aim=goal(mode="CLOSED"))
    assert finding.phase is phase


@pytest.mark.parametrize(
    ("after", "phase"),
    [((), Phase.NOT_APPLIED), ((rule(1),), Phase.APPLIED), ((rule(9, name="x"),), Phase.OTHER_STATE)],
)
async def test_rules_are_compared_as_lists(after: tuple[Any, ...], phase: Phase) -> None:
    aim = Goal(Key(Kind.RULES, 2), lambda belief: None, lambda before, now: rule(1) in now.rules, 10.0)  # type: ignore[union-attr]
    seen = RuleList(device_id=2, rules=after)
    finding, _ = await reconcile(seen, before=RuleList(device_id=2), aim=aim)
    assert finding.phase is phase
