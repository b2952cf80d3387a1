"""A run of this process, watched from its terminal or pipe, and how it is ended early (rule 25).

Ctrl-C ends it in order: nothing new is sent, what was sent settles. A second Ctrl-C leaves at once, and
what is under way becomes UNKNOWN. SIGTERM and a lost terminal end it in order, too.
"""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from console.cli.asking import agreed
from console.cli.run_words import RunLine, count_words
from console.cli.signals import Meanings, heeding
from console.operations.bulk.machine import FIRST_DONE
from console.operations.bulk.progress import Progress, RunState
from console.operations.bulk.runner import Run

STOPPING = "nothing new is sent, and what was sent settles; Ctrl-C again leaves at once"


async def watch(run: Run, *, asks: bool, quiet: bool = False, hang_up: bool = True) -> None:
    """Show a run until it ended.

    Args:
        asks: somebody at the terminal says whether it goes on after its first target.
        quiet: show nothing.
        hang_up: a lost terminal ends it.
    """
    line = RunLine(run.progress.total)
    news: asyncio.Queue[Progress] = asyncio.Queue()
    stop_listening = run.listen(news.put_nowait)
    news.put_nowait(run.progress)
    ended = asyncio.ensure_future(run.wait())
    ended.add_done_callback(lambda _: news.put_nowait(run.progress))
    with _interrupts(run, line, hang_up=hang_up) as interrupted:
        while not ended.done():
            progress = await news.get()
            if not quiet:
                line.show(progress)
            if asks and progress.state is RunState.PAUSED and progress.reason == FIRST_DONE:
                asks = False
                line.end()
                await _go_on(run, interrupted)
    stop_listening()
    line.end()


async def _go_on(run: Run, interrupted: asyncio.Event) -> None:
    left = len(run.plan.included) - 1
    if await agreed(f"{count_words(run.progress.counts)}. Go on with the other {left}?", interrupted):
        run.resume()
    else:
        run.abort()


@contextmanager
def _interrupts(run: Run, line: RunLine, *, hang_up: bool) -> Iterator[asyncio.Event]:
    """End the run in order at the first signal, and at once at a second Ctrl-C."""
    interrupted = asyncio.Event()
    leaving: set[asyncio.Future[None]] = set()

    def end_in_order(reason: str) -> None:
        if not interrupted.is_set():
            interrupted.set()
            line.end()
            with suppress(OSError):
                print(f"portside: {reason}: {STOPPING}", file=sys.stderr, flush=True)
            run.abort()

    def interrupt() -> None:
        if interrupted.is_set():
            leaving.add(asyncio.ensure_future(run.leave()))
        end_in_order("interrupted")

    meanings: Meanings = {
        signal.SIGINT: interrupt,
        signal.SIGTERM: lambda: end_in_order("told to stop"),
        signal.SIGHUP: (lambda: end_in_order("the terminal is gone")) if hang_up else lambda: None,
    }
    with heeding(meanings):
        yield interrupted
