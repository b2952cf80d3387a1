"""A site that is open: three sources, and reads that leave room for whoever does not wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from patience import eventually

from console.settings import AutoStore
from console.settings import Site as SiteSettings
from console.settings.tables import LogPublisher
from console.settings.values import BaseUrl, LogAddress, PortIds
from console.simulator.default_softswitch import build_softswitch
from console.simulator.default_warehouse import build_warehouse
from console.simulator.server import Simulation
from console.site import Site
from console.site_spec import Endpoints, SiteSpec
from console.state.entities import SourceName
from console.state.quality import Quality
from console.workers.budget import SAVED

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


def quality(one: Site, port_id: int) -> Quality:
    return one.store.port_quality(one.store.ports[port_id])


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
    rate, at_once = 20, 2
    async with site(tmp_path, log=False, calls_per_second=rate, in_flight=at_once) as (_, one):
        begun = one.store.clock()
        await asyncio.sleep(1.5)  # forty ports count as watched, at a call a second each and more
        await eventually(lambda: one.wire_log.count > 10)
        spare = SAVED * rate + 3 * at_once
        assert one.wire_log.count <= rate * (one.store.clock() - begun) + spare
        one.watch(visible=range(1, 5), marked=[9])
        await eventually(lambda: one.store.behind is not None)
        await eventually(lambda: {quality(one, number) for number in range(1, 5)} == {Quality.LIVE})


async def test_a_look_that_a_person_waits_for_does_not_wait_for_the_budget(tmp_path: Path) -> None:
    async with site(tmp_path, log=False, calls_per_second=1, in_flight=1) as (_, one):
        await eventually(lambda: one.wire_log.count > 0)
        begun = one.store.clock()
        for _ in range(20):
            await one.ask(SourceName.AUTOSTORE, "getportstatus", {"port_id": 4})
        assert one.store.clock() - begun < 15.0, "twenty calls would take as many seconds"


async def test_nor_for_a_connection_while_all_reads_in_the_background_are_slow(tmp_path: Path) -> None:
    async with site(tmp_path, log=False, calls_per_second=1000, in_flight=16, interval=3.0) as (servers, one):
        servers.faults.add("latency method=getportstatus seconds=1.5")
        await asyncio.sleep(0.5)
        for _ in range(2):  # with the connections of the others alone it would find none in time
            await one.ask(SourceName.AUTOSTORE, "getportstatus", {"port_id": 4})
