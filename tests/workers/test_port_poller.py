"""The controller's poller: what is read where, and what a failed read leaves."""

import asyncio
import random
from contextlib import AbstractAsyncContextManager
from typing import Any

from console.autostore.catalogue import Interface
from console.autostore.replies import PortReading, PortStatus, SystemStatus
from console.outcome import Refused, Unknown
from console.state.quality import Quality
from console.state.store import Store
from console.text import safe
from console.workers.ports import port_poller

from .small import run, running, until, virtual_store


class Controller:
    """A client that answers at once, or fails."""

    def __init__(self, interface: Interface = Interface.TASK) -> None:
        self.interface = interface
        self.looked: list[int] = []
        self.failures: dict[int | None, Exception] = {}

    async def system_status(self) -> SystemStatus:
        self._fail(None)
        return SystemStatus(mode=20, stopcode=0)

    async def look(self, port_id: int) -> PortReading:
        self.looked.append(port_id)
        self._fail(port_id)
        return PortReading(status=PortStatus(port_id=port_id, port_type=safe("CO"), mode=safe("OPEN")))

    def _fail(self, of: int | None) -> None:
        if of in self.failures:
            raise self.failures[of]


def polling(controller: Controller, store: Store, *ports: int) -> AbstractAsyncContextManager[Any]:
    client: Any = controller
    return running(port_poller(client, store, ports, interval=1.0, rng=random.Random(1)).run())


def test_ports_and_system_mode_become_live_and_stay_so() -> None:
    async def work() -> None:
        store = virtual_store(4, 9)
        async with polling(Controller(), store, 4, 9):
            await asyncio.sleep(1.1)
            for _ in range(50):
                qualities = {store.port_quality(port) for port in store.ports.values()}
                assert qualities | {store.system_quality()} == {Quality.LIVE}
                await asyncio.sleep(0.1)
            assert store.ports[9].mode == "OPEN"
            assert store.system.status == SystemStatus(mode=20, stopcode=0)

    run(work())


def test_a_refused_port_is_not_reached_but_its_neighbours_are() -> None:
    async def work() -> None:
        store = virtual_store(4, 9)
        controller = Controller()
        controller.failures[4] = Refused("getportstatus", "no such port", 1000)
        async with polling(controller, store, 4, 9):
            await asyncio.sleep(5)
            assert store.ports[4].failure == "getportstatus refused (1000): no such port"
            assert store.port_quality(store.ports[4]) is Quality.UNREACHABLE
            assert store.port_quality(store.ports[9]) is Quality.LIVE

    run(work())


def test_a_system_mode_that_cannot_be_read_grows_old() -> None:
    async def work() -> None:
        store = virtual_store(4)
        controller = Controller()
        async with polling(controller, store, 4):
            await until(lambda: store.system.seen_at is not None)
            controller.failures[None] = Unknown("no complete answer")
            await asyncio.sleep(5)
            assert store.system_quality() is Quality.UNREACHABLE
            assert store.port_quality(store.ports[4]) is Quality.LIVE

    run(work())


def test_an_observation_is_as_old_as_its_question() -> None:
    async def work() -> None:
        loop, store = asyncio.get_running_loop(), virtual_store(4)
        controller = Controller()
        look, asked = controller.look, []

        async def slow(port_id: int) -> PortReading:
            asked.append(loop.time())
            await asyncio.sleep(0.7)
            return await look(port_id)

        controller.look = slow  # type: ignore[method-assign]
        async with polling(controller, store, 4):
            await until(lambda: store.ports[4].seen_at is not None)
            assert store.ports[4].seen_at == asked[0]

    run(work())


def test_where_the_interface_cannot_tell_ports_are_not_asked_and_not_reached() -> None:
    async def work() -> None:
        store = virtual_store(4)
        controller = Controller(Interface.BIN)
        async with polling(controller, store, 4):
            await asyncio.sleep(5)
            assert controller.looked == []
            assert store.port_quality(store.ports[4]) is Quality.UNREACHABLE
            assert store.ports[4].failure == "the bin interface does not tell"
            assert store.system_quality() is Quality.LIVE
            assert all(source.ok for source in store.sources.values())

    run(work())
