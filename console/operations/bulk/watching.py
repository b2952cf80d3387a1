"""Looks on at a run of this process, without the journal: what `Archive.follow` does for those of others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from console.operations.bulk.progress import Progress
from console.operations.bulk.runner import Run

TICK = 1.0
"""Seconds after which it is told again how far a run is, though nothing happened but time."""


async def watched(run: Run) -> AsyncIterator[Progress]:
    """Return how far a run is, again and again as that changes, until it has ended."""
    news = asyncio.Event()
    stop = run.listen(lambda progress: news.set())
    try:
        while True:
            news.clear()
            over = run.over
            yield run.progress
            if over:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), TICK)
    finally:
        stop()
