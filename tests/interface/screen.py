"""Runs the console on a made-up site, presses keys and reads the screen."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from unittest import mock

from textual import events
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.strip import Strip

from console.interface.app import PortsideApp
from console.interface.screens.dialog import Dialog
from console.interface.screens.workspace import Workspace
from console.interface.themes import load_themes

from .bulk_desk import Desk
from .world import HALL, Dispatcher, Site, hall

PATIENCE = 10.0
"""Seconds after which what is waited for will not come; nothing waits that long when all is well."""

FRAMES = 3
"""Frames after which the screen stands: what is laid out in one may be told and drawn in the next."""

IN_A_ROW = 4

CHARACTERS = {"slash": "/", "space": " ", "asterisk": "*", "colon": ":", "question_mark": "?"}

T = TypeVar("T")


@dataclass
class Console:
    """A running console."""

    app: PortsideApp
    pilot: Pilot[Any]
    site: Site

    @property
    def workspace(self) -> Workspace:
        """The screen under all dialogs."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, Workspace))

    @property
    def commands(self) -> Dispatcher:
        """What was ordered."""
        assert self.site.commands is not None
        return self.site.commands

    @property
    def desk(self) -> Desk:
        """Where bulk work is planned and begun."""
        assert self.site.bulk is not None
        return self.site.bulk

    @property
    def focus(self) -> str:
        """The id of the widget with the focus."""
        return (self.app.focused.id or "") if self.app.focused else ""

    async def press(self, *keys: str) -> None:
        """Press keys, each after the effects of the one before."""
        for key in keys:
            await self.burst(key)

    def stop_ticker(self) -> None:
        """Let time pass only when a test says so, with `workspace.tick`."""
        for timer in self.workspace._timers:
            if timer._callback == self.workspace.tick:
                timer.stop()

    def tap(self, key: str) -> None:
        """Press a key, and do not wait for what comes of it."""
        self.app.post_message(_key(key))

    async def write(self, text: str) -> None:
        """Type characters in one go."""
        names = {character: name for name, character in CHARACTERS.items()}
        await self.burst(*(names.get(character, character) for character in text))

    async def burst(self, *keys: str) -> None:
        """Press keys faster than they can be handled, and wait for the last one's effects."""
        for key in keys:
            self.tap(key)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste, as a terminal with bracketed paste tells it."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until keys and notices are done with, and the screen shows what came of them."""
        self.site.store.flush()
        for _ in range(FRAMES):
            await self._done()
            for screen in self.app.screen_stack:
                screen._on_timer_update()
        await self._done()

    async def _done(self) -> None:
        """Wait until no key is held back and no message waits anywhere, some times in a row."""
        end = time.monotonic() + PATIENCE
        times = 0
        while times < IN_A_ROW:
            assert time.monotonic() < end, f"the keys are stuck; on the screen:\n{self.text()}"
            await asyncio.sleep(0)
            pumps = (self.app, *self.app._registry)
            busy = (
                self.app._keys._busy
                or not self.app.screen.is_mounted
                or self.app.animator._animations
                or any(pump.message_queue_size for pump in pumps)
            )
            times = 0 if busy else times + 1

    async def until(self, true: Callable[[], T], what: str) -> T:
        """Wait until something is true, and return it."""
        end = time.monotonic() + PATIENCE
        while not (found := true()):
            if time.monotonic() > end:
                raise AssertionError(f"waited for {what}; on the screen:\n{self.text()}")
            await asyncio.sleep(0.005)
        return found

    async def on_port(self, port_id: int) -> None:
        """Put the cursor on a port."""
        self.workspace.ports.rows.move_to(port_id)
        await self.settle()

    def mark(self, *port_ids: int) -> None:
        """Mark ports."""
        self.workspace.ports.rows.marks = set(port_ids)
        self.workspace.ports.rows.touch()

    async def dialog(self, kind: type[T]) -> T:
        """Wait until a dialog of a kind is open and listens."""
        opened = await self.until(
            lambda: isinstance(self.app.screen, kind) and self.app.screen, f"a {kind.__name__}"
        )
        assert isinstance(opened, kind)
        if isinstance(opened, Dialog):
            await self.until(lambda: opened.is_mounted and opened.listening, "the dialog to listen")
        await self.settle()
        return opened

    async def back(self) -> None:
        """Wait until no dialog is open and no conversation is held."""
        await self.until(lambda: isinstance(self.app.screen, Workspace), "the workspace")
        await self.until(lambda: not self.workspace._asking, "the end of the conversation")
        await self.settle()

    def strips(self) -> list[Strip]:
        """Return what stands on the screen, with its styles."""
        visible_screen_stack.set(self.app._background_screens)
        return self.app.screen._compositor.render_strips()

    def lines(self) -> list[str]:
        """Return what stands on the screen, a string a line."""
        return [strip.text.rstrip() for strip in self.strips()]

    def text(self) -> str:
        """Return what stands on the screen."""
        return "\n".join(self.lines())

    def toasts(self) -> list[str]:
        """Return what was told in passing, the latest last."""
        return [notice.message for notice in self.app._notifications]


@asynccontextmanager
async def running(
    fill: Callable[[Site], None] = hall,
    *,
    ports: int = HALL,
    size: tuple[int, int] = (120, 40),
    theme: str = "dark",
    **more: Any,
) -> AsyncIterator[Console]:
    """Run a console on a site of `ports` ports, which `fill` fills when it is opened.

    `more` is what else its site should be.
    """
    made: list[Site] = []

    def make_site(schedule: Any) -> Any:
        made.append(Site(schedule, ports=range(1, ports + 1), fill=fill, **more))
        return made[0]

    app = PortsideApp(make_site, themes=load_themes(), theme=theme)
    # Frames that nobody looks at are not painted: `text` draws the screen afresh.
    with mock.patch.object(Compositor, "render_update", return_value=None):
        async with app.run_test(size=size, notifications=True) as pilot:
            app._context().__enter__()
            console = Console(app, pilot, made[0])
            await console.until(made[0].opened.is_set, "the site to be opened")
            console.stop_ticker()
            console.workspace.tick()
            await console.settle()
            yield console


def _key(name: str) -> events.Key:
    if len(name) == 1:
        return events.Key(name, name)
    return events.Key(name, CHARACTERS.get(name))
