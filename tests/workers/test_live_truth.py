"""Two hundred ports that change without end: what the store believes is what the simulated world is.

The world's time is stopped from time to time; within a bounded time the store must then be equal to it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from patience import PATIENCE, eventually

from console.autostore.client import AutoStoreClient
from console.autostore.stream import LogStream
from console.simulator.default_softswitch import build_softswitch
from console.simulator.default_warehouse import build_warehouse
from console.simulator.server import Simulation
from console.state.entities import SourceName
from console.state.quality import Quality
from console.state.store import Store
from console.workers import events
from console.workers.budget import Budget
from console.workers.events import LogFollower
from console.workers.ports import PortReader

PORTS, INTERVAL = 200, 0.3
VISIBLE = range(1, 21)


class WorldClock:
    """Seconds of real time, but for those in which the world stands still."""

    def __init__(self) -> None:
        self._stopped_at: float | None = None
        self._lost = 0.0

    def __call__(self) -> float:
        return (time.monotonic() if self._stopped_at is None else self._stopped_at) - self._lost

    def stop(self) -> None:
        self._stopped_at = time.monotonic()

    def go_on(self) -> None:
        assert self._stopped_at is not None
        self._lost += time.monotonic() - self._stopped_at
        self._stopped_at = None


class Scene:
    """A busy site, and what reads it and follows it into a store."""

    def __init__(self, *, follow: bool, speed: float = 5.0) -> None:
        self.clock = WorldClock()
        self.world = build_warehouse(ports=PORTS, churn=0.1)
        self.world.advance(60)
        self.simulation = Simulation(
            self.world, build_softswitch(devices=1), clock=self.clock, speed=speed, log_port=0
        )
        self.store = Store(range(1, PORTS + 1), port_interval=INTERVAL)
        self.store.watch(VISIBLE)
        self._follow = follow
        self._budget = Budget(2000.0, at_once=8)
        self._rng = random.Random(1)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.simulation:
            client = AutoStoreClient(self.simulation.autostore_url, tap=self._count)
            self.reader = PortReader(client, self.store, rng=self._rng, budget=self._budget, at_once=8)
            work = [asyncio.create_task(self.reader.run())]
            if self._follow:
                work.append(asyncio.create_task(self._follower().run()))
            try:
                yield
            finally:
                for task in work:
                    task.cancel()
                await asyncio.gather(*work, return_exceptions=True)
                await client.close()

    async def becomes_true(self) -> None:
        """Stop the world, and wait until the store is equal to it and knows it to be fresh."""
        self.clock.stop()
        begun = time.monotonic()
        while wrong := self.differences():
            assert time.monotonic() - begun < PATIENCE, wrong[:5]
            await asyncio.sleep(0.02)
        self.clock.go_on()

    def differences(self) -> list[tuple[Any, Any]]:
        pairs = ((self._seen(port_id), self._real(port_id)) for port_id in self.world.ports)
        return [(seen, real) for seen, real in pairs if seen != real]

    def _seen(self, port_id: int) -> tuple[Any, ...]:
        port = self.store.ports[port_id]
        quality = self.store.port_quality(port)
        return (port_id, port.mode, port.bin_id, port.bin_mode, port.case_state, quality)

    def _real(self, port_id: int) -> tuple[Any, ...]:
        port = self.world.ports[port_id]
        bin_id = port.selected_bin
        bin_mode = None if bin_id is None else self.world.bins[bin_id].mode.value
        case = port.case.state.value if port.port_type.value == "AC" else None
        return (port_id, port.mode.value, bin_id, bin_mode, case, Quality.LIVE)

    def _follower(self) -> LogFollower:
        assert self.simulation.log_address is not None
        self.store.expect(SourceName.LOG)
        return LogFollower(self._stream, self.store, hurry=self.reader.hurry, repace=self.reader.repace_all)

    def _stream(self) -> LogStream:
        assert self.simulation.log_address is not None
        host, port = self.simulation.log_address
        return LogStream(host, port, backoff=lambda failures: 0.1, clock=self.store.clock, quiet=0.3)

    def _count(self, _exchange: object) -> None:
        self._budget.spend(self.store.clock())


async def is_followed(scene: Scene, followed: bool) -> None:
    await eventually(lambda: scene.store.stream.complete is followed)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "AGAIN_AFTER", 0.1)


async def test_by_reading_alone() -> None:
    scene = Scene(follow=False)
    async with scene.running():
        await asyncio.sleep(1.0)
        await scene.becomes_true()


async def test_with_the_log_publisher_before_and_after_it_was_lost() -> None:
    scene = Scene(follow=True)
    async with scene.running():
        await is_followed(scene, True)
        await scene.becomes_true()

        assert scene.simulation.log_address is not None
        await scene.simulation._log.stop()
        await is_followed(scene, False)
        assert scene.store.sources[SourceName.LOG].ok is False
        await asyncio.sleep(0.3)
        await scene.becomes_true()

        await scene.simulation._log.start(*scene.simulation.log_address)
        await is_followed(scene, True)
        assert scene.store.sources[SourceName.LOG].ok is True
        await scene.becomes_true()


async def test_a_publisher_that_lost_its_driver_is_not_believed() -> None:
    scene = Scene(follow=True, speed=20.0)
    async with scene.running():
        await is_followed(scene, True)
        scene.world.system.lose_driver()
        await is_followed(scene, False)
        assert scene.store.sources[SourceName.LOG].ok is False
        await scene.becomes_true()
        scene.world.system.regain_driver()
        await is_followed(scene, True)
