"""How many calls a second reading two thousand ports makes, and what that costs as ports are added.

The simulator runs in another process. Nothing holds the reading back: no budget, sixteen calls at a
time, every port due again at once.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from itertools import cycle
from typing import NamedTuple

import aiohttp
import httpx
from benchmarks.figure import Figure
from httpx_aiohttp import AiohttpTransport

from console.autostore.client import AutoStoreClient
from console.cli.simulator_process import simulator
from console.state.entities import Key, Kind
from console.state.store import Store
from console.workers.ports import PortReader

PORTS = 2000
AT_ONCE = 16
ROUNDS = 9
WARM_UP, SECONDS = 0.5, 1.0

_CALL = (
    '<?xml version="1.0" encoding="utf-8"?><methodcall><name>getportstatus</name>'
    "<params><port_id>{}</port_id></params></methodcall>"
)


class Rate(NamedTuple):
    """Calls in a second, and seconds of processor time for each."""

    calls: float
    processor: float


def sweep() -> list[Figure]:
    """Calls a second of the reader; floors: bare loops that send the same, on two transports."""
    with simulator(["--ports", str(PORTS)]) as running:
        url = running.where["autostore_url"]
        rounds = [_one_round(url) for _ in range(ROUNDS)]
    ours, bare, stock = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    return [
        Figure("sweep of 2,000 ports, bare loop", ours, "/s", bare, 0.80, least=True),
        Figure("sweep of 2,000 ports, stock httpx", ours, "/s", stock, 3.5, least=True),
    ]


def sweep_growth() -> list[Figure]:
    """Processor time of one sweep of many ports; floor: that of 200, times as many.

    Of several runs the least counts: whatever else the machine does can only add to it.
    """
    few, *more = 200, 1000, PORTS
    with simulator(["--ports", str(PORTS)]) as running:
        url = running.where["autostore_url"]
        rounds = [
            [asyncio.run(_reader(url, count)).processor for count in (few, *more)] for _ in range(ROUNDS)
        ]
    per_call = [min(times) for times in zip(*rounds, strict=True)]
    return [
        Figure(f"processor time to read {count} ports", count * cost, "s", count * per_call[0], 1.15)
        for count, cost in zip(more, per_call[1:], strict=True)
    ]


def _one_round(url: str) -> list[float]:
    """Return the calls a second of the reader, of the bare loop, and of the one on stock httpx."""
    works = (_reader(url, PORTS), _loop(url, _on_aiohttp), _loop(url, _stock))
    return [asyncio.run(work).calls for work in works]


async def _reader(url: str, count: int) -> Rate:
    calls = 0

    def tap(_exchange: object) -> None:
        nonlocal calls
        calls += 1

    client = AutoStoreClient(url, tap=tap)
    store = Store(range(1, count + 1), port_interval=0.02)
    work = asyncio.create_task(PortReader(client, store, rng=random.Random(1), at_once=AT_ONCE).run())
    unread, all_read = set(store.ports), asyncio.Event()

    def heard(keys: frozenset[Key]) -> None:
        unread.difference_update(int(key.id) for key in keys if key.kind is Kind.PORT)
        if not unread:
            all_read.set()

    store.listen(heard)
    try:
        await all_read.wait()
        return await _rate(lambda: calls)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await client.close()


async def _loop(url: str, transport: Callable[[], httpx.AsyncBaseTransport]) -> Rate:
    calls = 0
    numbers = cycle(range(1, PORTS + 1))

    async def call_for_ever(client: httpx.AsyncClient) -> None:
        nonlocal calls
        while True:
            body = _CALL.format(next(numbers)).encode()
            await client.post("/api/v2/task", content=body, headers={"Content-Type": "application/xml"})
            calls += 1

    async with httpx.AsyncClient(base_url=url, transport=transport(), trust_env=False) as client:
        work = [asyncio.create_task(call_for_ever(client)) for _ in range(AT_ONCE)]
        try:
            return await _rate(lambda: calls)
        finally:
            for one in work:
                one.cancel()
            await asyncio.gather(*work, return_exceptions=True)


async def _rate(calls: Callable[[], int]) -> Rate:
    await asyncio.sleep(WARM_UP)
    before, begun, processor = calls(), time.perf_counter(), time.process_time()
    await asyncio.sleep(SECONDS)
    made = calls() - before
    return Rate(made / (time.perf_counter() - begun), (time.process_time() - processor) / made)


def _on_aiohttp() -> httpx.AsyncBaseTransport:
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    return AiohttpTransport(client=aiohttp.ClientSession(connector=connector))


def _stock() -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    return httpx.AsyncHTTPTransport(limits=limits)
