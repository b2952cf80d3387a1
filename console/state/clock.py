"""The clock of all beliefs: it never jumps, and a laptop's sleep counts."""

import time

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def awake_and_asleep() -> float:
    """Return seconds of a clock that never jumps and, on Linux, goes on while the machine sleeps."""
    return time.clock_gettime(_CLOCK)
