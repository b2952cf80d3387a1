"""A simulator in a process of its own, for a console beside it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import IO, Any

PATIENCE = 3.0
"""Seconds it may take to end by itself."""


class SimulatorProcess:
    """A simulator that runs; `errors` is where its complaints go."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors

    @cached_property
    def where(self) -> Mapping[str, Any]:
        """What it says when it has started: waits for that.

        Raises:
            OSError: it did not start; with its own words.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            complaint = self._errors.read().decode(errors="replace").strip()
            raise OSError(f"the simulator did not start: {complaint}")
        found: Mapping[str, Any] = json.loads(line)
        return found

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def stop(self) -> str:
        """End it, and return what it said in the end; once it has ended, nothing."""
        said = b""
        if self._process.returncode is None:
            with suppress(subprocess.TimeoutExpired, OSError):
                said, _ = self._process.communicate(timeout=PATIENCE)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        return said.decode(errors="replace")


@contextmanager
def simulator(options: Sequence[str]) -> Iterator[SimulatorProcess]:
    """Run `portside simulate` with these options beside us; the end of its standard input is what stops it.

    -P keeps a folder that happens to be called console, where we were started, from being taken for ours.
    """
    command = [sys.executable, "-P", "-m", "console", "simulate", "--stop-with-stdin", *options]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        running = SimulatorProcess(process, errors)
        try:
            yield running
        finally:
            running.stop()
