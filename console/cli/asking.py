"""Questions to the person at a terminal; what was typed before a question is never its answer."""

import asyncio
import os
import sys
import termios
from contextlib import suppress
from typing import Any

_LINE = 1024

NO = ""


def at_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


async def ask(question: str, gone: asyncio.Event | None = None) -> str:
    """Return the line typed after a question; blank when the input ends, or as soon as `gone` is set."""
    loop, inside = asyncio.get_running_loop(), sys.stdin.fileno()
    with suppress(termios.error):
        termios.tcflush(inside, termios.TCIFLUSH)
    with suppress(OSError):  # a terminal that is gone is heard of below
        print(f"{question} ", end="", file=sys.stderr, flush=True)
    answered: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not answered.done():
            try:
                answered.set_result(os.read(inside, _LINE).decode(errors="replace").strip())
            except OSError:  # the terminal is gone
                answered.set_result(NO)

    loop.add_reader(inside, read)
    leaving = asyncio.ensure_future((gone or asyncio.Event()).wait())
    waited: tuple[asyncio.Future[Any], ...] = (answered, leaving)
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        return answered.result() if answered.done() else NO
    finally:
        leaving.cancel()
        loop.remove_reader(inside)


async def agreed(question: str, gone: asyncio.Event | None = None) -> bool:
    """Return whether a question is answered with yes; anything else is no."""
    return (await ask(f"{question} [y/N]", gone)).lower() in ("y", "yes")
