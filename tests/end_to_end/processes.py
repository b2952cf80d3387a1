"""Which processes there are, as Linux tells it."""

import time
from pathlib import Path

from patience import PATIENCE


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that are still its own."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until_gone(pid: int) -> None:
    """Return as soon as a process has ended.

    Raises:
        AssertionError: it is still there after a while.
    """
    end = time.monotonic() + PATIENCE
    while _runs(pid):
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """Whether it runs; one that ended and that nobody has asked about yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
