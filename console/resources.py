"""Finds the data files that ship with portside: settings, scenarios and themes."""

import re
from pathlib import Path
from typing import Literal, TypeAlias

Folder: TypeAlias = Literal["config", "themes"]

_PACKAGED = Path(__file__).parent / "shipped"
"""Where a wheel puts the folders (pyproject.toml, force-include)."""

_CHECKOUT = Path(__file__).parent.parent
"""Where they stand in a checkout, and so for an editable install."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}", re.ASCII | re.IGNORECASE)


class ResourceError(Exception):
    """A data file that portside does not have."""


def shipped(folder: Folder, *parts: str) -> Path:
    """Return the path of a file or folder that ships with portside.

    A part may be a name that somebody chose, such as a theme's: one that would lead out of the
    folder does not exist.

    Raises:
        ResourceError: it is not there.
    """
    root = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    path = root.joinpath(folder, *parts)
    if not (all(map(_PLAIN.fullmatch, parts)) and path.exists()):
        name = "/".join((folder, *parts))
        raise ResourceError(f"{name!a} does not ship with portside; if it should, install portside again")
    return path
