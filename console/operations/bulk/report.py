"""What a run came to, target by target, for CSV and JSON (operations-safety rules 26, 31 and 66); pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from console.operations import sheets
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.classes import REACHED, Class
from console.operations.bulk.history import Story
from console.operations.bulk.progress import RunState

COLUMNS = (
    *("number", "target", "action", "class", "code", "reason", "before", "after", "op", "asked_utc"),
    *("changed_utc", "run", "plan", "site", "operator", "login_uid", "approver"),
)


class ReportRow(Struct, frozen=True, kw_only=True):
    """One target; `before` and `after` are what the plan said of it, in words."""

    number: int
    target: str
    action: str
    title: str
    cls: Class
    code: int | None
    reason: str
    before: str
    after: str
    op: str
    asked_utc: datetime | None
    changed_utc: datetime | None


class Report(Struct, frozen=True, kw_only=True):
    """A run and what each of its targets came to; `counts` sums to the number of rows."""

    run: str
    plan: str
    title: str
    site: str
    mode: str
    operator: str
    login_uid: int | None
    approver: str
    parent: str
    state: RunState
    reason: str
    started_utc: datetime
    ended_utc: datetime | None
    counts: Mapping[Class, int]
    rows: tuple[ReportRow, ...]

    @property
    def reached(self) -> bool:
        """Whether every target is confirmed or was so already: what the exit code says (rule 31)."""
        return all(row.cls in REACHED for row in self.rows)


def report_of(story: Story, *, alive: bool) -> Report:
    """Return the report of a run; `alive` says whether its console still carries it out."""
    progress = story.progress(story.last_at, alive=alive)
    plan = story.plan
    return Report(
        run=story.run,
        plan=plan.digest,
        title=plan.title,
        site=story.site,
        mode=plan.mode,
        operator=story.actor.operator,
        login_uid=story.actor.login_uid,
        approver=story.approver,
        parent=plan.link.run if plan.link else "",
        state=progress.state,
        reason=progress.reason,
        started_utc=story.started_utc,
        ended_utc=_time(story.ended),
        counts=story.tally.counts,
        rows=tuple(
            ReportRow(
                number=item.number,
                target=item.name,
                action=item.action,
                title=ACTIONS[item.action].title if item.action in ACTIONS else item.action,
                cls=done.cls,
                code=done.code,
                reason=done.reason,
                before=item.before,
                after=item.after,
                op=done.op,
                asked_utc=_time(command.asked if (command := story.commands.get(item.number)) else None),
                changed_utc=_time(done.at or None),
            )
            for item, done in zip(plan.items, story.tally.items, strict=True)
        ),
    )


def as_csv(report: Report) -> str:
    """Return a report as CSV, a row a target; nothing in it becomes a formula."""
    shared = {
        "run": report.run,
        "plan": report.plan,
        "site": report.site,
        "operator": report.operator,
        "login_uid": report.login_uid,
        "approver": report.approver,
    }
    return sheets.as_csv(({**_row(row), **shared} for row in report.rows), COLUMNS)


def _row(row: ReportRow) -> Mapping[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(row)
    return {**plain, "class": row.cls.value}


def as_json(report: Report) -> Mapping[str, Any]:
    """Return a report as plain data that JSON can hold."""
    plain: dict[str, Any] = msgspec.to_builtins(report)
    for row in plain["rows"]:
        row["class"] = row.pop("cls")
    return {**plain, "reached": report.reached}


def _time(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
