"""How many bytes go to the terminal for one changed port."""

from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.terminal import Terminal

SECONDS = 6.0
FLOOR = 50.0
"""A cursor move, a colour and the text of one cell."""


def bytes_per_change() -> list[Figure]:
    """20 changes a second of visible ports, less what the same screen writes when nothing changes."""
    rate = 20.0
    changing, idle = _bytes(rate), _bytes(0.0)
    value = (changing - idle) / (rate * SECONDS)
    return [Figure("bytes for one changed port", value, "B", FLOOR, 200, absolute=True)]


def _bytes(rate: float) -> int:
    with Terminal([str(Path(__file__).with_name("changing_app.py")), str(rate)]) as terminal:
        terminal.seconds_until(b"100001")
        terminal.bytes_in(2.0)
        return terminal.bytes_in(SECONDS)
