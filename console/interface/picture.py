"""Keeps pictures of the screen, which say more than a call to a colleague."""

import os
from datetime import UTC, datetime
from pathlib import Path


def save_picture(folder: Path, svg: str) -> Path:
    """Write a picture under a name of its own in `folder`, readable by its owner only; return its path.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"portside-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.svg"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(svg)
    return path
