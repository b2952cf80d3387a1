"""Following a Log Publisher over real connections: what is told, what ends one, and what comes after."""

import asyncio
import itertools
import random
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE, eventually

from console.autostore import stream as stream_module
from console.autostore.backlog import Counts
from console.autostore.events import (
    Alert,
    BinModeChanged,
    DownloadBegun,
    Event,
    Unreadable,
    Unrecognised,
    read_line,
)
from console.autostore.stream import (
    Connected,
    Disconnected,
    DownloadComplete,
    LogStream,
    Overrun,
)
from console.workers.circuit import backoff

from .publisher import Publisher, Talk, publishing

QUIET = 0.05


@asynccontextmanager
async def following(publisher: Publisher, **more: Any) -> AsyncIterator[LogStream]:
    """Follow a publisher, without waiting between connections; nothing is left behind."""
    others = asyncio.all_tasks()
    values: dict[str, Any] = {
        "backoff": lambda _failures: 0.0,
        "clock": asyncio.get_running_loop().time,
        "quiet": QUIET,
        **more,
    }
    async with LogStream("127.0.0.1", publisher.port, **values) as stream:
        yield stream
    assert asyncio.all_tasks() == others


async def next_of(stream: LogStream) -> Event:
    return await asyncio.wait_for(anext(stream), PATIENCE)


async def connected(stream: LogStream, publisher: Publisher) -> Talk:
    talk = await asyncio.wait_for(publisher.talks.get(), PATIENCE)
    assert isinstance(await next_of(stream), Connected)
    return talk


async def until(stream: LogStream, wanted: Callable[[Event], bool]) -> list[Event]:
    """Return the next events up to the one that is wanted."""
    events = [await next_of(stream)]
    while not wanted(events[-1]):
        events.append(await next_of(stream))
    return events


def said(event: Event) -> str:
    """An event in short, as these tests speak of it."""
    match event:
        case BinModeChanged():
            return f"{event.bin_id} {event.bin_mode}"
        case Disconnected():
            return event.reason
        case _:
            return type(event).__name__


async def test_lines_come_as_events_in_order_and_stamped() -> None:
    ticks = itertools.count(100)
    async with publishing() as publisher, following(publisher, clock=lambda: float(next(ticks))) as stream:
        talk = await connected(stream, publisher)
        await talk.say("AC,5,10001,EREQ", "BM,10001,O", "PM,5,O", "AC,0,1,X")
        told = [await next_of(stream) for _ in range(4)]
    assert told == [
        read_line(line, told[0].at) for line in (b"AC,5,10001,EREQ", b"BM,10001,O", b"PM,5,O", b"AC,0,1,X")
    ]
    assert told[0].at >= 100
    assert isinstance(told[2], Unrecognised)
    assert isinstance(told[3], Unreadable)


async def test_pieces_of_lines_are_put_together() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        for byte in b"\r\n\n  \r\nBM,1,P\nBM,2,O\r\n":
            await talk.send(bytes([byte]))
            await asyncio.sleep(0)
        assert [said(await next_of(stream)) for _ in range(2)] == ["1 PORT", "2 OPEN"]


async def test_a_closed_connection_is_told_and_made_again() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        await talk.send(b"BM,1,P\r\nBM,10001")
        talk.close()
        told = await until(stream, lambda event: isinstance(event, Disconnected))
        assert [said(one) for one in told] == ["1 PORT", "the publisher closed the connection"]
        talk = await connected(stream, publisher)
        await talk.say("BM,2,P")
        assert said(await next_of(stream)) == "2 PORT"


async def test_a_reset_connection_is_told_and_made_again() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        talk.reset()
        assert said(await next_of(stream)) == "the connection was lost: Connection reset by peer"
        await connected(stream, publisher)


async def test_a_publisher_that_is_not_there_yet() -> None:
    async with publishing() as publisher:
        await publisher.leave()
        async with following(publisher) as stream:
            assert said(await next_of(stream)) == "cannot connect: Connection refused"
            await publisher.listen()
            await until(stream, lambda event: isinstance(event, Connected))


async def test_a_name_that_cannot_be_one() -> None:
    async with LogStream("a" * 64, 44001, backoff=lambda _: 60.0, clock=lambda: 0.0) as stream:
        assert said(await next_of(stream)).startswith("cannot connect: ")


async def test_attempts_come_ever_more_slowly_and_with_jitter() -> None:
    async with publishing() as publisher:
        await publisher.leave()
        waits: list[float] = []

        async def remember(seconds: float) -> None:
            waits.append(seconds)
            await asyncio.sleep(0)

        growing = partial(backoff, rng=random.Random(1))
        async with following(publisher, backoff=growing, sleep=remember):
            await eventually(lambda: len(waits) >= 9)
    longest = [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0]
    for wait, most in zip(waits[:9], longest, strict=True):
        assert max(1.0, 0.75 * most) <= wait <= most
    assert len(set(waits[5:9])) == 4


@pytest.mark.parametrize(
    ("lines", "failures"),
    [
        ([], [1, 2, 3]),
        ([b"220 mail.example ESMTP\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"AC,x"], [1, 2, 3]),
        ([b"", b"", b"AL,BCK\r\n"], [1, 2, 1]),
    ],
    ids=["silent", "something else", "a publisher at last"],
)
async def test_only_a_publisher_that_told_something_is_tried_soon(
    lines: list[bytes], failures: list[int]
) -> None:
    asked: list[int] = []

    def note(count: int) -> float:
        asked.append(count)
        return 0.0

    async with publishing() as publisher, following(publisher, backoff=note) as stream:
        for line in lines or [b""] * 3:
            talk = await connected(stream, publisher)
            await talk.send(line)
            talk.close()
            await until(stream, lambda event: isinstance(event, Disconnected))
        await eventually(lambda: len(asked) >= 3)
    assert asked[:3] == failures


async def test_a_download_is_complete_once_nothing_of_it_comes() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        await talk.say("BM,1,P", "DS", "BL,1,1,5,5,120,G,0,330", "CL,1,P,5,6", "BM,2,O")
        told = await until(stream, lambda event: isinstance(event, DownloadComplete))
        names = ["BinModeChanged", "DownloadBegun", "BinLocated", "CellLocked", "BinModeChanged"]
        assert [type(one).__name__ for one in told] == [*names, "DownloadComplete"]
        assert told[-1].at >= told[1].at + QUIET


async def test_changes_go_on_while_a_download_ends() -> None:
    async with publishing() as publisher, following(publisher, quiet=0.2) as stream:
        talk = await connected(stream, publisher)
        await talk.say("DS")
        told: list[Event] = []
        while not any(isinstance(one, DownloadComplete) for one in told):
            await talk.say("HS,1,O,1", "BL,7,1,5,5,120,P")
            told.append(await next_of(stream))
            await asyncio.sleep(0)
        assert isinstance(told[0], DownloadBegun)


async def test_a_download_that_is_cut_off_is_not_complete() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        await talk.say("DS", "BL,1,1,5,5,120,G,0,330")
        talk.close()
        told = await until(stream, lambda event: isinstance(event, Disconnected))
        talk = await connected(stream, publisher)
        await talk.say("DS")
        told += await until(stream, lambda event: isinstance(event, DownloadComplete))
    assert [type(one).__name__ for one in told] == [
        *("DownloadBegun", "BinLocated", "Disconnected"),
        *("DownloadBegun", "DownloadComplete"),
    ]


async def test_the_lost_driver_is_told_and_the_next_download_makes_up() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        await talk.say("AL,NOC", "DS")
        lost, begun = await next_of(stream), await next_of(stream)
        assert isinstance(lost, Alert) and lost.driver_lost
        assert isinstance(begun, DownloadBegun)


async def test_garbage_is_survived() -> None:
    noise = random.Random(7).randbytes(300_000)
    async with publishing() as publisher, following(publisher, most=100) as stream:
        talk = await connected(stream, publisher)
        sending = asyncio.create_task(talk.send(noise + b"\r\nBM,77,O\r\n"))
        told = await until(stream, lambda event: isinstance(event, BinModeChanged))
        await sending
        assert said(told[-1]) == "77 OPEN"


async def test_a_line_without_end_is_told_at_once_and_takes_no_room() -> None:
    async with publishing() as publisher, following(publisher, line_limit=1000) as stream:
        talk = await connected(stream, publisher)
        sending = asyncio.create_task(talk.send(b"BM,1," + b"x" * 5_000_000))
        told = await next_of(stream)
        assert isinstance(told, Unreadable)
        assert told.reason == "the line is longer than 1000 bytes"
        await sending
        await talk.say("", "BM,2,O")
        assert said(await next_of(stream)) == "2 OPEN"


async def test_a_burst_of_a_million_lines_is_bounded_and_ends_in_the_truth() -> None:
    most, bins, rounds = 1000, 500, 2000
    modes = itertools.cycle("PO")
    async with publishing() as publisher, following(publisher, most=most) as stream:
        talk = await connected(stream, publisher)
        for mode in itertools.islice(modes, rounds):
            await talk.send("".join(f"BM,{number},{mode}\r\n" for number in range(1, bins + 1)).encode())
        await talk.say("AL,BCK")
        told = await until(stream, lambda event: isinstance(event, Alert))
    truth = {one.bin_id: one.bin_mode for one in told if isinstance(one, BinModeChanged)}
    assert truth == dict.fromkeys(range(1, bins + 1), "OPEN")
    assert len(told) + stream.counts.outdated == bins * rounds + 1
    assert stream.counts.lost == 0


async def test_what_nobody_takes_is_lost_and_said_so() -> None:
    most, bins = 100, 5000
    async with publishing() as publisher, following(publisher, most=most, quiet=60.0) as stream:
        talk = await connected(stream, publisher)
        await talk.say("DS", *(f"BM,{number},P" for number in range(1, bins + 1)))
        await eventually(lambda: stream.counts.lost == bins + 1 - most)
        told = [await next_of(stream) for _ in range(most + 1)]
        assert stream.counts == Counts(lost=bins + 1 - most)
        await talk.say("AL,BCK")
        assert isinstance(await next_of(stream), Alert)
    overrun, begun, *rest = told
    assert isinstance(overrun, Overrun) and overrun.lost == bins + 1 - most
    assert isinstance(begun, DownloadBegun)
    assert [said(one) for one in rest] == [f"{number} PORT" for number in range(bins - most + 2, bins + 1)]


async def test_others_get_their_turn_while_much_is_taken() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        await talk.say(*(f"BM,{number},P" for number in range(1, 5001)))
        await eventually(lambda: len(stream._backlog) == 5000)
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        counting = asyncio.create_task(count())
        for _ in range(5000):
            await anext(stream)
        counting.cancel()
    assert turns >= 9


async def test_a_silent_peer_is_watched_by_the_system_and_left_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched: list[socket.socket] = []
    keep_alive = stream_module._keep_alive

    def note(connection: socket.socket) -> None:
        keep_alive(connection)
        watched.append(connection)

    monkeypatch.setattr(stream_module, "_keep_alive", note)
    async with publishing() as publisher, following(publisher) as stream:
        await connected(stream, publisher)
        (connection,) = watched
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if sys.platform == "linux":
            options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            values = [connection.getsockopt(socket.IPPROTO_TCP, option) for option in options]
            assert values[0] + values[1] * values[2] <= 30, "seconds until it is noticed"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(stream), 0.05)
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_a_peer_that_is_gone_without_a_word_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What keep-alive found out, the system reports as an error of the read."""

    class Gone(asyncio.StreamReader):
        async def read(self, n: int = -1) -> bytes:
            raise TimeoutError(110, "Connection timed out")

    monkeypatch.setattr(stream_module, "_connected", lambda *_: nullcontext(Gone()))
    async with publishing() as publisher, following(publisher) as stream:
        assert isinstance(await next_of(stream), Connected)
        assert said(await next_of(stream)) == "the connection was lost: Connection timed out"


async def test_taking_can_be_cancelled_and_nothing_is_missed() -> None:
    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        taking = asyncio.create_task(next_of(stream))
        await asyncio.sleep(0)
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        await talk.say("BM,1,P", "BM,2,P")
        assert [said(await next_of(stream)) for _ in range(2)] == ["1 PORT", "2 PORT"]


@pytest.mark.parametrize("moment", ["connecting", "connected", "reading", "waiting to try again"])
async def test_leaving_ends_everything_at_any_moment(moment: str) -> None:
    told: list[Event] = []

    async def take(stream: LogStream) -> None:
        async for event in stream:
            told.append(event)

    async with publishing() as publisher:
        async with following(publisher, backoff=lambda _: 3600.0) as stream:
            taking = asyncio.create_task(take(stream))
            if moment != "connecting":
                talk = await asyncio.wait_for(publisher.talks.get(), PATIENCE)
                await eventually(lambda: len(told) == 1)
            if moment == "reading":
                await talk.say("DS", "BM,1,P")
                await eventually(lambda: len(told) == 3)
            if moment == "waiting to try again":
                talk.close()
                await eventually(lambda: len(told) == 2)
        await asyncio.wait_for(taking, PATIENCE)


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors as Linux shows them")
async def test_no_descriptor_is_left_by_many_connections() -> None:
    def descriptors() -> int:
        return len([*Path("/proc/self/fd").iterdir()])

    async with publishing() as publisher, following(publisher) as stream:
        talk = await connected(stream, publisher)
        before = descriptors()
        for turn in range(50):
            if turn % 2:
                talk.close()
            else:
                talk.reset()
            assert isinstance(await next_of(stream), Disconnected)
            talk = await connected(stream, publisher)
        await eventually(lambda: descriptors() <= before)


async def test_a_fault_of_ours_is_not_hidden() -> None:
    def broken() -> float:
        raise ZeroDivisionError

    async with LogStream("127.0.0.1", 9, backoff=lambda _: 0.0, clock=broken) as stream:
        with pytest.raises(ZeroDivisionError):
            await next_of(stream)
