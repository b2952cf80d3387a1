"""The Textual app: paints first, opens the site behind the first frame, and leaves in order."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.command import Provider
from textual.theme import Theme

from console.interface import partial_update
from console.interface.key_queue import KeyQueue
from console.interface.paced_driver import PacedDriver
from console.interface.palette import ActionProvider, CallProvider
from console.interface.screens.dialog import Dialog
from console.interface.screens.workspace import Workspace
from console.site import Site
from console.state.store import Schedule
from console.text import safe

log = logging.getLogger(__name__)

partial_update.install()

FRAME = 1 / 15
"""Seconds over which changes are gathered before the panes hear of them."""

AT_ONCE = 0.001
"""Seconds of the shortest timer: Textual runs none of zero."""

PASTED_MOST = 4000
"""Characters taken of what is pasted. Lines become one, for Textual's inputs drop all but the first."""

TERMINAL_CHECK = 2.0
"""Seconds between two checks that the terminal is still there, and how fast it is."""

LOW_FRAME = 1 / 4
LOW_THEME = "ansi-dark"
"""What a slow link gets: seconds between two frames, and colours that are short to name."""

LOW_WORDS = "low bandwidth"


class PortsideApp(App[int]):
    """The console on one site. The exit code is its result.

    With `low_bandwidth`, or once the terminal proves to be slow, it paints seldom.
    """

    TITLE = "portside"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[type[Provider]]] = {ActionProvider, CallProvider}  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False  # opened by the registry's key: by Textual's own it came up over dialogs

    def __init__(
        self,
        make_site: Callable[[Schedule], Site],
        *,
        themes: Mapping[str, Theme],
        theme: str,
        low_bandwidth: bool = False,
    ) -> None:
        super().__init__(driver_class=PacedDriver)
        self.animation_level = "none"
        self.low_bandwidth = low_bandwidth
        self.site = make_site(self._next_frame)
        self._tell_from = float("-inf")
        self._telling = False
        self._keys = KeyQueue(self, self._key_in_turn, lambda: self.focused or self.screen)
        for name in tuple(self.available_themes):
            self.unregister_theme(name)
        for one in themes.values():
            self.register_theme(one)
        self.theme = theme

    def notify(self, message: str, *, markup: bool = False, **more: Any) -> None:
        """Tell something in passing, never as markup; what is being told still is not told twice.

        A key held down would pile up one notice on the other.
        """
        if all(notice.message != message for notice in self._notifications):
            super().notify(message, markup=False, **more)

    def get_default_screen(self) -> Workspace:
        """Start with the workspace, in the layout that fits: nothing is drawn or styled twice."""
        workspace = Workspace(self.site)
        workspace.lay_out(self.size)
        return workspace

    def on_mount(self) -> None:
        """Open the site once the first frame stands."""
        self._handle_signals()
        self.app_resume_signal.subscribe(self, self._resumed, immediate=True)
        self.set_interval(TERMINAL_CHECK, self._look_at_terminal)
        if self.low_bandwidth:
            self._paint_seldom()
        self.call_after_refresh(self._open_site)

    def _next_frame(self, tell: Callable[[], None]) -> None:
        """Gather what changes within a frame into one notice; the first two after a pause are told at once.

        Two, for the first may say no more than that something begins: a connection, a read, a key.
        """
        if self._telling:
            return
        frame = LOW_FRAME if self.low_bandwidth else FRAME

        def tell_now() -> None:
            self._telling = False
            self._tell_from = max(self._tell_from, time.monotonic() - frame) + frame
            tell()

        self._telling = True
        self.set_timer(max(AT_ONCE, self._tell_from - time.monotonic()), tell_now)

    def _open_site(self) -> None:
        self.run_worker(self._opening(), group="site", exit_on_error=False)

    async def _opening(self) -> None:
        try:
            await self.site.open()
        except Exception as error:
            log.exception("the site could not be opened")
            self.notify(
                f"cannot open the site: {safe(str(error))}", severity="error", timeout=60, markup=False
            )
            return

    async def on_event(self, event: events.Event) -> None:
        """Take keys one at a time, everything else as it comes; pasted text is text from outside."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            event.text = safe(" ".join(event.text.split()), PASTED_MOST)
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._keys.take(event)
        else:
            await super().on_event(event)

    async def _key_in_turn(self, event: events.Key) -> None:
        """Drop keys that a dialog does not heed: they were typed for what was there before.

        While the terminal is stalled, nobody sees the dialog at all.
        """
        driver = self._driver
        stalled = isinstance(driver, PacedDriver) and driver.pace.stalled(event.time)
        if isinstance(self.screen, Dialog) and (stalled or not self.screen.heeds(event.time)):
            self.screen.drop(event.time)
        else:
            await super().on_event(event)

    async def on_unmount(self) -> None:
        """Close the site in order."""
        await self.site.close()

    def _handle_signals(self) -> None:
        """Leave in order when told to, or when the terminal goes: stock Textual dies where it stands."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError):
                loop.add_signal_handler(number, self.exit, None, 128 + number)

    def _resumed(self, _app: App[object]) -> None:
        """After a stop: whatever was seen before is old, and the terminal shows something else."""
        self.site.store.distrust()
        self.refresh(layout=True)

    def _look_at_terminal(self) -> None:
        """Leave when the terminal has gone; spare it when it is slow."""
        if not self.is_headless and not sys.__stdin__.isatty():  # type: ignore[union-attr]
            self.exit(None, 128 + signal.SIGHUP)
        elif not self.low_bandwidth and isinstance(self._driver, PacedDriver) and self._driver.pace.slow:
            self.low_bandwidth = True
            self._paint_seldom()
            if LOW_THEME in self.available_themes:
                self.theme = LOW_THEME

    def _paint_seldom(self) -> None:
        if isinstance(self._driver, PacedDriver):
            self._driver.pace.period = LOW_FRAME
        for screen in self.screen_stack:
            if isinstance(screen, Workspace):
                screen.link = LOW_WORDS

    def _fatal_error(self) -> None:
        """Say what broke without the locals of every frame, which may hold secrets (rule 64)."""
        from rich.traceback import Traceback

        self.bell()
        self._exit_renderables.append(Traceback(show_locals=False, width=None, suppress=["textual"]))
        self._close_messages_no_wait()
