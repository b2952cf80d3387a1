"""What is left when a console is killed: found by the next one, settled, and offered again."""

import asyncio
import os

import pytest
from patience import eventually

from console.operations.authority import Authority, NotAllowed
from console.operations.bulk import detached
from console.operations.bulk.classes import Again, Class
from console.operations.bulk.plan import Fate, PlanRefused
from console.operations.bulk.progress import RunState
from console.operations.bulk.runner import Run
from console.operations.bulk.survey import known_from, survey
from console.operations.bulk.wishes import run_out_and_close
from console.operations.commands import PORT_COMMANDS, any_order
from console.operations.journal import Entry, RecordKind, unended
from console.operations.leases import held, release
from console.operations.processes import boot_id, lives
from console.settings.tables import Role
from console.state.entities import Key, Kind, SourceName

from .consoles import SITE
from .hall import Console, Hall, Open, closing, opening, words


async def test_an_interrupted_run_is_named_settled_and_the_rest_offered(consoles: Open) -> None:
    hall = Hall(12)
    one = consoles(hall)
    run = await one.begin(opening(*range(1, 13)), fan_out=2)
    await eventually(lambda: len(hall.executed) >= 3)
    hall.gate.clear()
    await eventually(lambda: hall.under_way == 2)
    first = hall.received[-2][1]
    await one.kill(lambda port: port == first)
    hall.gate.set()

    other = consoles(hall)
    (told,) = other.bulk.interrupted()
    assert (told.run, told.alive, told.progress.state) == (run.id, False, RunState.INTERRUPTED)
    assert sum(told.progress.counts.values()) == 12
    report = await other.bulk.recover(run.id)
    classes = {row.number: row.cls.value for row in report.rows}
    assert classes[first] == "applied"
    assert list(classes.values()).count("not_applied") == 1
    assert report.state is RunState.INTERRUPTED
    assert other.bulk.interrupted() == ()

    lost = await other.bulk.again(run.id, Again.NOT_APPLIED)
    rest = await other.bulk.again(run.id, Again.NOT_STARTED)
    assert len(lost.included) == 1
    assert len(rest.included) == list(classes.values()).count("not_started")
    for plan in (lost, rest):
        await (await other.bulk.start(plan)).wait()
    assert set(hall.modes.values()) == {"OPEN"}
    assert len(hall.executed) == 12


async def test_a_run_that_was_left_with_something_unknown_is_named_and_settled(consoles: Open) -> None:
    hall = Hall(4)
    one, other = consoles(hall), consoles(hall)
    hall.will(1, "stuck")
    run = await one.begin(opening(1, 2), fan_out=1)
    await eventually(lambda: hall.under_way == 1)
    await run.leave()
    assert words(run) == {"unknown": 1, "not_started": 1}
    assert other.bulk.interrupted() == (), "its console settles it"
    await one.kill()
    assert [told.run for told in other.bulk.interrupted()] == [run.id]
    counts = (await other.bulk.recover(run.id)).counts
    assert dict(counts) == {Class.NOT_APPLIED: 1, Class.NOT_STARTED: 1}
    assert (other.bulk.interrupted(), unended(other.directory)) == ((), [])


async def test_a_run_that_goes_on_is_not_recovered(consoles: Open) -> None:
    hall = Hall(4)
    one, other = consoles(hall), consoles(hall)
    hall.gate.clear()
    run = await one.begin(opening(1, 2))
    with pytest.raises(PlanRefused, match="is still carried out"):
        await other.bulk.recover(run.id)
    hall.gate.set()
    await run.wait()
    with pytest.raises(LookupError):
        await other.bulk.recover("r-nonsense")


async def interrupted(one: Console, hall: Hall) -> Run:
    """Begin to open two ports and die under the first; nobody is answered until the gate is set."""
    hall.gate.clear()
    run = await one.begin(opening(1, 2))
    await eventually(lambda: hall.under_way == 1)
    await one.kill()
    return run


async def test_two_consoles_do_not_recover_the_same_run_at_once(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    run = await interrupted(one, hall)
    hall.gate.set()
    a, b = consoles(hall), consoles(hall)
    assert "done" in await asyncio.gather(_refused_or_done(a, run.id), _refused_or_done(b, run.id))
    kinds = [record.entry.kind for record in a.records("run_end", "settled")]
    assert kinds.count("run_end") == 1


async def _refused_or_done(one: Console, run: str) -> str:
    try:
        await one.bulk.recover(run)
    except PlanRefused as refusal:
        return str(refusal)
    return "done"


@pytest.mark.parametrize(("arrives", "word"), [(True, "applied"), (False, "not_applied")])
async def test_single_commands_are_settled_too(consoles: Open, arrives: bool, word: str) -> None:
    hall = Hall(4)
    one = consoles(hall)
    await one.look(Key(Kind.PORT, 3))
    opens = next(command for command in PORT_COMMANDS if command.id == "port.open")
    hall.gate.clear()
    sending = asyncio.ensure_future(one.commands.send(opens.order(one.store.ports[3], {"category": (1,)})))
    await eventually(lambda: hall.under_way == 1)
    await one.kill(lambda port: arrives)
    hall.gate.set()
    assert sending.cancelled()

    other = consoles(hall)
    assert len(await other.bulk.recover_commands()) == 1
    assert await other.bulk.recover_commands() == ()
    told = [(record.entry.kind.value, record.entry.outcome) for record in other.records()][-2:]
    assert told == [("outcome", "unknown"), ("settled", word)]


async def test_a_call_that_nothing_shows_stays_unknown_for_a_person(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    hall.gate.clear()
    raw = any_order(SourceName.AUTOSTORE, "closeport", {"port_id": 3})
    sending = asyncio.ensure_future(one.commands.send(raw))
    await eventually(lambda: hall.under_way == 1)
    await one.kill()
    hall.gate.set()
    other = consoles(hall)
    assert len(await other.bulk.recover_commands()) == 1
    assert other.records()[-1].entry.outcome == "still_unknown"
    assert sending.cancelled()


async def test_a_command_is_found_however_much_was_recorded_since(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    op = await left(one, hall, 3)
    other = consoles(hall)
    done = (
        Entry(kind=kind, op=f"op{number}", outcome=outcome)
        for number in range(1100)
        for kind, outcome in ((RecordKind.INTENT, ""), *ENDINGS[number % len(ENDINGS)])
    )
    await other.journal.write(*done)
    assert {record.entry.op for record in unended(other.directory)} == {op}
    assert [one.op for one, _ in await other.bulk.recover_commands()] == [op]
    assert (unended(other.directory), other.bulk.left_commands()) == ([], ())


async def left(one: Console, hall: Hall, port: int) -> str:
    """Command a port and die while nobody knows what comes of it; returns the command's id."""
    hall.gate.clear()
    raw = any_order(SourceName.AUTOSTORE, "closeport", {"port_id": port})
    sending = asyncio.ensure_future(one.commands.send(raw))
    await eventually(lambda: hall.under_way == 1)
    await one.kill()
    hall.gate.set()
    assert sending.cancelled()
    return one.records("intent")[-1].entry.op


ENDINGS = (
    ((RecordKind.OUTCOME, "accepted"), (RecordKind.SETTLED, "confirmed")),
    ((RecordKind.OUTCOME, "unknown"), (RecordKind.SETTLED, "still_unknown")),
    ((RecordKind.OUTCOME, "refused"),),
    ((RecordKind.OUTCOME, "not_sent"),),
    ((RecordKind.NOT_STARTED, "not_started"),),
)
"""What may come after an INTENT, so that nothing more is to come."""


async def test_two_consoles_settle_what_was_left_once(consoles: Open) -> None:
    hall = Hall(4)
    await left(consoles(hall), hall, 3)
    a, b = consoles(hall), consoles(hall)
    ends = await asyncio.gather(a.bulk.recover_commands(), b.bulk.recover_commands(), return_exceptions=True)
    assert sum(isinstance(end, tuple) and len(end) for end in ends) == 1
    assert len(a.records("settled")) == 1


@pytest.mark.parametrize("system", ["MOR", ""])
async def test_a_command_is_settled_at_the_system_it_was_for(consoles: Open, system: str) -> None:
    one = consoles(Hall(4))
    rule = {"device_rule_id": 7}
    told = Entry(kind=RecordKind.INTENT, op="op1", action="device_rule_delete", arguments=rule, system=system)
    await one.journal.write(told)
    one.journal.dead = True
    await one.journal.close()
    other = consoles(Hall(4))
    (found,) = other.bulk.left_commands()
    assert found.order.system is SourceName.MOR
    assert await other.bulk.recover_commands() == (), "this site has no switch to look at"
    assert len(other.bulk.left_commands()) == 1


async def test_an_intent_names_its_system(consoles: Open) -> None:
    one = consoles(Hall(4))
    await one.commands.send(any_order(SourceName.AUTOSTORE, "closeport", {"port_id": 3}))
    (intent,) = one.records("intent")
    assert intent.entry.system == "AutoStore"


@pytest.mark.parametrize(
    "authority", [Authority(role=Role.VIEWER), Authority(role=Role.APPROVER), Authority(read_only=True)]
)
async def test_who_gives_no_commands_plans_and_settles_none_and_asks_nothing_of_a_run(
    consoles: Open, authority: Authority
) -> None:
    hall = Hall(4)
    one = consoles(hall)
    run = await interrupted(one, hall)
    hall.pending.clear()
    await left(consoles(hall), hall, 3)
    viewer = Console(hall, one.directory, authority=authority)
    before = len(viewer.records())
    desk = viewer.bulk
    works = (desk.recover(run.id), desk.recover_commands(), desk.ask(run.id, "abort"), desk.record(run.plan))
    for work in works:
        with pytest.raises(NotAllowed):
            await work
    assert (len(viewer.records()), len(desk.left_commands()), len(desk.interrupted())) == (before, 1, 1)
    await viewer.close()


async def test_who_gives_no_commands_still_tries_what_would_come_after_a_run(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    hall.will(2, "refuse")
    run = await one.carry_out(opening(1, 2))
    before = len(one.records())
    desk = consoles(hall, authority=Authority(role=Role.VIEWER)).bulk
    retry, back = await desk.again(run.id, Again.FAILED, keep=False), await desk.undo(run.id, keep=False)
    assert [[item.target for item in plan.included] for plan in (retry, back)] == [[2], [1]]
    for work in (desk.again(run.id, Again.FAILED), desk.undo(run.id)):
        with pytest.raises(NotAllowed):
            await work
    assert len(one.records()) == before


async def test_a_run_of_another_site_is_not_there(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    run = await interrupted(one, hall)
    other = Console(Hall(4), one.directory, site="Yard")
    desk = other.bulk
    works = (desk.recover(run.id), desk.again(run.id, Again.NOT_STARTED), desk.undo(run.id))
    for work in (*works, desk.ask(run.id, "abort")):
        with pytest.raises(LookupError):
            await work
    for told in (desk.report, desk.progress_of):
        with pytest.raises(LookupError):
            told(run.id)
    assert other.records("settled", "outcome", "retry", "resume", "asked") == []
    await other.close()


async def test_what_stayed_unknown_is_left_out_of_a_retry_and_looked_at_again(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    hall.will(1, "refuse")
    hall.will(2, "lost")
    run = await one.begin(opening(1, 2, 3))
    await eventually(lambda: run.progress.counts.get(Class.UNKNOWN) == 1)
    hall.blind.add(2)
    await asyncio.wait_for(run.wait(), 20)
    assert words(run) == {"refused": 1, "still_unknown": 1, "confirmed": 1}
    plan = await one.bulk.again(run.id, Again.FAILED)
    assert [(item.target, item.fate) for item in plan.items] == [(1, Fate.INCLUDED), (2, Fate.SKIPPED)]
    assert "nobody can say" in plan.items[1].reason
    with pytest.raises(PlanRefused, match="no target"):
        await one.bulk.again(run.id, Again.NOT_APPLIED)
    hall.blind.clear()
    assert (await one.bulk.recover(run.id)).counts[Class.APPLIED] == 1
    assert len((await one.bulk.again(run.id, Again.FAILED)).items) == 1


async def test_targets_of_a_killed_run_are_held_until_it_is_recovered(consoles: Open) -> None:
    hall = Hall(4)
    one = consoles(hall)
    run = await interrupted(one, hall)
    hall.gate.set()
    other = consoles(hall)
    with pytest.raises(PlanRefused, match="held by another run"):
        await other.plan(opening(2))
    await other.bulk.recover(run.id)
    done = await other.carry_out(opening(2))
    assert words(done) == {"confirmed": 1}
    assert held(other.directory, SITE, 0.0) == {}


async def test_what_is_believed_counts_only_while_it_is_live(consoles: Open) -> None:
    hall = Hall(3)
    one = consoles(hall)
    hall.blind.add(2)
    keys = [Key(Kind.PORT, port) for port in (1, 2, 3)]
    assert {seen.reason for seen in known_from(one.store, keys).values()} == {"never seen"}
    seen = await survey(one.look, keys)
    assert [bool(seen[key].belief) for key in keys] == [True, False, True]
    assert seen[keys[1]].reason == "its state could not be read: no answer"
    known = known_from(one.store, keys)
    assert (known[keys[0]].reason, known[keys[1]].reason) == ("", "never seen")
    one.store.distrust()
    assert "old" in known_from(one.store, keys)[keys[0]].reason
    assert known_from(one.store, [Key(Kind.DEVICE, 1)])[Key(Kind.DEVICE, 1)].reason == "never seen"


async def test_every_mode_is_planned_from_what_the_store_believes(consoles: Open) -> None:
    hall = Hall(2)
    hall.modes[2] = "INSERT"
    one = consoles(hall)
    wishes = (*opening(1), *closing(2))
    await one.bulk.survey(wishes)
    plan = one.bulk.plan(wishes, one.bulk.known(wishes))
    assert [item.after for item in plan.items] == ["mode OPEN, category 1", "mode CLOSED"]
    assert all(item.age is not None for item in plan.items)


def test_a_verb_runs_on_without_the_terminal_it_was_started_from() -> None:
    pid = detached.start(["--version"])
    session = os.getsid(pid)
    _, status = os.waitpid(pid, 0)
    assert (session, os.waitstatus_to_exitcode(status)) == (pid, 0)
    assert not lives(f"{pid}:0", boot_id())


async def test_the_rest_leaves_out_targets_of_which_an_earlier_step_is_unknown(consoles: Open) -> None:
    hall = Hall(2)
    hall.modes |= {1: "OPEN", 2: "OPEN"}
    one = consoles(hall)
    hall.will(1, "stuck")
    run = await one.begin(run_out_and_close([1, 2]), fan_out=1)
    await eventually(lambda: hall.under_way == 1)
    await run.leave()
    assert words(run) == {"unknown": 1, "not_started": 3}
    await one.journal.write(beside=release(run.id))  # as if a while had passed
    rest = await one.bulk.again(run.id, Again.NOT_STARTED)
    assert [(item.target, item.fate) for item in rest.items if item.target == 1] == [(1, Fate.SKIPPED)]
    assert {item.target for item in rest.included} == {2}
