"""What may happen to a hall and its consoles, as hypothesis draws it."""

import asyncio

from hypothesis import strategies as st

from .watched import LATE

PORTS = range(1, 7)
PORT = st.sampled_from(PORTS)
SOME_PORTS = st.sets(PORT, min_size=1)
HAPPENING = st.sampled_from(["ok", "refuse", "unsent", "lost", "dropped", "idle", "stuck", LATE])
HAPPENINGS = st.dictionaries(PORT, HAPPENING)
WISH = st.sampled_from(["turn", "open", "run out"])
FAN_OUT = st.integers(1, 4)
SELDOM = st.sampled_from([False, False, True])
WHILE = st.sampled_from([0.3, 1.0, 6.0, 20.0, 50.0, 200.0]) | st.integers(0, 40)
"""Seconds, or so many turns of the loop: where in its work a console is met."""


async def spent(passes: float) -> None:
    if isinstance(passes, float):
        await asyncio.sleep(passes)
    else:
        for _ in range(passes):
            await asyncio.sleep(0)
