"""Values that are right for any documented call, made from its fields: as many as can stand together."""

from collections.abc import Sequence
from typing import TypeAlias

from console.autostore.catalogue import Interface, Method
from console.autostore.methods import offered
from console.fields import EARLIEST, LATEST, Field, Invalid, Kind
from console.mor.calls import CALLS, Call

Entry: TypeAlias = Method | Call
Typed: TypeAlias = dict[str, str | list[str]]
"""Values by name as they are typed; those of a repeated field apart."""

METHODS: list[tuple[Interface, Method]] = [
    (interface, method) for interface in Interface for method in offered(interface)
]
METHOD_IDS = [f"{interface}-{method.name}" for interface, method in METHODS]
CALL_IDS = [call.name for call in CALLS]

LOW, HIGH = 0, -1
"""Which end of what a field allows, and which of two fields that exclude each other."""

EDGES = {"low": LOW, "high": HIGH}

_WORDS = 'Dock 4 & <Süd> "B"'
_DIGITS = "0042"


def valid(entry: Entry, edge: int = LOW) -> Typed:
    """Return values for all parameters of a call but those that cannot stand beside the others."""
    waiting = {field.name: _spellings(field, edge) for field in entry.params}
    excluded = {field.name: field.excludes for field in entry.params}
    values = {name: spellings.pop(0) for name, spellings in waiting.items()}
    while True:
        try:
            entry.check(values)
            return values
        except Invalid as invalid:
            name = invalid.parameter
            other = excluded[name]
            if other in values:
                del values[other if edge is LOW else name]
            elif waiting[name]:
                values[name] = waiting[name].pop(0)
            else:
                del values[name]


def required(entry: Entry) -> list[Field]:
    """Return the parameters that a call cannot do without."""
    return [field for field in entry.params if field.required]


def _spellings(field: Field, edge: int) -> list[str | list[str]]:
    """Return what could be typed for a field, what says most first."""
    if field.kind is Kind.ENTRY:  # a mark is there or it is not: none is false
        return [[_one(inner, LOW if inner.kind is Kind.BOOLEAN else edge, True) for inner in field.fields]]
    if field.repeated:
        return [[_one(field, LOW), _one(field, HIGH)]]
    return [_one(field, edge), _DIGITS] if field.kind is Kind.TEXT else [_one(field, edge)]


def _one(field: Field, edge: int, named: bool = False) -> str:
    text = _ends(field, edge)[edge]
    return f"{field.name}:{text}" if named else text


def _ends(field: Field, edge: int) -> Sequence[str]:
    match field.kind:
        case Kind.INTEGER | Kind.CHOICE if field.choices:
            return [str(choice) for choice in field.choices if choice]
        case Kind.INTEGER:
            return str(field.low), str(field.high)
        case Kind.BOOLEAN:
            return "true", "false"
        case Kind.TIME:
            return f"{EARLIEST:%Y-%m-%dT%H:%M:%SZ}", f"{LATEST:%Y-%m-%dT%H:%M:%SZ}"
        case Kind.SECRET:
            return (_DIGITS,)
        case Kind.RECORD:
            return (",".join(_one(inner, edge, True) for inner in field.fields),)
        case _:
            return (_WORDS,)
