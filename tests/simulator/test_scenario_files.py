"""What a scenario file may hold, and what is said about one that is wrong."""

import tomllib
from pathlib import Path

import pytest

from console.simulator.filling import Wrong
from console.simulator.goals import CONDITIONS
from console.simulator.play import Play
from console.simulator.scenarios import Scenario, load, parse
from console.simulator.setting import Setting, Worlds

from .phones import phones
from .small import CASE_BIN, call, site, wait, with_open_bin

SMALLEST = """
title = "T"
situation = "S"
goal = "G"
goals = [{ says = "it runs", holds = "system-running" }]
"""


def scenario(text: str) -> Scenario:
    return parse("mine", tomllib.loads(text))


def test_the_smallest_file() -> None:
    read = scenario(SMALLEST)
    assert (read.name, read.title, read.situation, read.goal) == ("mine", "T", "S", "G")
    assert (read.world, read.happenings, read.last, read.lead) == (Setting(), (), 0.0, 0.0)


def test_a_scenario_lasts_until_nothing_more_happens_and_begins_before_the_first() -> None:
    read = scenario(
        SMALLEST
        + 'happenings = [{ at = -7, what = "stop-system" }, { at = 5, what = "empty", until = 9.5 },'
        + '{ at = 8, what = "lose-driver" }]'
    )
    assert (read.last, read.lead) == (9.5, 7.0)


def test_a_busy_world_has_lived_a_while() -> None:
    play = Play(scenario(SMALLEST + "world = { busy = true, ports = 20 }"))
    assert (play.played, play.worlds.warehouse.now) == (0.0, 120.0)
    assert any(port.is_open for port in play.worlds.warehouse.ports.values())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("title = ", "titel = "), '"titel" is not known here: did you mean title?'),
        (('title = "T"', ""), "title is missing: wanted a text, not blank"),
        (('title = "T"', "title = 4"), "title is 4: wanted a text, not blank"),
        (("goals = [", "goals = [] #"), "goals is []: wanted one table or more, [[goals]]"),
        (("goals = [", "goals = 4 #"), "goals is 4: wanted one table or more, [[goals]]"),
        (("holds", "hold"), 'goals[0]: "hold" is not known here: did you mean holds?'),
        (("system-running", "system-runing"), 'goals[0]: "system-runing" is not known here: did you mean'),
        (("system-running", "ports-open"), "goals[0]: ports is missing: wanted ids like 1-40,77"),
        (("system-running", "case-is port=4 state=X"), 'goals[0]: state is "X": wanted one of NOOP, EREQ'),
    ],
)
def test_a_mistake_is_told_with_its_place(change: tuple[str, str], reason: str) -> None:
    with pytest.raises(Wrong) as raised:
        scenario(SMALLEST.replace(*change))
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("world = { ports = 0 }", "world: ports is 0: wanted how many ports, 1 to 2000"),
        ("world = { port = 4 }", 'world: "port" is not known here: did you mean ports?'),
        ("world = 4", "world is 4: wanted a table"),
        ("world = { busy = 1 }", "world: busy is 1: wanted true or false"),
        ('happenings = [{ what = "empty" }]', "happenings[0]: at is missing: wanted seconds, -3600 to"),
        ('happenings = [{ at = "now", what = "empty" }]', 'happenings[0]: at is "now": wanted seconds'),
        ('happenings = [{ at = 1, what = "emty" }]', 'happenings[0]: "emty" is not known here: did you mean'),
        ('happenings = [{ at = 1, what = "empty", until = 1 }]', "happenings[0]: until is wrong here"),
        ('happenings = [{ at = 1, what = "lose-driver", until = 2 }]', "happenings[0]: until is wrong here"),
    ],
)
def test_a_mistake_in_the_worlds_or_the_script(more: str, reason: str) -> None:
    with pytest.raises(Wrong) as raised:
        scenario(SMALLEST + more)
    assert reason in str(raised.value)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SMALLEST)
    assert load(str(path)).name == "mine"
    path.write_text(SMALLEST + "[")
    with pytest.raises(Wrong, match=r"mine.toml: is not TOML"):
        load(str(path))
    with pytest.raises(OSError, match="No such file"):
        load(str(tmp_path / "none.toml"))


@pytest.mark.parametrize("name", ["autocase-jamm", "../secrets", "", "list"])
def test_a_name_that_does_not_ship(name: str) -> None:
    with pytest.raises(Wrong, match="there is no scenario"):
        load(name)


def test_what_cannot_happen_is_told_in_the_report() -> None:
    play = Play(scenario(SMALLEST + 'happenings = [{ at = 0, what = "stick-case port=4" }]'))
    assert play.report().impossible == (
        "stick-case port=4: port 4 has no bin: wanted one with a bin selected",
    )


def test_a_rule_is_in_force_for_its_time() -> None:
    play = Play(scenario(SMALLEST + 'happenings = [{ at = 2, what = "empty", until = 5 }]'))
    in_force = []
    for moment in (1, 2, 4, 5):
        play.worlds.advance(moment)
        in_force.append(len(play.faults.rules))
    assert in_force == [0, 1, 1, 0]
    assert play.report().reached_after == 5


# Conditions


def lacking(line: str, worlds: Worlds) -> list[str]:
    found: list[str] = CONDITIONS.parse(line)(*worlds)
    return found


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ports-open ports=1,2", ["port 1 is CLOSED", "port 2 is CLOSED"]),
        ("ports-open ports=77", ["there is no port 77"]),
        ("ports-closed ports=1-2", []),
        ("ports-closed ports=8", ["port 8 is DISABLED"]),
        ("no-case-in-error", []),
        ("case-is port=4 state=NOOP", []),
        ("case-is port=4 state=ECMP", ["the case at port 4 is NOOP"]),
        ("case-is port=77 state=NOOP", ["there is no port 77"]),
        ("system-running", []),
        ("driver-heard", []),
        ("rules device=2 count=0", []),
        ("rules device=2", ["device 2 has 0 such rules, not 1"]),
        ("dials device=2 number=5 becomes=5", []),
        ("dials device=2 number=5 becomes=05", ["device 2 makes 5 of 5"]),
        ("device-shown device=2", []),
        ("device-shown device=7", ["device 7 is hidden"]),
        ("device-shown device=77", ["there is no device 77"]),
        ("asked-at-most method=openport times=1", []),
        ("called-at-most call=cli_add times=1", []),
    ],
)
def test_conditions_on_a_quiet_site(line: str, told: list[str]) -> None:
    assert lacking(line, Worlds(site(), phones())) == told


def test_conditions_on_ports_at_work() -> None:
    worlds = Worlds(site(), phones())
    call(worlds.warehouse, "openport", port_id=1, category=(3,))
    assert lacking("ports-open ports=1", worlds) == lacking("ports-open ports=1 category=3", worlds) == []
    assert lacking("ports-open ports=1 category=1", worlds) == ["port 1 is OPEN for [3]"]
    assert lacking("ports-closed ports=1", worlds) == ["port 1 is OPEN for [3]"]
    call(worlds.warehouse, "closeport", port_id=1)
    assert lacking("ports-closed ports=1", worlds) == ["port 1 is closing"]
    assert lacking("ports-open ports=1", worlds) == ["port 1 is closing"]
    call(worlds.warehouse, "openport", port_id=2)
    assert lacking("asked-at-most method=openport times=1", worlds) == [
        "openport was carried out 2 times, not at most 1"
    ]


def test_conditions_when_things_have_gone_wrong() -> None:
    worlds = Worlds(site(), phones())
    with_open_bin(worlds.warehouse, 4, CASE_BIN)
    worlds.warehouse.jams.add(CASE_BIN)
    call(worlds.warehouse, "case_extract", port_id=4, bin_id=CASE_BIN)
    wait(worlds.warehouse, 5)
    assert lacking("no-case-in-error", worlds) == ["the case at port 4 is in error"]
    assert lacking("case-is port=4 state=ERSO", worlds) == ["the case at port 4 is ERSO in error"]
    worlds.warehouse.set_system(70)
    worlds.warehouse.system.lose_driver()
    assert lacking("system-running", worlds) == ["the system is in mode 70"]
    assert lacking("driver-heard", worlds) == ["the Log Publisher does not hear its driver"]


def test_conditions_on_rules() -> None:
    worlds = Worlds(site(), phones())
    worlds.softswitch.add_rule(2, "a", cut="9", add="00")
    worlds.softswitch.add_rule(2, "b", cut="8")
    assert lacking("rules device=2 count=2", worlds) == lacking("rules device=2 cut=9", worlds) == []
    assert lacking("rules device=2 name=b add=''", worlds) == []
    assert lacking("dials device=2 number=937 becomes=0037", worlds) == []
