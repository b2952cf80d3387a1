"""What a change costs a real link: the bytes that the program writes to its terminal."""

import time
from pathlib import Path

from .at_the_console import PORTS, Console, port_row
from .conftest import OpenConsole
from .programs import Simulator, portside

CHANGE = 2000
"""Bytes from a port's opening until its row says so: the row, and the ages that go on meanwhile."""

AGES = 200
"""Bytes of what goes on in half a second when nothing happens."""


def wait_until_it_stands(console: Console) -> None:
    """Wait until nothing but ages is written."""
    while True:
        mark = console.mark()
        time.sleep(0.5)
        if len(console.bytes_since(mark)) < AGES:
            return


def test_a_port_that_opens_elsewhere_costs_far_less_than_a_screen(
    open_console: OpenConsole, hall2: Path, simulator: Simulator, home: Path
) -> None:
    console = open_console("--config", str(hall2))
    console.wait_until_live()
    assert len(console.received) > 4 * CHANGE, "the first screen is the measure"
    console.press(PORTS)
    console.filter_ports("type:ac", shown=3)
    wait_until_it_stands(console)
    mark = console.mark()
    done = portside(home, "call", "openport", "port_id=5", "category=1", "--config", str(hall2))
    assert done.code == 0, done
    console.wait_for(port_row(5, "OPEN"))
    spent = len(console.bytes_since(mark))
    print(f"{spent} bytes for a port that opened")
    assert 0 < spent < CHANGE
    assert console.quit() == 0
