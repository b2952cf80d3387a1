"""How tests wait for what must come: for as long as a busy machine may take, and no longer than it takes."""

import asyncio
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds that anything may take on a busy machine; nearly all takes a fraction of one."""


async def eventually(condition: Callable[[], bool]) -> None:
    """Return as soon as what real time or another task must bring is there.

    Raises:
        AssertionError: it never came.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while not condition():
        assert loop.time() < end, "it never came"
        await asyncio.sleep(0.002)
