"""How long until something stands on the screen."""

import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.terminal import Terminal

RUNS = 7


def first_paint() -> list[Figure]:
    """From the start of the process to the first frame with the ports pane; floor: a bare table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PORTSIDE_STATE_DIR"] = folder
        pairs = [(_seconds(_DEMO, b"Ports 40"), _seconds(_BARE, b"0001")) for _ in range(RUNS + 1)][1:]
    ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    return [Figure("first paint of portside demo", ours, "s", bare, 1.6)]


_DEMO = ["-m", "console", "demo"]
_BARE = [str(Path(__file__).with_name("bare_app.py"))]


def _seconds(arguments: list[str], text: bytes) -> float:
    with Terminal(arguments) as terminal:
        return terminal.seconds_until(text)
