"""`portside simulate faults`, and what `portside simulate` says of faults and scenarios that do not fit."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from .programs import Ended, Simulator, portside


@pytest.fixture(scope="module")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A simulator with a control port, and no rule but those that a test adds and takes away."""
    folder = tmp_path_factory.mktemp("controlled")
    with Simulator(folder, "--ports", "8", "--devices", "4", "--control-port", "0") as started:
        yield started


def faults(home: Path, simulator: Simulator, *arguments: str) -> Ended:
    return portside(home, "simulate", "faults", *arguments, "--control", simulator.announced["control_url"])


def test_rules_are_added_listed_lifted_and_cleared(home: Path, controlled: Simulator) -> None:
    assert faults(home, controlled, "add", "drop-after port=4 count=2") == Ended(0, "1\n", "")
    assert faults(home, controlled, "add", "empty") == Ended(0, "2\n", "")
    listed = faults(home, controlled, "list")
    assert listed.out.splitlines() == [
        "number  rule                       left",
        "1       drop-after port=4 count=2  2",
        "2       empty                      -",
    ]
    assert faults(home, controlled, "remove", "1") == Ended(0, "", "")
    assert [one["number"] for one in faults(home, controlled, "list", "--json").json] == [2]
    assert faults(home, controlled, "clear") == Ended(0, "", "")
    assert faults(home, controlled, "list", "--json").json == []


def test_the_worlds_are_changed(home: Path, controlled: Simulator) -> None:
    assert faults(home, controlled, "world", "open-ports ports=3 category=2") == Ended(0, "", "")
    (done,) = [json.loads(line) for line in controlled.record.read_text().splitlines()]
    assert (done["who"], done["method"], done["arguments"]["port_id"]) == ("crew", "openport", 3)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("add", "emty"), "did you mean empty?"),
        (("add", "empty port=x"), 'port is "x": wanted a port id, 1 to 2000'),
        (("remove", "7"), "no rule of that number"),
        (("world", "stick-case port=1"), "port 1 is not an AutoCase port"),
    ],
)
def test_a_mistake_is_refused_in_words(
    home: Path, controlled: Simulator, arguments: tuple[str, ...], reason: str
) -> None:
    done = faults(home, controlled, *arguments)
    assert (done.code, done.out, reason in done.err) == (3, "", True)


def test_what_is_no_control_port(home: Path, controlled: Simulator) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        for address, code, reason in (
            (nobody, 5, "no control port at"),
            (controlled.autostore_url, 4, "is not a control port"),
            ("somewhere", 2, "--control is not an address"),
        ):
            done = portside(home, "simulate", "faults", "list", "--control", address)
            assert (done.code, reason in done.err) == (code, True), done.err


def test_further_addresses_are_announced_only_when_they_are_asked_for(
    home: Path, simulator: Simulator
) -> None:
    further = {"control_url", "log_host", "log_port"}
    assert not further & simulator.announced.keys()
    with Simulator(home, "--control-port", "0", "--log-port", "0", "--churn", "0.05") as asked:
        assert further <= asked.announced.keys()
        where = (asked.announced["log_host"], int(asked.announced["log_port"]))
        with socket.create_connection(where) as subscriber:
            assert subscriber.recv(1)


WRONG = {
    ("--fault", "emty"): '--fault: "emty" is not known here: did you mean empty?',
    ("--fault", "stick-case port=4"): "port 4 has no bin",
    ("--faults", "none.toml"): "No such file",
    ("--faults", "wrong.toml"): 'wrong.toml: faults[1]: port is "0": wanted a port id, 1 to 2000',
    ("--scenario", "autocase-jamm"): "there is no scenario 'autocase-jamm': did you mean autocase-jam?",
    ("--scenario", "wrong.toml"): 'wrong.toml: "faults" is not known here',
    ("--scenario", "autocase-jam", "--ports", "4"): "--ports is for the scenario to say",
    ("--ports", "0"): "ports is 0: wanted how many ports, 1 to 2000",
    ("--devices", "-1"): "devices is -1: wanted how many phones, 0 to 1000000",
}


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        *(("simulate", arguments) for arguments in WRONG),
        ("demo", ("--fault", "emty")),
        ("demo", ("--scenario", "autocase-jamm")),
        ("demo", ("--ports", "0")),
    ],
)
def test_what_does_not_fit_is_told_before_anything_starts(
    home: Path, monkeypatch: pytest.MonkeyPatch, verb: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(home)
    home.joinpath("wrong.toml").write_text('faults = ["empty", "empty port=0"]')
    done = portside(home, verb, *arguments, *(["--headless"] if verb == "demo" else []))
    assert (done.code, done.out, WRONG[arguments] in done.err) == (2, "", True), done.err


def test_the_scenarios_are_listed(home: Path) -> None:
    lists = [portside(home, verb, "--scenario", "list") for verb in ("simulate", "demo")]
    assert lists[0] == lists[1]
    assert len(lists[0].out.splitlines()) == 5
    assert "morning-opening        Morning opening of 60 ports\n" in lists[0].out
