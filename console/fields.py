"""Named values of a call: what each may be, and the one place where that is checked.

The AutoStore catalogue and the MOR calls describe their parameters as `Field`s; clients,
forms and the command line all check through `gather`, so that a value refused in one place
is refused in all, with the same words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import TypeAlias, TypeGuard

from msgspec import Struct

from console.secret import Secret
from console.text import is_clean, safe

Scalar: TypeAlias = int | bool | str | datetime | Secret
Record: TypeAlias = Mapping[str, Scalar]
Value: TypeAlias = Scalar | Record | tuple[Scalar, ...] | tuple[Record, ...]
Arguments: TypeAlias = Mapping[str, Value]
"""Checked values by field name; a repeated field holds a tuple."""


class Kind(StrEnum):
    """What a value is."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    TIME = "time"
    CHOICE = "choice"
    TEXT = "text"
    SECRET = "secret"
    RECORD = "record"
    ENTRY = "entry"  # a record of which exactly one field is set, in an order that matters


class Field(Struct, frozen=True, kw_only=True):
    """One named value of a request or a reply.

    `low` and `high` bound integers; for text, `high` is the greatest length. `container` is the
    element that holds the value on the wire, `most` the greatest number of repetitions, `excludes`
    the field it cannot stand beside, `default` what the server assumes when it is left out.
    """

    name: str
    kind: Kind
    meaning: str = ""
    required: bool = False
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    repeated: bool = False
    container: str = ""
    most: int = 0
    excludes: str = ""
    unit: str = ""
    default: str = ""
    fields: tuple["Field", ...] = ()

    @property
    def wanted(self) -> str:
        """What would be right, in words that follow 'wanted'."""
        match self.kind:
            case Kind.INTEGER if self.choices:
                return "one of " + ", ".join(self.choices)
            case Kind.INTEGER:
                return f"a whole number {self.low} to {self.high}" + (f" ({self.unit})" if self.unit else "")
            case Kind.BOOLEAN:
                return "true or false"
            case Kind.TIME:
                return f"a UTC time {EARLIEST:%Y-%m-%d} to {LATEST:%Y-%m-%d}, like 2026-11-22T06:00:00Z"
            case Kind.CHOICE:
                return "one of " + ", ".join(choice or "(blank)" for choice in self.choices)
            case Kind.TEXT | Kind.SECRET:
                return f"text of at most {self.high} characters without control characters"
            case Kind.RECORD:
                return "name:value pairs of " + ", ".join(field.name for field in self.fields)
            case Kind.ENTRY:
                return "one name:value of " + ", ".join(field.name for field in self.fields)


class Invalid(ValueError):
    """A value that cannot be right; found before anything was sent."""

    def __init__(self, parameter: str, value: object, wanted: str) -> None:
        self.parameter = parameter
        self.value = safe(_as_text(value), 80)
        self.wanted = wanted
        super().__init__(f"{safe(parameter, 80)} is {self.value}: wanted {wanted}")


EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
LATEST = datetime(2038, 1, 18, 23, 59, 59, tzinfo=UTC)
"""Bounds of every time on the AutoStore interface (source page openport)."""

_TARGETS = {
    "port_id": "port",
    "device_id": "device",
    "device": "device",
    "bin_id": "bin",
    "user_id": "user",
    "taskgroup_id": "taskgroup",
    "task_id": "task",
    "device_rule_id": "rule",
}
_WHOLE = re.compile(r"-?[0-9]{1,12}")
_UTC_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|\+00:00)", re.ASCII)
_SHOWN = 10
"""Values of a list that are named; the text is cut anyway."""

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def gather(fields: Sequence[Field], given: Mapping[str, object]) -> dict[str, Value]:
    """Check `given` against `fields` and return the values, typed, in the order of `fields`.

    Text is accepted for every kind, as a form or a command line has it; a repeated field takes
    one value or several. None and an empty sequence count as not given.

    Raises:
        Invalid: an unknown name, a missing or excluded one, or a value out of its range.
    """
    known = {field.name: field for field in fields}
    for name in given:
        if name not in known:
            # Its value is not repeated: under a mistyped name it may be a password.
            raise Invalid(name, "unknown", "one of " + ", ".join(known) if known else "no parameters at all")
    present = {name for name, value in given.items() if not _absent(value)}
    for field in fields:
        if field.required and field.name not in present:
            raise Invalid(field.name, "missing", field.wanted)
        if field.name in present and field.excludes in present:
            raise Invalid(
                field.name, given[field.name], f"it left out, or {field.excludes} left out: never both"
            )
    return {field.name: _take(field, given[field.name]) for field in fields if field.name in present}


def target_words(arguments: Mapping[str, object]) -> str:
    """Return what a call is about, in words such as `port 4`; blank when it names nothing.

    Values that are still text name the same as checked ones: `04` is port 4 too.
    """
    for name, word in _TARGETS.items():
        value = arguments.get(name)
        if name in arguments and not isinstance(value, tuple | list):
            number = whole_number(value) if isinstance(value, str) else None
            return f"{word} {value if number is None else number}"
    return ""


def gather_pairs(fields: Sequence[Field], pairs: Iterable[tuple[str, str]]) -> dict[str, Value]:
    """`gather` for `name=value` pairs, where a repeated name makes a list.

    Raises:
        Invalid: as `gather`; also a name that is repeated and may not be.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    single = {field.name for field in fields if not field.repeated}
    for name, values in given.items():
        if len(values) > 1 and name in single:
            raise Invalid(name, f"{len(values)} values", "one value")
    return gather(fields, {name: values[0] if name in single else values for name, values in given.items()})


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, Sequence) and not isinstance(value, str) and not value)


def _take(field: Field, value: object) -> Value:
    if not field.repeated:
        if isinstance(value, list | tuple):
            raise Invalid(field.name, "a list", field.wanted)
        return check(field, value)
    several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if field.most and len(several) > field.most:
        raise Invalid(field.name, f"{len(several)} values", f"at most {field.most}")
    return tuple(check(field, one) for one in several)  # type: ignore[return-value]


def check(field: Field, value: object) -> Scalar | Record:
    """Return one value of `field` in its own type.

    Raises:
        Invalid: naming the field, the value and what would be right.
    """
    match field.kind:
        case Kind.INTEGER:
            return _integer(field, value)
        case Kind.BOOLEAN:
            return _boolean(field, value)
        case Kind.TIME:
            return _time(field, value)
        case Kind.CHOICE:
            if isinstance(value, str) and value in field.choices:
                return str(value)
        case Kind.TEXT:
            if _fits(value, field):
                return value
        case Kind.SECRET:
            raw = value.reveal() if isinstance(value, Secret) else value
            if not _fits(raw, field):
                raise Invalid(field.name, "not shown", field.wanted)
            return Secret(raw)
        case Kind.RECORD | Kind.ENTRY:
            return _record(field, value)
    raise Invalid(field.name, value, field.wanted)


def _integer(field: Field, value: object) -> int:
    if isinstance(value, str):
        value = value if (number := whole_number(value)) is None else number
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid(field.name, value, field.wanted)
    choices = [int(choice) for choice in field.choices]
    if not (value in choices if choices else field.low <= value <= field.high):
        raise Invalid(field.name, value, field.wanted)
    return value


def _boolean(field: Field, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUTH:
        return _TRUTH[value.lower()]
    raise Invalid(field.name, value, field.wanted)


def _time(field: Field, value: object) -> datetime:
    moment = value
    if isinstance(value, str) and _UTC_TIME.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Invalid(field.name, value, field.wanted) from None
    if not isinstance(moment, datetime) or moment.utcoffset() != timedelta(0):
        raise Invalid(field.name, value, field.wanted)
    # Whole seconds are what is sent, so they are what was checked and what the journal keeps.
    moment = moment.astimezone(UTC).replace(microsecond=0)
    if not EARLIEST <= moment <= LATEST:
        raise Invalid(field.name, value, field.wanted)
    return moment


def _fits(value: object, field: Field) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= field.high and is_clean(value)


def _record(field: Field, value: object) -> Record:
    given = _pairs(field, value) if isinstance(value, str) else value
    if not isinstance(given, Mapping):
        raise Invalid(field.name, value, field.wanted)
    record = gather(field.fields, given)
    if field.kind is Kind.ENTRY and not _one_entry(record):
        raise Invalid(field.name, value, field.wanted)
    return record  # type: ignore[return-value]


def _one_entry(record: Mapping[str, Value]) -> bool:
    # A mark that is false would still be a mark on the wire.
    return len(record) == 1 and not any(value is False for value in record.values())


def _pairs(field: Field, text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in text.split(","):
        name, colon, value = part.partition(":")
        if name in pairs:
            raise Invalid(field.name, text, "each name once")
        pairs[name] = value if colon else "true"
    return pairs


def whole_number(text: str) -> int | None:
    """Return the number that plain digits write, of at most twelve; None for anything else.

    `int` alone would also read `+4`, ` 4`, `4_000` and the digits of other scripts.
    """
    return int(text) if _WHOLE.fullmatch(text) else None


def _as_text(value: object) -> str:
    match value:
        case str():
            return value
        case Mapping():
            return _listed(f"{_single(name)}:{_single(one)}" for name, one in value.items())
        case list() | tuple():
            return _listed(map(_single, value))
        case _:
            return _single(value)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(islice(texts, _SHOWN)) or "nothing"


def _single(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | Mapping):
        return "several values"  # however deep it is nested
    try:
        return str(value)
    except ValueError:  # Python refuses to write out an int of thousands of digits
        return "a number too long to show"
