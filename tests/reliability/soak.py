"""Runs a console for long at the largest size while calls go wrong, and watches what it uses.

    python tests/reliability/soak.py [--minutes N] [--ports N] [--devices N] [--busy] [--json]

A simulator in another process changes 5 % of the ports each second and spoils 5 % of the calls. Keys
are pressed all the while: they move, mark, filter, open and close every kind of screen, and command.
What is used in the end is compared with what was used after the first sixth of the time.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from console.cli.simulator_process import simulator
from console.interface.app import PortsideApp
from console.interface.themes import load_themes
from console.settings import load
from console.site import Site
from console.site_spec import configured, describe
from console.state.quality import Quality

FAULTS = ("drop-before", "reset-after", "late-reply seconds=2", "html-500", "cut")
"""Each meets one call in a hundred."""

KEYS = (
    *("j", "j", "space", "pagedown", "end", "home", "v", "pagedown", "v", "j", "v", "s"),
    *("slash", "0", "4", "enter", "asterisk", "escape", "escape", "f", "f"),
    *("c", "y", "o", "escape", "question_mark", "escape", "w", "escape", "colon", "escape"),
    *("3", "j", "slash", "d", "o", "c", "enter", "escape", "4", "j", "2", "1", "t", "b"),
)
BETWEEN_KEYS = 0.3
CALLS = 200
"""A second, twice what is the default: where so much changes, two thousand ports need that to be fresh."""

FRESH_WITHIN = 120.0
"""Seconds after the start within which nearly all ports are live."""

LAG_STEP = 0.02
SAMPLES = 30

MORE_MEMORY, MORE_TASKS, MORE_DESCRIPTORS, LONGEST_LAG, LEAST_LIVE = 15.0, 20, 20, 100.0, 0.9
"""What may be more in the end than at first; milliseconds of the event loop's lag, p99; live ports."""


class Sample(NamedTuple):
    """What is used at a moment: `lag_p99` and `lag_most` in milliseconds since the sample before."""

    minute: float
    memory_mb: float
    tasks: int
    descriptors: int
    lag_p99: float
    lag_most: float
    live: float
    keys: int


class Soak:
    """A console, and what it is made to do."""

    def __init__(self, app: PortsideApp, minutes: float) -> None:
        self._app = app
        self._seconds = minutes * 60
        self._began = time.monotonic()
        self._lags: list[float] = []
        self._keys = 0
        self.samples: list[Sample] = []

    async def run(self) -> None:
        """Go on until the time is over."""
        async with self._app.run_test(size=(120, 40)) as _:
            async with asyncio.timeout(FRESH_WITHIN):
                while self._live() < LEAST_LIVE:  # noqa: ASYNC110 - what is waited for has no event
                    await asyncio.sleep(0.1)
            self._began = time.monotonic()
            work = [asyncio.create_task(one) for one in (self._feel(), self._press())]
            for number in range(1, SAMPLES + 1):
                await asyncio.sleep(self._began + self._seconds * number / SAMPLES - time.monotonic())
                self.samples.append(self._sample())
            for one in work:
                one.cancel()
            ended = await asyncio.gather(*work, return_exceptions=True)
            for error in ended:
                if isinstance(error, Exception):
                    raise error

    def faults(self, *, busy: bool) -> Iterator[str]:
        """Say what was used more in the end than at first, and what was late, unless it is busy."""
        first, last = self.samples[SAMPLES // 6 - 1], self.samples[-1]
        if last.memory_mb > first.memory_mb + MORE_MEMORY:
            yield f"memory grew from {first.memory_mb:.0f} to {last.memory_mb:.0f} MB"
        if last.tasks > first.tasks + MORE_TASKS:
            yield f"tasks grew from {first.tasks} to {last.tasks}"
        if last.descriptors > first.descriptors + MORE_DESCRIPTORS:
            yield f"descriptors grew from {first.descriptors} to {last.descriptors}"
        if busy:
            return
        lag = statistics.median(one.lag_p99 for one in self.samples)
        if lag > LONGEST_LAG:
            yield f"the event loop lags {lag:.0f} ms"
        if min(one.live for one in self.samples) < LEAST_LIVE:
            yield "too few ports are live"

    async def _feel(self) -> None:
        """Measure how late the event loop is."""
        while True:
            due = time.monotonic() + LAG_STEP
            await asyncio.sleep(LAG_STEP)
            self._lags.append(1000 * (time.monotonic() - due))

    async def _press(self) -> None:
        for key in cycle(KEYS):
            self._app.simulate_key(key)
            self._keys += 1
            await asyncio.sleep(BETWEEN_KEYS)

    def _sample(self) -> Sample:
        lags, self._lags = self._lags, []
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return Sample(
            minute=round((time.monotonic() - self._began) / 60, 2),
            memory_mb=round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1),
            tasks=len(asyncio.all_tasks()),
            descriptors=len([*Path("/proc/self/fd").iterdir()]),
            lag_p99=round(statistics.quantiles(lags, n=100)[-1], 1) if len(lags) > 1 else 0.0,
            lag_most=round(max(lags, default=0.0), 1),
            live=round(self._live(), 3),
            keys=self._keys,
        )

    def _live(self) -> float:
        store = self._app.site.store
        live = sum(store.port_quality(port) is Quality.LIVE for port in store.ports.values())
        return live / len(store.ports)


def soak(minutes: float, ports: int, devices: int) -> Soak:
    """Run a console for so long, and return what was measured."""
    options = ["--ports", str(ports), "--devices", str(devices), "--churn", "0.05", "--log-port", "0"]
    for fault in FAULTS:
        options += ["--fault", f"{fault} share=0.01"]
    with simulator(options) as running, tempfile.TemporaryDirectory() as folder:
        where = running.where
        os.environ["PORTSIDE_SOAK_SECRET"] = where["mor_secret"]
        path = Path(folder, "settings.toml")
        path.write_text(
            f'operator = "soak"\n[sites.hall]\nsimulator = true\n'
            f'[sites.hall.autostore]\nurl = "{where["autostore_url"]}"\nports = "1-{ports}"\n'
            f"calls_per_second = {CALLS}\n"
            f'log_publisher = {{ address = "{where["log_host"]}:{where["log_port"]}" }}\n'
            f'[sites.hall.mor]\nurl = "{where["mor_url"]}"\nuser = "{where["mor_user"]}"\n'
            f'secret_env = "PORTSIDE_SOAK_SECRET"\nusers = [100]\n'
        )
        settings = load(path)
        site = settings.sites["hall"]
        spec = describe("hall", settings, site, Path(folder, "state"))
        app = PortsideApp(
            lambda schedule: Site(spec, configured("hall", site), schedule),
            themes=load_themes(),
            theme="dark",
        )
        run = Soak(app, minutes)
        asyncio.run(run.run())
        return run


def main() -> int:
    """Run as long as asked, print what was measured, and return whether all is as it must be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30.0, metavar="N")
    parser.add_argument("--ports", type=int, default=2000, metavar="N")
    parser.add_argument("--devices", type=int, default=2000, metavar="N")
    parser.add_argument("--busy", action="store_true", help="do not judge how quick it is")
    parser.add_argument("--json", action="store_true", help="one object")
    options = parser.parse_args()
    run = soak(options.minutes, options.ports, options.devices)
    faults = list(run.faults(busy=options.busy))
    if options.json:
        print(json.dumps({"samples": [one._asdict() for one in run.samples], "faults": faults}))
    else:
        print("".join(f"{name:>12}" for name in Sample._fields))
        for one in run.samples:
            print("".join(f"{value:>12}" for value in one))
        print(*faults or ["all is as it must be"], sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
