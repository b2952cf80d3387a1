"""A terminal that counts what is written to it, and knows what then stands on it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pyte
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

QUIET = 0.1
"""Seconds without a byte after which the screen is taken to stand: more than the store's longest frame."""


def is_busy(app: App[Any]) -> bool:
    """Return whether something is still to be handled, laid out or painted."""
    waiting = any(pump.message_queue_size for pump in (app, *app._registry))
    screens = (app.screen, *app._background_screens)
    unpainted = any(
        screen._dirty_widgets
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._callbacks
        or not screen.is_mounted
        for screen in screens
    )
    return bool(waiting or unpainted or app.animator._animations)


class Terminal(HeadlessDriver):
    """What the app takes for a real terminal."""

    is_headless = False

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        columns, rows = self._size or (80, 24)
        self.written = 0
        self._written_at = 0.0
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)

    def write(self, data: str) -> None:
        """Take bytes as a terminal does."""
        self.written += len(data.encode())
        self._written_at = time.monotonic()
        self._stream.feed(data)

    def flush(self) -> None:
        """Nothing is held back."""

    @property
    def lines(self) -> list[str]:
        """What stands on the terminal."""
        return [line.rstrip() for line in self._screen.display]

    async def stand(self) -> None:
        """Wait until nothing more is written."""
        self._written_at = time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            if is_busy(self._app):
                self._written_at = time.monotonic()
            elif time.monotonic() - self._written_at > QUIET:
                return

    async def cost(self, change: Callable[[], object]) -> int:
        """Return how many bytes a change on a standing screen writes."""
        await self.stand()
        before = self.written
        change()
        await self.stand()
        return self.written - before


@asynccontextmanager
async def shown_on_a_terminal(
    app: App[Any], size: tuple[int, int]
) -> AsyncIterator[tuple[Terminal, Pilot[Any]]]:
    """Run an app on a terminal of that size."""
    app.driver_class = Terminal
    async with app.run_test(headless=False, size=size) as pilot:
        app._context().__enter__()
        assert isinstance(app._driver, Terminal)
        yield app._driver, pilot
