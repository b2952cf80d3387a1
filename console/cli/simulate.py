"""`portside simulate`: the two simulated servers on their own, until told to stop."""

import argparse
import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from console.cli.exit import Exit
from console.cli.output import as_json, fail

CREW_SETTLES = 120.0
"""Seconds of its own time after which a busy warehouse looks like the middle of a shift."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--autostore-port", type=int, default=0, metavar="N", help="0 takes a free one")
    parser.add_argument("--mor-port", type=int, default=0, metavar="N", help="0 takes a free one")
    add_world_options(parser)
    parser.add_argument("--busy", action="store_true", help="people work at the ports from 9 on")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input ends")


def add_world_options(parser: argparse.ArgumentParser) -> None:
    """Add what describes the simulated world; `portside demo` has the same."""
    parser.add_argument("--ports", type=int, default=40, metavar="N", help="1 to 2000 (default: %(default)s)")
    parser.add_argument("--devices", type=int, default=200, metavar="N", help="phones (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same world")
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="how fast its time passes")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write every executed command there")


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT, SIGTERM or, if asked, the end of standard input."""
    try:
        return asyncio.run(_serve(options))
    except (OSError, ValueError) as error:
        fail(str(error))
        return Exit.USAGE


async def _serve(options: argparse.Namespace) -> int:
    from console.simulator.default_softswitch import API_SECRET, API_USER, build_softswitch
    from console.simulator.default_warehouse import build_warehouse
    from console.simulator.server import Simulation

    warehouse = build_warehouse(ports=options.ports, seed=options.seed, crew=options.busy)
    if options.busy:
        warehouse.advance(CREW_SETTLES)
    simulation = Simulation(
        warehouse,
        build_softswitch(devices=options.devices, seed=options.seed),
        host=options.host,
        autostore_port=options.autostore_port,
        mor_port=options.mor_port,
        speed=options.speed,
        record_path=options.record,
    )
    stopped = stop_event()
    if options.stop_with_stdin:
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _stop_at_end, stopped)
    async with simulation:
        where = {
            "autostore_url": simulation.autostore_url,
            "mor_url": simulation.mor_url,
            "mor_user": API_USER,
            "mor_secret": API_SECRET,
        }
        print(as_json(where), flush=True)
        await stopped.wait()
    return Exit.DONE


def stop_event() -> asyncio.Event:
    """Return an event that is set when the program is told to stop."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    return stopped


def _stop_at_end(stopped: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        stopped.set()
