"""Plans as TOML files: saved once, read back whole, refused when anything was changed.

A file holds no secrets: a plan with passwords or PINs in it cannot be carried out from its file.
"""

import os
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from console.operations.bulk.plan import Plan, PlanRefused, digest_of
from console.operations.records import recordable
from console.settings.files import read_regular
from console.text import safe

MOST_BYTES = 64 * 1024 * 1024

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
    try:
        plan = msgspec.convert(tomllib.loads(text), Plan)
    except RecursionError:
        raise PlanRefused("this is no plan: it is nested too deep") from None
    except (msgspec.ValidationError, ValueError) as error:
        raise PlanRefused(f"this is no plan: {safe(str(error))}") from None
    return unchanged(plan)


def from_json(body: bytes) -> Plan:
    """Return the plan that the journal keeps.

    Raises:
        PlanRefused: as `from_toml`.
    """
    try:
        return unchanged(msgspec.json.decode(body, type=Plan))
    except msgspec.MsgspecError as error:
        raise PlanRefused(f"this is no plan: {safe(str(error))}") from None


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
