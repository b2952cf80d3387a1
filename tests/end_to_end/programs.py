"""Starts portside as people and scripts do: as a process, with a home folder of its own."""

import atexit
import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from patience import PATIENCE

from .forks import Nursery

ROOT = Path(__file__).resolve().parents[2]

PORTSIDE = (sys.executable, "-P", "-m", "console")
"""The program; `environment` lets it be found in this checkout, installed or not."""


class Ended(NamedTuple):
    """What a verb came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, which is JSON."""
        return json.loads(self.out)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return all that a program finds in its environment: nothing of whoever runs the tests."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join(paths),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PORTSIDE_STATE_DIR": str(home / "state"),
        **more,
    }


@cache
def _nursery() -> Nursery:
    nursery = Nursery(environment(Path("/nowhere")))
    atexit.register(nursery.close)
    return nursery


def portside(home: Path, *arguments: str, login_uid: int | None = None, **more: str) -> Ended:
    """Run a verb to its end, without a terminal; `more` goes into its environment.

    It begins as a login of `login_uid` does, where that is given and can be set.

    Raises:
        TimeoutError: it does not end.
    """
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        env = environment(home, **more)
        code = _nursery().run(arguments, env, out, err, seconds=PATIENCE, login_uid=login_uid)
        return Ended(code, _written(out), _written(err))


def _written(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def journal(home: Path) -> list[dict[str, Any]]:
    """Return the records of the journal, the oldest first."""
    rows: list[dict[str, Any]] = portside(home, "journal", "--last", "1000", "--json").json
    return rows


def executed(record: Path) -> list[dict[str, Any]]:
    """Return the commands that a simulator was given by us, from its own record, oldest first."""
    rows = [json.loads(line) for line in record.read_text().splitlines()]
    return [row for row in rows if row["who"] == "client"]


class Simulator:
    """`portside simulate` in a process of its own; listens once constructed."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.record = home / "record.jsonl"
        self.said_more = ""
        self.process = subprocess.Popen(
            [*PORTSIDE, "simulate", "--record", str(self.record), *arguments],
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.announced: dict[str, str] = json.loads(self.process.stdout.readline())
        self.autostore_url = self.announced["autostore_url"]
        self.mor_url = self.announced["mor_url"]
        self.secret = self.announced["mor_secret"]

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.returncode is None:
            self.stop()

    @property
    def ports(self) -> tuple[str, ...]:
        """The options that make another simulator listen where this one did."""
        autostore, mor = (url.rpartition(":")[2] for url in (self.autostore_url, self.mor_url))
        return ("--autostore-port", autostore, "--mor-port", mor)

    def executed(self) -> list[dict[str, Any]]:
        """Return the commands it was given."""
        return executed(self.record)

    def kill(self) -> None:
        """Let it vanish, as a controller without power does."""
        self.process.kill()
        self._reap()

    def stop(self) -> int:
        """Tell it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._reap()

    def _reap(self) -> int:
        assert self.process.stdout is not None
        with self.process.stdout as out:
            self.said_more = out.read()
        return self.process.wait(PATIENCE)
