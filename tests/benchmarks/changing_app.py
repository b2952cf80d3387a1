"""The console on a made-up site where one visible port changes so many times a second.

Usage: changing_app.py CHANGES_A_SECOND. Nothing is connected: the store is fed directly, as the
workers would.
"""

import asyncio
import sys
import tempfile
from itertools import cycle
from pathlib import Path

from console.autostore.replies import BinStatus, PortReading, PortStatus
from console.interface.app import PortsideApp
from console.interface.themes import load_themes
from console.site import Site, SiteSpec
from console.state.store import Schedule
from console.text import SafeText

PORTS = 200


class FedSite(Site):
    """A site whose beliefs come from here."""

    async def open(self) -> None:
        """Make every port live, and go on changing those on the screen."""
        for port_id in self.store.ports:
            self._see(port_id, "GRID")
        self._feeding = asyncio.create_task(self._feed(float(sys.argv[1])))

    async def close(self) -> None:
        """Stop changing."""
        self._feeding.cancel()

    async def _feed(self, rate: float) -> None:
        modes = {port_id: cycle(("PORT", "OPEN", "CLOSED", "GRID")) for port_id in range(1, 16)}
        order = cycle(modes)
        while True:
            await asyncio.sleep(1 / rate if rate else 1.0)
            now = self.store.clock()
            for port_id in self.store.ports:
                self.store.see_port(self.store.ports[port_id].reading, now)  # all stay live
            if rate:
                port_id = next(order)
                self._see(port_id, next(modes[port_id]))

    def _see(self, port_id: int, bin_mode: str) -> None:
        bin_id = 100_000 + port_id
        status = PortStatus(port_id=port_id, port_type=SafeText("CO"), mode=SafeText("OPEN"), bin_id=bin_id)
        status_of_bin = BinStatus(bin_id=bin_id, mode=SafeText(bin_mode), port_id=port_id)
        self.store.see_port(PortReading(status=status, bin=status_of_bin), self.store.clock())


def main() -> None:
    """Run the app until it is ended."""
    spec = SiteSpec(
        name="Fed",
        mode="SIMULATOR",
        operator="bench",
        role="technician",
        state_dir=Path(tempfile.mkdtemp()),
        port_ids=tuple(range(1, PORTS + 1)),
    )

    def make_site(schedule: Schedule) -> Site:
        return FedSite(spec, lambda: asyncio.sleep(0), schedule)  # type: ignore[arg-type,return-value]

    app = PortsideApp(make_site, themes=load_themes(), theme="dark")
    app.run()


if __name__ == "__main__":
    main()
