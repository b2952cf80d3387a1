"""A hundred thousand devices: to load them, and to filter them as somebody types."""

import argparse
import asyncio
import gzip
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.changing_app import USER, FedSite
from benchmarks.figure import Figure
from lxml import etree

from console.cli.simulator_process import simulator
from console.exchange import Link, decoded
from console.interface.app import PortsideApp
from console.interface.panes.devices import DevicesPane
from console.interface.panes.filter_line import FilterLine
from console.interface.screens.workspace import Workspace
from console.interface.themes import load_themes
from console.mor import rows, wire
from console.mor.calls import find
from console.mor.wire import Caller
from console.secret import Secret
from console.settings import Mor, MorKeys
from console.settings import Site as SiteSettings
from console.settings.values import BaseUrl, UserIds, VariableName
from console.site import Site
from console.site_spec import Endpoints, SiteSpec

DEVICES = 100_000
RUNS = 5
TYPED = ("gate-9 9", "10.0.2", "<4", "no such phone")
"""What somebody types, a key at a time."""

LOOK = 0.002
"""Seconds between two looks at whether the event loop is free."""


def device_filter() -> list[Figure]:
    """The slowest of the keystrokes: all that the event loop does for it; floor: one pass over the names."""
    value, floor = asyncio.run(_keystrokes())
    return [Figure("filter 100,000 devices, slowest key", value, "ms", floor, 50.0, absolute=True)]


async def _keystrokes() -> tuple[float, float]:
    options = argparse.Namespace(ports=12, devices=DEVICES, rate=0, among=0)
    app = PortsideApp(lambda schedule: FedSite(options, schedule), themes=load_themes(), theme="dark")
    async with app.run_test(size=(120, 40)):
        pane = await _filled(app)
        names = [device.username for device in pane.listed.devices]
        times: list[float] = []
        for text in TYPED:
            typed = [text[:end] for end in range(len(text) + 1)]
            runs = [[_milliseconds(app, one) for one in typed] for _ in range(RUNS)]
            times += (statistics.median(same) for same in zip(*runs, strict=True))
        return max(times), statistics.median(_pass(names) for _ in range(RUNS))


def _milliseconds(app: PortsideApp, text: str) -> float:
    """Return how long it takes to filter by a text, and to draw what is left."""
    screen = app.screen
    assert isinstance(screen, Workspace)
    begun = time.perf_counter()
    screen.devices.on_filter_line_filtered(FilterLine.Filtered(text))
    screen._on_timer_update()
    return 1000 * (time.perf_counter() - begun)


def _pass(names: list[str]) -> float:
    begun = time.perf_counter()
    _ = [name for name in names if "gate" in name]
    return 1000 * (time.perf_counter() - begun)


def device_load() -> list[Figure]:
    """From the reply to typed devices, and how long the event loop is held up at most.

    Floors: gunzip, lxml and tuples of texts for the same reply; and what else a frame may take.
    """
    with simulator(["--ports", "12", "--devices", str(DEVICES)]) as running:
        where = running.where
        ours, floor = asyncio.run(_decoding(where["mor_url"], _caller(where)))
        held = asyncio.run(_held_up(where["mor_url"], _caller(where)))
    return [
        Figure("load 100,000 devices", ours, "s", floor, 1.5),
        Figure("loading them holds up the loop", held, "ms", 50.0, 50.0, absolute=True),
    ]


def _caller(where: Mapping[str, Any]) -> Caller:
    return Caller(user=where["mor_user"], secret=Secret(where["mor_secret"]))


async def _decoding(url: str, caller: Caller) -> tuple[float, float]:
    """Return the seconds from a reply to devices, and those of the floor."""
    call = find("devices_get")
    assert call is not None
    link = Link(url, deadline=60.0, fresh=False)
    asked = wire.encode(call, wire.checked(call, {"user_id": USER}, caller), caller)
    headers = {"Content-Type": wire.CONTENT_TYPE}
    answer = await link.post("/billing/api/devices_get", asked, headers, wire.limits(call).bytes)
    await link.close()
    packed = gzip.compress(answer.body)
    read = partial(wire.decode_rows, call, read=partial(rows.device, USER))
    pairs = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        await decoded(answer.body, read)
        between = time.perf_counter()
        _tuples(packed)
        pairs.append((between - begun, time.perf_counter() - between))
    ours, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    return ours, floor


def _tuples(packed: bytes) -> list[tuple[str | None, ...]]:
    root = etree.fromstring(gzip.decompress(packed))
    return [tuple(cell.text for cell in row) for row in root.iter("device")]


async def _held_up(url: str, caller: Caller) -> float:
    """Return the longest that the loop of a whole console is held up while it reads the list twice.

    Counted is what this process does meanwhile, not what others on the machine do.
    """
    mor = Mor(url=BaseUrl(url), user=caller.user, secret_env=VariableName("UNUSED"), users=UserIds((USER,)))
    endpoints = Endpoints(SiteSettings(simulator=True, mor=mor), MorKeys(caller.secret, None, ()))
    with TemporaryDirectory() as folder:
        spec = SiteSpec(
            name="Far",
            mode="SIMULATOR",
            operator="bench",
            role="technician",
            state_dir=Path(folder),
            user_ids=(USER,),
            list_interval=2.0,
        )

        async def connect() -> Endpoints:
            return endpoints

        app = PortsideApp(lambda schedule: Site(spec, connect, schedule), themes=load_themes(), theme="dark")
        async with app.run_test(size=(120, 40)):
            await _until(lambda: app.site.devices is not None)
            held: list[float] = []
            watching = asyncio.create_task(_watch(held))
            await _filled(app)
            first = app.site.store.device_lists[USER].seen_at
            await _until(lambda: app.site.store.device_lists[USER].seen_at != first)
            watching.cancel()
    return max(held)


async def _watch(held: list[float]) -> None:
    """Note again and again how many milliseconds the loop was late."""
    while True:
        begun, used = time.perf_counter(), time.process_time()
        await asyncio.sleep(LOOK)
        late = time.perf_counter() - begun - LOOK
        held.append(1000 * min(late, time.process_time() - used))


async def _filled(app: PortsideApp) -> DevicesPane:
    """Return the pane of devices once it shows nearly all that were asked for."""
    screen = app.screen
    assert isinstance(screen, Workspace)
    await _until(lambda: len(screen.devices.rows.keys) > 0.99 * DEVICES)
    return screen.devices


async def _until(true: Callable[[], bool]) -> None:
    """Wait until something is true.

    Raises:
        TimeoutError: it has not become true for long.
    """
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - it is several things, and all are looked at
            await asyncio.sleep(LOOK)
