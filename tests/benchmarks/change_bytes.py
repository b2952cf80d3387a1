"""How many bytes go to the terminal for one changed port, at every density."""

from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.terminal import Terminal

SECONDS = 10.0
"""How long is counted: twice as long as a changed value is marked, so that marks end as others begin."""

SETTLED = 6.0
"""Seconds until marks begin to end."""

FLOOR = 50.0
"""A cursor move, a colour and the text of one cell."""

SHOWN = {"rows": 16, "tiles": 80, "dots": 1998}
"""How many of the ports on the screen change, by density."""

BY_ID, NEXT_DENSITY = "s", "v"


def bytes_per_change() -> list[Figure]:
    """20 and 200 changes a second of visible ports, less what the same screen writes when nothing changes.

    What marks a changed value, and the end of the mark, are counted with the change.
    """
    figures: list[Figure] = []
    for density in SHOWN:
        idle = _bytes(density, 0)
        for rate in (20, 200):
            value = (_bytes(density, rate) - idle) / (rate * SECONDS)
            name = f"bytes a change, {density}, {rate}/s"
            figures.append(Figure(name, value, "B", FLOOR, 64, absolute=True))
    return figures


def _bytes(density: str, rate: int) -> int:
    app = str(Path(__file__).with_name("changing_app.py"))
    with Terminal([app, "--rate", str(rate), "--among", str(SHOWN[density])]) as terminal:
        terminal.seconds_until(b"100001")
        terminal.press(BY_ID + NEXT_DENSITY * list(SHOWN).index(density))
        terminal.bytes_in(SETTLED)
        return terminal.bytes_in(SECONDS)
