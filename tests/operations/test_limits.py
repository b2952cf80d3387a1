"""Ports that have to stay in service, by what is known of them now, and commands that wait for the minute."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from state.small import Clock

from console.operations.authority import Authority
from console.operations.bulk.plan import PlanRefused
from console.operations.commands import PORT_COMMANDS, any_order
from console.operations.limits import live
from console.operations.orders import Order
from console.state.entities import Key, Kind, Phase, SourceName

from .consoles import QUICK
from .hall import Console, Hall, Open, closing, opening, words
from .timeless import TimelessLoop, timeless
from .watched import WatchedConsole, WatchedHall

CLOSE = next(command for command in PORT_COMMANDS if command.id == "port.close")


@pytest.fixture
def consoles(consoles: Open) -> Open:
    """Opens consoles whose time stands still."""

    def opening_one(hall: Hall, **safety: Any) -> Console:
        return consoles(hall, safety=replace(QUICK, **safety), clock=Clock())

    return opening_one


async def seen(one: Console) -> Console:
    """Look at every port."""
    for port in one.hall.modes:
        await one.look(Key(Kind.PORT, port))
    return one


def grow_old(one: Console) -> None:
    """Let all that was seen be stale."""
    one.store.distrust()
    assert isinstance(one.store.clock, Clock)
    one.store.clock.now += 1.0
    assert live(one.store) == []


def closes(one: Console, port: int) -> Order:
    return CLOSE.order(one.store.ports[port], {})


def all_open(ports: int) -> Hall:
    hall = Hall(ports)
    hall.modes = dict.fromkeys(hall.modes, "OPEN")
    return hall


async def test_ports_that_are_believed_to_be_open_from_before_do_not_count(consoles: Open) -> None:
    hall = all_open(6)
    one = await seen(consoles(hall, least_open_ports=3))
    hall.modes |= {3: "CLOSED", 4: "CLOSED", 5: "CLOSED"}
    grow_old(one)
    result = await one.commands.send(closes(one, 1))
    assert (result.phase, result.hindered) == (Phase.NOT_STARTED, True)
    assert result.reason == "2 ports would be known to stay in service; at least 3 have to"
    assert hall.received == []


async def test_ports_of_which_nothing_is_known_any_more_are_looked_at_first(consoles: Open) -> None:
    hall = all_open(6)
    one = await seen(consoles(hall, least_open_ports=3))
    grow_old(one)
    assert (await one.commands.send(closes(one, 1))).phase is Phase.ACCEPTED
    looked_at = {port.port_id for port in live(one.store)}
    assert looked_at == {1, 2, 3, 4}, "the port itself, and as many as have to stay"


async def test_a_controller_that_tells_of_no_other_port_is_not_asked_for_all(consoles: Open) -> None:
    hall = all_open(6)
    one = await seen(consoles(hall, least_open_ports=3))
    grow_old(one)
    hall.blind = {3, 4, 5, 6}
    result = await one.commands.send(closes(one, 1))
    assert "1 ports would be known" in str(result.reason)
    assert {port.port_id for port in live(one.store)} == {1, 2}


async def test_a_plan_counts_only_what_is_known_now(consoles: Open) -> None:
    hall = all_open(4)
    one = await seen(consoles(hall, least_open_ports=2))
    wishes = closing(1)
    known = one.bulk.known(wishes)
    grow_old(one)
    with pytest.raises(PlanRefused, match="0 ports would be known to stay in service; at least 2"):
        one.bulk.plan(wishes, known)
    assert len((await one.plan(wishes)).included) == 1


async def test_a_port_of_which_nothing_is_read_back_is_leaving_no_longer_than_its_call(
    consoles: Open,
) -> None:
    hall = all_open(3)
    one = await seen(consoles(hall, least_open_ports=2))
    hall.will(1, "idle")
    raw = any_order(SourceName.AUTOSTORE, "closeport", {"port_id": 1})
    assert (await one.commands.send(raw)).phase is Phase.ACCEPTED
    assert (await one.commands.send(closes(one, 2))).phase is Phase.ACCEPTED


def test_a_run_waits_for_the_minute_and_leaves_nothing_out(tmp_path: Path) -> None:
    safety = replace(QUICK, commands_per_minute=3, lease_seconds=600.0)

    async def work(loop: TimelessLoop) -> tuple[dict[str, int], float]:
        hall = WatchedHall(6, tmp_path, loop)
        one = WatchedConsole(hall, "console-1", safety, Authority(), "tess", 1000)
        for port in (1, 2, 3):
            order = any_order(SourceName.AUTOSTORE, "openport", {"port_id": port, "category": [1]})
            assert (await one.commands.send(order)).phase is Phase.ACCEPTED
        begun = loop.time()
        run = await one.begin(opening(4, 5, 6))
        await run.wait()
        kinds = [record.entry.kind for record in one.records() if record.entry.run]
        assert "not_started" not in kinds
        await one.close()
        return words(run), loop.time() - begun

    with timeless() as loop:
        counts, took = loop.run_until_complete(asyncio.wait_for(work(loop), 600))
    assert counts == {"confirmed": 3}
    assert took >= 59.0
