"""Wishes as a person writes them in TOML: every wrong entry is named, or all are taken; pure.

title = "Morning opening"

[[wish]]
action = "port.open"
targets = "1-40,77"                 # or [1, 2, "5-9"], or "all"
values = { category = [2, 3] }

[[wish]]
action = "port.close"
targets = 78
step = 2                            # after what the first step does to the same port
when = "empty"                      # and once it has no bin and no task any more
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct

from console.fields import Kind as FieldKind
from console.mor.calls import Profile
from console.operations.bulk import targets
from console.operations.bulk.action import Action
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.planning import identity
from console.operations.bulk.rows import BadRows, RowProblem
from console.operations.bulk.wishes import EMPTY, Wish
from console.secret import Secret
from console.state.entities import Kind
from console.text import is_clean, safe

KEYS = ("action", "targets", "values", "step", "when")
LAST_STEP = 100
LONGEST_TITLE = 80

_ENTRY = "wish"
_HEADER = re.compile(rf"\s*\[\[\s*{_ENTRY}\s*\]\]")


class Wanted(Struct, frozen=True):
    """What a file asks for; the title is blank where it gives none."""

    wishes: tuple[Wish, ...]
    title: str = ""


def document(data: bytes) -> Mapping[str, Any]:
    """Return what stands in a TOML file.

    Raises:
        BadRows: it is not TOML, or not UTF-8.
    """
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadRows([RowProblem(line, "not UTF-8: save the file as UTF-8")]) from None
    except RecursionError:
        raise BadRows([RowProblem(0, "not TOML: it is nested too deep")]) from None
    except ValueError as error:
        raise BadRows([RowProblem(0, f"not TOML: {safe(str(error))}")]) from None


def read(data: bytes, known: Collection[int], profile: Profile) -> Wanted:
    """Return the wishes in a file.

    Args:
        known: the ports of the site.
        profile: the dialect of its switch.

    Raises:
        BadRows: not TOML, an unknown key, no entries, or any entry that cannot be wishes.
    """
    top = document(data)
    entries = top.get(_ENTRY)
    problems = [RowProblem(0, reason) for reason in _wrong_at_the_top(top)]
    if problems or not isinstance(entries, list):
        raise BadRows(problems)
    lines = _lines(data.decode("utf-8-sig"), len(entries))
    wishes: list[Wish] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, (line, entry) in enumerate(zip(lines, entries, strict=True), start=1):
        try:
            for wish in _wishes(entry, line, known, profile):
                if (first := seen.get(identity(wish))) is not None:
                    name = ACTIONS[wish.action].name(wish.target)
                    raise ValueError(f"{name} stands in entry {first} already, in the same step")
                seen[identity(wish)] = number
                wishes.append(wish)
        except ValueError as error:
            problems.append(RowProblem(line, f"entry {number}: {error}"))
    if problems:
        raise BadRows(problems)
    return Wanted(tuple(wishes), str(top.get("title", "")))


def _wrong_at_the_top(top: Mapping[str, Any]) -> Iterator[str]:
    for name in top:
        if name not in ("title", _ENTRY):
            yield f"there is no key {safe(name, 40)}: wanted title, and an entry [[{_ENTRY}]] or more"
    title, entries = top.get("title", ""), top.get(_ENTRY)
    if not isinstance(title, str) or not is_clean(title) or len(title) > LONGEST_TITLE:
        yield f"title: wanted text of at most {LONGEST_TITLE} characters without control characters"
    if not isinstance(entries, list) or not entries:
        yield f"wanted an entry [[{_ENTRY}]] or more"


def _lines(text: str, count: int) -> list[int]:
    """Return the line that each entry begins in; 0 where entries do not stand under headers of their own."""
    found = [line for line, words in enumerate(text.splitlines(), start=1) if _HEADER.match(words)]
    return found if len(found) == count else [0] * count


def _wishes(entry: object, line: int, known: Collection[int], profile: Profile) -> Iterator[Wish]:
    """Return what one entry asks for.

    Raises:
        ValueError: with what is wrong.
    """
    if not isinstance(entry, Mapping):
        raise ValueError(f"wanted a table with {', '.join(KEYS)}")
    for name in entry:
        if name not in KEYS:
            raise ValueError(f"there is no key {safe(name, 40)}: wanted one of {', '.join(KEYS)}")
    action = _action(entry.get("action"))
    named = _targets(action, entry.get("targets"), known)
    values = _values(action, entry.get("values", {}))
    action.check(named[0], values, profile)
    step, when = _step(entry.get("step", 1)), _when(action, entry.get("when", ""))
    for target in named:
        yield Wish(action=action.id, target=target, values=values, step=step, when=when, line=line)


def _action(given: object) -> Action:
    action = ACTIONS.get(given) if isinstance(given, str) else None
    if action is None:
        said = safe(given, 40) if isinstance(given, str) else "(nothing)"
        raise ValueError(f"there is no action {said}: wanted one of {', '.join(ACTIONS)}")
    return action


def _targets(action: Action, given: object, known: Collection[int]) -> tuple[int, ...]:
    several = given if isinstance(given, list) else [given]
    if not several or not all(type(one) in (int, str) for one in several):
        raise ValueError('targets: wanted text like "1-40,77", a number, or a list of them')
    text = ",".join(map(str, several))
    return targets.ports(text, known) if action.looks_at is Kind.PORT else targets.devices(text)


def _values(action: Action, given: object) -> dict[str, object]:
    if not isinstance(given, Mapping):
        raise ValueError("values: wanted a table like { category = [2, 3] }")
    fields = {field.name: field for field in action.fields}
    for name in given:
        if name not in fields:
            wanted = f"one of {', '.join(fields)}" if fields else "no values at all"
            raise ValueError(f"{action.id} takes no {safe(name, 40)}: wanted {wanted}")
    return {
        name: Secret(value) if fields[name].kind is FieldKind.SECRET and isinstance(value, str) else value
        for name, value in given.items()
    }


def _step(given: object) -> int:
    if type(given) is not int or not 1 <= given <= LAST_STEP:
        raise ValueError(f"step: wanted a whole number 1 to {LAST_STEP}")
    return given


def _when(action: Action, given: object) -> str:
    if given not in ("", EMPTY):
        raise ValueError(f"when: wanted {EMPTY}, or it left out")
    if given and action.looks_at is not Kind.PORT:
        raise ValueError("when: only a port can be waited for")
    return str(given)
