"""Bulk work and the journal, each beside what the same work costs without any of it."""

import asyncio
import hashlib
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import Figure

from console.autostore.client import AutoStoreClient
from console.autostore.replies import PortReading, PortStatus
from console.cli.simulator_process import simulator
from console.operations.actor import whoami
from console.operations.bulk.launch import RunOptions
from console.operations.bulk.plan import Moment, Plan
from console.operations.bulk.planning import Ground, Seen, plan_of
from console.operations.bulk.preview import preview
from console.operations.bulk.wishes import same_for_all
from console.operations.journal import Entry, Journal, RecordKind, read
from console.operations.journal.verifying import verify
from console.outcome import Refused
from console.settings import AutoStore
from console.settings import Site as SiteSettings
from console.settings.tables import Safety
from console.settings.values import BaseUrl, PortIds
from console.site import Site
from console.site_spec import Endpoints, SiteSpec
from console.state.entities import Key, Kind, Port, SourceName
from console.text import safe

PORTS = tuple(range(1, 2001))
FAN_OUT = 16
VALUES = {"category": (1, 2)}
APPENDS = 2000
RECORDS = 1_000_000


def bulk_open() -> list[Figure]:
    """Open 2,000 ports in a run, and in a bare loop that makes the same calls.

    The same calls are those that a command needs: a look at the port, openport on a fresh
    connection, and a look that shows it open. The loop syncs a file once for each 16 of them. Both
    are measured twice, in turns, and the better time counts.
    """
    rounds = [(_on_a_simulator(_open_bare), _on_a_simulator(_open_in_a_run)) for _ in range(2)]
    bare, run = (min(times) for times in zip(*rounds, strict=True))
    return [Figure("bulk_open", run, "s", bare, 1.25)]


def _on_a_simulator(work: Callable[[str, Path], Awaitable[float]]) -> float:
    with tempfile.TemporaryDirectory() as folder, simulator(["--ports", str(len(PORTS))]) as running:
        return asyncio.run(work(running.where["autostore_url"], Path(folder)))  # type: ignore[arg-type]


async def _open_bare(url: str, folder: Path) -> float:
    client = AutoStoreClient(url)
    file = os.open(folder / "windows", os.O_WRONLY | os.O_CREAT)

    async def open_one(port: int) -> None:
        await client.look(port)
        try:
            await client.call("openport", {"port_id": port, **VALUES})
        except Refused:  # a few ports are disabled: the run leaves them out
            return
        await client.look(port)

    began = time.perf_counter()
    for first in range(0, len(PORTS), FAN_OUT):
        os.write(file, b"x" * 4096)
        os.fsync(file)
        await asyncio.gather(*(open_one(port) for port in PORTS[first : first + FAN_OUT]))
    took = time.perf_counter() - began
    os.close(file)
    await client.close()
    return took


async def _open_in_a_run(url: str, folder: Path) -> float:
    async def connect() -> Endpoints:
        autostore = AutoStore(url=BaseUrl(url), ports=PortIds(PORTS))
        return Endpoints(
            SiteSettings(simulator=True, autostore=autostore, safety=Safety(commands_per_second=0)), None
        )

    spec = SiteSpec(
        name="bench", mode="SIMULATOR", operator="bench", role="technician", state_dir=folder, port_ids=PORTS
    )
    site = Site(spec, connect)
    await site.connect()
    assert site.bulk is not None
    wishes = same_for_all("port.open", PORTS, VALUES)
    plan = site.bulk.plan(wishes, await site.bulk.survey(wishes))
    await site.bulk.record(plan)
    began = time.perf_counter()
    run = await site.bulk.start(plan, RunOptions(fan_out=FAN_OUT, pause_after_first=False))
    ended = await run.wait()
    took = time.perf_counter() - began
    assert ended.counts["confirmed"] == len(plan.included), ended  # type: ignore[index]
    await site.close()
    return took


def plan() -> list[Figure]:
    """Plan 2,000 targets and preview them, beside making as many empty rows."""
    ports = {
        port: Port(
            port_id=port,
            reading=PortReading(PortStatus(port_id=port, port_type=safe("CO"), mode=safe("CLOSED"))),
            seen_at=1.0,
        )
        for port in PORTS
    }
    known = {Key(Kind.PORT, port): Seen(belief=belief, age=0.5) for port, belief in ports.items()}
    now = Moment(utc=datetime.now(UTC), clock=1.0, boot_id="b")
    ground = Ground(
        site="bench",
        mode="SIMULATOR",
        operator="bench",
        host="bench",
        now=now,
        safety=Safety(),
        systems=frozenset({SourceName.AUTOSTORE}),
        ports=ports,
    )

    def planned() -> Plan:
        made = plan_of(same_for_all("port.open", PORTS, VALUES), known, ground)
        preview(made, ground.safety, now)
        return made

    floor = _best(lambda: [{"number": port, "name": f"port {port}"} for port in PORTS])
    return [Figure("plan", _best(planned), "s", floor, 0.3, absolute=True)]


def _best(work: Callable[[], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return min(once() for _ in range(5))


def journal_append() -> list[Figure]:
    """Append records one by one, each synced, beside as many syncs of as many bytes."""
    with tempfile.TemporaryDirectory() as folder:
        floor = _p99_of_syncs(Path(folder))
        value = asyncio.run(_p99_of_appends(Path(folder)))
    beyond = 1000 * max(value - floor, 0.0)
    return [Figure("journal_append p99 beyond fsync", beyond, "ms", 1000 * floor, 5.0, absolute=True)]


def _p99_of_syncs(folder: Path) -> float:
    file = os.open(folder / "syncs", os.O_WRONLY | os.O_CREAT)
    times = []
    for _ in range(APPENDS):
        os.write(file, b"x" * 8192)
        began = time.perf_counter()
        os.fsync(file)
        times.append(time.perf_counter() - began)
    os.close(file)
    return statistics.quantiles(times, n=100)[98]


async def _p99_of_appends(folder: Path) -> float:
    journal = Journal(folder, site="bench", mode="SIMULATOR", actor=whoami("bench", "technician"))
    times = []
    for number in range(APPENDS):
        began = time.perf_counter()
        await journal.write(_entry(number))
        times.append(time.perf_counter() - began)
    await journal.close()
    return statistics.quantiles(times, n=100)[98]


def _entry(number: int) -> Entry:
    return Entry(
        kind=RecordKind.INTENT,
        op=f"20261122-060000-{number:08x}",
        run=f"r{number // 2000}",
        number=number % 2000,
        target=f"port {number % 2000}",
        action="openport",
        arguments={"port_id": number % 2000, "category": [1, 2]},
        before="mode CLOSED",
        seen={"status": {"port_id": number % 2000, "port_type": "CO", "mode": "CLOSED"}},
    )


def journal_million() -> list[Figure]:
    """List, filter and verify a million records, beside counting them."""
    with _a_million_records() as folder:
        count = _best(lambda: _counted(folder))
        lists: list[tuple[str, Callable[[], object]]] = [
            ("last 50", lambda: list(read(folder, last=50))),
            ("one run", lambda: list(read(folder, run="r7", last=50))),
            ("one target", lambda: list(read(folder, target="port 4", last=50))),
            ("one command", lambda: list(read(folder, op="20261122-060000-0007a120"))),
            ("by kind", lambda: list(read(folder, kinds=(RecordKind.GAP,)))),
            ("since a moment", lambda: list(read(folder, since=datetime.now(UTC)))),
        ]
        figures = [
            Figure(f"journal_million {name}", _best(work), "s", count, 0.2, absolute=True)
            for name, work in lists
        ]
        began = time.perf_counter()
        assert _hashed(folder) == RECORDS
        middle = time.perf_counter()
        assert verify(folder).records == RECORDS
        ended = time.perf_counter()
    return [*figures, Figure("journal_million verify", ended - middle, "s", middle - began, 3.0)]


def _hashed(folder: Path) -> int:
    """Read every record and hash it, and nothing else."""
    with sqlite3.connect(folder / "journal.sqlite") as connection:
        rows = connection.execute("SELECT body FROM record ORDER BY seq")
        return sum(len(hashlib.sha256(body.encode()).digest()) == 32 for (body,) in rows)


def _counted(folder: Path) -> int:
    with sqlite3.connect(folder / "journal.sqlite") as connection:
        (count,) = connection.execute("SELECT count(*) FROM record").fetchone()
    return int(count)


@contextmanager
def _a_million_records() -> Iterator[Path]:
    async def write(folder: Path) -> None:
        journal = Journal(folder, site="bench", mode="SIMULATOR", actor=whoami("bench", "technician"))
        for first in range(0, RECORDS, 20_000):
            await journal.write(*map(_entry, range(first, first + 20_000)))
        await journal.close()

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(write(Path(name)))
        yield Path(name)
