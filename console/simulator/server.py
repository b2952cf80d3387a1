"""The two simulated systems on real sockets, living in real time."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from console.simulator.autostore_api import AutoStoreApi
from console.simulator.control import LOOPBACK, Control
from console.simulator.faults import Faults
from console.simulator.listener import Listener
from console.simulator.log_stream import LogStream
from console.simulator.mor_api import MorApi
from console.simulator.play import Play
from console.simulator.record import RecordFile
from console.simulator.setting import Worlds
from console.simulator.softswitch import Softswitch
from console.simulator.warehouse import Warehouse

TICK = 0.2
"""Seconds between two advances of the worlds when nobody asks them anything."""


class Simulation:
    """Serves a warehouse and a softswitch, and lets their time pass: `speed` times that of `clock`.

    `record_path` gets every mutating call as it is executed, one JSON line each. `faults` misbehaves
    on demand. Port 0 takes a free one; the base URLs are known once started. With a `control_port`
    there is a control port, and `play` is the scenario that is played in these worlds. With a
    `log_port` there is a Log Publisher at `log_address`, host and port.

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
        control_port: int | None = None,
        log_port: int | None = None,
        play: Play | None = None,
    ) -> None:
        if speed <= 0:
            raise ValueError(f"speed {speed}: wanted more than 0")
        self.warehouse = warehouse
        self.warehouse.speed = speed
        self.softswitch = softswitch
        self.faults = faults or Faults()
        self.autostore_url = ""
        self.mor_url = ""
        self.control_url = ""
        self.log_address: tuple[str, int] | None = None
        self._host = host
        self._autostore_port = autostore_port
        self._mor_port = mor_port
        self._control_port = control_port
        self._log_port = log_port
        self._play = play
        self._speed = speed
        self._clock = clock
        self._began = 0.0
        self._record_path = record_path
        self._record_file: RecordFile | None = None
        self._autostore = Listener("autostore", AutoStoreApi(warehouse), self.faults, self.advance)
        self._log = LogStream(warehouse)
        self._mor = Listener("mor", MorApi(softswitch), self.faults, self.advance)
        control = Control(Worlds(warehouse, softswitch), self.faults, play)
        self._control = Listener("control", control, Faults(), self.advance)
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
            if self._control_port is not None:
                self.control_url = await self._control.start(LOOPBACK, self._control_port)
            if self._log_port is not None:
                self.log_address = await self._log.start(self._host, self._log_port)
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
        await asyncio.gather(self._autostore.stop(), self._mor.stop(), self._control.stop(), self._log.stop())
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
        if self._play is not None:
            self._play.watch()

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
