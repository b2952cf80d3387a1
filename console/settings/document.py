"""Writes settings out as TOML that explains itself, and that can be read again."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args, get_origin

from msgspec import NODEFAULT, structs

from console.settings.field_types import FieldType, field_type
from console.settings.tables import Settings, Table
from console.settings.values import CommandNames, PortIds, UserIds, ids_text
from console.text import safe

_COMMENT_COLUMN = 36
_NOTHING: tuple[object, ...] = (None, (), "", {})

_DEFAULTS_TITLE = """\
# Every setting of portside: what it is for, what it may be, and what it is when left out.
# Settings behind a # have no default; the required ones say so.
# This page is made from the program by `portside config show --defaults`; editing it changes nothing.
"""


def as_tables(table: Table) -> dict[str, Any]:
    """Return the effective settings as TOML has them, without those that say nothing."""
    values: dict[str, Any] = {}
    for name, kind in _fields(type(table)):
        value = getattr(table, name)
        if value in _NOTHING:
            continue
        if isinstance(value, Table):
            values[name] = as_tables(value)
        elif isinstance(value, dict):
            values[name] = {key: as_tables(one) for key, one in value.items()}
        else:
            values[name] = _plain(kind, value)
    return values


def as_toml(settings: Settings) -> str:
    """Return the effective settings as TOML, with its sentence beside each setting."""
    return "\n".join(_effective(settings, ())).strip() + "\n"


def defaults_toml() -> str:
    """Return the reference of all settings, which ships as `config/defaults.toml`."""
    return "\n".join([_DEFAULTS_TITLE.rstrip(), *_reference(Settings, ())]) + "\n"


def _effective(table: Table, where: tuple[str, ...]) -> Iterator[str]:
    inner: list[tuple[Table, tuple[str, ...]]] = []
    for name, kind in _fields(type(table)):
        value = getattr(table, name)
        if isinstance(value, Table):
            inner.append((value, (*where, name)))
        elif isinstance(value, dict):
            inner.extend((one, (*where, name, key)) for key, one in value.items())
        elif value not in _NOTHING:
            yield f"{_assignment(name, _plain(kind, value)):<{_COMMENT_COLUMN}}  # {kind.sentence}"
    for one, place in inner:
        yield f"\n{_header(place)}"
        yield from _effective(one, place)


def _reference(shape: type[Table], where: tuple[str, ...]) -> Iterator[str]:
    inner: list[tuple[type[Table], tuple[str, ...]]] = []
    for field in structs.fields(shape):
        kind = field_type(field.type)
        if kind.is_table:
            inner.append((kind.base, (*where, field.name)))
        elif get_origin(kind.base) is dict:
            inner.append((get_args(kind.base)[1], (*where, field.name, "NAME")))
        else:
            yield f"\n# {kind.sentence}"
            yield f"# {'required: ' if field.required else ''}{kind.wanted}"
            none = field.default in (NODEFAULT, *_NOTHING)
            yield f"# {field.name} =" if none else _assignment(field.name, _plain(kind, field.default))
    for one, place in inner:
        yield f"\n\n{_header(place)}"
        yield from _reference(one, place)


def _fields(shape: type[Table]) -> list[tuple[str, FieldType]]:
    return [(field.name, field_type(field.type)) for field in structs.fields(shape)]


def _plain(kind: FieldType, value: Any) -> Any:
    if kind.base in (PortIds, UserIds):
        return ids_text(value)
    if kind.base is CommandNames:
        return ", ".join(value)
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, bool | int | float) else str(value)


def _assignment(name: str, value: Any) -> str:
    import tomli_w  # only for output

    line = tomli_w.dumps({name: value}).rstrip("\n")
    return safe(line, 10 * len(line))  # the path of the file itself is text from outside, too


def _header(where: tuple[str, ...]) -> str:
    import tomli_w

    nested: dict[str, Any] = {}
    for key in reversed(where):
        nested = {key: nested}
    return tomli_w.dumps(nested).splitlines()[-1]
