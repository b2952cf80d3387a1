"""What every MOR call is given."""

from collections.abc import Mapping
from typing import TypeAlias

Params: TypeAlias = Mapping[str, str]
"""Parameters by name, decoded; the last of a repeated one."""

NO_ID = -1


def ident(text: str) -> int:
    """Return the id a parameter holds, or one that nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else NO_ID
