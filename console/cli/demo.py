"""`portside demo`: a console on a simulated site, with nothing to set up.

The simulator runs in a process of its own, started before anything else, so that it is ready
by the time the first frame stands; it ends when this process does, however that ends.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Any, NamedTuple

from console.cli import open as console_verb
from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.cli.simulate import add_world_options, stop_event
from console.secret import Secret
from console.settings import AutoStore, Mor, MorKeys, state_dir
from console.settings import Site as SiteSettings
from console.settings.values import BaseUrl, PortIds, UserIds, VariableName
from console.site import Connect, Endpoints, Site, SiteSpec
from console.state.quality import Quality
from console.state.store import Store

NAME = "Demo"
USER_ID = 100
"""The user who owns most phones of the simulated switch."""


class SimulatorProcess(NamedTuple):
    """The simulator, and where its complaints go."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_world_options(parser)
    console_verb.add_screen_options(parser)
    parser.add_argument("--headless", action="store_true", help="no screen: a JSON line a second")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="N", help="how long, when headless")


def run(options: argparse.Namespace) -> int:
    """Run the demo until it is left, or for `--seconds` when headless."""
    spec = SiteSpec(
        name=NAME,
        mode="SIMULATOR",
        operator="demo",
        role="technician",
        state_dir=state_dir(),
        user_ids=(USER_ID,),
        port_ids=tuple(range(1, min(max(options.ports, 1), 2000) + 1)),
    )
    with _simulator(options) as simulator:
        connect = _endpoints(simulator, spec.port_ids)
        if options.headless:
            return asyncio.run(_watch(Site(spec, connect), options.seconds))
        return console_verb.run_console(spec, connect, options, "dark")


@contextmanager
def _simulator(options: argparse.Namespace) -> Iterator[SimulatorProcess]:
    """Run `portside simulate` beside us; the end of its standard input is what stops it.

    -P keeps a folder that happens to be called console, where we were started, from being taken for ours.
    """
    command = [sys.executable, "-P", "-m", "console", "simulate", "--busy", "--stop-with-stdin"]
    for name in ("ports", "devices", "seed", "speed", "record"):
        value = getattr(options, name)
        if value is not None:
            command += [f"--{name}", str(value)]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        try:
            yield SimulatorProcess(process, errors)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _endpoints(simulator: SimulatorProcess, port_ids: tuple[int, ...]) -> Connect:
    async def connect() -> Endpoints:
        return _read_endpoints(await asyncio.to_thread(_first_line, simulator), port_ids)

    return connect


def _first_line(simulator: SimulatorProcess) -> Mapping[str, Any]:
    process, errors = simulator
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        errors.seek(0)
        raise OSError(f"the simulator did not start: {errors.read().decode(errors='replace').strip()}")
    found: Mapping[str, Any] = json.loads(line)
    return found


def _read_endpoints(found: Mapping[str, Any], port_ids: tuple[int, ...]) -> Endpoints:
    settings = SiteSettings(
        simulator=True,
        autostore=AutoStore(url=BaseUrl(found["autostore_url"]), ports=PortIds(port_ids)),
        mor=Mor(
            url=BaseUrl(found["mor_url"]),
            user=found["mor_user"],
            secret_env=VariableName("PORTSIDE_MOR_SECRET"),
            users=UserIds((USER_ID,)),
        ),
    )
    return Endpoints(settings, MorKeys(Secret(found["mor_secret"]), None, ()))


async def _watch(site: Site, seconds: float) -> int:
    """Print once a second what a console would show, until told to stop."""
    stopped = stop_event()
    try:
        await site.open()
        for _ in range(max(1, round(seconds))):
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), 1.0)
                break
            print(as_json(summary(site.spec, site.store)), flush=True)
    except OSError as error:
        fail(str(error))
        return Exit.OUR_FAULT
    finally:
        await site.close()
    return Exit.DONE


def summary(spec: SiteSpec, store: Store) -> dict[str, object]:
    """Return what is believed of a site, in numbers."""
    qualities = [store.port_quality(port) for port in store.ports.values()]
    modes = [port.mode or "unknown" for port in store.ports.values()]
    return {
        "site": spec.name,
        "mode": spec.mode,
        "system": store.system.status.name if store.system.status else None,
        "sources": {
            source.name.value: {None: "waiting", True: "ok", False: "lost"}[source.ok]
            for source in store.sources.values()
        },
        "ports": len(store.ports),
        "port_quality": {one.value: qualities.count(one) for one in Quality if one in qualities},
        "port_modes": {mode: modes.count(mode) for mode in sorted(set(modes))},
        "case_errors": [port.port_id for port in store.ports.values() if port.case_error],
        "users": len(store.users.users),
        "devices": sum(len(listed.devices) for listed in store.device_lists.values()),
    }
