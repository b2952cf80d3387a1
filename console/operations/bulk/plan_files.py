"""Plans as TOML files: saved once, read back whole, refused when anything was changed.

A file holds no secrets: a plan with passwords or PINs in it cannot be carried out from its file.
"""

import math
import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from console.operations.beliefs import from_plain
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.plan import Link, Plan, Planned, PlanRefused, digest_of
from console.operations.records import recordable
from console.settings.files import read_regular
from console.text import is_clean, safe

MOST_BYTES = 64 * 1024 * 1024

LONGEST = 86_400.0
"""Seconds that a plan may hold, the most that any setting allows."""

_YEARS = range(2000, 9000)

_HEAD = """\
# A plan of portside. What runs is what stands here: any change makes it another plan, which is refused.
"""


def to_toml(plan: Plan) -> str:
    """Return a plan as TOML, without its secrets."""
    import tomli_w  # only for output

    plain: dict[str, Any] = msgspec.to_builtins(plan, builtin_types=(datetime,), enc_hook=recordable)
    return _HEAD + tomli_w.dumps(plain)


def from_toml(text: str) -> Plan:
    """Return the plan in a file.

    Raises:
        PlanRefused: it is not TOML, no plan, or was changed since it was made.
    """
    return _read(lambda: msgspec.convert(tomllib.loads(text), Plan))


def from_json(body: bytes) -> Plan:
    """Return the plan that the journal keeps.

    Raises:
        PlanRefused: as `from_toml`.
    """
    return _read(lambda: msgspec.json.decode(body, type=Plan))


def _read(decode: Callable[[], Plan]) -> Plan:
    """Return a plan that says what a plan of ours can say: whatever shows or rehearses it relies on that.

    Raises:
        PlanRefused: it does not.
    """
    try:
        plan = unchanged(decode())
    except RecursionError:
        raise PlanRefused("this is no plan: it is nested too deep") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise PlanRefused(f"this is no plan: {safe(str(error))}") from None
    problem = next(_problems(plan), None)
    if problem is not None:
        raise PlanRefused(f"this is no plan: {problem}")
    return plan


def _problems(plan: Plan) -> Iterator[str]:
    """Return what cannot be in a plan that was made here (operations-safety rules 53, 59 and 60)."""
    link = plan.link or Link("", "")
    shown = (plan.title, plan.site, plan.mode, plan.operator, plan.host, link.run, link.how, link.of)
    if not all(map(is_clean, shown)):
        yield "it holds characters that would steer a terminal"
    if plan.made_utc.utcoffset() is None or plan.made_utc.year not in _YEARS:
        yield "made_utc is no time of day in UTC"
    if not (0 <= plan.lasts <= LONGEST and math.isfinite(plan.made_clock)):
        yield f"lasts and made_clock: wanted seconds, and it holds for at most {LONGEST:g}"
    for number, item in enumerate(plan.items, start=1):
        problem = _problem(item) if item.number == number else "its number is not its place"
        if problem is not None:
            yield f"target {number}: {problem}"


def _problem(item: Planned) -> str | None:
    action = ACTIONS.get(item.action)
    if action is None:
        return f"there is no action {safe(item.action, 40)}"
    if item.name != action.name(item.target):
        return f"it is {action.name(item.target)}, and not called so"
    if not all(map(is_clean, (item.when, item.reason, item.before, item.after))):
        return "it holds characters that would steer a terminal"
    if item.age is not None and not math.isfinite(item.age):
        return "its age is no number of seconds"
    try:
        seen = from_plain(action.key(item.target), item.seen)
    except ValueError as error:
        return f"what was seen of it cannot be: {safe(str(error))}"
    with suppress(ValueError):  # the state then stands against it, which the plan says itself
        try:
            action.order(item.target, item.arguments, seen)
        except (TypeError, AttributeError, LookupError):
            return "its values fit no command"
    return None


def unchanged(plan: Plan) -> Plan:
    """Return the plan if its digest is that of what it says.

    Raises:
        PlanRefused: it is not.
    """
    if plan.digest != digest_of(plan):
        raise PlanRefused("the plan was changed since it was made")
    return plan


def save(plan: Plan, path: Path) -> None:
    """Write a plan into a new file of mode 0600.

    Raises:
        OSError: it cannot be written, or there is such a file already.
    """
    with open(path, "x", encoding="utf-8", opener=_private) as file:
        file.write(to_toml(plan))


def load(path: Path) -> Plan:
    """Read a plan.

    Raises:
        OSError: it cannot be read. PlanRefused: as `from_toml`.
    """
    try:
        return from_toml(read_regular(path, MOST_BYTES).data.decode())
    except UnicodeDecodeError:
        raise PlanRefused("this is no plan: it is not UTF-8") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
