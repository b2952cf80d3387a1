"""Parameters and assumptions that several methods share."""

from console.autostore.catalogue import Interface, Rule
from console.autostore.values import BIN_ID_RANGE, PORT_ID_RANGE
from console.fields import Arguments, Field, Kind

TASK = (Interface.TASK,)
BIN = (Interface.BIN,)
BOTH = (Interface.TASK, Interface.BIN)

BIG = 2_147_483_647


def number(name: str, low: int, high: int, meaning: str, **more: object) -> Field:
    return Field(name=name, kind=Kind.INTEGER, low=low, high=high, meaning=meaning, **more)  # type: ignore[arg-type]


def port_id() -> Field:
    return number("port_id", *PORT_ID_RANGE, "the port", required=True)


def bin_id(meaning: str, *, required: bool = True) -> Field:
    return number("bin_id", *BIN_ID_RANGE, meaning, required=required)


def content(meaning: str) -> Field:
    return number("content", 0, 10_000_000, meaning)


def flag(name: str, meaning: str, default: str = "false") -> Field:
    return Field(name=name, kind=Kind.BOOLEAN, meaning=meaning, default=default)


def time(name: str, meaning: str, *, required: bool = False) -> Field:
    return Field(name=name, kind=Kind.TIME, meaning=meaning, required=required)


def choice(name: str, choices: tuple[str, ...], meaning: str, **more: object) -> Field:
    return Field(name=name, kind=Kind.CHOICE, choices=choices, meaning=meaning, **more)  # type: ignore[arg-type]


def bin_type(choices: tuple[str, ...], meaning: str, *, required: bool = False) -> Field:
    return Field(name="bin_type", kind=Kind.INTEGER, choices=choices, meaning=meaning, required=required)


def reply(name: str, kind: Kind = Kind.INTEGER) -> Field:
    return Field(name=name, kind=kind, low=-BIG, high=BIG)


def reply_id(name: str, low: int = 1, high: int = BIG) -> Field:
    """Return the field of an id in a reply; one out of its range, such as 0, is read as unknown."""
    return Field(name=name, kind=Kind.INTEGER, low=low, high=high)


STANDARD_TYPES = ("1", "2", "5")
ALL_TYPES = ("1", "2", "5", "16", "17", "18")


def _type_without_content(arguments: Arguments) -> str | None:
    return "content" if "bin_type" in arguments and "content" not in arguments else None


CONTENT_WITH_TYPE = Rule("a content code, because bin_type is given", _type_without_content)

PORT_ASSUMED = (1000, 1003, 1004, 1048)
"""Codes that would fit any method with a port_id (autostore-methods.json)."""
