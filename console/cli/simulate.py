"""`portside simulate`: the two simulated servers on their own, until told to stop."""

import argparse
import asyncio
from pathlib import Path

from console.cli import simulate_faults
from console.cli.exit import Exit
from console.cli.output import fail

SCENARIO_LIST = "list"
"""In place of a scenario's name: which ones there are."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options, and the part that speaks to a simulator that runs."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--autostore-port", type=int, default=0, metavar="N", help="0 takes a free one")
    parser.add_argument("--mor-port", type=int, default=0, metavar="N", help="0 takes a free one")
    parser.add_argument("--log-port", type=int, metavar="N", help="a Log Publisher too; 0 takes a free one")
    add_world_options(parser)
    parser.add_argument("--busy", action="store_true", help="people work at the ports from 9 on")
    parser.add_argument(
        "--churn", type=float, metavar="SHARE", help="ports from 9 on that change each second"
    )
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input ends")
    parts = parser.add_subparsers(dest="part", metavar="faults")
    summary = "change what goes wrong in a simulator that runs"
    simulate_faults.configure(
        parts.add_parser("faults", help=summary, description=summary, allow_abbrev=False)
    )


def add_world_options(parser: argparse.ArgumentParser) -> None:
    """Add what describes the simulated world; `portside demo` has the same."""
    parser.add_argument("--ports", type=int, metavar="N", help="1 to 2000 (default: 40)")
    parser.add_argument("--devices", type=int, metavar="N", help="phones (default: 200)")
    parser.add_argument("--seed", type=int, metavar="N", help="same seed, same world")
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="how fast its time passes")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write every executed command there")
    parser.add_argument("--scenario", metavar="NAME", help="train with one; list tells which there are")
    wrong = parser.add_argument_group("what goes wrong")
    wrong.add_argument(
        "--fault", action="append", metavar="LINE", help="'drop-after port=4 count=1', lose-driver ..."
    )
    wrong.add_argument("--faults", type=Path, metavar="FILE", help="the same from a TOML file")
    wrong.add_argument("--control-port", type=int, metavar="N", help="where `simulate faults` can change it")


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT, SIGTERM or, if asked, the end of standard input."""
    if options.part == "faults":
        return simulate_faults.run(options)
    # The servers are imported only now: `simulate faults` and the help do not wait for them.
    from console.cli import serving, training

    if options.scenario == SCENARIO_LIST:
        return training.list_scenarios()
    try:
        return asyncio.run(serving.serve(options))
    except (OSError, ValueError) as error:
        fail(str(error))
        return Exit.USAGE
