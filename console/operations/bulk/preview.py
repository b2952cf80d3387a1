"""What a person must see before a plan is begun: the resolved targets and all that speaks against it; pure.

Rules 12, 13 and 19 of operations-safety; the interface and the command line draw it, each in its way.
"""

from collections.abc import Container, Mapping

from msgspec import Struct

from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.plan import Fate, Moment, Plan, age_of
from console.settings.tables import Safety


class PreviewRow(Struct, frozen=True):
    """One target: its state now and then in words, and how old that knowledge was, in seconds.

    `action` is an id of `actions.ACTIONS`, `title` the same in words.
    """

    number: int
    name: str
    action: str
    title: str
    before: str
    after: str
    fate: Fate
    reason: str
    age: float | None
    hidden: bool
    step: int


class Preview(Struct, frozen=True, kw_only=True):
    """A plan as it is shown.

    `count` targets will be commanded, of `total`. `fates` counts all of them. `oldest` is the age in
    seconds of the oldest knowledge it rests on, `stale` how many targets were left out for theirs,
    `hidden` how many of those to be commanded a filter hides. Above the limit the count is typed, and
    for critical commands the site too. `seconds_left` is how long the plan still holds.
    """

    site: str
    mode: str
    operator: str
    title: str
    digest: str
    count: int
    total: int
    fates: Mapping[Fate, int]
    oldest: float | None
    stale: int
    hidden: int
    count_typed: bool
    site_typed: bool
    needs_approval: bool
    seconds_left: float
    rows: tuple[PreviewRow, ...]


def preview(plan: Plan, safety: Safety, now: Moment, hidden: Container[str] = ()) -> Preview:
    """Return what is to be shown of a plan; `hidden` are names of targets that a filter hides."""
    rows = tuple(
        PreviewRow(
            number=item.number,
            name=item.name,
            action=item.action,
            title=ACTIONS[item.action].title if item.action in ACTIONS else item.action,
            before=item.before,
            after=item.after,
            fate=item.fate,
            reason=item.reason,
            age=item.age,
            hidden=item.name in hidden,
            step=item.step,
        )
        for item in plan.items
    )
    included = [row for row in rows if row.fate is Fate.INCLUDED]
    return Preview(
        site=plan.site,
        mode=plan.mode,
        operator=plan.operator,
        title=plan.title,
        digest=plan.digest,
        count=len(included),
        total=len(rows),
        fates={fate: count for fate in Fate if (count := sum(row.fate is fate for row in rows))},
        oldest=max((row.age for row in included if row.age is not None), default=None),
        stale=sum(row.fate is Fate.SKIPPED for row in rows),
        hidden=sum(row.hidden for row in included),
        count_typed=len(included) > safety.typed_above,
        site_typed=plan.critical,
        needs_approval=plan.critical,
        seconds_left=max(plan.lasts - age_of(plan, now), 0.0),
        rows=rows,
    )
