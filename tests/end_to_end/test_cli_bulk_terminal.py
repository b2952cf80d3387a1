"""Bulk verbs at a terminal: what is asked, what counts as an answer, and how a run is ended early."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from patience import PATIENCE

from .at_the_console import Console
from .cli_bulk import Hall
from .conftest import OpenConsole
from .programs import Simulator, journal

Open = Callable[..., Console]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Ports from 20 on answer late, and port 11 later than anybody waits."""
    late = (f"latency method=openport seconds={2 * PATIENCE} port=11",)
    late += tuple(f"latency method=openport seconds=1.5 port={port}" for port in range(20, 29))
    faults = [word for line in late for word in ("--fault", line)]
    with Simulator(
        tmp_path_factory.mktemp("terminal"), "--ports", "30", "--devices", "8", *faults
    ) as started:
        yield started


@pytest.fixture
def hall(home: Path, simulator: Simulator) -> Hall:
    return Hall(home, simulator, ports="1-30", safety="typed_above = 3")


@pytest.fixture
def at_terminal(open_console: OpenConsole, hall: Hall) -> Open:
    """Return what starts a verb in a terminal of its own."""
    return lambda line: open_console(*line.split(), "--config", str(hall.settings))


def test_few_targets_are_agreed_to_and_the_first_is_looked_at(at_terminal: Open, hall: Hall) -> None:
    console = at_terminal("port open 1-3")
    console.wait_for("mode CLOSED", "holds for another", "Command 3 of 3 targets? [y/N]")
    assert hall.sent_to(1, 2, 3) == []
    console.press("y", "enter")
    console.wait_for("1 confirmed", "Go on with the other 2? [y/N]")
    assert hall.sent_to(1, 2, 3) == [("openport", 1)]
    console.press("y", "enter")

    assert console.wait_for_end() == 0
    assert len(hall.sent_to(1, 2, 3)) == 3


@pytest.mark.parametrize("keys", [("enter",), ("n", "enter"), ("yes please", "enter")], ids=str)
def test_anything_else_is_no(at_terminal: Open, hall: Hall, keys: tuple[str, ...]) -> None:
    console = at_terminal("port open 4,5")
    console.wait_for("[y/N]")
    console.press(*keys)

    assert console.wait_for_end() == 2
    assert hall.sent_to(4, 5) == []


def test_keys_typed_ahead_answer_nothing(at_terminal: Open, hall: Hall) -> None:
    console = at_terminal("port open 4,5")
    console.press("y", "enter", "y", "enter")
    console.wait_for("[y/N]")
    console.press("enter")

    assert console.wait_for_end() == 2
    assert hall.sent_to(4, 5) == []


@pytest.mark.parametrize(("typed", "code", "sent"), [("y", 2, 0), ("3", 2, 0), ("4", 0, 4)])
def test_many_targets_are_counted_by_hand(
    at_terminal: Open, hall: Hall, typed: str, code: int, sent: int
) -> None:
    hall.settings.write_text(
        hall.settings.read_text().replace("{ typed", "{ pause_after_first = false, typed")
    )
    console = at_terminal("port open 6-9")
    console.wait_for("Type 4 to command 4 targets:")
    console.press(typed, "enter")

    assert console.wait_for_end() == code
    assert len(hall.sent_to(6, 7, 8, 9)) == sent


def test_the_site_is_named_for_what_is_critical(at_terminal: Open, hall: Hall) -> None:
    settings = hall.settings.read_text().replace("{ typed", '{ critical = ["port.open"], typed')
    hall.settings.write_text(settings)
    digest = hall.run("port open 10 --json").json["digest"]
    console = at_terminal(f"bulk run {digest}")
    console.wait_for("Type the site's name, hall2, to go on:")
    console.press("hall2", "enter")

    assert console.wait_for_end() == 2
    console_text = console.received.decode()
    assert "a second person has to approve" in console_text
    assert hall.sent_to(10) == []


def ended_with(hall: Hall) -> dict[str, int]:
    """Return the classes of the newest run, as the journal tells them."""
    (newest, *_) = hall.run("runs list --json").json
    assert newest["state"] == "ended"
    counts: dict[str, int] = newest["counts"]
    return counts


def test_ctrl_c_ends_a_run_in_order(at_terminal: Open, hall: Hall) -> None:
    console = at_terminal("port open 20-22 --yes --fan-out 1")
    console.wait_for("[####", "1 confirmed")
    console.press("\x03")
    console.wait_for("what was sent settles")

    assert console.wait_for_end() == 6
    counts = ended_with(hall)
    assert sum(counts.values()) == 3
    assert counts["not_started"] > 0
    assert len(hall.sent_to(20, 21, 22)) == counts["confirmed"]


def test_a_second_ctrl_c_leaves_at_once_and_says_unknown(at_terminal: Open, hall: Hall) -> None:
    console = at_terminal("port open 11 --yes")
    console.wait_for("1 sending")
    console.press("\x03")
    console.wait_for("Ctrl-C again leaves at once")
    console.press("\x03")

    assert console.wait_for_end(PATIENCE / 2) == 4
    assert ended_with(hall) == {"unknown": 1}
    told = [(row["kind"], row["outcome"]) for row in journal(hall.home)]
    assert ("outcome", "unknown") in told
    assert told[-1] == ("run_end", "ended")


@pytest.mark.parametrize("way", ["SIGTERM", "hang up"])
def test_told_to_stop_or_left_alone_it_ends_in_order(at_terminal: Open, hall: Hall, way: str) -> None:
    ports = (23, 24, 25) if way == "SIGTERM" else (26, 27, 28)
    console = at_terminal(f"port open {ports[0]}-{ports[-1]} --yes --fan-out 1")
    console.wait_for("1 confirmed")
    if way == "SIGTERM":
        console.signal(signal.SIGTERM)
    else:
        console.hang_up()
    console.wait_for_end()

    counts = ended_with(hall)
    assert counts["not_started"] > 0
    assert len(hall.sent_to(*ports)) == counts["confirmed"]


def test_a_detached_run_outlives_its_terminal(at_terminal: Open, hall: Hall) -> None:
    console = at_terminal("port open 12-14 --yes --detach")
    (line,) = [line for line in console.wait_for("goes on by itself") if "goes on by itself" in line]
    console.hang_up()

    attached = hall.run(f"runs attach {line.split()[1]} --json")
    assert (attached.code, attached.json["counts"]) == (0, {"confirmed": 3})
