"""A simulated site on real sockets whose time passes only when told, and the clients that speak to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.phones import KEY, phones
from simulator.small import CASE_BIN, hand_over, site
from state.small import Clock

from console.autostore.client import AutoStoreClient
from console.autostore.wire import Encoding
from console.mor.client import MorClient
from console.mor.wire import Caller
from console.secret import Secret
from console.simulator.server import Simulation


class Scene:
    """Five ports (see `simulator.small.site`), work for the AutoCase port, and a small phone switch."""

    def __init__(self) -> None:
        self.clock = Clock(0.0)
        self.world = site()
        self.phones = phones()
        hand_over(self.world, 20, CASE_BIN, category=1)
        self.simulation = Simulation(self.world, self.phones, clock=self.clock)

    def wait(self, seconds: float) -> None:
        """Let the warehouse live on; costs no time."""
        self.clock.now += seconds
        self.simulation.advance()


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    one = Scene()
    async with one.simulation:
        yield one


@asynccontextmanager
async def controller(one: Scene, encoding: Encoding = Encoding.XML) -> AsyncIterator[AutoStoreClient]:
    client = AutoStoreClient(one.simulation.autostore_url, encoding=encoding)
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def switch(one: Scene) -> AsyncIterator[MorClient]:
    client = MorClient(one.simulation.mor_url, Caller(user="admin", secret=Secret(KEY)))
    try:
        yield client
    finally:
        await client.close()
