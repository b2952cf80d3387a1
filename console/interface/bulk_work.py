"""Bulk work from a key to a report: plan, preview, begin, watch, and what comes after a run.

Each is a conversation that the overview holds; whatever it leads to goes through a preview first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TypeVar

from console.interface.bulk_words import counted
from console.interface.drawing import Line, Tone, plain
from console.interface.identity import where
from console.interface.screens.bulk_preview import Answer, PlanPreview
from console.interface.screens.bulk_report import RunReport
from console.interface.screens.bulk_run import RunWatch
from console.interface.screens.bulk_runs import Runs
from console.interface.screens.bulk_table import Act, Wanted
from console.interface.screens.confirm import Confirm, Question
from console.interface.screens.form import Form, FormSpec, Values
from console.interface.screens.overview import Overview
from console.operations.authority import NotAllowed
from console.operations.bulk.action import Action
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.classes import Again
from console.operations.bulk.desk import Bulk
from console.operations.bulk.plan import Plan, PlanRefused
from console.operations.bulk.wishes import Wish, same_for_all
from console.operations.journal import JournalError
from console.outcome import CallFailed
from console.state.entities import Kind
from console.text import safe

T = TypeVar("T")
Make = Callable[[], Awaitable[Plan]]

NAMED = 12
"""Targets that the form names; the preview names all."""

READ_QUIETLY = 20
"""Targets up to which nobody is told that they are read."""

_REFUSALS = (PlanRefused, NotAllowed, JournalError, CallFailed, LookupError)


async def command_many(overview: Overview, action_id: str, targets: Sequence[int]) -> None:
    """Ask for the values of an action, and plan it for all targets."""
    action = ACTIONS[action_id]
    values: Values | None = {}
    if action.fields:
        values = await overview.app.push_screen_wait(Form(_form(overview, action, targets)))
    if values is not None:
        await plan_wishes(overview, same_for_all(action_id, targets, values))


async def plan_wishes(overview: Overview, wishes: Sequence[Wish]) -> None:
    """Plan what is wished for, on what is known now, and go on from there."""
    desk = desk_of(overview)
    if desk is None:
        return

    async def make() -> Plan:
        ports_only = all(ACTIONS[wish.action].looks_at is Kind.PORT for wish in wishes)
        if not ports_only and len(wishes) > READ_QUIETLY:
            overview.notify(f"reading {len(wishes)} targets ...", timeout=4, markup=False)
        # The ports of this site are read all the time; of anything else the store may be old.
        known = desk.known(wishes) if ports_only else await desk.survey(wishes)
        plan = desk.plan(wishes, known)
        await desk.record(plan)
        return plan

    await serve(overview, await carry_out(overview, make))


async def carry_out(overview: Overview, make: Make, otherwise: Wanted | None = None) -> Wanted | None:
    """Make a plan, show it, and begin and watch its run; returns what is wanted then.

    `make` returns plans that are recorded. `otherwise` is returned when nothing was begun.
    """
    desk = desk_of(overview)
    plan: Plan | None = None
    while desk is not None:
        if plan is None:
            plan = await _told(overview, make())
        answer = await _previewed(overview, desk, plan) if plan is not None else None
        if plan is None or answer is None:
            return otherwise
        if answer is Answer.AGAIN:
            plan = None
        elif answer is Answer.APPROVE:
            await _approve(overview, desk, plan)
        else:
            run = await _told(overview, desk.start(plan))
            if run is not None:
                overview.bulk.begun(run)
                return await _watched(overview, desk, run.id)
            if not plan.critical:  # one that waits for a second person is shown again
                return otherwise
    return otherwise


async def look_at_runs(overview: Overview) -> None:
    """Show the runs of this host, and do what is wanted of one, until the list is left."""
    desk = desk_of(overview)
    while desk is not None:
        wanted = await overview.app.push_screen_wait(Runs(desk, where(overview.who)))
        if wanted is None:
            return
        await serve(overview, wanted)


async def serve(overview: Overview, wanted: Wanted | None) -> None:
    """Do what is wanted of a run, and what is wanted then, and so on."""
    desk = desk_of(overview)
    while wanted is not None and desk is not None:
        wanted = await _served(overview, desk, wanted)


async def ask_before_leaving(overview: Overview) -> bool:
    """Ask whether to leave though runs of this console go on."""
    lines: list[Line] = [
        where(overview.who),
        ((f"Runs of this console that go on: {overview.bulk.going}.", Tone.WARN),),
        (("They end with it: what is under way becomes UNKNOWN, the rest is not started.", Tone.PLAIN),),
    ]
    question = Question(title="Leave?", verb="Leave", lines=lines, holds=overview.site.spec.single_seconds)
    return await overview.app.push_screen_wait(Confirm(question, overview.store.clock)) is True


def desk_of(overview: Overview) -> Bulk | None:
    """Return the way to bulk work, or say that there is none yet."""
    desk = overview.site.bulk
    if desk is None:
        overview.notify("not connected yet", severity="warning", markup=False)
    return desk


async def _served(overview: Overview, desk: Bulk, wanted: Wanted) -> Wanted | None:
    run_id, act = wanted
    match act:
        case Act.WATCH:
            return await _watched(overview, desk, run_id)
        case Act.REPORT:
            return await _reported(overview, desk, run_id)
        case Act.SETTLE:
            overview.run_worker(_settle(overview, desk, run_id), group="settle", exit_on_error=False)
            return None
        case Act.UNDO:
            return await carry_out(overview, lambda: desk.undo(run_id), Wanted(run_id, Act.REPORT))
        case _:
            which = Again(act.value)
            return await carry_out(overview, lambda: desk.again(run_id, which), Wanted(run_id, Act.REPORT))


async def _previewed(overview: Overview, desk: Bulk, plan: Plan) -> Answer | None:
    shown = desk.preview(plan, _hidden_names(overview))
    preview = PlanPreview(plan, shown, where(overview.who), lambda: desk.rehearse(plan), overview.store.clock)
    return await overview.app.push_screen_wait(preview)


async def _approve(overview: Overview, desk: Bulk, plan: Plan) -> None:
    async def approve() -> bool:
        await desk.approve(plan)
        return True

    if await _told(overview, approve()):
        words = f"plan {plan.short} is approved: who made it can begin it now"
        overview.notify(words, timeout=12, markup=False)


async def _watched(overview: Overview, desk: Bulk, run_id: str) -> Wanted | None:
    holds = overview.site.spec.single_seconds
    return await overview.app.push_screen_wait(
        RunWatch(desk, run_id, where(overview.who), overview.store.clock, holds=holds)
    )


async def _reported(overview: Overview, desk: Bulk, run_id: str) -> Wanted | None:
    try:
        report = await asyncio.to_thread(desk.report, run_id)
    except (LookupError, JournalError) as error:
        _refuse(overview, error)
        return None
    folder = overview.site.spec.state_dir / "reports"
    return await overview.app.push_screen_wait(
        RunReport(report, lambda: desk.report(run_id), where(overview.who), folder, overview.site.note_export)
    )


async def _settle(overview: Overview, desk: Bulk, run_id: str) -> None:
    """Settle what an interrupted run left, behind what is on the screen: each target is looked at twice."""
    overview.notify(f"settling run {run_id} ...", timeout=8, markup=False)
    report = await _told(overview, desk.recover(run_id))
    if report is not None:
        words = plain(counted(report.counts)).strip()
        overview.notify(f"run {run_id} is settled: {words}", timeout=12, markup=False)
    await overview.bulk.look()


async def _told(overview: Overview, work: Awaitable[T]) -> T | None:
    """Return what comes of some work, or tell why nothing does."""
    try:
        return await work
    except _REFUSALS as refusal:
        _refuse(overview, refusal)
        return None


def _refuse(overview: Overview, reason: Exception) -> None:
    words = f"no such run: {reason}" if isinstance(reason, LookupError) else str(reason)
    overview.notify(safe(words), severity="error", timeout=12, markup=False)


def _hidden_names(overview: Overview) -> Collection[str]:
    ports = {f"port {port_id}" for port_id in overview.ports.rows.hidden_marks}
    return ports | {f"device {device_id}" for device_id in overview.devices.rows.hidden_marks}


def _form(overview: Overview, action: Action, targets: Sequence[int]) -> FormSpec:
    def check(values: Mapping[str, object]) -> object:
        return action.check(targets[0], values, overview.site.spec.rule_profile)

    named = ", ".join(str(target) for target in targets[:NAMED]) + (" ..." if len(targets) > NAMED else "")
    return FormSpec(
        title=action.title.capitalize(),
        verb="Plan",
        lines=[where(overview.who), ((f"{len(targets)} {action.word}s: {named}", Tone.TITLE),)],
        fields=action.fields,
        call=action.method,
        check=check,
    )
