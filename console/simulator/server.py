"""The two simulated systems on real sockets, living in real time."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from console.simulator.faults import Faults
from console.simulator.listener import Listener
from console.simulator.mor_api import MorApi
from console.simulator.record import RecordFile
from console.simulator.softswitch import Softswitch
from console.simulator.task_interface import TaskInterface
from console.simulator.warehouse import Warehouse

TICK = 0.2
"""Seconds between two advances of the worlds when nobody asks them anything."""


class Simulation:
    """Serves a warehouse and a softswitch, and lets their time pass: `speed` times that of `clock`.

    `record_path` gets every mutating call as it is executed, one JSON line each. `faults` misbehaves
    on demand. Port 0 takes a free one; the base URLs are known once started.

    Raises:
        ValueError: a speed that is not above 0.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        softswitch: Softswitch,
        *,
        host: str = "127.0.0.1",
        autostore_port: int = 0,
        mor_port: int = 0,
        speed: float = 1.0,
        record_path: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        faults: Faults | None = None,
    ) -> None:
        if speed <= 0:
            raise ValueError(f"speed {speed}: wanted more than 0")
        self.warehouse = warehouse
        self.softswitch = softswitch
        self.faults = faults or Faults()
        self.autostore_url = ""
        self.mor_url = ""
        self._host = host
        self._autostore_port = autostore_port
        self._mor_port = mor_port
        self._speed = speed
        self._clock = clock
        self._began = 0.0
        self._record_path = record_path
        self._record_file: RecordFile | None = None
        self._autostore = Listener("autostore", TaskInterface(warehouse), self.faults, self.advance)
        self._mor = Listener("mor", MorApi(softswitch), self.faults, self.advance)
        self._ticker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, and let time pass from where it stood.

        Raises:
            OSError: an address cannot be had, or the record cannot be written.
        """
        self._began = self._clock() - self.warehouse.now / self._speed
        try:
            self._open_record()
            self.autostore_url = await self._autostore.start(self._host, self._autostore_port)
            self.mor_url = await self._mor.start(self._host, self._mor_port)
        except BaseException:
            await self.stop()
            raise
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Close every connection and the record."""
        if self._ticker is not None:
            self._ticker.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticker
            self._ticker = None
        await asyncio.gather(self._autostore.stop(), self._mor.stop())
        self._close_record()

    async def __aenter__(self) -> "Simulation":
        await self.start()
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def advance(self) -> None:
        """Let both worlds catch up with the clock."""
        now = (self._clock() - self._began) * self._speed
        self.warehouse.advance(now)
        self.softswitch.advance(now)

    async def _tick(self) -> None:
        while True:
            self.advance()
            await asyncio.sleep(TICK)

    def _open_record(self) -> None:
        if self._record_path is None:
            return
        self._record_file = RecordFile(self._record_path)
        for world in (self.warehouse, self.softswitch):
            world.record.listeners.append(self._record_file.write)

    def _close_record(self) -> None:
        if self._record_file is None:
            return
        for world in (self.warehouse, self.softswitch):
            world.record.listeners.remove(self._record_file.write)
        self._record_file.close()
        self._record_file = None
