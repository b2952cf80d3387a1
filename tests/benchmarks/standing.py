"""What a console costs that stands: the processor, the link, and memory."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.terminal import Terminal

SETTLED, SECONDS = 6.0, 20.0

_TICK = os.sysconf("SC_CLK_TCK")
_HERE = Path(__file__).parent
_BARE = [str(_HERE / "bare_app.py")]


def idle() -> list[Figure]:
    """2,000 live ports of which none changes, for a while; floor: a bare table.

    What is still written are the ages of the sources and of the port under the cursor.
    """
    used, written = _idle([str(_HERE / "changing_app.py")])
    used_bare, written_bare = _idle(_BARE)
    return [
        Figure("idle, of one core", 100 * used, "%", 100 * used_bare, 1.0, absolute=True),
        Figure("idle, written in a second", written, "B", written_bare, 200, absolute=True),
    ]


def _idle(arguments: list[str]) -> tuple[float, float]:
    """Return the share of a core used and the bytes written in a second."""
    with Terminal(arguments) as terminal:
        terminal.seconds_until(b"0001")
        terminal.bytes_in(SETTLED)
        before = _processor_seconds(terminal.pid)
        written = terminal.bytes_in(SECONDS)
        return (_processor_seconds(terminal.pid) - before) / SECONDS, written / SECONDS


def memory() -> list[Figure]:
    """2,000 ports and 100,000 devices of the simulator, both read more than once; floor: a bare table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PORTSIDE_STATE_DIR"] = folder
        demo = ["-m", "console", "demo", "--ports", "2000", "--devices", "100000"]
        ours = _megabytes(demo, lambda output: re.search(rb"\D9\d{4}\D", output) is not None, 25.0)
    bare = _megabytes(_BARE, lambda output: b"0001" in output, 1.0)
    return [Figure("memory over the bare app", ours - bare, "MB", bare, 110, absolute=True)]


def _megabytes(arguments: list[str], shown: Callable[[bytes], bool], more: float) -> float:
    """Return the memory in use some seconds after something is shown."""
    with Terminal(arguments) as terminal:
        if not terminal.read_until(lambda: shown(bytes(terminal.output)), 60.0):
            raise TimeoutError("it was not shown")
        terminal.bytes_in(more)
        status = Path(f"/proc/{terminal.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
