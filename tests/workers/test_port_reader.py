"""The controller's reader: what is read where and how often, and what a failed read leaves."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from zlib import crc32

import pytest
from state.small import reading

from console.autostore.catalogue import Interface
from console.autostore.replies import PortReading, SystemStatus
from console.outcome import Refused, Unknown
from console.state.entities import Behind, Key, Kind, SourceName, Stream
from console.state.quality import STALE_MOST, Quality
from console.state.store import Store
from console.workers.budget import Budget
from console.workers.ports import PortReader
from console.workers.schedule import APART

from .small import run, running, until, virtual_store


class Controller:
    """A client that answers at once, or fails; `ports` are those that are not simply open."""

    def __init__(self, interface: Interface = Interface.TASK) -> None:
        self.interface = interface
        self.looked: list[int] = []
        self.told: list[PortReading | None] = []
        self.failures: dict[int | None, Exception] = {}
        self.ports: dict[int, PortReading] = {}

    async def system_status(self) -> SystemStatus:
        self._fail(None)
        return SystemStatus(mode=20, stopcode=0)

    async def look(self, port_id: int, told: PortReading | None = None) -> PortReading:
        self.looked.append(port_id)
        self.told.append(told)
        self._fail(port_id)
        seen = self.ports.get(port_id) or reading(port_id)
        if told is None:
            return seen
        same = told.bin is not None and told.bin.bin_id == seen.status.bin_id
        return PortReading(seen.status, told.bin if same else seen.bin, told.case or seen.case)

    def _fail(self, of: int | None) -> None:
        if of in self.failures:
            raise self.failures[of]


def reader(controller: Controller, store: Store, **more: Any) -> PortReader:
    client: Any = controller
    return PortReader(client, store, rng=random.Random(1), **more)


def polling(controller: Controller, store: Store) -> AbstractAsyncContextManager[Any]:
    return running(reader(controller, store).run())


def test_ports_and_system_mode_become_live_and_stay_so() -> None:
    async def work() -> None:
        store = virtual_store(4, 9)
        async with polling(Controller(), store):
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
        async with polling(controller, store):
            await asyncio.sleep(5)
            assert store.ports[4].failure == "getportstatus refused (1000): no such port"
            assert store.port_quality(store.ports[4]) is Quality.UNREACHABLE
            assert store.port_quality(store.ports[9]) is Quality.LIVE

    run(work())


def test_a_system_mode_that_cannot_be_read_grows_old() -> None:
    async def work() -> None:
        store = virtual_store(4)
        controller = Controller()
        async with polling(controller, store):
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

        async def slow(port_id: int, told: PortReading | None = None) -> PortReading:
            asked.append(loop.time())
            await asyncio.sleep(0.7)
            return await look(port_id)

        controller.look = slow  # type: ignore[method-assign]
        async with polling(controller, store):
            await until(lambda: store.ports[4].seen_at is not None)
            assert store.ports[4].seen_at == asked[0]

    run(work())


def test_where_the_interface_cannot_tell_ports_are_not_asked_and_not_reached() -> None:
    async def work() -> None:
        store = virtual_store(4)
        controller = Controller(Interface.BIN)
        async with polling(controller, store):
            await asyncio.sleep(5)
            assert controller.looked == []
            assert store.port_quality(store.ports[4]) is Quality.UNREACHABLE
            words = "the bin interface does not tell what ports are doing: name the call (:)"
            assert store.ports[4].failure == words
            assert store.system_quality() is Quality.LIVE
            assert all(source.ok for source in store.sources.values())

    run(work())


def looks_in(seconds: float, prepare: Callable[[Store], object], **more: Any) -> dict[int, int]:
    """How often each of four ports is looked at, of which only port 3 is open."""

    async def work() -> dict[int, int]:
        store = virtual_store(1, 2, 3, 4)
        controller = Controller()
        controller.ports = {port_id: reading(port_id, "CLOSED") for port_id in (1, 2, 4)}
        prepare(store)
        async with running(reader(controller, store, **more).run()):
            await asyncio.sleep(20)
            controller.looked.clear()
            await asyncio.sleep(seconds)
        return {port_id: controller.looked.count(port_id) for port_id in store.ports}

    return run(work())


def test_until_somebody_says_what_is_looked_at_everything_is() -> None:
    assert set(looks_in(20, lambda store: None).values()) <= {20, 21, 22}


def test_ports_are_read_by_how_much_they_matter() -> None:
    looks = looks_in(60, lambda store: store.watch(visible=[1], marked=[2]))
    assert 60 <= looks[1] <= 65
    assert 20 <= looks[2] <= 22
    assert 20 <= looks[3] <= 22
    assert 6 <= looks[4] <= 7


def test_while_the_log_publisher_tells_everything_is_read_less_often() -> None:
    def followed(store: Store) -> None:
        store.watch(visible=[1])
        store.note_stream(Stream(since=store.clock(), complete=True))

    looks = looks_in(60, followed)
    assert 40 <= looks[1] <= 44
    assert max(looks[number] for number in (2, 3, 4)) <= 7


def test_a_port_that_comes_into_view_is_read_before_all_others() -> None:
    async def work() -> None:
        store = virtual_store(*range(1, 201))
        store.watch(visible=[1])
        controller = Controller()
        controller.ports = {port_id: reading(port_id, "CLOSED") for port_id in store.ports}
        budget = Budget(10.0, at_once=1)
        look = controller.look

        async def counted(port_id: int, told: PortReading | None = None) -> PortReading:
            budget.spend(store.clock())
            return await look(port_id, told)

        controller.look = counted  # type: ignore[method-assign]
        reading_ports = reader(controller, store, budget=budget, at_once=1)
        async with running(reading_ports.run()):
            await asyncio.sleep(100)
            shown = range(150, 156)
            reading_ports.repace(store.watch(visible=shown))
            begun = store.clock()
            await until(lambda: all((store.ports[one].seen_at or 0) >= begun for one in shown))
            assert store.clock() - begun < APART + len(shown) / budget.rate + 0.1

    run(work())


def test_a_port_of_which_something_was_told_is_read_soon_and_not_too_often() -> None:
    async def work() -> None:
        store = virtual_store(4)
        store.watch(visible=[])
        controller = Controller()
        controller.ports[4] = reading(4, "CLOSED")
        reading_ports = reader(controller, store)
        async with running(reading_ports.run()):
            await asyncio.sleep(25.5)
            controller.looked.clear()
            reading_ports.hurry(4)
            reading_ports.hurry(77)
            await until(lambda: bool(controller.looked), within=0.9)
            for _ in range(50):
                reading_ports.hurry(4)
                await asyncio.sleep(0.1)
            assert 5 <= len(controller.looked) <= 7

    run(work())


AUTOCASE = {"port_type": "AC", "bin_id": 7, "bin_mode": "OPEN"}


def told_after(prepare: Callable[[Store, Controller], Awaitable[None]]) -> list[PortReading | None]:
    """What need not be read again of port 4, look by look, once `prepare` is done."""

    async def work() -> list[PortReading | None]:
        store = virtual_store(4)
        controller = Controller()
        controller.ports[4] = reading(4, case="NOOP", **AUTOCASE)
        async with running(reader(controller, store).run()):
            await until(lambda: store.ports[4].reading is not None)
            await prepare(store, controller)
            controller.told.clear()
            await asyncio.sleep(STALE_MOST + 5)
        return controller.told

    return run(work())


def test_what_the_log_publisher_would_have_told_is_not_read_again_for_a_while() -> None:
    async def followed(store: Store, _: Controller) -> None:
        store.note_stream(Stream(since=store.clock(), complete=True))

    told = told_after(followed)
    kept = reading(4, case="NOOP", **AUTOCASE)
    assert told[0] is None
    assert told[1:4] == [kept, kept, kept]
    whole = [index for index, one in enumerate(told) if one is None]
    assert len(whole) == 2
    assert whole[1] - whole[0] >= STALE_MOST / 1.5


@pytest.mark.parametrize("error", [True, False])
def test_a_case_at_work_or_in_error_is_always_read(error: bool) -> None:
    async def followed(store: Store, controller: Controller) -> None:
        store.note_stream(Stream(since=store.clock(), complete=True))
        controller.ports[4] = reading(4, case="ECMP" if error else "ERSO", error=error, **AUTOCASE)
        await asyncio.sleep(3)

    told = [one for one in told_after(followed) if one is not None]
    assert told
    assert all(one.case is None and one.bin is not None for one in told)


@pytest.mark.parametrize("stream", [Stream(), Stream(since=1e6)])
def test_without_its_word_everything_is_read(stream: Stream) -> None:
    async def begun(store: Store, _: Controller) -> None:
        store.note_stream(stream)

    assert set(told_after(begun)) == {None}


def test_once_it_is_lost_only_what_was_read_as_a_whole_is_fresh() -> None:
    async def work() -> None:
        store = virtual_store(4)
        controller = Controller()
        controller.ports[4] = reading(4, **AUTOCASE)
        async with running(reader(controller, store).run()):
            await until(lambda: store.ports[4].reading is not None)
            store.note_stream(Stream(since=store.clock(), complete=True))
            await asyncio.sleep(20)
            assert store.port_quality(store.ports[4]) is Quality.LIVE
            store.note_stream(Stream())
            assert store.port_quality(store.ports[4]) is Quality.STALE
            await until(lambda: store.port_quality(store.ports[4]) is Quality.LIVE, within=2.1)

    run(work())


async def behind(budget: Budget | None, takes: float, count: int = 40) -> Behind | None:
    """What the store says of ports that nobody can read in time, or can."""
    store = virtual_store(*range(1, count + 1))
    controller = Controller()
    look = controller.look

    async def slow(port_id: int, told: PortReading | None = None) -> PortReading:
        await asyncio.sleep(takes)
        if budget is not None:
            budget.spend(store.clock())
        return await look(port_id, told)

    controller.look = slow  # type: ignore[method-assign]
    async with running(reader(controller, store, budget=budget, at_once=2).run()):
        await asyncio.sleep(30)
        return store.behind


def test_ports_that_the_budget_leaves_behind_are_counted() -> None:
    found = run(behind(Budget(5.0, at_once=2), takes=0.01))
    assert found is not None
    assert 20 <= found.ports <= 30
    assert found.reason == "5 calls a second are allowed"


def test_ports_that_a_slow_controller_leaves_behind_are_counted() -> None:
    found = run(behind(None, takes=0.4))
    assert found is not None
    assert 20 <= found.ports <= 30
    assert found.reason == "the controller answers slowly, and 2 calls at a time are allowed"


def test_where_all_are_read_in_time_none_is_behind() -> None:
    assert run(behind(Budget(100.0, at_once=2), takes=0.01)) is None


def test_while_the_controller_is_lost_that_is_all_there_is_to_say() -> None:
    async def work() -> None:
        store = virtual_store(4)
        controller = Controller()
        controller.failures = dict.fromkeys((None, 4), Unknown("no answer"))
        async with polling(controller, store):
            await asyncio.sleep(20)
            assert store.sources[SourceName.AUTOSTORE].ok is False
            assert store.behind is None

    run(work())


PORTS_BY_TURN = sorted(range(1, 101), key=lambda port_id: crc32(repr(Key(Kind.PORT, port_id)).encode()))


@pytest.mark.parametrize(
    "dead", [set(range(1, 51)), set(PORTS_BY_TURN[:50])], ids=["any", "the first in turn"]
)
def test_ports_that_do_not_answer_do_not_hold_up_the_others(dead: set[int]) -> None:
    async def work() -> None:
        store = virtual_store(*range(1, 101))
        controller = Controller()
        look = controller.look

        async def late(port_id: int, told: PortReading | None = None) -> PortReading:
            if port_id in dead:
                await asyncio.sleep(0.9)
                raise Unknown("no complete answer")
            return await look(port_id, told)

        controller.look = late  # type: ignore[method-assign]
        async with polling(controller, store):
            await asyncio.sleep(60)
            for _ in range(100):
                fresh = {one for one, port in store.ports.items() if store.port_quality(port) is Quality.LIVE}
                assert fresh == set(store.ports) - dead
                await asyncio.sleep(0.1)

    run(work())
