"""The values of an answer: a tree of names that the task interface writes as XML or JSON."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "int | float | bool | str | Mapping[str, Value] | Sequence[int | Mapping[str, Value]]"
"""A sequence is an element that is repeated under its name."""

Values: TypeAlias = dict[str, Value]


def present(**values: "Value | None") -> Values:
    """Return the values that are set."""
    return {name: value for name, value in values.items() if value is not None}
