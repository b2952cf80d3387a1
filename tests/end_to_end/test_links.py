"""Over links that are slow, that stall, and after the console was stopped."""

import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE

from .at_the_console import Console, port_row
from .conftest import OpenConsole
from .servers import Asked, controller, serving
from .sites import write_site
from .terminal import Lines, without
from .test_leaving import ALTERNATE_SCREEN

HEALTHY = controller(lambda port_id: {"port_type": "CO", "mode": "CLOSED"})
JSON = 'encoding = "json"'

INTERVAL = 10
"""Seconds between two reads of a port; after three times as many it is old by itself."""

REPAINT, REPAINTS = "t", 25
"""The key that changes the colours, and with them the whole screen, more than 10 KB of it; and how often
it is pressed, so that a terminal that nobody reads is full long before."""


class Far(Console):
    """A console on a link of which a test says how much it takes."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.open = threading.Event()
        self.open.set()
        self.bytes_a_second = float("inf")
        super().__init__(*arguments, **more)

    def _read_some(self) -> bytes:
        if not self.open.wait(0.05):
            return b""
        data = super()._read_some()
        time.sleep(len(data) / self.bytes_a_second)
        return data


@pytest.fixture
def far(home: Path) -> Iterator[type[Far]]:
    """Return what opens a console on such a link."""
    opened: list[Far] = []

    class Opening(Far):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(home, *arguments, **more)
            opened.append(self)

    yield Opening
    for console in opened:
        console.open.set()
        print(console.transcript())
        console.close()


def all_rows(pattern: str, ports: int) -> Any:
    """Return the condition that every port's row holds something."""

    def held(lines: Lines) -> bool:
        return all(
            any(port_row(port_id, pattern).search(line) for line in lines) for port_id in range(1, ports + 1)
        )

    return held


def test_a_stalled_terminal_stops_no_polling_and_ages_are_right_afterwards(
    home: Path, far: type[Far]
) -> None:
    with serving(HEALTHY) as server:
        settings = write_site(home, autostore_url=server.url, autostore=JSON)
        console = far("--config", str(settings))
        console.wait_for("AutoStore ok", port_row(12, "CLOSED"), without("~"))
        console.open.clear()
        for _ in range(REPAINTS):
            console.press(REPAINT)
            asked_for(server.asked, 1)
        asked_for(server.asked, 70)  # for longer than a tick may be late without everything being old
        mark = console.mark()
        console.open.set()
        console.look_at_help()
        console.wait_for("AutoStore ok 0 s", port_row(12, "CLOSED"), without("~"))
        assert len(console.bytes_since(mark)) < REPAINTS * 10_000 / 2, "what nobody could see is not painted"
        assert "low bandwidth" not in "".join(console.lines), "an interruption is not a slow link"
        assert console.quit() == 0


def asked_for(asked: list[Asked], more: int) -> None:
    """Wait until a server was asked so many times more."""
    wanted, end = len(asked) + more, time.monotonic() + PATIENCE
    while len(asked) < wanted:
        assert time.monotonic() < end, "polling has stopped"
        time.sleep(0.02)


def test_a_stalled_terminal_does_not_keep_the_console_from_ending(home: Path, far: type[Far]) -> None:
    console = far("demo", "--ports", "8", "--devices", "4")
    console.wait_until_live()
    console.open.clear()
    for _ in range(REPAINTS):
        console.press(REPAINT)
        time.sleep(0.1)
    console.signal(signal.SIGTERM)
    assert console.wait_for_end() == 128 + signal.SIGTERM


def test_a_slow_terminal_is_noticed_and_spared(far: type[Far]) -> None:
    console = far("demo", "--ports", "8", "--devices", "4", COLORTERM="truecolor")
    console.wait_until_live()
    assert b"38;2;" in console.received
    console.bytes_a_second = 20_000
    end = time.monotonic() + PATIENCE
    while not any("low bandwidth" in line for line in console.lines):
        assert time.monotonic() < end, console.transcript()
        console.press(REPAINT)
        time.sleep(0.2)
    console.bytes_a_second = float("inf")
    console.press("?")
    console.wait_for("─ Help ─")


def test_low_bandwidth_means_few_frames_and_few_colours(open_console: OpenConsole) -> None:
    console = open_console("demo", "--ports", "40", "--devices", "4", "--low-bandwidth")
    console.wait_for("low bandwidth", "AutoStore ok", port_row(1))
    mark, begun = console.mark(), time.monotonic()
    console.wait_for(re.compile(r"AutoStore ok [2-9] s|MOR ok [2-9] s"))
    console.press("?")
    console.wait_for("─ Help ─")
    written, seconds = console.bytes_since(mark), time.monotonic() - begun
    assert b"38;5;" not in console.received
    frames = len(re.findall(rb"\x1b\[\d+;\d+H(?=\x1b\[\d+;\d+H|$)", written))
    assert 0 < frames <= 4 * seconds + 3


@pytest.mark.parametrize("stop", [signal.SIGTSTP, signal.SIGSTOP])
def test_after_a_stop_everything_is_old_at_once(
    open_console: OpenConsole, home: Path, stop: signal.Signals
) -> None:
    with serving(HEALTHY) as server:
        settings = write_site(home, autostore_url=server.url, autostore=f"{JSON}\ninterval = {INTERVAL}")
        console = open_console("--config", str(settings))
        console.wait_for("AutoStore ok", port_row(12, "CLOSED"), without("~"))
        console.signal(stop)
        wait_until_stopped(console.pid)
        if stop is signal.SIGTSTP:
            console.wait_for(lambda _: ALTERNATE_SCREEN not in console.modes_left_on())
            assert console.settings_restored(), "the shell has its terminal back"
        server.behave = lambda asked: None
        console.signal(signal.SIGCONT)
        console.wait_for(all_rows("CLOSED +~ ", 12), seconds=2 * INTERVAL)
        assert ALTERNATE_SCREEN in console.modes_left_on()
        console.look_at_help()
        assert console.quit() == 0
        assert console.settings_restored()
        assert ALTERNATE_SCREEN not in console.modes_left_on()


def wait_until_stopped(pid: int) -> None:
    """Wait until a process is stopped."""
    end = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < end, "it goes on"
        time.sleep(0.02)
