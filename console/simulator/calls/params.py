"""What every MOR call is given."""

import re
from collections.abc import Mapping
from typing import TypeAlias

Params: TypeAlias = Mapping[str, str]
"""Parameters by name, decoded; the last of a repeated one."""

NO_ID = -1

MAX_TEXT = 255

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ident(text: str) -> int:
    """Return the id a parameter holds, or one that nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else NO_ID


def is_number(text: str) -> bool:
    """Tell whether a text is digits and nothing else."""
    return text.isascii() and text.isdigit()


def storable(text: str) -> bool:
    """Tell whether a text can be kept and answered: not too long, and possible in XML (mor.md section 7)."""
    return len(text) <= MAX_TEXT and not _NOT_IN_XML.search(text)
