"""Consoles and simulators that end with their test, whatever happens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from .at_the_console import Console
from .programs import Simulator
from .sites import write_site

OpenConsole: TypeAlias = Callable[..., Console]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of one person."""
    return tmp_path


@pytest.fixture
def open_console(home: Path) -> Iterator[OpenConsole]:
    """Return what opens a console; its transcript is printed when the test fails."""
    opened: list[Console] = []

    def opening(*arguments: str, **more: Any) -> Console:
        opened.append(Console(home, *arguments, **more))
        return opened[-1]

    yield opening
    for console in opened:
        print(console.transcript())  # pytest shows it for failed tests only
        console.close()


@pytest.fixture
def simulator(home: Path) -> Iterator[Simulator]:
    """A controller with 12 closed ports, and a switch with a few phones, for this test alone."""
    with Simulator(home, "--ports", "12", "--devices", "4") as started:
        yield started


@pytest.fixture
def hall2(home: Path, simulator: Simulator) -> Path:
    """The settings of a site that names the simulator."""
    return write_site(
        home, autostore_url=simulator.autostore_url, mor_url=simulator.mor_url, key=simulator.secret
    )


@pytest.fixture(scope="session")
def shared_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A simulator for all tests of the command line: each commands ports and devices of its own."""
    with Simulator(tmp_path_factory.mktemp("shared"), "--ports", "20", "--devices", "20") as started:
        yield started


@pytest.fixture
def addresses(shared_simulator: Simulator) -> tuple[str, ...]:
    """The options that name its servers; the key goes into the environment."""
    autostore, mor = shared_simulator.autostore_url, shared_simulator.mor_url
    return ("--autostore-url", autostore, "--mor-url", mor, "--mor-user", "admin")


@pytest.fixture
def key(shared_simulator: Simulator) -> dict[str, str]:
    """The environment that holds the key of its MOR server."""
    return {"PORTSIDE_MOR_SECRET": shared_simulator.secret}
