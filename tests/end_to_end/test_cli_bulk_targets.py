"""Targets as they are written after a verb: each way to name them, and what is refused whole (rule 15)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.cli.main import main

from .cli_bulk import Hall
from .programs import Simulator


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Eight closed ports that nobody commands."""
    with Simulator(tmp_path_factory.mktemp("targets"), "--ports", "8", "--devices", "8") as started:
        yield started


@pytest.fixture
def hall(home: Path, simulator: Simulator) -> Hall:
    (home / "ports.txt").write_bytes(b"\xef\xbb\xbf# the south wall\r\n1-3,\r\n7 # and this one\r\n")
    (home / "none.txt").write_text("# nothing\n")
    return Hall(home, simulator, ports="1-8")


NAMED = {
    "range": (["1-3,7"], [1, 2, 3, 7]),
    "words": (["1-3", "7"], [1, 2, 3, 7]),
    "all": (["all"], [1, 2, 3, 4, 5, 6, 7, 8]),
    "file": (["@{home}/ports.txt"], [1, 2, 3, 7]),
    "filter": (["--where", "mode:closed type:ac"], [4, 5]),
    "turned round": (["--where", "closed -3-8"], [1, 2]),
}


@pytest.mark.parametrize("way", NAMED)
def test_targets_that_are_taken(hall: Hall, way: str) -> None:
    words, wanted = NAMED[way]
    named = [word.format(home=hall.home) for word in words]
    done = hall.run("port", "open", *named, "--dry-run", "--json")

    assert done.code == 0
    assert [row["target"] for row in done.json] == [f"port {port}" for port in wanted]


REFUSED = {
    "none": ([], "no target"),
    "blank": ([","], "comma"),
    "nothing but values": (["category=1"], "no target"),
    "not a number": (["1,x"], "not an id"),
    "twice": (["1-3,2"], "twice"),
    "backwards": (["3-1"], "3-1"),
    "zero": (["0"], "1 to 2000"),
    "too high": (["2001"], "1 to 2000"),
    "not at this site": (["8,9"], "no port 9"),
    "all and more": (["all,1"], "all"),
    "no such file": (["@{home}/nowhere.txt"], "nowhere.txt"),
    "an empty file": (["@{home}/none.txt"], "names no target"),
    "a file and more": (["@{home}/ports.txt", "8"], "stands alone"),
    "a filter that keeps nothing": (["--where", "mode:open"], "no port is"),
    "an empty filter": (["--where", " "], "empty"),
    "a filter mistyped": (["--where=-mode:clsoed"], "mode:clsoed"),
    "a filter and more": (["1", "--where", "closed"], "one way"),
}


@pytest.mark.parametrize("way", REFUSED)
def test_targets_that_are_refused(
    hall: Hall, way: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words, wanted = REFUSED[way]
    named = [word.format(home=hall.home) for word in words]
    monkeypatch.setenv("PORTSIDE_STATE_DIR", str(hall.home / "state"))
    code = main(["port", "open", *named, "--yes", "--config", str(hall.settings)])

    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert wanted in told.err
    assert hall.simulator.executed() == []
    assert not (hall.home / "state").exists()


def test_devices_are_named_by_id_or_by_their_user(hall: Hall) -> None:
    rule = ("name=n", "cut=1", "add=2", "--dry-run")
    by_id = hall.run("rule", "add", "2,3", *rule, "--json")
    by_user = hall.run("rule", "add", "--user", "100", *rule, "--json")
    everybody = hall.run("rule", "add", "all", *rule)

    assert [row["target"] for row in by_id.json] == ["device 2", "device 3"]
    assert len(by_user.json) > 2
    assert (everybody.code, everybody.out) == (2, "")
