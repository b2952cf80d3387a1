"""A signal that comes while the report of a run is being printed: the verb ends in order all the same."""

import fcntl
import json
import os
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import PATIENCE

from console.operations.journal import read

from .cli_bulk import hall
from .programs import PORTSIDE, environment

PORTS = 60
PAGE = 4096
"""Bytes that fit into the pipe: much less than the report has, so that printing it waits for its reader."""

SAFETY = f"typed_above = {PORTS}, commands_per_second = 0, pause_after_first = false"


@pytest.fixture
def printing(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A verb whose run is over, in the middle of printing its report."""
    out, into = os.pipe()
    fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, PAGE)
    with hall(home, "--ports", str(PORTS), safety=SAFETY, ports=f"1-{PORTS}") as site:
        line = ("port", "open", f"1-{PORTS}", "--yes", "--json", "--config", str(site.settings))
        verb = subprocess.Popen(
            [*PORTSIDE, *line], env=environment(home), stdout=into, stderr=subprocess.DEVNULL
        )
        os.close(into)
        verb.stdout = os.fdopen(out, "rb")
        end = time.monotonic() + PATIENCE
        while _waiting_in(out) < PAGE:
            assert verb.poll() is None and time.monotonic() < end, "it never printed"
            time.sleep(0.01)
        yield verb
        verb.kill()
        verb.communicate()


def _waiting_in(pipe: int) -> int:
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), "little")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda one: one.name)
def test_the_report_is_printed_whole_and_its_code_stands(
    home: Path, printing: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    printing.send_signal(number)
    assert printing.stdout is not None
    report = json.loads(printing.stdout.read())
    assert sum(report["counts"].values()) == PORTS
    assert printing.wait(PATIENCE) in (0, 6)
    assert [record.entry.kind for record in read(home / "state")][-1] == "run_end"
