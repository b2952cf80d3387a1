"""What the journal and the screen say of a command: its entries, and its words."""

from collections.abc import Mapping
from typing import Any

from console.operations.journal import Entry, RecordKind
from console.operations.orders import Order, Part
from console.secret import HIDDEN, Secret
from console.state.entities import Command, Phase
from console.text import SafeText, safe

_TARGET_NAMES = frozenset({"port_id", "device_id"})
"""Arguments that name the target, which is shown anyway."""


def entry(kind: RecordKind, order: Order, command: Command, part: Part | None = None, **more: Any) -> Entry:
    """Return an entry about a command; `part` says of which run, `more` are further fields of it."""
    if part is not None:
        more |= {"run": part.run, "plan": part.plan, "number": part.number}
    if kind is RecordKind.INTENT:
        more["system"] = order.system.value
    return Entry(kind=kind, op=command.op_id, target=order.target, action=order.method, **more)


_CLASS_WORDS = {phase: phase.name.lower() for phase in Phase}


def class_word(phase: Phase) -> str:
    """Return the class of a command as records write it, such as `not_reached`."""
    return _CLASS_WORDS[phase]


def recordable(value: Any) -> Any:
    """Return a value as the journal may keep it: as JSON can hold it, and without secrets."""
    match value:
        case Secret():
            return HIDDEN
        case tuple() | list():
            return [recordable(one) for one in value]
        case Mapping():
            return {name: recordable(one) for name, one in value.items()}
        case _:
            return value


def argument_words(arguments: Mapping[str, Any]) -> SafeText:
    """Return arguments in words, without those that name the target."""
    shown = ((name, recordable(value)) for name, value in arguments.items() if name not in _TARGET_NAMES)
    return safe(", ".join(f"{name} {_words(value)}" for name, value in shown))


def _words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
