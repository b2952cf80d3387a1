"""Following a publisher over a real socket: losing it, mistrusting it, and beginning again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from patience import eventually
from state.small import reading
from wire.publisher import Publisher, Talk, publishing

from console.autostore.stream import LogStream
from console.state.entities import SourceName
from console.state.store import Store
from console.workers import events
from console.workers.events import Fate, LogFollower, Stage

from .small import running

BIN, PORT = 7, 4


class Bench:
    """A publisher, and a follower that takes it into a store."""

    def __init__(self, publisher: Publisher, **more: Any) -> None:
        self.publisher = publisher
        self.store = Store([PORT])
        self.store.expect(SourceName.LOG)
        self.store.see_port(reading(PORT, bin_id=BIN, bin_mode="PORT"), self.store.clock())
        self.hurried: list[int] = []
        self.follower = LogFollower(
            lambda: LogStream(
                "127.0.0.1",
                publisher.port,
                backoff=lambda failures: 0.02,
                clock=self.store.clock,
                quiet=0.02,
                **more,
            ),
            self.store,
            hurry=self.hurried.append,
            repace=lambda: None,
        )

    async def download(self) -> Talk:
        """Take the next connection, have it tell everything, and wait until it is believed."""
        talk = await self.publisher.talks.get()
        await talk.say("DS", "BL,7,1,4,1,1,P,5,330")
        await eventually(lambda: self.store.stream.complete)
        return talk

    def bin_mode(self) -> str | None:
        return self.store.ports[PORT].bin_mode

    def ok(self) -> bool | None:
        return self.store.sources[SourceName.LOG].ok


@asynccontextmanager
async def bench(**more: Any) -> AsyncIterator[Bench]:
    async with publishing() as publisher:
        one = Bench(publisher, **more)
        async with running(one.follower.run()):
            yield one


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "ATTEND_EVERY", 0.02)
    monkeypatch.setattr(events, "AGAIN_AFTER", 0.02)


async def test_what_is_told_is_shown_at_once() -> None:
    async with bench() as one:
        talk = await one.download()
        assert one.ok() is True
        await talk.say("BM,7,O")
        await eventually(lambda: one.bin_mode() == "OPEN")


@pytest.mark.parametrize("end", [Talk.close, Talk.reset])
async def test_a_lost_connection_is_shown_and_made_again(end: Callable[[Talk], None]) -> None:
    async with bench() as one:
        end(await one.download())
        await eventually(lambda: one.ok() is False)
        assert not one.store.stream.complete
        await one.download()
        assert one.ok() is True


async def test_a_publisher_that_is_not_there_is_lost_and_then_found() -> None:
    async with publishing() as publisher:
        await publisher.leave()
        one = Bench(publisher)
        async with running(one.follower.run()):
            await eventually(lambda: one.ok() is False)
            await publisher.listen()
            await one.download()
            assert one.ok() is True


async def test_while_it_is_followed_silence_is_no_sign_of_age() -> None:
    async with bench() as one:
        await one.download()
        seen = one.store.sources[SourceName.LOG].good_at
        await eventually(lambda: one.store.sources[SourceName.LOG].good_at != seen)


async def test_after_a_sleep_a_new_connection_is_made() -> None:
    async with bench() as one:
        await one.download()
        one.store.distrust()
        await one.download()
        assert one.follower.stage is Stage.FOLLOWING


async def test_what_comes_too_fast_is_made_up_for_by_a_new_connection() -> None:
    async with bench(most=16) as one:
        talk = await one.download()
        await talk.say(*(f"HS,{PORT},O,1" if number % 2 else f"BM,{number},O" for number in range(1, 5000)))
        await eventually(lambda: one.follower.counts[Fate.LOST] > 0)
        assert one.ok() is False
        await one.download()
        assert one.ok() is True


async def test_a_fault_of_ours_ends_it_and_nothing_it_said_is_believed_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with publishing() as publisher:
        one = Bench(publisher)

        def broken(_event: object) -> None:
            raise KeyError("a bug")

        task = asyncio.create_task(one.follower.run())
        talk = await one.download()
        monkeypatch.setattr(one.follower, "take", broken)
        await talk.say("BM,7,O")
        with pytest.raises(KeyError):
            await task
        assert not one.store.stream.complete
        assert one.follower.stage is Stage.ABSENT
