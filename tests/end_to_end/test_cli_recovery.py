"""What becomes of a command whose verb is told to stop or killed in the middle of it (rules 5, 28, 72)."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from patience import PATIENCE

from .programs import PORTSIDE, Ended, environment, journal, portside
from .servers import Asked, Server, serving

COMMAND = ("call", "closeport", "port_id=4", "--timeout", "20")

Stop: TypeAlias = Callable[..., int]


@pytest.fixture
def silent() -> Iterator[Server]:
    """A controller that takes every call and answers none, as long as the test goes on."""
    over = threading.Event()

    def behave(_: Asked) -> None:
        over.wait(PATIENCE)

    with serving(behave) as server:
        yield server
        over.set()


@pytest.fixture
def stop(home: Path, silent: Server, request: pytest.FixtureRequest) -> Iterator[Stop]:
    """Commands a port, sends signals once that has arrived, and returns the exit code."""
    verb = subprocess.Popen(
        [*getattr(request, "param", ()), *PORTSIDE, *COMMAND, "--autostore-url", silent.url],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def stopped(*numbers: int) -> int:
        end = time.monotonic() + PATIENCE
        while not silent.asked:
            assert time.monotonic() < end, "it never arrived"
            time.sleep(0.01)
        for number in numbers:
            verb.send_signal(number)
        return verb.wait(PATIENCE)

    yield stopped
    verb.kill()
    verb.wait()


def told(home: Path) -> list[tuple[str, str]]:
    return [(row["kind"], row["outcome"]) for row in journal(home)]


def recover(home: Path, server: Server) -> Ended:
    return portside(home, "runs", "recover", "--json", "--autostore-url", server.url)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_verb_that_is_told_to_stop_ends_its_command_as_unknown(
    home: Path, stop: Stop, number: signal.Signals
) -> None:
    assert stop(number) == 128 + number
    assert told(home) == [("intent", ""), ("outcome", "unknown"), ("settled", "still_unknown")]


@pytest.mark.parametrize("stop", [("nohup",)], indirect=True)
def test_a_lost_terminal_that_was_to_be_ignored_is(stop: Stop) -> None:
    assert stop(signal.SIGHUP, signal.SIGTERM) == 128 + signal.SIGTERM


def test_what_a_killed_verb_leaves_counts_as_unknown_and_is_settled(
    home: Path, stop: Stop, silent: Server
) -> None:
    assert stop(signal.SIGKILL) == -signal.SIGKILL
    assert told(home) == [("intent", "")]
    assert portside(home, "journal").out.endswith("1 record of 1 command; UNKNOWN 1\n")

    found = recover(home, silent)
    assert found.code == 4
    (row,) = found.json
    assert (row["action"], row["target"], row["outcome"]) == ("closeport", "port 4", "STILL UNKNOWN")
    assert told(home) == [("intent", ""), ("outcome", "unknown"), ("settled", "still_unknown")]
    again = recover(home, silent)
    assert (again.code, again.json) == (0, [])


def test_who_is_read_only_settles_nothing(home: Path, stop: Stop, silent: Server) -> None:
    stop(signal.SIGKILL)
    refused = portside(home, "runs", "recover", "--read-only", "--autostore-url", silent.url)
    assert (refused.code, refused.out) == (2, "")
    assert told(home) == [("intent", "")]
