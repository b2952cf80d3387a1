"""How long from a key to its effect on the screen, while much changes and while nothing does."""

import random
import statistics
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.terminal import Terminal

KEYS = 100
CURSOR = b"48;2;43;74;107"
"""The ground of the row that keys act on, as the dark theme has it."""

BY_ID, DOWN, UP = "s", "j", "k"


def key_to_paint() -> list[Figure]:
    """Steps of the cursor between two ports that do not change; 200 of 2,000 others do each second.

    Floor: the same steps while nothing changes.
    """
    busy, idle = _p95(200), _p95(0)
    return [
        Figure("key to paint p95, 200 changes/s", busy, "ms", idle, 2.0),
        Figure("key to paint p95, 200 changes/s", busy, "ms", idle, 50.0, absolute=True),
    ]


def _p95(rate: int) -> float:
    app = str(Path(__file__).with_name("changing_app.py"))
    with Terminal([app, "--rate", str(rate)]) as terminal:
        terminal.seconds_until(b"100001")
        terminal.press(BY_ID)
        terminal.bytes_in(3.0)
        times = [_milliseconds(terminal, DOWN if turn % 2 == 0 else UP) for turn in range(KEYS)]
    return statistics.quantiles(times, n=20)[-1]


def _milliseconds(terminal: Terminal, key: str) -> float:
    terminal.bytes_in(random.uniform(0.05, 0.15))
    before, pressed = len(terminal.output), time.perf_counter()
    terminal.press(key)
    if not terminal.read_until(lambda: CURSOR in terminal.output[before:], 5.0):
        raise TimeoutError(f"nothing came of the key {key!r}")
    return 1000 * (time.perf_counter() - pressed)
