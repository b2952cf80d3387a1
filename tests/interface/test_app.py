"""The app around it all: opens the site behind the first frame, says when it cannot, leaves in order."""

import asyncio
import os
import signal
from collections.abc import Callable

import pytest

from console.interface.app import FRAME, TERMINAL_CHECK, PortsideApp
from console.interface.screens.overview import TICK
from console.interface.themes import load_themes
from console.settings import SettingsError

from .screen import running
from .world import BIN, Site, hall


async def test_a_site_that_cannot_be_opened_is_said_and_the_screen_stays() -> None:
    site = Site(ports=[1])
    site.failure = SettingsError("site Hall 2: [red]/etc/key\x1b[31m is group-readable")
    app = PortsideApp(lambda schedule: site, themes=load_themes(), theme="dark")  # type: ignore[arg-type,return-value]
    async with app.run_test(notifications=True) as pilot:
        await asyncio.wait_for(site.opened.wait(), 10)
        await pilot.pause()
        messages = [notice.message for notice in app._notifications]
        assert messages == ["cannot open the site: site Hall 2: [red]/etc/key\\x1b[31m is group-readable"]
        assert not any(notice.markup for notice in app._notifications)


async def test_nothing_is_left_behind() -> None:
    async with running() as console:
        assert len(console.site.store._listeners) == 1
        await console.press("question_mark", "escape", "c", "escape")
    assert console.site.closed
    assert console.site.store._listeners == []
    assert not list(console.app.workers)
    console.site.see_again()  # nobody listens, and nothing breaks


async def test_one_ticker_is_all_that_runs() -> None:
    site = Site(ports=[1], fill=hall)
    app = PortsideApp(lambda schedule: site, themes=load_themes(), theme="dark")  # type: ignore[arg-type,return-value]
    async with app.run_test() as pilot:
        await asyncio.wait_for(site.opened.wait(), 10)
        await pilot.pause()
        timers = [timer for node in (app, *app._registry) for timer in node._timers]
        running_on = [timer._interval for timer in timers if timer._repeat is None and timer._active.is_set()]
        assert sorted(interval for interval in running_on if interval > 0.1) == [TICK, TERMINAL_CHECK]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_in_order(number: signal.Signals) -> None:
    async with running() as console:
        handlers = asyncio.get_running_loop()._signal_handlers  # type: ignore[attr-defined]
        assert number in handlers, "without a handler the signal would end the tests"
        os.kill(os.getpid(), number)
        await console.until(lambda: console.app._exit, "the end")
    assert console.app.return_code == 128 + number
    assert console.site.closed
    asyncio.get_running_loop().remove_signal_handler(number)


async def test_leaving_while_a_question_is_open_orders_nothing() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await console.press("c")
        console.app.exit(None, 0)
        await console.until(lambda: console.app._exit, "the end")
    assert console.site.closed
    assert console.commands.sent == []


async def test_one_conversation_at_a_time() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await console.burst("c", "c", "B", "c")
        assert len(console.app.screen_stack) == 2
        await console.press("escape")
        assert len(console.app.screen_stack) == 1


def test_changes_of_one_frame_are_told_once_and_the_first_two_after_a_pause_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = PortsideApp(lambda schedule: Site(schedule), themes=load_themes(), theme="dark")  # type: ignore[arg-type,return-value]
    timers: list[tuple[float, Callable[[], None]]] = []
    monkeypatch.setattr(app, "set_timer", lambda wait, tell: timers.append((wait, tell)))
    told: list[str] = []
    for _ in range(5):  # what is told by hand meanwhile arranges no second notice
        app._next_frame(lambda: told.append("now"))
    ((wait, tell),) = timers
    assert wait < FRAME / 10
    tell()
    app._next_frame(lambda: told.append("at once"))
    assert timers[1][0] < FRAME / 10
    timers[1][1]()
    app._next_frame(lambda: told.append("later"))
    assert told == ["now", "at once"]
    assert FRAME / 2 < timers[2][0] <= FRAME
