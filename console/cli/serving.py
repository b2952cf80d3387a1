"""What `portside simulate` runs: worlds, what goes wrong in them, and their sockets."""

import argparse
import asyncio
import os
import sys

import msgspec

from console.cli import training
from console.cli.exit import Exit
from console.cli.output import as_json
from console.cli.signals import stop_event
from console.simulator import troubles
from console.simulator.default_softswitch import API_SECRET, API_USER
from console.simulator.faults import Faults
from console.simulator.filling import fill, placed
from console.simulator.play import Play
from console.simulator.server import Simulation
from console.simulator.setting import Setting, build


async def serve(options: argparse.Namespace) -> int:
    """Serve until told to stop, and say at the start where, and at the end how far the scenario came.

    Raises:
        OSError: an address cannot be had, or a file cannot be read or written.
        ValueError: an option that does not fit.
    """
    play = Play(training.chosen(options)) if options.scenario else None
    simulation = _simulation(options, play)
    for line in _lines(options):
        troubles.apply(line, simulation.warehouse, simulation.softswitch, simulation.faults)
    stopped = stop_event()
    if options.stop_with_stdin:
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _stop_at_end, stopped)
    async with simulation:
        print(as_json(_where(simulation)), flush=True)
        await stopped.wait()
        simulation.advance()
    if play is not None:
        print(as_json(msgspec.to_builtins(play.report())), flush=True)
    return Exit.DONE


def _lines(options: argparse.Namespace) -> list[troubles.Line]:
    """Return what is to go wrong from the start.

    Raises:
        OSError: the file cannot be read.
        ValueError: a line that does not fit.
    """
    found = list(troubles.read_file(options.faults)) if options.faults else []
    for line in options.fault or ():
        with placed("--fault"):
            found.append(troubles.parse(line))
    return found


def _simulation(options: argparse.Namespace, play: Play | None) -> Simulation:
    if play is None:
        asked = {name: getattr(options, name) for name in ("ports", "devices", "seed", "busy", "churn")}
        given = {name: value for name, value in asked.items() if value is not None}
        setting = fill(Setting, given, text=False)
        worlds, faults = build(setting), Faults(setting.seed)
        worlds.advance(setting.lead)
    else:
        worlds, faults = play.worlds, play.faults
    return Simulation(
        *worlds,
        host=options.host,
        autostore_port=options.autostore_port,
        mor_port=options.mor_port,
        log_port=options.log_port,
        control_port=options.control_port,
        speed=options.speed,
        record_path=options.record,
        faults=faults,
        play=play,
    )


def _where(simulation: Simulation) -> dict[str, str | int]:
    """Return where it listens; of what is there only on demand, only what was asked for."""
    where: dict[str, str | int] = {
        "autostore_url": simulation.autostore_url,
        "mor_url": simulation.mor_url,
        "mor_user": API_USER,
        "mor_secret": API_SECRET,
    }
    if simulation.log_address is not None:
        where["log_host"], where["log_port"] = simulation.log_address
    if simulation.control_url:
        where["control_url"] = simulation.control_url
    return where


def _stop_at_end(stopped: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        stopped.set()
