"""Runs from plan to report, in memory: what targets come to, when a run stops, who may ask what of it."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from patience import eventually

from console.operations.authority import Authority, NotAllowed
from console.operations.bulk.classes import Again
from console.operations.bulk.plan import Fate, PlanRefused
from console.operations.bulk.progress import RunState
from console.operations.bulk.wishes import run_out_and_close
from console.operations.journal import RecordKind
from console.settings.tables import Role, Safety
from console.settings.values import CommandNames

from .consoles import QUICK, SITE, actor
from .hall import Console, Hall, Open, closing, opening, words


async def test_every_target_is_confirmed_and_was_commanded_once(consoles: Open) -> None:
    hall = Hall(40)
    one = consoles(hall)
    run = await one.carry_out(opening(*range(1, 41)))
    assert words(run) == {"confirmed": 40}
    assert sorted(hall.executed) == [("openport", port) for port in range(1, 41)]
    report = one.bulk.report(run.id)
    assert (report.reached, len(report.rows), report.operator) == (True, 40, "tess")
    assert [row.after for row in report.rows] == ["mode OPEN, category 1"] * 40


@pytest.mark.parametrize(
    ("happening", "cls"),
    [
        ("refuse", "refused"),
        ("unsent", "not_sent"),
        ("lost", "applied"),
        ("dropped", "not_applied"),
        ("idle", "not_reached"),
        ("ok", "confirmed"),
    ],
)
async def test_what_a_target_comes_to(consoles: Open, happening: str, cls: str) -> None:
    hall = Hall(3)
    hall.will(2, happening)
    one = consoles(hall)
    run = await one.carry_out(opening(1, 2, 3))
    assert words(run) == Counter({"confirmed": 2}) + Counter({cls: 1})
    assert one.bulk.report(run.id).reached is (cls in ("confirmed", "applied"))


async def test_a_target_that_changed_since_the_plan_is_skipped(consoles: Open) -> None:
    hall = Hall(3)
    one = consoles(hall)
    plan = await one.plan(opening(1, 2, 3))
    hall.modes[2] = "INSERT"
    run = await one.bulk.start(plan)
    await run.wait()
    assert words(run) == {"confirmed": 2, "skipped": 1}
    assert one.bulk.report(run.id).rows[1].reason == "already open (mode INSERT)"


async def test_those_that_are_so_already_or_cannot_be_are_counted_and_not_commanded(consoles: Open) -> None:
    hall = Hall(4)
    hall.modes |= {1: "INSERT", 2: "DISABLED", 3: "OPEN"}
    one = consoles(hall)
    run = await one.carry_out(opening(1, 2, 3, 4, port_mode="INSERT"))
    assert words(run) == {"already_so": 1, "left_out": 2, "confirmed": 1}
    assert hall.executed == [("openport", 4)]
    assert not one.bulk.report(run.id).reached


async def test_waves_grow_and_the_run_waits_after_the_first_target(consoles: Open) -> None:
    hall = Hall(100)
    one = consoles(hall, safety=replace(QUICK, pause_after_first=True))
    run = await one.begin(opening(*range(1, 101)))
    await eventually(lambda: run.progress.state is RunState.PAUSED)
    assert hall.executed == [("openport", 1)]
    run.resume()
    await run.wait()
    assert words(run) == {"confirmed": 100}
    waves = [record.entry.detail for record in one.records("wave")]
    assert [wave["targets"] for wave in waves] == [5, 10, 84]
    first_ten = Counter(port for _, port in hall.executed[:16])
    assert set(first_ten) == set(range(1, 17))


async def test_no_more_at_a_time_than_allowed(consoles: Open) -> None:
    hall = Hall(60)
    one = consoles(hall)
    run = await one.begin(opening(*range(1, 61)), fan_out=3)
    await eventually(lambda: len(hall.executed) > 6)
    hall.gate.clear()
    await eventually(lambda: hall.under_way == 3)
    await asyncio.sleep(0.02)
    hall.gate.set()
    await run.wait()
    assert hall.most_under_way == 3
    with pytest.raises(ValueError, match="fan-out"):
        await one.begin(closing(1, 2), fan_out=17)


@pytest.mark.parametrize(
    ("happenings", "safety", "reason"),
    [
        ({1: "refuse", 2: "refuse", 3: "refuse"}, Safety(commands_per_second=0), "3 failed or are unknown"),
        ({1: "unsent", 2: "unsent"}, Safety(commands_per_second=0), "2 in a row were lost"),
        ({2: "lost", 3: "dropped"}, Safety(commands_per_second=0), "2 in a row were lost"),
    ],
)
async def test_a_run_stops_for_what_went_wrong(
    consoles: Open, happenings: dict[int, str], safety: Safety, reason: str
) -> None:
    hall = Hall(30)
    for port, happening in happenings.items():
        hall.will(port, happening)
    one = consoles(hall, safety=replace(safety, pause_after_first=False, fan_out=1))
    run = await one.carry_out(opening(*range(1, 31)))
    assert reason in run.progress.reason
    assert words(run)["not_started"] >= 26
    assert sum(words(run).values()) == 30
    end = one.records("run_end")[-1].entry
    assert (reason in end.reason, end.detail["counts"]) == (True, words(run))


async def test_pause_sends_nothing_new_and_abort_ends_it(consoles: Open) -> None:
    hall = Hall(30)
    one = consoles(hall)
    run = await one.begin(opening(*range(1, 31)), fan_out=2)
    hall.gate.clear()
    await eventually(lambda: hall.under_way > 0)
    run.pause("tess")
    sent = len(hall.received)
    hall.gate.set()
    await eventually(lambda: not hall.under_way)
    await asyncio.sleep(0.02)
    assert len(hall.received) == sent
    assert (run.progress.state, run.progress.reason) == (RunState.PAUSED, "paused by tess")
    run.abort("tess")
    done = await run.wait()
    assert (done.state, done.reason) == (RunState.ENDED, "aborted by tess")
    assert words(run)["not_started"] == 30 - sent
    kinds = [record.entry.kind for record in one.records("paused", "continued", "run_end")]
    assert kinds == [RecordKind.PAUSED, RecordKind.RUN_END]


async def test_leaving_makes_what_is_under_way_unknown_and_it_can_be_settled_later(consoles: Open) -> None:
    hall = Hall(10)
    one = consoles(hall)
    hall.will(1, "stuck")
    run = await one.begin(opening(1, 2, 3), fan_out=1)
    await eventually(lambda: hall.under_way == 1)
    await run.leave()
    assert words(run) == {"unknown": 1, "not_started": 2}
    with pytest.raises(PlanRefused, match="UNKNOWN"):
        await one.bulk.again(run.id, Again.FAILED)
    report = await one.bulk.recover(run.id)
    assert {cls.value: n for cls, n in report.counts.items()} == {"not_applied": 1, "not_started": 2}


async def test_another_console_watches_pauses_and_aborts(consoles: Open) -> None:
    hall = Hall(40)
    one, other = consoles(hall), consoles(hall, who=actor("olga", 1001))
    run = await one.begin(opening(*range(1, 41)), fan_out=1, per_second=0.1)
    await eventually(lambda: len(hall.executed) > 2)
    await other.bulk.ask(run.id, "pause")
    await eventually(lambda: run.progress.state is RunState.PAUSED)
    assert run.progress.reason == "paused by olga"
    await eventually(lambda: other.bulk.progress_of(run.id).state is RunState.PAUSED)
    await eventually(lambda: other.bulk.progress_of(run.id).counts == run.progress.counts)
    await other.bulk.ask(run.id, "resume")
    await eventually(lambda: run.progress.state is RunState.RUNNING)
    await other.bulk.ask(run.id, "abort")
    followed = [progress async for progress in other.bulk.follow(run.id)]
    assert followed[-1].state is RunState.ENDED
    assert followed[-1].counts == run.progress.counts
    assert all(sum(progress.counts.values()) == 40 for progress in followed)


async def test_targets_of_a_run_are_not_for_others_while_it_goes_on(consoles: Open) -> None:
    hall = Hall(10)
    one, other = consoles(hall), consoles(hall, who=actor("olga", 1001))
    early = await other.plan(opening(5, 6))
    hall.gate.clear()
    run = await one.begin(opening(1, 2, 3, 4, 5))
    with pytest.raises(PlanRefused, match=r"held by another run: port 3 .*tess"):
        await other.plan(opening(3))
    with pytest.raises(PlanRefused, match="port 5 is held by run"):
        await other.bulk.start(early)
    plan = await one.plan(opening(9))
    order = one.bulk.place.commands
    result = await order.send(_single(one, 3))
    assert (result.hindered, "held by run" in str(result.reason)) == (True, True)
    hall.gate.set()
    await run.wait()
    assert (await other.carry_out(closing(3))).progress.done == 1
    assert plan.short


def _single(one: Console, port: int) -> Any:
    from console.operations.commands import any_order
    from console.state.entities import SourceName

    return any_order(SourceName.AUTOSTORE, "openport", {"port_id": port, "category": [1]})


async def test_a_plan_is_begun_once(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    plan = await one.plan(opening(1))
    await (await one.bulk.start(plan)).wait()
    with pytest.raises(PlanRefused, match="begun already, as run r"):
        await one.bulk.start(plan)
    assert len(hall.executed) == 1


async def test_plans_of_elsewhere_are_not_begun(consoles: Open, tmp_path: Path) -> None:
    hall = Hall(4)
    one, other = consoles(hall), Console(hall, tmp_path / "elsewhere")
    foreign = await other.plan(opening(1))
    with pytest.raises(PlanRefused, match="not made on this host"):
        await one.bulk.start(foreign)
    unrecorded = one.bulk.plan(opening(1), await one.bulk.survey(opening(1)))
    with pytest.raises(PlanRefused, match="not made on this host"):
        await one.bulk.start(unrecorded)
    moved = consoles(hall, site="Yard")
    with pytest.raises(PlanRefused, match=f"for the site {SITE}, and this is Yard"):
        await moved.bulk.start(await one.plan(opening(1)))
    plan = await one.plan(opening(1))
    edited = replace(plan, items=(replace(plan.items[0], target=2, name="port 2"),))
    with pytest.raises(PlanRefused, match="changed since"):
        await one.bulk.start(edited)
    assert hall.received == []
    await other.close()


@pytest.mark.parametrize(
    ("authority", "words"),
    [
        (Authority(read_only=True), "read-only"),
        (Authority(role=Role.VIEWER), "viewer"),
        (Authority(attributed=False), "who logged in"),
    ],
)
async def test_who_may_not_command_begins_nothing(consoles: Open, authority: Authority, words: str) -> None:
    hall = Hall(4)
    one = consoles(hall, authority=authority)
    with pytest.raises(NotAllowed, match=words):
        await one.begin(opening(1))
    assert hall.received == []
    assert one.records("run_start") == []


CRITICAL = Authority(critical=frozenset({"port.close"}))
CRITICAL_HERE = replace(QUICK, critical=CommandNames(("port.close",)))


async def test_a_critical_plan_needs_somebody_else(consoles: Open) -> None:
    hall = Hall(4)
    hall.modes |= {1: "INSERT", 2: "INSERT"}
    mine = consoles(hall, authority=CRITICAL, safety=CRITICAL_HERE)
    supervisor = replace(CRITICAL, role=Role.SUPERVISOR)
    mine_too = consoles(hall, authority=supervisor, safety=CRITICAL_HERE)
    hers = consoles(hall, authority=supervisor, safety=CRITICAL_HERE, who=actor("olga", 1001))
    plan = await mine.plan(closing(1, 2))
    assert (plan.critical, plan.lasts) == (True, 600.0)
    assert mine.bulk.preview(plan).needs_approval
    with pytest.raises(PlanRefused, match="a second person has to approve"):
        await mine.bulk.start(plan)
    with pytest.raises(NotAllowed, match="technician approves nothing"):
        await mine.bulk.approve(plan)
    with pytest.raises(NotAllowed, match="of their own"):
        await mine_too.bulk.approve(plan)
    with pytest.raises(NotAllowed, match=r"port\.close is critical here"):
        await mine.commands.send(_close(1))
    await hers.bulk.approve(plan)
    with pytest.raises(PlanRefused, match="approved by you only"):
        await hers.bulk.start(plan)
    run = await mine.bulk.start(plan)
    await run.wait()
    assert words(run) == {"confirmed": 2}
    assert mine.bulk.report(run.id).approver == "olga"
    with pytest.raises(PlanRefused, match="nothing in this plan needs"):
        await hers.bulk.approve(await mine.plan(opening(3)))


def _close(port: int) -> Any:
    from console.operations.commands import any_order
    from console.state.entities import SourceName

    return any_order(SourceName.AUTOSTORE, "closeport", {"port_id": port})


async def test_an_approval_expires(consoles: Open) -> None:
    hall = Hall(4)
    hall.modes[1] = "INSERT"
    short = replace(CRITICAL_HERE, approval_seconds=0.0)
    mine = consoles(hall, authority=CRITICAL, safety=CRITICAL_HERE)
    hers = consoles(
        hall, authority=replace(CRITICAL, role=Role.SUPERVISOR), safety=CRITICAL_HERE, who=actor("olga", 7)
    )
    plan = await mine.plan(closing(1))
    await hers.bulk.approve(plan)
    late = consoles(hall, authority=CRITICAL, safety=short)
    with pytest.raises(PlanRefused, match="approval has expired"):
        await late.bulk.start(plan)


async def test_steps_follow_each_other_port_by_port(consoles: Open) -> None:
    hall = Hall(3)
    hall.modes |= {1: "OPEN", 2: "OPEN"}
    hall.bins[1] = 77
    one = consoles(hall)
    hall.will(2, "refuse")
    run = await one.begin(run_out_and_close([1, 2, 3]))
    await eventually(lambda: ("openport", 1) in hall.executed)
    assert ("closeport", 1) not in hall.executed
    await asyncio.sleep(0.03)
    assert ("closeport", 1) not in hall.executed
    del hall.bins[1]
    await run.wait()
    assert hall.executed == [("openport", 1), ("closeport", 1)]
    rows = one.bulk.report(run.id).rows
    assert [(row.target, row.action, row.cls.value) for row in rows] == [
        ("port 1", "port.runout", "confirmed"),
        ("port 2", "port.runout", "refused"),
        ("port 3", "port.runout", "already_so"),
        ("port 1", "port.close", "confirmed"),
        ("port 2", "port.close", "not_started"),
        ("port 3", "port.close", "already_so"),
    ]


async def test_a_port_that_never_runs_empty_is_not_waited_for_for_ever(consoles: Open) -> None:
    hall = Hall(1)
    hall.modes[1], hall.bins[1] = "OPEN", 77
    one = consoles(hall, safety=replace(QUICK, wait_for_empty=10.0))
    run = await one.carry_out(run_out_and_close([1]))
    assert words(run) == {"confirmed": 1, "not_started": 1}
    assert hall.executed == [("openport", 1)]


async def test_a_retry_takes_exactly_one_class(consoles: Open) -> None:
    hall = Hall(8)
    for port, happening in {2: "refuse", 3: "dropped", 4: "unsent", 5: "idle"}.items():
        hall.will(port, happening)
    one = consoles(hall)
    run = await one.carry_out(opening(1, 2, 3, 4, 5, 6))
    failed = await one.bulk.again(run.id, Again.FAILED)
    not_applied = await one.bulk.again(run.id, Again.NOT_APPLIED)
    assert [item.target for item in failed.items] == [2, 4, 5]
    assert [item.target for item in not_applied.items] == [3]
    assert (failed.link and failed.link.run, failed.link and failed.link.of) == (run.id, "failed")
    with pytest.raises(PlanRefused, match="is not started"):
        await one.bulk.again(run.id, Again.NOT_STARTED)
    again = await one.bulk.start(failed)
    await again.wait()
    assert words(again) == {"confirmed": 3}
    assert one.bulk.report(again.id).parent == run.id
    assert [record.entry.kind for record in one.records("retry")] == [RecordKind.RETRY] * 2


async def test_an_undo_goes_back_to_what_was(consoles: Open) -> None:
    hall = Hall(4)
    hall.modes |= {3: "INSERT", 4: "OPEN"}
    one = consoles(hall)
    run = await one.carry_out((*opening(1, 2), *closing(3, 4)))
    plan = await one.bulk.undo(run.id)
    assert [(item.name, item.action, item.fate) for item in plan.items] == [
        ("port 1", "port.close", Fate.INCLUDED),
        ("port 2", "port.close", Fate.INCLUDED),
        ("port 3", "port.open", Fate.INCLUDED),
        ("port 4", "port.close", Fate.REFUSED),
    ]
    assert "cannot be read" in plan.items[3].reason
    back = await one.bulk.start(plan)
    await back.wait()
    assert hall.modes == {1: "CLOSED", 2: "CLOSED", 3: "INSERT", 4: "CLOSED"}
    assert [record.entry.detail["from_run"] for record in one.records("undo")] == [run.id]


async def test_a_journal_that_fills_up_stops_the_run(consoles: Open) -> None:
    hall = Hall(30)
    one = consoles(hall)
    run = await one.begin(opening(*range(1, 31)), fan_out=1, per_second=0.2)
    await eventually(lambda: len(hall.executed) >= 4)
    one.journal.full = True
    before = len(hall.executed)
    done = await run.wait()
    executed = len(hall.executed)
    assert ("journal" in done.reason, executed - before <= 1) == (True, True)
    assert sum(words(run).values()) == 30
    await asyncio.sleep(0.01)
    assert len(hall.executed) == executed
    one.journal.full = False
    intents = {record.entry.target for record in one.records("intent")}
    assert {f"port {port}" for _, port in hall.executed} <= intents


async def test_a_dry_run_sends_nothing(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    plan = await one.plan((*opening(1, 2), *run_out_and_close([3])))
    hall.modes[2] = "OPEN"
    said = {(one.name, one.would_send, one.predicted) for one in await one.bulk.rehearse(plan)}
    assert hall.received == []
    assert ("port 1", True, True) in said
    assert ("port 2", False, True) in said


async def test_too_few_ports_in_service_refuse_the_plan_and_the_send(consoles: Open) -> None:
    hall = Hall(4)
    hall.modes |= {1: "OPEN", 2: "OPEN", 3: "OPEN"}
    least = replace(QUICK, least_open_ports=2)
    one = consoles(hall, safety=least)
    with pytest.raises(PlanRefused, match="1 ports would be known to stay in service; at least 2"):
        await one.plan(closing(1, 2))
    plan = await one.plan(closing(1))
    hall.modes[2] = "CLOSED"
    await one.look(next(iter(one.bulk.known(opening(2)))))
    run = await one.bulk.start(plan)
    await run.wait()
    assert words(run) == {"skipped": 1}
    assert hall.received == []


async def test_so_many_commands_a_minute_and_no_more(consoles: Open) -> None:
    hall = Hall(10)
    one = consoles(hall, safety=replace(QUICK, commands_per_minute=3))
    for port in (1, 2, 3):
        assert (await one.commands.send(_single(one, port))).outcome == "accepted"
    barred = await one.commands.send(_single(one, 4))
    assert (barred.hindered, "within a minute" in str(barred.reason)) == (True, True)
    assert len(hall.received) == 3
