"""A verb in a process of its own that no terminal can end: for a run that outlives an SSH session."""

import os
import sys
from collections.abc import Sequence


def start(arguments: Sequence[str]) -> int:
    """Start `portside ARGUMENTS` in a session of its own, without a terminal, and return its process id.

    It keeps the login uid of who started it. What it does is in the journal; watch it there.

    Raises:
        OSError: it cannot be started.
    """
    nowhere = [
        (os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY, 0)
        for number in range(3)
    ]
    # -P keeps a folder that happens to be called console from being taken for ours.
    command = [sys.executable, "-P", "-m", "console", *arguments]
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=nowhere, setsid=True)
