"""Training with a scenario: told, played at the console, and reported on."""

import json
import re
from pathlib import Path

from .at_the_console import port_row
from .conftest import OpenConsole
from .programs import Simulator, executed, portside
from .terminal import without

CASE_BIN = 101337

MINE = """
title = "T"
situation = "S"
goal = "G"
goals = [{ says = "it runs", holds = "system-running" }]
happenings = [{ at = -20, what = "stop-system" }, { at = -18, what = "start-system" }]
"""


def test_a_trainee_frees_a_jammed_case(open_console: OpenConsole, home: Path) -> None:
    record = home / "record.jsonl"
    console = open_console("demo", "--scenario", "autocase-jam", "--speed", "3", "--record", str(record))
    console.wait_for(
        "Scenario: A jam at the AutoCase port",
        "Your goal: Get the machine out of the error",
        "- no case is in error",
        "Press Enter to begin.",
    )
    assert not record.exists()

    console.press("enter")
    console.wait_until_live()
    console.filter_ports("4", shown=1)
    console.wait_for(port_row(4, "AC", "OPEN", f"{CASE_BIN}", "ERSO ! in error"))
    console.press("X")
    console.answer("Cancel case?", "y")
    console.wait_for(port_row(4, "AC", "OPEN", f"{CASE_BIN}", "NOOP"))
    console.press("x")
    console.answer("Extract case?", "y")
    console.wait_for(port_row(4, "AC", "OPEN", "ECMP"))

    assert console.quit() == 0
    console.wait_for(
        re.compile(r"A jam at the AutoCase port: reached after \d+ s, left after \d+ s"),
        "+ no case is in error",
        "+ the case at port 4 has been taken out (ECMP)",
        re.compile(r"case_cancel +1 done"),
        re.compile(r"case_extract +1 done"),
        without("Terminated"),
    )
    assert console.settings_restored()
    assert [row["method"] for row in executed(record)] == ["case_cancel", "case_extract"]


def test_leaving_before_the_goal_is_no_success(open_console: OpenConsole) -> None:
    console = open_console("demo", "--scenario", "morning-opening")
    console.wait_for("Press Enter to begin.")
    console.press("enter")
    console.wait_until_live()
    assert console.quit() == 6
    console.wait_for(
        "Morning opening of 60 ports: not reached in",
        "- ports 1 to 60 are open for category 1: port 1 is CLOSED, port 2 is CLOSED",
        "port 5 is CLOSED, and 55 more",
        "  none",
    )


def test_without_a_screen_the_report_is_the_last_line(home: Path) -> None:
    done = portside(home, "demo", "--scenario", "controller-restart", "--headless", "--seconds", "1")
    first, *_, last = (json.loads(line) for line in done.out.splitlines())
    assert (done.code, done.err, first["ports"]) == (6, "", 20)
    assert (last["scenario"], last["reached"], last["over"]) == ("controller-restart", False, False)
    assert [goal["reached"] for goal in last["goals"]] == [True, True]


def test_a_scenario_that_is_reached_without_a_screen(home: Path) -> None:
    path = home / "mine.toml"
    path.write_text(MINE)
    done = portside(home, "demo", "--scenario", str(path), "--headless", "--seconds", "1")
    report = json.loads(done.out.splitlines()[-1])
    assert (done.code, report["reached"], report["title"]) == (0, True, "T")


def test_a_simulator_that_plays_a_scenario_ends_with_the_report(home: Path) -> None:
    with Simulator(home, "--scenario", "lost-stream") as simulator:
        assert simulator.stop() == 0
        report = json.loads(simulator.said_more)
    assert (report["scenario"], report["goals"][0]["reached"]) == ("lost-stream", False)
