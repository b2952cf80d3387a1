"""A plan: explicit targets with what is to be done to each, bound to what was seen; pure.

What runs is what was shown: the digest covers site, mode, every target with its parameters, the state
it was seen in, and how long all that may be believed (operations-safety rules 11, 14 and 21).
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from console.operations.records import recordable
from console.secret import HIDDEN
from console.state.quality import age_text
from console.text import safe

FORMAT = 1
CLOCK_SLACK = 1.0
"""Seconds by which the time of day may step back without a plan counting as made in the future."""


class PlanRefused(Exception):
    """The plan is not carried out, and nothing of it was; the message says why and is safe to show."""


class Fate(StrEnum):
    """What the plan means to do about a target.

    ALREADY: it is what was asked for. SKIPPED: too little is known of it. REFUSED: its state, its
    values or a limit stand against it.
    """

    INCLUDED = "included"
    ALREADY = "already so"
    SKIPPED = "skipped"
    REFUSED = "refused"


class Planned(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One target of a plan.

    `number` counts from 1. `name` is the target in words. `arguments` are the checked values, Secrets
    included. `before` and `after` are its state now and then, in words. `seen` is the state as plain
    data, `age` how many seconds old it was when planned. `critical` items need a second person.
    """

    number: int
    action: str
    target: int
    name: str
    arguments: Mapping[str, Any] = {}
    step: int = 1
    when: str = ""
    fate: Fate = Fate.INCLUDED
    reason: str = ""
    before: str = ""
    after: str = ""
    seen: Any = None
    age: float | None = None
    critical: bool = False


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """Which run a plan comes from: `how` is `retry`, `rest` or `undo`, `of` the class retried, if any."""

    run: str
    how: str
    of: str = ""


class Plan(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A plan as it was shown.

    `lasts` is how many seconds after `made_utc` it may be begun; `made_clock` is the same moment on
    a clock that only `boot_id` gives a meaning to. `digest` is the SHA-256 of all the rest.
    """

    title: str
    site: str
    mode: str
    operator: str
    host: str
    made_utc: datetime
    made_clock: float
    boot_id: str
    lasts: float
    items: tuple[Planned, ...]
    link: Link | None = None
    format: int = FORMAT
    digest: str = ""

    @property
    def short(self) -> str:
        """The digest as people type it: its first eight characters."""
        return self.digest[:8]

    @property
    def included(self) -> tuple[Planned, ...]:
        """The targets that will be commanded."""
        return tuple(item for item in self.items if item.fate is Fate.INCLUDED)

    @property
    def critical(self) -> bool:
        """Whether a second person must approve it (rule 17)."""
        return any(item.critical for item in self.included)

    @property
    def expires_utc(self) -> datetime:
        """Until when it may be begun."""
        return self.made_utc + timedelta(seconds=self.lasts)


class Moment(Struct, frozen=True):
    """Now, by both clocks: the time of day, and seconds of a clock that never jumps within a boot."""

    utc: datetime
    clock: float
    boot_id: str


def sealed(plan: Plan) -> Plan:
    """Return the plan with the digest of all it says."""
    return replace(plan, digest=digest_of(plan))


def digest_of(plan: Plan) -> str:
    """Return the SHA-256 of a plan without its digest, in hex; a secret counts only as being there."""
    return hashlib.sha256(as_json(replace(plan, digest=""))).hexdigest()


def why_not_now(plan: Plan, site: str, mode: str, now: Moment) -> str | None:
    """Return why a plan cannot be begun at a site at this moment, or None."""
    if plan.format != FORMAT:
        return f"the plan is of another version of portside (format {plan.format})"
    if plan.site != site:
        return f"the plan is for the site {safe(plan.site, 80)}, and this is {site}"
    if plan.mode != mode:
        return f"the plan was made in mode {safe(plan.mode, 20)}, and this is {mode}"
    if now.utc < plan.made_utc - timedelta(seconds=CLOCK_SLACK):
        return "the plan was made in the future: the clock of this machine was moved back"
    age = age_of(plan, now)
    if age > plan.lasts:
        return f"the plan was made {age_text(age)} ago and held for {plan.lasts:g} s: make it again"
    if not plan.included:
        return "nothing in the plan is to be done"
    hidden = next((item for item in plan.included if HIDDEN in item.arguments.values()), None)
    if hidden is not None:
        return f"{hidden.name}: the plan was kept without its secrets; make it again from where they are"
    return None


def age_of(plan: Plan, now: Moment) -> float:
    """Return how many seconds ago a plan was made, by the clock that nobody can set where there is one."""
    if plan.boot_id and plan.boot_id == now.boot_id:
        return max(now.clock - plan.made_clock, 0.0)
    return (now.utc - plan.made_utc).total_seconds()


def as_json(plan: Plan) -> bytes:
    """Return a plan as one JSON object, without its secrets."""
    return msgspec.json.encode(plan, enc_hook=recordable)
