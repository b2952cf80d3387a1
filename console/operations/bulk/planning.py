"""From wishes and what is known of their targets to a plan; pure.

Every target is judged on its own; what makes the whole plan wrong refuses it, and nothing of it is
carried out (operations-safety rules 12, 15, 16 and 18).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from console.fields import Invalid
from console.mor.calls import Profile
from console.operations.authority import named
from console.operations.beliefs import Belief, plain
from console.operations.bulk.action import Action, Judged
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.plan import Fate, Link, Moment, Plan, Planned, PlanRefused, sealed
from console.operations.bulk.wishes import EMPTY, Wish
from console.operations.commands import command_id
from console.operations.leases import Lease
from console.operations.limits import takes_out, too_few
from console.secret import HIDDEN
from console.settings.tables import Safety
from console.state.entities import Key, Kind, Port, SourceName
from console.text import safe

NAMED = 5
"""Targets that are named in a refusal of the whole plan; the rest is counted."""

LONGEST = 1000
"""Characters of anything that is said of a target."""


class Seen(Struct, frozen=True):
    """What is known of a target: `age` in seconds; of one that cannot be judged by, `reason` says why."""

    belief: Belief | None = None
    age: float | None = None
    reason: str = ""


Known = Mapping[Key, Seen]


class Ground(Struct, frozen=True, kw_only=True):
    """What a plan is made on: the site, the person, the moment, the limits, and who holds what.

    `ports` are all of the site as they are believed to be, by id; `stale` are those of which that is not
    known to be so now.
    """

    site: str
    mode: str
    operator: str
    host: str
    now: Moment
    safety: Safety
    systems: Collection[SourceName]
    ports: Mapping[int, Port] = {}
    stale: Collection[int] = frozenset()
    held: Mapping[str, Lease] = {}
    profile: Profile = Profile.Y2019


def keys_of(wishes: Iterable[Wish]) -> tuple[Key, ...]:
    """Return what has to be looked at to judge the wishes, each key once.

    Raises:
        PlanRefused: there is no such action.
    """
    return tuple(dict.fromkeys(_action(wish).key(wish.target) for wish in wishes))


def plan_of(
    wishes: Sequence[Wish], known: Known, ground: Ground, *, title: str = "", link: Link | None = None
) -> Plan:
    """Return the plan that the wishes make.

    Raises:
        PlanRefused: nothing is asked for, a target twice or unknown to the site, more targets than
            are allowed, one that another run holds, or too few ports would stay in service.
    """
    _refuse_what_is_wrong(wishes, ground)
    ordered = sorted(wishes, key=lambda wish: wish.step)
    judged = [_judged(number, wish, known, ground) for number, wish in enumerate(ordered, start=1)]
    items = tuple(_without_needless_steps(judged))
    _refuse_harm(items, ground)
    critical = any(item.critical and item.fate is Fate.INCLUDED for item in items)
    safety, single = ground.safety, sum(item.fate is Fate.INCLUDED for item in items) <= 1
    lasts = safety.single_seconds if single else safety.plan_seconds
    return sealed(
        Plan(
            title=safe(title or _title(items), LONGEST),
            site=ground.site,
            mode=ground.mode,
            operator=safe(ground.operator),
            host=safe(ground.host),
            made_utc=ground.now.utc,
            made_clock=ground.now.clock,
            boot_id=ground.now.boot_id,
            lasts=safety.approval_seconds if critical else lasts,
            items=items,
            link=link,
        )
    )


def _action(wish: Wish) -> Action:
    action = ACTIONS.get(wish.action)
    if action is None:
        raise PlanRefused(f"there is no {safe(wish.action, 40)}: wanted one of {', '.join(ACTIONS)}")
    return action


def _refuse_what_is_wrong(wishes: Sequence[Wish], ground: Ground) -> None:
    if not wishes:
        raise PlanRefused("no target was named")
    if len(wishes) > ground.safety.most_targets:
        raise PlanRefused(f"{len(wishes)} targets: a plan has at most {ground.safety.most_targets} here")
    for wish in wishes:
        if _action(wish).system not in ground.systems:
            raise PlanRefused(f"this site has no {_action(wish).system}")
        if wish.when not in ("", EMPTY):
            raise PlanRefused(f"no step can wait for {wish.when!r}")
    twice = [name for name, count in Counter(map(identity, wishes)).items() if count > 1]
    _refuse("named twice", [name for name, *_ in twice])
    ports = [wish.target for wish in wishes if _action(wish).looks_at is Kind.PORT]
    _refuse("not at this site", [f"port {port}" for port in dict.fromkeys(ports) if port not in ground.ports])
    names = dict.fromkeys(_action(wish).name(wish.target) for wish in wishes)
    held = [
        f"{name} (run {ground.held[name].run} of {ground.held[name].holder})"
        for name in names & ground.held.keys()
    ]
    _refuse("held by another run", sorted(held))


def identity(wish: Wish) -> tuple[str, ...]:
    """Return what two wishes of one plan must not share."""
    action = _action(wish)
    name = action.name(wish.target)
    if not action.repeats:
        return name, str(wish.step)
    return name, str(wish.step), wish.action, repr(sorted(wish.values.items(), key=str))


def _refuse(why: str, names: Sequence[str]) -> None:
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        raise PlanRefused(f"{why}: {', '.join(names[:NAMED])}{more}")


def _judged(number: int, wish: Wish, known: Known, ground: Ground) -> Planned:
    action = _action(wish)
    seen = known.get(action.key(wish.target), Seen(reason="it was never seen"))
    if HIDDEN in wish.values.values():
        wish = replace(wish, values={}, against="its secrets were not kept: plan it from where they are")
    try:
        values: Mapping[str, Any] = action.check(wish.target, wish.values, ground.profile)
    except Invalid as invalid:
        judged, values = Judged(Fate.REFUSED, wish.against or str(invalid)), {}
    else:
        judged = _fate(action, wish, values, seen)
    return Planned(
        number=number,
        action=wish.action,
        target=wish.target,
        name=action.name(wish.target),
        arguments=values,
        step=wish.step,
        when=wish.when,
        fate=judged.fate,
        reason=safe(judged.reason, LONGEST),
        before=safe(judged.before, LONGEST),
        after=safe(judged.after, LONGEST),
        seen=plain(seen.belief),
        age=None if seen.age is None else round(seen.age, 3),
        critical=is_critical(ground.safety, action, values),
    )


def is_critical(safety: Safety, action: Action, values: Mapping[str, Any]) -> bool:
    """Whether a second person has to approve an action: by its id, or by what its call comes to (rule 17)."""
    names = (action.id, command_id(action.method, values))
    return any(named(safety.critical, name, action.method) for name in names)


def _fate(action: Action, wish: Wish, values: Mapping[str, Any], seen: Seen) -> Judged:
    if wish.against:
        return Judged(Fate.REFUSED, wish.against)
    if seen.belief is None or seen.reason or wish.unclear:
        return Judged(Fate.SKIPPED, wish.unclear or seen.reason or "its state is not known")
    judged = action.judge(wish.target, values, seen.belief)
    if wish.when and judged.fate is Fate.REFUSED:
        # What it will be like when its turn comes is not known yet: that is looked at then.
        return replace(judged, fate=Fate.INCLUDED, reason=f"waits: now {judged.reason}")
    return judged


def _without_needless_steps(items: Sequence[Planned]) -> Iterator[Planned]:
    """Leave out the steps that lead to where a target is already, or that wait for a step left out."""
    last = {item.name: item for item in items}
    for item in items:
        end = last[item.name]
        if end.step > item.step and end.fate is Fate.ALREADY and item.fate is Fate.INCLUDED:
            yield replace(item, fate=Fate.ALREADY, reason=end.reason, after=item.before)
        else:
            yield item


def _refuse_harm(items: Sequence[Planned], ground: Ground) -> None:
    leaving = {
        item.target
        for item in items
        if item.fate is Fate.INCLUDED
        and ACTIONS[item.action].looks_at is Kind.PORT
        and takes_out(ACTIONS[item.action].method, _arguments(item))
    }
    if leaving:
        known = [port for port in ground.ports.values() if port.port_id not in ground.stale]
        reason = too_few(known, leaving, ground.safety.least_open_ports)
        if reason is not None:
            raise PlanRefused(reason)


def _arguments(item: Planned) -> Mapping[str, object]:
    return {**item.arguments, "port_mode": "RUNOUT"} if item.action == "port.runout" else item.arguments


def _title(items: Sequence[Planned]) -> str:
    titles = dict.fromkeys(ACTIONS[item.action].title for item in items)
    names = dict.fromkeys(item.name for item in items)
    where = next(iter(names)) if len(names) == 1 else f"{len(names)} targets"
    return f"{', then '.join(titles)}: {where}"
