"""Begins runs: a plan that is still what was shown, from here, approved if need be, and not begun before."""

import secrets
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from console.operations.actor import may_be_same
from console.operations.authority import NotAllowed
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.begin import begin_once
from console.operations.bulk.machine import Rules, initial
from console.operations.bulk.place import Place, moment, unix_now
from console.operations.bulk.plan import Plan, PlanRefused, why_not_now
from console.operations.bulk.plan_files import unchanged
from console.operations.bulk.planning import is_critical
from console.operations.bulk.runner import Run, Tools
from console.operations.journal import Barred, Entry, JournalError, Record, RecordKind
from console.settings.tables import Safety


class RunOptions(Struct, frozen=True):
    """What one run does otherwise than the settings say; None is as they say.

    `fan_out` is 1 to 16 commands at a time, `per_second` commands, 0 without a limit.
    """

    fan_out: int | None = None
    per_second: float | None = None
    pause_after_first: bool | None = None


async def start(place: Place, plan: Plan, options: RunOptions) -> Run:
    """Begin a plan.

    Raises:
        PlanRefused: it was changed, has expired, was not made on this host or for this site, was begun
            before, rests on secrets that were not kept, has targets that another run holds, or needs an
            approval it has not.
        NotAllowed: read-only, the role, or the journal cannot be written.
        ValueError: a fan-out outside 1 to 16.
    """
    rules = rules_of(place.safety, options)
    if place.authority.refusal is not None:
        raise NotAllowed(place.authority.refusal)
    _fits_here(place, plan)
    approval = _approval(place, plan) if _is_critical(place.safety, plan) else None
    run_id = f"r{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    tools = Tools(place.commands, place.ledger, place.look, place.safety, place.sleep)
    run = Run(run_id, plan, rules, tools)
    now = unix_now()
    beside = begin_once(
        place.journal.site,
        plan.digest,
        sorted({item.name for item in plan.included}),
        (run_id, place.actor.operator),
        now=now,
        expires=now + place.safety.lease_seconds,
    )
    try:
        await run.begin(_beginning(run_id, plan, rules, approval), beside)
    except Barred as barred:
        raise PlanRefused(str(barred)) from None
    except JournalError as error:
        raise NotAllowed(f"no run without a journal: {error}") from error
    return run


def rules_of(safety: Safety, options: RunOptions) -> Rules:
    """Return what a run keeps to.

    Raises:
        ValueError: a fan-out outside 1 to 16.
    """
    fan_out = safety.fan_out if options.fan_out is None else options.fan_out
    if not 1 <= fan_out <= 16:
        raise ValueError(f"fan-out {fan_out}: wanted 1 to 16")
    per_second = safety.commands_per_second if options.per_second is None else options.per_second
    if safety.commands_per_minute:
        a_minute = safety.commands_per_minute / 60
        per_second = min(per_second, a_minute) if per_second else a_minute
    pause = safety.pause_after_first if options.pause_after_first is None else options.pause_after_first
    return Rules(
        fan_out=fan_out,
        per_second=per_second,
        pause_after_first=pause,
        stop_failures=safety.stop_failures,
        stop_percent=safety.stop_percent,
        stop_most=safety.stop_most,
        stop_lost=safety.stop_lost,
    )


def _fits_here(place: Place, plan: Plan) -> None:
    unchanged(plan)
    if len(plan.items) > place.safety.most_targets:
        raise PlanRefused(f"{len(plan.items)} targets: a run has at most {place.safety.most_targets} here")
    reason = why_not_now(plan, place.journal.site, place.journal.mode, moment())
    if reason is not None:
        raise PlanRefused(reason)
    if place.archive.plan(plan.digest).digest != plan.digest:
        raise PlanRefused("this plan was not made on this host")


def _beginning(run_id: str, plan: Plan, rules: Rules, approval: Record | None) -> Entry:
    state = initial(plan, rules)
    return Entry(
        kind=RecordKind.RUN_START,
        run=run_id,
        plan=plan.digest,
        reason=plan.title,
        detail={
            "targets": len(plan.included),
            "waves": len(state.waves),
            "fan_out": rules.fan_out,
            **({"approver": approval.actor.operator} if approval else {}),
            **({"from_run": plan.link.run, "how": plan.link.how} if plan.link else {}),
        },
    )


# A second person (rule 17)


def _is_critical(safety: Safety, plan: Plan) -> bool:
    """Return whether a plan needs an approval: as it was made, or by the settings of this console."""
    return plan.critical or any(
        is_critical(safety, ACTIONS[item.action], item.arguments) for item in plan.included
    )


async def approve(place: Place, plan: Plan) -> None:
    """Approve what somebody else wants to do.

    Raises:
        NotAllowed: this person must not approve: the role, or it is their own plan.
        PlanRefused: as `start`, or nothing in it needs an approval. JournalError: it is not recorded.
    """
    if not place.authority.may_approve:
        raise NotAllowed(f"the role {place.authority.role.value} approves nothing here")
    _fits_here(place, plan)
    if not _is_critical(place.safety, plan):
        raise PlanRefused("nothing in this plan needs an approval")
    maker = place.archive.maker(plan.digest)
    if maker is not None and may_be_same(maker.actor, place.actor):
        raise NotAllowed("nobody approves a plan of their own")
    told = Entry(
        kind=RecordKind.APPROVAL,
        plan=plan.digest,
        reason=plan.title,
        detail={"seconds": place.safety.approval_seconds},
    )
    await place.journal.write(told)


def _approval(place: Place, plan: Plan) -> Record:
    """Return the approval of a plan that holds now, by somebody else than who begins it.

    Raises:
        PlanRefused: there is none.
    """
    now = datetime.now(UTC)
    found = place.archive.approvals(plan.digest)
    if not found:
        raise PlanRefused(f"the plan is critical: a second person has to approve {plan.short}")
    others = [record for record in found if not may_be_same(record.actor, place.actor)]
    if not others:
        raise PlanRefused("the plan is critical, and was approved by you only")
    newest = others[-1]
    if now - newest.utc > timedelta(seconds=place.safety.approval_seconds):
        raise PlanRefused("its approval has expired")
    return newest
