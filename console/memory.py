"""What the process keeps of memory it is done with."""

import ctypes

LARGE = 1024 * 1024
"""Bytes from which on a piece of memory is one of its own."""

_M_MMAP_THRESHOLD = -3


def give_back_large() -> None:
    """Have large pieces of memory go back to the system once they are read, as the list of devices.

    Left alone, the C library takes the first of them for a sign that there will be more, and keeps
    the place of thirty megabytes for the next. Where there is no such switch nothing happens.
    """
    switch = getattr(ctypes.CDLL(None), "mallopt", None)
    if switch is not None:
        switch(_M_MMAP_THRESHOLD, LARGE)
