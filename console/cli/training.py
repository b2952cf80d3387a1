"""Training with a scenario: what the trainee is told before it begins, and how far it came at the end."""

import argparse
import sys
import textwrap
from collections.abc import Iterable

import msgspec

from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.simulator.play import Report, Used
from console.simulator.scenarios import Scenario, load, names
from console.text import safe

WIDTH = 78
"""Columns of what is told."""


def list_scenarios() -> int:
    """Print the scenarios that ship, with their titles."""
    width = max(map(len, names()))
    for name in names():
        print(f"{name:<{width}}  {load(name).title}")
    return Exit.DONE


def chosen(options: argparse.Namespace) -> Scenario:
    """Return the scenario that is asked for.

    Raises:
        OSError: its file cannot be read.
        ValueError: there is none, or it is wrong, or options stand beside it that it decides itself.
    """
    for name in ("ports", "devices", "seed", "busy", "churn"):
        if getattr(options, name, None):
            raise ValueError(f"--{name} is for the scenario to say: wanted one or the other")
    return load(options.scenario)


def brief(scenario: Scenario) -> None:
    """Tell the trainee what it is about; on a terminal, wait until it is read.

    Raises:
        KeyboardInterrupt: the trainee would rather not.
    """
    print(briefing(scenario))
    if sys.stdin.isatty():
        try:
            input("\nPress Enter to begin. ")
        except EOFError:
            raise KeyboardInterrupt from None


def briefing(scenario: Scenario) -> str:
    """Return the situation, the goal, and what it is judged by."""
    goals = (_wrapped(goal.says, "  - ") for goal in scenario.goals)
    return "\n\n".join(
        (
            f"Scenario: {_line(scenario.title)}",
            *_paragraphs(scenario.situation),
            *_paragraphs(f"Your goal: {scenario.goal}"),
            "\n".join(("It is reached when, in the end:", *goals)),
        )
    )


def conclude(said: str, *, headless: bool) -> int:
    """Print the report that a simulator ended with, and return the exit code: was it reached?"""
    try:
        report = msgspec.json.decode(said.strip().rpartition("\n")[2], type=Report)
    except ValueError:
        fail("the simulator ended without a report")
        return Exit.OUR_FAULT
    print(as_json(msgspec.to_builtins(report)) if headless else told(report))
    return Exit.DONE if report.reached else Exit.INCOMPLETE


def told(report: Report) -> str:
    """Return how far the trainee came, in words."""
    parts = [
        f"{_line(report.title)}: {_outcome(report)}",
        "\n".join(
            _wrapped(": ".join((one.goal, ", ".join(one.lacking))), "  - ")
            if one.lacking
            else _wrapped(one.goal, "  + ")
            for one in report.goals
        ),
        _commands(report.commands),
    ]
    if report.impossible:
        parts.append(
            "\n".join(("What could not happen:", *(_wrapped(one, "  ") for one in report.impossible)))
        )
    return "\n\n".join(parts)


def _outcome(report: Report) -> str:
    if not report.over:
        return f"left after {_time(report.played)}, before everything had happened"
    if report.reached_after is None:
        return f"not reached in {_time(report.played)}"
    return f"reached after {_time(report.reached_after)}, left after {_time(report.played)}"


def _commands(used: Iterable[Used]) -> str:
    lines = [
        f"  {_line(one.command):<24} {one.done} done"
        + "".join(f", {times} refused ({_line(why)})" for why, times in one.refused.items())
        for one in used
    ]
    return "\n".join(("Commands used:", *(lines or ["  none"])))


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _paragraphs(text: str) -> list[str]:
    return [_wrapped(paragraph) for paragraph in text.split("\n\n")]


def _wrapped(text: str, begin: str = "") -> str:
    return textwrap.fill(_line(text), WIDTH, initial_indent=begin, subsequent_indent=" " * len(begin))


def _line(text: str) -> str:
    return safe(" ".join(text.split()), 4000)
