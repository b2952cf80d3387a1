"""Both simulated servers on sockets, one pair for each file of tests, and clients that speak to them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import TypeAlias

import pytest_asyncio

from console.autostore.catalogue import Interface
from console.autostore.client import AutoStoreClient
from console.autostore.wire import Encoding
from console.mor.client import MorClient
from console.mor.wire import Caller
from console.secret import Secret
from console.simulator.default_softswitch import API_SECRET, API_USER, build_softswitch
from console.simulator.default_warehouse import build_warehouse
from console.simulator.server import Simulation

Controllers: TypeAlias = Mapping[tuple[Interface, Encoding], AutoStoreClient]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def simulation() -> AsyncIterator[Simulation]:
    """Twelve ports and twenty phones, as a simulation starts with them; no time passes by itself."""
    async with Simulation(build_warehouse(ports=12), build_softswitch(devices=20), clock=lambda: 0.0) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def controllers(simulation: Simulation) -> AsyncIterator[Controllers]:
    """A client for each interface and encoding."""
    async with AsyncExitStack() as stack:
        clients = {
            (interface, encoding): AutoStoreClient(
                simulation.autostore_url, interface=interface, encoding=encoding
            )
            for interface in Interface
            for encoding in Encoding
        }
        for client in clients.values():
            stack.push_async_callback(client.close)
        yield clients


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phones(simulation: Simulation) -> AsyncIterator[MorClient]:
    """A client of the phone switch, as the administrator."""
    caller = Caller(user=API_USER, secret=Secret(API_SECRET), password=Secret("admin1"))
    client = MorClient(simulation.mor_url, caller)
    yield client
    await client.close()
