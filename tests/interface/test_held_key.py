"""A key that is held down orders one command and raises one notice, however often it repeats."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from operations.small import Client, journal, waits_for

from console.operations.beliefs import Belief
from console.operations.dispatch import Dispatcher
from console.state.entities import Key, Phase, SourceName

from .screen import Console, running
from .world import CLOSED, EMPTY

HELD = ("b",) * 4


@asynccontextmanager
async def commanding(console: Console, folder: Path, client: Client) -> AsyncIterator[None]:
    """Put a dispatcher that really commands in the place of the one that remembers."""
    store = console.site.store
    book = journal(folder)

    async def look(key: Key) -> Belief:
        return store.ports[int(key.id)]

    real: Any = Dispatcher(store, book, {SourceName.AUTOSTORE: client}, look=look)
    console.site.commands = real
    try:
        yield
    finally:
        await real.close()
        await book.close()


async def test_a_key_that_is_held_down_gives_one_command(tmp_path: Path) -> None:
    answered = asyncio.Event()
    client = Client([], waits_for(answered))
    async with running() as console, commanding(console, tmp_path, client):
        await console.on_port(EMPTY)
        await console.press(*HELD)
        await console.until(lambda: client.calls, "the call")
        await console.press(*HELD)
        words = f"call bin: port {EMPTY} has a command under way (openbin: sent)"
        await console.until(lambda: words in console.toasts(), "why it is not given again")

        answered.set()
        commands = console.site.store.commands
        await console.until(
            lambda: {one.phase for one in commands.values()} == {Phase.ACCEPTED}, "the answer"
        )
        await console.press(*HELD)
        words = f"call bin: port {EMPTY} has a command under way (openbin: accepted)"
        await console.until(lambda: words in console.toasts(), "why it is not given again")
        assert client.calls == [{"port_id": EMPTY}]


async def test_a_key_that_is_held_down_raises_one_notice() -> None:
    async with running() as console:
        await console.on_port(EMPTY)
        await console.press("o", "o", "o")
        assert console.toasts() == ["open port: already open (mode OPEN)"]
        await console.on_port(CLOSED)
        await console.press("c", "c")
        assert console.toasts()[1:] == ["close port: already closed"], "other words stand beside it"

        for notice in tuple(console.app._notifications):
            notice.raised_at -= notice.timeout
        await console.press("c")
        assert console.toasts() == ["close port: already closed"], "it is told again once it has gone"
