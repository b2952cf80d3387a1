"""Elements of a MOR answer to values; what must not be shown is hidden here, and only here."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from lxml import etree

from console.fields import Field, Kind, whole_number
from console.secret import Secret
from console.text import safe

Row: TypeAlias = Iterable[etree._Element]
"""The elements that are fields of one thing."""

SENSITIVE = re.compile(r"secret|passw|pwd|uniquehash|token|api_?key|(^|[_-])pins?($|[_-])", re.IGNORECASE)
"""Names of elements that are hidden wherever they turn up: MOR answers passwords in clear text."""


def values(fields: Iterable[Field], elements: Row) -> dict[str, Any]:
    """Return elements as values by name: ints, safe text, secrets, and groups of these.

    An element that is repeated becomes a tuple.
    """
    known = {field.name: field for field in fields}
    found: dict[str, list[Any]] = {}
    for element in elements:
        name = str(element.tag)
        found.setdefault(safe(name, 64), []).append(_value(known.get(name), element))
    return {name: several[0] if len(several) == 1 else tuple(several) for name, several in found.items()}


def _value(field: Field | None, element: etree._Element) -> Any:
    if SENSITIVE.search(str(element.tag)) or (field is not None and field.kind is Kind.SECRET):
        return Secret("".join(map(str, element.itertext())).strip())
    if len(element):
        return values(field.fields if field else (), element)
    text = (element.text or "").strip()
    if field is not None and field.kind is Kind.INTEGER:
        return whole_number(text)
    return safe(text)
