"""A site that is open: three sources, and reads that leave room for whoever does not wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from simulator.small import eventually

from console.settings import AutoStore
from console.settings import Site as SiteSettings
from console.settings.tables import LogPublisher
from console.settings.values import BaseUrl, LogAddress, PortIds
from console.simulator.default_softswitch import build_softswitch
from console.simulator.default_warehouse import build_warehouse
from console.simulator.server import Simulation
from console.site import Endpoints, Site, SiteSpec
from console.state.entities import SourceName
from console.state.quality import Quality

PORTS = tuple(range(1, 41))


@asynccontextmanager
async def site(tmp_path: Path, *, log: bool, **settings: Any) -> AsyncIterator[tuple[Simulation, Site]]:
    async with Simulation(
        build_warehouse(ports=len(PORTS)), build_softswitch(devices=1), log_port=0
    ) as servers:
        assert servers.log_address is not None
        host, port = servers.log_address
        publisher = LogPublisher(address=LogAddress(f"{host}:{port}")) if log else None

        async def connect() -> Endpoints:
            autostore = AutoStore(
                url=BaseUrl(servers.autostore_url), ports=PortIds(PORTS), log_publisher=publisher, **settings
            )
            return Endpoints(SiteSettings(simulator=True, autostore=autostore), None)

        who = {"operator": "tech1", "role": "technician"}
        spec = SiteSpec(name="Hall 2", mode="SIMULATOR", state_dir=tmp_path, port_ids=PORTS, **who)
        one = Site(spec, connect)
        await one.open()
        try:
            yield servers, one
        finally:
            await one.close()


async def test_the_log_publisher_is_a_source_like_the_others(tmp_path: Path) -> None:
    async with site(tmp_path, log=True) as (_, one):
        assert set(one.store.sources) == {SourceName.AUTOSTORE, SourceName.LOG}
        await eventually(lambda: one.store.stream.complete)
        assert one.store.sources[SourceName.LOG].ok is True
        assert one.log is not None
    assert not one.store.stream.complete


async def test_where_there_is_none_none_is_shown(tmp_path: Path) -> None:
    async with site(tmp_path, log=False) as (_, one):
        await eventually(lambda: one.store.sources[SourceName.AUTOSTORE].ok is True)
        assert set(one.store.sources) == {SourceName.AUTOSTORE}
        assert one.log is None


async def test_what_is_watched_is_kept_fresh_within_the_calls_allowed(tmp_path: Path) -> None:
    async with site(tmp_path, log=False, calls_per_second=20, in_flight=2) as (_, one):
        one.watch(visible=range(1, 5), marked=[9])
        await eventually(lambda: all(one.store.ports[port_id].seen_at for port_id in range(1, 5)))
        await asyncio.sleep(1.5)
        before, begun = one.wire_log.count, one.store.clock()
        await asyncio.sleep(1.5)
        assert one.wire_log.count - before <= 20 * (one.store.clock() - begun) + 5 + 4
        assert all(one.store.port_quality(one.store.ports[number]) is Quality.LIVE for number in range(1, 5))


async def test_a_look_that_a_person_waits_for_does_not_wait_for_the_others(tmp_path: Path) -> None:
    async with site(tmp_path, log=False, calls_per_second=1, in_flight=1, timeout=5.0) as (servers, one):
        await eventually(lambda: one.wire_log.count > 0)
        servers.faults.add("latency port=17 seconds=30")
        begun = one.store.clock()
        for _ in range(20):
            await one.ask(SourceName.AUTOSTORE, "getportstatus", {"port_id": 4})
        assert one.store.clock() - begun < 3.0
