"""MOR answers as text (mor.md 1.4): the layouts its pages print, values escaped."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape

from console.simulator.switches import ErrorPlace

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

Values: TypeAlias = Mapping[str, object]
"""Elements by name; a mapping is an element that holds more."""


def success(text: str) -> str:
    """Return the document of a change, laid out as device_rule_create prints it."""
    return f"<page> <status> <success>{text}</success> </status> </page>"


def status(text: str) -> str:
    """Return the document of a change whose page names no element success."""
    return f"<page> <status>{text}</status> </page>"


def page(values: Values) -> str:
    """Return one thing's values below the root, indented by two spaces a level."""
    return _below(("page",), _elements(values, "  "))


def record_list(
    path: Sequence[str], element: str, records: Iterable[Values], head: Values | None = None
) -> str:
    """Return records as repeated elements below `path`, after the values of `head`."""
    indent = "  " * len(path)
    rows = "".join(_elements({element: record}, indent) for record in records)
    return _below(path, _elements(head or {}, indent) + rows)


def flat_list(path: Sequence[str], records: Iterable[Values]) -> str:
    """Return records one after the other below `path`, with no element around each (mor.md 3.11)."""
    return _below(path, "".join(_elements(record, "  " * len(path)) for record in records))


def error(text: str, place: ErrorPlace, message: str = "") -> str:
    """Return an error document with the error element in that place."""
    names = place.value.split("/")[:-1]
    opening = "".join(f"<{name}> " for name in names)
    closing = "".join(f" </{name}>" for name in reversed(names))
    more = f" <message>{escape(message)}</message>" if message else ""
    return f"{opening}<error>{escape(text)}{more}</error>{closing}"


def _below(path: Sequence[str], elements: str) -> str:
    opening = "".join(f"{'  ' * level}<{name}>\n" for level, name in enumerate(path))
    closing = "\n".join(f"{'  ' * level}</{path[level]}>" for level in reversed(range(len(path))))
    return opening + elements + closing


def _elements(values: Values, indent: str) -> str:
    return "".join(
        f"{indent}<{name}>\n{_elements(value, indent + '  ')}{indent}</{name}>\n"
        if isinstance(value, Mapping)
        else f"{indent}<{name}>{escape(str(value))}</{name}>\n"
        for name, value in values.items()
    )
