"""Runs of this console without the journal, and what others are told: stopping, ended, left, overtaken."""

import asyncio

import pytest
from msgspec.structs import replace
from patience import eventually

from console.operations.authority import Authority, NotAllowed
from console.operations.bulk.classes import Class
from console.operations.bulk.place import unix_now
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.progress import RunState
from console.operations.journal import Entry, RecordKind
from console.operations.leases import held
from console.settings.tables import Role

from .consoles import QUICK, SITE, actor
from .hall import Console, Hall, Open, closing, opening, words

BRIEF = replace(QUICK, lease_seconds=2.0)
"""Targets are soon free again once a console is gone."""


async def test_a_run_of_this_console_is_asked_and_followed_without_the_journal(consoles: Open) -> None:
    hall = Hall(6)
    one = consoles(hall)
    hall.gate.clear()
    run = await one.begin(opening(*range(1, 7)))
    assert one.bulk.own == {run.id: run}
    following = one.bulk.follow(run.id)
    assert (await anext(following)).counts == run.progress.counts
    one.journal.full = True
    await one.bulk.ask(run.id, "pause")
    assert one.bulk.progress_of(run.id).reason == run.progress.reason == "paused by tess"
    one.journal.full = False
    await one.bulk.ask(run.id, "resume")
    hall.gate.set()
    followed = [progress async for progress in following]
    assert (followed[-1].state, followed[-1].counts) == (RunState.ENDED, {Class.CONFIRMED: 6})
    assert one.bulk.own == {}
    assert one.records("asked") == []
    with pytest.raises(LookupError):
        await one.bulk.ask("r-nowhere", "abort")


async def test_who_commands_nothing_asks_nothing_of_a_run(consoles: Open) -> None:
    hall = Hall(6)
    one = consoles(hall)
    run = await one.begin(opening(1, 2), fan_out=1)
    for authority in (Authority(role=Role.VIEWER), Authority(role=Role.APPROVER), Authority(read_only=True)):
        other = consoles(hall, authority=authority, who=actor("vera", 1002))
        assert other.bulk.refusal
        with pytest.raises(NotAllowed, match=other.bulk.refusal):
            await other.bulk.ask(run.id, "abort")
    assert one.bulk.refusal is None
    await run.wait()
    assert words(run) == {"confirmed": 2}


async def test_others_see_that_a_run_stops_and_why(consoles: Open) -> None:
    hall = Hall(6)
    one, other = consoles(hall), consoles(hall)
    hall.gate.clear()
    run = await one.begin(opening(*range(1, 7)))
    await eventually(lambda: hall.under_way > 0)
    run.abort("olga")
    await eventually(lambda: other.bulk.progress_of(run.id).state is RunState.STOPPING)
    assert other.bulk.progress_of(run.id).reason == "aborted by olga"
    hall.gate.set()
    await run.wait()
    assert other.bulk.progress_of(run.id).state is RunState.ENDED


async def test_a_run_that_ended_stands_still(consoles: Open) -> None:
    one = consoles(Hall(2))
    run = await one.carry_out(opening(1, 2))
    took = run.progress
    await asyncio.sleep(0.02)
    assert run.progress == took
    (told,) = one.bulk.runs()
    assert told.progress.elapsed == one.bulk.progress_of(run.id).elapsed
    assert told.started_utc == one.bulk.report(run.id).started_utc
    assert told.started_utc.utcoffset() is not None
    shown = one.bulk.preview(run.plan)
    assert {(row.action, row.title) for row in shown.rows} == {("port.open", "open port")}


async def test_what_is_left_on_its_way_is_still_held(consoles: Open) -> None:
    hall = Hall(4)
    one, other = consoles(hall), consoles(hall)
    hall.will(1, "stuck")
    run = await one.begin(opening(1, 2, 3), fan_out=1)
    await eventually(lambda: hall.under_way == 1)
    await run.leave()
    assert (run.progress.state, words(run)) == (RunState.ENDED, {"unknown": 1, "not_started": 2})
    with pytest.raises(PlanRefused, match="held by another run: port 1 "):
        await other.plan(opening(1, 2))
    assert words(await other.carry_out(opening(2))) == {"confirmed": 1}
    await other.bulk.recover(run.id)
    assert held(other.directory, SITE, 0.0) == {}
    assert words(await other.carry_out(opening(1))) == {"confirmed": 1}


async def test_the_end_of_a_run_is_told_once_the_disk_has_room_again(consoles: Open) -> None:
    hall = Hall(30)
    one, other = consoles(hall), consoles(hall)
    run = await one.begin(opening(*range(1, 31)), fan_out=1, per_second=0.2)
    await eventually(lambda: len(hall.executed) >= 2)
    one.journal.full = True
    await run.wait()
    assert other.bulk.progress_of(run.id).state is RunState.RUNNING
    one.journal.full = False
    await one.journal.write(Entry(kind=RecordKind.ACK))
    told = other.bulk.progress_of(run.id)
    assert (told.state, "journal" in told.reason) == (RunState.ENDED, True)
    report = await other.bulk.recover(run.id)
    assert not report.counts.keys() & {Class.SENDING, Class.UNKNOWN}
    assert report.counts[Class.NOT_STARTED] >= 20


async def killed(one: Console, ports: int, *, arrives: bool) -> str:
    """Begin a run on so many ports, kill its console with the first under way, and return the run."""
    one.hall.gate.clear()
    run = await one.begin(opening(*range(1, ports + 1)), fan_out=ports)
    await eventually(lambda: one.hall.under_way == 1)
    await one.kill(lambda port: arrives)
    one.hall.gate.set()
    return run.id


async def test_an_interrupted_run_that_was_settled_says_so(consoles: Open) -> None:
    hall = Hall(4)
    run = await killed(consoles(hall), 3, arrives=True)
    other = consoles(hall)
    assert other.bulk.progress_of(run).reason == "its console ended"
    report = await other.bulk.recover(run)
    assert (report.state, report.reason) == (
        RunState.INTERRUPTED,
        "its console ended; what was under way is settled",
    )
    assert other.bulk.runs()[0].progress.reason == report.reason


async def test_what_others_did_since_is_not_taken_for_the_doing_of_a_lost_command(consoles: Open) -> None:
    hall = Hall(4)
    run = await killed(consoles(hall, safety=BRIEF), 1, arrives=True)
    other = consoles(hall)
    await eventually(lambda: not held(other.directory, SITE, unix_now()))
    assert words(await other.carry_out(closing(1))) == {"confirmed": 1}
    report = await other.bulk.recover(run)
    assert report.counts == {Class.STILL_UNKNOWN: 1}
    assert report.rows[0].reason == "its target was commanded again before anybody looked"
    assert report.reason.endswith("is settled, except for 1 that nobody can tell")


async def test_nothing_is_settled_while_another_run_commands_the_same_target(consoles: Open) -> None:
    hall = Hall(4)
    run = await killed(consoles(hall, safety=BRIEF), 1, arrives=False)
    other, third = consoles(hall), consoles(hall)
    await eventually(lambda: not held(other.directory, SITE, unix_now()))
    hall.gate.clear()
    going = await other.begin(opening(1, 2))
    with pytest.raises(PlanRefused, match=f"port 1 is held by run {going.id}"):
        await third.bulk.recover(run)
    hall.gate.set()
    await going.wait()
    assert (await third.bulk.recover(run)).state is RunState.INTERRUPTED
