"""The Log Publisher on its socket: downloads, many subscribers, slow ones, a lost driver."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from patience import PATIENCE, eventually

from console.simulator import incidents
from console.simulator.changes import Alert, AlertRaised
from console.simulator.log_stream import LogStream
from console.simulator.server import Simulation
from console.simulator.warehouse import Warehouse

from .phones import phones
from .small import HATCHED, call, site, wait, wide_site


class Listener:
    """One subscriber."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def line(self) -> str:
        """The next line, without its end."""
        raw = await asyncio.wait_for(self.reader.readline(), PATIENCE)
        assert raw.endswith(b"\r\n"), raw
        return raw.decode().removesuffix("\r\n")

    async def until(self, last: str) -> list[str]:
        """The lines up to and with the one that reads so."""
        said = [await self.line()]
        while said[-1] != last:
            said.append(await self.line())
        return said

    async def hear_out(self, last: bytes) -> bytes:
        """Everything up to and with the last bytes."""
        said = bytearray()
        while not said.endswith(last):
            said += await asyncio.wait_for(self.reader.read(65536), PATIENCE)
        return bytes(said)

    async def ended(self) -> bool:
        """Whether the server ends the connection, in an orderly way or not."""
        try:
            while await asyncio.wait_for(self.reader.read(65536), PATIENCE):
                pass
        except ConnectionError:
            pass
        return True


@asynccontextmanager
async def publishing(world: Warehouse, backlog: int = 1024 * 1024) -> AsyncIterator[tuple[LogStream, int]]:
    stream = LogStream(world, backlog)
    _, port = await stream.start("127.0.0.1", 0)
    try:
        yield stream, port
    finally:
        await stream.stop()


@asynccontextmanager
async def listening(port: int) -> AsyncIterator[Listener]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Listener(reader, writer)
    finally:
        writer.close()


def mark(world: Warehouse) -> None:
    """Say something that is easily found."""
    world.course.tell(AlertRaised(Alert.BACKUP))


async def test_a_subscriber_gets_everything_first_and_then_each_change() -> None:
    world = wide_site()
    async with publishing(world) as (_, port), listening(port) as one:
        assert await one.line() == "DS"
        mark(world)
        assert (await one.until("AL,BCK"))[-2] == "HS,7,C,1"
        call(world, "openport", port_id=HATCHED)
        wait(world, 1)
        assert [await one.line(), await one.line()] == ["HS,7,B,1", "HS,7,FO,1"]


async def test_what_was_said_before_somebody_came_is_in_the_download_only() -> None:
    world = wide_site()
    async with publishing(world) as (stream, port), listening(port) as one:
        await eventually(lambda: len(stream.subscribers) == 1)
        incidents.open_hatch(world, port_id=HATCHED)
        wait(world, 1)
        async with listening(port) as two:
            await two.line()
            mark(world)
            said = await two.until("AL,BCK")
            assert [line for line in said if line.startswith("HS")] == ["HS,7,O,1"]
        assert [line for line in await one.until("AL,BCK") if line.startswith("HS")] == [
            "HS,7,C,1",
            "HS,7,B,1",
            "HS,7,O,1",
        ]


async def test_many_may_listen_and_each_may_go() -> None:
    world = wide_site()
    async with publishing(world) as (stream, port), listening(port) as stays:
        async with listening(port), listening(port):
            await eventually(lambda: len(stream.subscribers) == 3)
        await eventually(lambda: len(stream.subscribers) == 1)
        mark(world)
        await stays.until("AL,BCK")


async def test_what_a_subscriber_sends_means_nothing() -> None:
    world = wide_site()
    async with publishing(world) as (_, port), listening(port) as one:
        one.writer.write(b"GET / HTTP/1.1\r\n\r\n\x00\xff")
        await one.writer.drain()
        await one.line()
        mark(world)
        await one.until("AL,BCK")


async def test_a_subscriber_that_does_not_read_is_dropped_and_the_others_are_not() -> None:
    world = wide_site()
    async with publishing(world, backlog=100_000) as (stream, port), listening(port) as reads:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", port))
            await eventually(lambda: len(stream.subscribers) == 2)
            heard = asyncio.create_task(reads.hear_out(b"AL,NOC\r\n"))
            rounds = 0
            while len(stream.subscribers) == 2 and rounds < 5_000:
                rounds += 1
                for _ in range(1000):
                    mark(world)
                await asyncio.sleep(0)
            assert len(stream.subscribers) == 1
            world.course.tell(AlertRaised(Alert.NO_CONNECTION))
            assert (await heard).count(b"AL,BCK\r\n") == 1000 * rounds


async def test_a_lost_driver_means_silence_an_alert_and_then_everything_anew() -> None:
    world = wide_site()
    async with publishing(world) as (_, port), listening(port) as one:
        await one.line()
        incidents.lose_driver(world)
        call(world, "openport", port_id=HATCHED)
        mark(world)
        wait(world, 30)
        said = await one.until("AL,NOC")
        assert "AL,BCK" not in said
        assert "HS,7,FO,1" not in said
        async with listening(port) as two:
            assert await two.line() == "AL,NOC"
            incidents.regain_driver(world)
            for listener in (one, two):
                assert await listener.line() == "DS"
                assert (await listener.until("HS,7,FO,1"))[-1]


async def test_whoever_comes_while_the_driver_is_lost_gets_nothing_before_the_alert() -> None:
    world = wide_site()
    incidents.lose_driver(world)
    async with publishing(world) as (stream, port), listening(port) as one:
        await eventually(lambda: len(stream.subscribers) == 1)
        wait(world, 20)
        assert await one.line() == "AL,NOC"


async def test_stopping_ends_every_connection_even_of_one_that_does_not_read() -> None:
    world = wide_site()
    with socket.socket() as deaf:
        async with publishing(world) as (stream, port), listening(port) as one:
            deaf.connect(("127.0.0.1", port))
            await eventually(lambda: len(stream.subscribers) == 2)
            mark(world)
            await stream.stop()
            assert await one.ended()
            assert world.course.listeners == []
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_a_simulation_has_a_log_publisher_only_if_it_is_asked_for() -> None:
    async with Simulation(site(), phones()) as without:
        assert without.log_address is None
    async with Simulation(wide_site(), phones(), log_port=0) as simulation:
        assert simulation.log_address is not None
        host, port = simulation.log_address
        assert host == "127.0.0.1"
        async with listening(port) as one:
            assert await one.line() == "DS"
            mark(simulation.warehouse)
            await one.until("AL,BCK")
            await simulation.stop()
            assert await one.ended()
        async with publishing(wide_site()) as (_, taken):
            second = Simulation(site(), phones(), log_port=taken)
            with pytest.raises(OSError, match="in use"):
                await second.start()
