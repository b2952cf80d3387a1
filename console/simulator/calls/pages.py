"""MOR answers as text (mor.md 1.4): the layouts its pages print, values escaped."""

from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from console.simulator.switches import ErrorPlace

RULE_ADDED = "<page> <status> <success>Rule added</success> </status> </page>"
"""Exactly as device_rule_create prints it."""

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def record_list(path: Sequence[str], element: str, records: Iterable[Mapping[str, object]]) -> str:
    """Return records as repeated elements below `path`, indented by two spaces a level."""
    depth = len(path)
    opening = "".join(f"{'  ' * level}<{name}>\n" for level, name in enumerate(path))
    closing = "".join(f"{'  ' * level}</{path[level]}>\n" for level in reversed(range(depth)))
    indent = "  " * depth
    lines = [
        f"{indent}<{element}>\n"
        + "".join(f"{indent}  <{name}>{escape(str(value))}</{name}>\n" for name, value in record.items())
        + f"{indent}</{element}>\n"
        for record in records
    ]
    return opening + "".join(lines) + closing.rstrip("\n")


def error(text: str, place: ErrorPlace) -> str:
    """Return an error document with the error element in that place."""
    names = place.value.split("/")[:-1]
    opening = "".join(f"<{name}> " for name in names)
    closing = "".join(f" </{name}>" for name in reversed(names))
    return f"{opening}<error>{escape(text)}</error>{closing}"
