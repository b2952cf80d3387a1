"""The console on a made-up site, of any size, where so many values a second change.

Nothing is connected: the store is fed directly, as the workers would. Ports 1 and 2 never change.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.phones import owner, phones

from console.autostore.replies import BinStatus, PortReading, PortStatus, SystemStatus
from console.autostore.values import SystemMode
from console.interface.app import PortsideApp
from console.interface.themes import load_themes
from console.site import Site
from console.site_spec import SiteSpec
from console.state.entities import SourceName
from console.state.store import Schedule
from console.text import SafeText

INTERVAL = 10.0
"""Seconds in which each port is seen once, as by a slow poll."""

FIRST = 3
"""The first port that changes."""

STEP = 0.05
"""Seconds between two looks at what is to change: shorter than a frame."""

USER = 100


class FedSite(Site):
    """A site whose beliefs come from here: `rate` changes a second, among the first `among` that may."""

    def __init__(self, options: argparse.Namespace, schedule: Schedule) -> None:
        spec = SiteSpec(
            name="Fed",
            mode="SIMULATOR",
            operator="bench",
            role="technician",
            state_dir=Path(tempfile.mkdtemp()),
            port_ids=tuple(range(1, options.ports + 1)),
            port_interval=INTERVAL,
            user_ids=(USER,) if options.devices else (),
        )
        super().__init__(spec, lambda: asyncio.sleep(0), schedule)  # type: ignore[arg-type,return-value]
        self._options = options
        self._open = dict.fromkeys(spec.port_ids, True)

    async def open(self) -> None:
        """Make everything live, and go on changing it."""
        for name in SourceName:
            self.store.source_answers(name, self.store.clock())
        for port_id in self.store.ports:
            self._see(port_id)
        if self._options.devices:
            self.store.see_users((owner(USER),), self.store.clock())
            self.store.see_devices(USER, phones(self._options.devices, USER), self.store.clock())
        self._feeding = asyncio.gather(self._stay(), self._change())

    async def close(self) -> None:
        """Stop."""
        self._feeding.cancel()
        with suppress(asyncio.CancelledError):
            await self._feeding

    async def _stay(self) -> None:
        """See each port again in its turn."""
        share = max(1, round(len(self.store.ports) / INTERVAL))
        while True:
            for first in range(1, len(self.store.ports) + 1, share):
                for port_id in range(first, min(first + share, len(self.store.ports) + 1)):
                    self._see(port_id)
                status = SystemStatus(mode=SystemMode.RUNNING, stopcode=None)
                self.store.see_system(status, self.store.clock())
                for name in SourceName:
                    self.store.source_answers(name, self.store.clock())
                await asyncio.sleep(1.0)

    async def _change(self) -> None:
        """Open and close ports at the rate."""
        rate, among = self._options.rate, self._options.among or self._options.ports - FIRST + 1
        changed, begun = count(), self.store.clock()
        done = 0
        while rate:
            await asyncio.sleep(STEP)
            while done < rate * (self.store.clock() - begun):
                done += 1
                port_id = FIRST + next(changed) % among
                self._open[port_id] = not self._open[port_id]
                self._see(port_id)

    def _see(self, port_id: int) -> None:
        bin_id, is_open = 100_000 + port_id, self._open[port_id]
        mode = SafeText("OPEN" if is_open else "CLOSED")
        status = PortStatus(port_id=port_id, port_type=SafeText("CO"), mode=mode, bin_id=bin_id)
        status_of_bin = BinStatus(bin_id=bin_id, mode=SafeText("OPEN"), port_id=port_id)
        self.store.see_port(PortReading(status=status, bin=status_of_bin), self.store.clock())


def main() -> None:
    """Run the app until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ports", type=int, default=2000)
    parser.add_argument("--devices", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0.0, help="changes a second")
    parser.add_argument("--among", type=int, default=0, help="how many ports change; all by default")
    options = parser.parse_args()
    app = PortsideApp(lambda schedule: FedSite(options, schedule), themes=load_themes(), theme="dark")
    app.run()


if __name__ == "__main__":
    main()
