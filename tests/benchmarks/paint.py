"""How long until something stands on the screen."""

import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.terminal import Terminal

from console.cli.simulator_process import simulator

RUNS = 7


def first_paint() -> list[Figure]:
    """From the start of the process to the first frame with the ports pane; floor: a bare table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PORTSIDE_STATE_DIR"] = folder
        pairs = [(_seconds(_DEMO, b"Ports 40"), _seconds(_BARE, b"0001")) for _ in range(RUNS + 1)][1:]
    ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    return [Figure("first paint of portside demo", ours, "s", bare, 1.25)]


def first_value() -> list[Figure]:
    """From the start of the process, on a site whose servers run, to the value of a port; floor: as above."""
    with simulator(["--ports", "40"]) as running, tempfile.TemporaryDirectory() as folder:
        os.environ["PORTSIDE_STATE_DIR"] = folder
        settings = Path(folder, "settings.toml")
        settings.write_text(
            f'operator = "bench"\n[sites.hall]\n[sites.hall.autostore]\n'
            f'url = "{running.where["autostore_url"]}"\nports = "1-40"\n'
        )
        ours = ["-m", "console", "--config", str(settings)]
        pairs = [(_seconds(ours, b"CLOSED"), _seconds(_BARE, b"0001")) for _ in range(RUNS + 1)][1:]
    value, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    return [Figure("first live value of a port", value, "s", bare, 2.0)]


_DEMO = ["-m", "console", "demo"]
_BARE = [str(Path(__file__).with_name("bare_app.py"))]


def _seconds(arguments: list[str], text: bytes) -> float:
    with Terminal(arguments) as terminal:
        return terminal.seconds_until(text)
