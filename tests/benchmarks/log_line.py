"""How long a line of the Log Publisher takes until its effect stands on the terminal."""

import os
import random
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.terminal import Terminal

from console.cli.simulator_process import simulator

PORTS, LINES = 2000, 300
OTHERS = 100
"""Lines a second about ports that are not on the screen."""

FRAME = 1000 / 30
"""Milliseconds between two frames, as the console asks Textual for them."""

BY_ID = "s"


class Publisher:
    """Tells whoever connects that a download begins, and then what it is given."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.connected = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    def tell(self, line: str) -> None:
        """Send a line."""
        with self._lock:
            self._peer.sendall(f"{line}\r\n".encode())

    def close(self) -> None:
        """End everything."""
        self._ended.set()
        self._listening.close()

    def _serve(self) -> None:
        self._peer, _ = self._listening.accept()
        self.tell("DS")
        self.connected.set()
        turn = 0
        while not self._ended.wait(1 / OTHERS):
            turn += 1
            port = 1000 + turn % 1000
            try:
                self.tell(f"AC,{port},{100_000 + port},{_code(turn)}")
            except OSError:
                return


def log_line() -> list[Figure]:
    """Lines about a port on the screen, while 2,000 are read and 100 other lines come each second; p99.

    Floor: one frame.
    """
    publisher = Publisher()
    with simulator(["--ports", str(PORTS)]) as running, tempfile.TemporaryDirectory() as folder:
        os.environ["PORTSIDE_STATE_DIR"] = folder
        settings = Path(folder, "settings.toml")
        settings.write_text(
            f'operator = "bench"\n[sites.hall]\n[sites.hall.autostore]\nports = "1-{PORTS}"\n'
            f'url = "{running.where["autostore_url"]}"\n'
            f'log_publisher = {{ address = "127.0.0.1:{publisher.port}" }}\n'
        )
        with Terminal(["-m", "console", "--config", str(settings)]) as terminal:
            terminal.seconds_until(b"CLOSED")
            terminal.press(BY_ID)
            terminal.bytes_in(6.0)
            assert publisher.connected.is_set()
            times = [_milliseconds(terminal, publisher, turn) for turn in range(LINES)]
    publisher.close()
    p99 = statistics.quantiles(times, n=100)[-1]
    return [Figure("Log Publisher line to terminal, p99", p99, "ms", FRAME, 100.0, absolute=True)]


def _milliseconds(terminal: Terminal, publisher: Publisher, turn: int) -> float:
    terminal.bytes_in(random.uniform(0.02, 0.1))
    before, told, code = len(terminal.output), time.perf_counter(), _code(turn)
    publisher.tell(f"AC,2,100002,{code}")
    if not terminal.read_until(lambda: code.encode() in terminal.output[before:], 5.0):
        raise TimeoutError(f"nothing came of {code}")
    return 1000 * (time.perf_counter() - told)


def _code(turn: int) -> str:
    """Return a code no letter of which stands in the one before: all of it is written to the terminal."""
    return "".join(chr(ord("A") + (turn + 5 * place) % 26) for place in range(4))
