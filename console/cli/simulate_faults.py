"""`portside simulate faults`: changes what goes wrong in a simulator that runs, by its control port."""

import argparse
from collections.abc import Callable
from typing import Any

from console.cli.exit import Exit
from console.cli.output import fail, print_rows

COLUMNS = ("number", "rule", "left")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what can be done."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|add|remove|clear|world")
    for name, argument, summary in (
        ("list", "", "the rules in force, and to how many more calls each applies"),
        ("add", "RULE", "put a rule into force, such as 'drop-after port=4 count=1'"),
        ("remove", "NUMBER", "lift the rule of that number"),
        ("clear", "", "lift every rule"),
        ("world", "INCIDENT", "let something happen, such as 'lose-driver' or 'stick-case port=4'"),
    ):
        action = actions.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        if argument:
            action.add_argument("what", metavar=argument)
        if name == "list":
            action.add_argument("--json", dest="form", action="store_const", const="json", default="plain")
        action.add_argument("--control", metavar="URL", required=True, help="the simulator's control_url")


def run(options: argparse.Namespace) -> int:
    """Carry it out and return the exit code."""
    # HTTP is imported only now: the help does not wait for it.
    from console.cli.control import ControlError, ControlPort

    try:
        _carry_out(ControlPort(options.control).ask, options)
    except ControlError as error:
        fail(str(error))
        return error.exit_code
    return Exit.DONE


def _carry_out(ask: Callable[..., Any], options: argparse.Namespace) -> None:
    match options.action:
        case "list":
            print_rows(ask("GET", "/faults")["faults"], COLUMNS, options.form)
        case "add":
            print(ask("POST", "/faults", {"rule": options.what})["number"])
        case "remove":
            ask("DELETE", f"/faults/{options.what}")
        case "clear":
            ask("DELETE", "/faults")
        case "world":
            ask("POST", "/world", {"incident": options.what})
