"""`portside demo`: a console on a simulated site, with nothing to set up.

The simulator runs in a process of its own, started before anything else, so that it is ready
by the time the first frame stands; it ends when this process does, however that ends.
"""

import argparse
import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from console.cli import open as console_verb
from console.cli.exit import Exit
from console.cli.output import as_json, fail
from console.cli.signals import stop_event
from console.cli.simulate import SCENARIO_LIST, add_world_options
from console.cli.simulator_process import SimulatorProcess, simulator
from console.secret import Secret
from console.settings import AutoStore, Mor, MorKeys, state_dir
from console.settings import Site as SiteSettings
from console.settings.tables import LogPublisher
from console.settings.values import BaseUrl, LogAddress, PortIds, UserIds, VariableName
from console.site import Site
from console.site_spec import Connect, Endpoints, SiteSpec
from console.state.quality import Quality
from console.state.store import Store

NAME = "Demo"
PORTS = 40
USER_ID = 100
"""The user who owns most phones of the simulated switch."""

_MAY_BE_WRONG = ("ports", "devices", "seed", "record", "scenario", "fault", "faults", "control_port")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_world_options(parser)
    console_verb.add_screen_options(parser)
    parser.add_argument("--headless", action="store_true", help="no screen: a JSON line a second")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="N", help="how long, when headless")


def run(options: argparse.Namespace) -> int:
    """Run the demo until it is left, or for `--seconds` when headless; a scenario is reported on then."""
    if options.scenario is None:
        with simulator([*_passed_on(options), "--busy"]) as running:
            return _show(options, running, options.ports or PORTS)
    # Scenarios are imported only now: the console without one does not wait for them.
    from console.cli import training

    if options.scenario == SCENARIO_LIST:
        return training.list_scenarios()
    try:
        scenario = training.chosen(options)
    except (OSError, ValueError) as error:
        fail(str(error))
        return Exit.USAGE
    if not options.headless:
        training.brief(scenario)
    with simulator(_passed_on(options)) as running:
        code = _show(options, running, scenario.world.ports)
        said = running.stop()
    return code or training.conclude(said, headless=options.headless)


def _passed_on(options: argparse.Namespace) -> list[str]:
    """Return the options that describe the world, for the simulator."""
    passed = ["--log-port", "0"]
    for name in ("ports", "devices", "seed", "speed", "record", "scenario", "faults", "control_port"):
        value = getattr(options, name)
        if value is not None:
            passed += [f"--{name.replace('_', '-')}", str(value)]
    for line in options.fault or ():
        passed += ["--fault", line]
    return passed


def _show(options: argparse.Namespace, running: SimulatorProcess, ports: int) -> int:
    """Open the console on the simulated site, or watch it without one."""
    spec = SiteSpec(
        name=NAME,
        mode="SIMULATOR",
        operator="demo",
        role="technician",
        state_dir=state_dir(),
        user_ids=(USER_ID,),
        port_ids=tuple(range(1, min(max(ports, 1), 2000) + 1)),
    )
    if any(getattr(options, name) is not None for name in _MAY_BE_WRONG):
        # What was mistyped there is told here, not in a console that cannot connect.
        try:
            _ = running.where
        except OSError as error:
            fail(str(error))
            return Exit.USAGE
    connect = _endpoints(running, spec.port_ids)
    if options.headless:
        return asyncio.run(_watch(Site(spec, connect), options.seconds))
    return console_verb.run_console(spec, connect, options, "dark")


def _endpoints(running: SimulatorProcess, port_ids: tuple[int, ...]) -> Connect:
    async def connect() -> Endpoints:
        return _read_endpoints(await asyncio.to_thread(lambda: running.where), port_ids)

    return connect


def _read_endpoints(found: Mapping[str, Any], port_ids: tuple[int, ...]) -> Endpoints:
    settings = SiteSettings(
        simulator=True,
        autostore=AutoStore(
            url=BaseUrl(found["autostore_url"]),
            ports=PortIds(port_ids),
            log_publisher=LogPublisher(address=LogAddress(f"{found['log_host']}:{found['log_port']}")),
        ),
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
        site.watch(visible=())
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
