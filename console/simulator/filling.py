"""Fills a struct from what a person wrote, a line of words or a table, or says what would be right.

Each field of such a struct carries its own sentence as the description of its `Meta`, so that a
flag, a file and a control request are refused with the same words.
"""

import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from console.text import safe

T = TypeVar("T", bound=Struct)

PortId: TypeAlias = Annotated[int, Meta(ge=1, le=2000, description="a port id, 1 to 2000")]
BinId: TypeAlias = Annotated[int, Meta(ge=1, le=4_000_000, description="a bin id, 1 to 4000000")]
DeviceId: TypeAlias = Annotated[int, Meta(ge=1, le=2_147_483_647, description="the id of a device")]
Category: TypeAlias = Annotated[int, Meta(ge=1, le=10_000_000, description="a category, 1 to 10000000")]
Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=86_400, description="seconds, 0 to 86400")]
Share: TypeAlias = Annotated[float, Meta(gt=0, le=1, description="a share, above 0 and up to 1")]
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=4000, description="a text, not blank")]
Times: TypeAlias = Annotated[int, Meta(ge=1, le=1_000_000, description="how many times, 1 or more")]

_SPANS = r"^[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*$"

PortIds: TypeAlias = Annotated[str, Meta(pattern=_SPANS, description="ids like 1-40,77")]
"""Ports as people write them; `port_ids` reads them."""


class Wrong(ValueError):
    """What was written cannot be right; the message names the place and says what would be. Safe to show."""


@contextmanager
def placed(place: str) -> Iterator[None]:
    """Say where it stood when something inside is wrong."""
    try:
        yield
    except Wrong as wrong:
        raise Wrong(f"{place}: {wrong}") from None


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a file.

    Raises:
        OSError: it cannot be read.
        Wrong: it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise Wrong(f"is not TOML: {safe(str(error))}") from None


def port_ids(written: PortIds) -> tuple[int, ...]:
    """Return the ids that "1-40,77" names, in its order."""
    spans = ([int(end) for end in part.split("-")] for part in written.split(","))
    return tuple(port_id for ends in spans for port_id in range(min(ends), max(ends) + 1))


def split(line: str) -> tuple[str, dict[str, str]]:
    """Return the first word of a line and its options: `drop-after port=4` is drop-after and port: 4.

    Raises:
        Wrong: an open quote, a word that is no option, or an option that is there twice.
    """
    try:
        first, *words = shlex.split(line) or [""]
    except ValueError as error:
        raise Wrong(f"{shown(line)}: {str(error).lower()}: wanted quotes in pairs") from None
    options: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Wrong(f"{shown(word)} is not an option: wanted name=value")
        if name in options:
            raise Wrong(f"{shown(name)} is there twice: wanted once")
        options[name] = value
    return first, options


def join(first: str, described: Struct, *, but: str = "") -> str:
    """Return the line that `split` and `fill` make that struct of, without what stands at its default.

    `but` is a field that `first` already says.
    """
    options = {
        field.name: getattr(described, field.name)
        for field in msgspec.structs.fields(described)
        if field.name != but and (field.required or getattr(described, field.name) != field.default)
    }
    return shlex.join([first, *(f"{name}={_written(value)}" for name, value in options.items())])


def fill(shape: type[T], given: Mapping[str, object], *, text: bool, **said: object) -> T:
    """Return the struct with the values in `given`; from `text`, numbers and truth are read as written.

    `said` are values that were written elsewhere, as the first word of a line, and cannot be given again.

    Raises:
        Wrong: an unknown, missing or unfitting value.
    """
    values = {**given, **said}
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    known = [name for name in fields if name not in said]
    for name in given:
        if name not in known:
            raise Wrong(f"{shown(name)} is not known here: {instead(known, name)}")
    for name, field in fields.items():
        if field.required and name not in values:
            raise Wrong(f"{name} is missing: wanted {wanted(field.type)}")
    return shape(**{name: _value(name, fields[name].type, raw, text=text) for name, raw in values.items()})


def wanted(kind: Any) -> str:
    """Return what fits a field's type, in words that follow 'wanted'."""
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(wanted(one) for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(filter(None, get_args(kind)))
    if get_origin(kind) is Annotated:
        return next(str(one.description) for one in kind.__metadata__)
    if issubclass(kind, Enum):
        return "one of " + ", ".join(str(one.value) for one in kind)
    return {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, "a text")


def _value(name: str, kind: Any, raw: object, *, text: bool) -> Any:
    try:
        return msgspec.convert(raw, kind, strict=not text)
    except msgspec.ValidationError:
        raise Wrong(f"{name} is {shown(raw)}: wanted {wanted(kind)}") from None


def instead(names: Iterable[str], meant: str) -> str:
    """Return what to write instead of a name that is not known."""
    known = list(names)
    close = get_close_matches(meant, known, 1)
    return f"did you mean {close[0]}?" if close else f"wanted {', '.join(known) or 'nothing more'}"


def shown(raw: object) -> str:
    """Return a value as a message can show it."""
    return f'"{safe(raw, 80)}"' if isinstance(raw, str) else safe(str(raw), 80)


def _written(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
