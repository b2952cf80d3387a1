"""Every scenario that ships: valid, not reached by doing nothing, and reached when played by the clients."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import NamedTuple

import httpx
import pytest

from console.autostore.client import AutoStoreClient
from console.mor.client import MorClient
from console.mor.wire import Caller
from console.outcome import CallFailed, Refused, Unknown
from console.secret import Secret
from console.simulator.default_softswitch import API_SECRET, API_USER
from console.simulator.play import Play
from console.simulator.scenarios import load, names
from console.simulator.server import Simulation
from console.text import is_clean

SHIPPED = ("autocase-jam", "controller-restart", "lost-stream", "morning-opening", "phone-cannot-call-out")

every_scenario = pytest.mark.parametrize("name", SHIPPED)


class Trainee(NamedTuple):
    """Somebody who plays a scenario over the wire, at a clock of its own."""

    play: Play
    simulation: Simulation
    autostore: AutoStoreClient
    mor: MorClient
    now: list[float]

    def wait_until(self, moment: float) -> None:
        """Let the scenario go on until that many seconds after its beginning; costs no time."""
        self.now[0] = moment
        self.simulation.advance()


@asynccontextmanager
async def playing(name: str) -> AsyncIterator[Trainee]:
    play, now = Play(load(name)), [0.0]
    simulation = Simulation(*play.worlds, faults=play.faults, play=play, clock=lambda: now[0], control_port=0)
    async with simulation:
        autostore = AutoStoreClient(simulation.autostore_url)
        mor = MorClient(simulation.mor_url, Caller(user=API_USER, secret=Secret(API_SECRET)))
        try:
            yield Trainee(play, simulation, autostore, mor, now)
        finally:
            await autostore.close()
            await mor.close()


# What ships


def test_these_ship() -> None:
    assert names() == SHIPPED


@every_scenario
def test_a_scenario_tells_the_trainee_what_it_is_about(name: str) -> None:
    scenario = load(name)
    texts = [scenario.title, scenario.situation, scenario.goal, *(goal.says for goal in scenario.goals)]
    for text in texts:
        assert is_clean(" ".join(text.split()))
        assert text.strip() == text != ""


@every_scenario
def test_nothing_is_reached_by_doing_nothing(name: str) -> None:
    play = Play(load(name))
    assert play.played == 0
    assert not play.report().reached
    for _ in range(60):
        play.worlds.advance(play.worlds.warehouse.now + 5)
        assert not play.report().reached
    report = play.report()
    assert report.over
    assert (report.impossible, report.commands) == ((), ())
    assert not any("there is no" in lacking for goal in report.goals for lacking in goal.lacking)


@every_scenario
def test_equal_beginnings(name: str) -> None:
    first, second = Play(load(name)), Play(load(name))
    assert first.worlds.warehouse.snapshot() == second.worlds.warehouse.snapshot()


# Played


async def attempt(call: Awaitable[object]) -> str:
    """How a command ended, in a word."""
    try:
        await call
    except CallFailed as failed:
        return failed.outcome.value
    return "accepted"


async def open_ports(trainee: Trainee, ports: Iterable[int], category: int) -> list[int]:
    """Open them, and return those that were refused or not answered."""
    outcomes = {
        port: await attempt(trainee.autostore.call("openport", {"port_id": port, "category": [category]}))
        for port in ports
    }
    return [port for port, outcome in outcomes.items() if outcome != "accepted"]


async def play_morning_opening(trainee: Trainee) -> None:
    left = await open_ports(trainee, range(1, 61), 1)
    assert left == [17, 33]
    assert (await trainee.autostore.port_status(17)).mode == "OPEN"
    assert not trainee.play.report().reached
    assert await open_ports(trainee, [33], 1) == []


async def play_autocase_jam(trainee: Trainee) -> None:
    jammed = {"port_id": 4, "bin_id": 101337}
    with pytest.raises(Refused, match="previous"):
        await trainee.autostore.call("case_extract", jammed)
    await trainee.autostore.call("case_cancel", jammed)
    await trainee.autostore.call("case_extract", jammed)
    assert not trainee.play.report().reached
    trainee.wait_until(10)


async def play_controller_restart(trainee: Trainee) -> None:
    ports = range(1, 13)
    trainee.wait_until(12)
    assert await open_ports(trainee, [1], 2) == []
    trainee.wait_until(27)
    assert (await trainee.autostore.system_status()).mode == 70
    assert await attempt(trainee.autostore.call("closeport", {"port_id": 1})) == "refused"
    trainee.wait_until(32)
    with pytest.raises(Unknown):
        await trainee.autostore.call("openport", {"port_id": 2, "category": [2]})
    trainee.wait_until(57)
    assert (await trainee.autostore.system_status()).mode == 20
    assert await open_ports(trainee, ports, 2) == [1]


async def play_phone_cannot_call_out(trainee: Trainee) -> None:
    rule = {"device_id": 6, "name": "outside", "cut": "9", "add": "00"}
    with pytest.raises(Unknown):
        await trainee.mor.call("device_rule_create", rule)
    assert [one.add for one in await trainee.mor.rules(6)] == ["00"]


async def play_lost_stream(trainee: Trainee) -> None:
    trainee.wait_until(30)
    for port in (5, 6, 7):
        assert (await trainee.autostore.port_status(port)).mode == "OPEN"
        await trainee.autostore.call("closeport", {"port_id": port})
    trainee.wait_until(50)
    assert not trainee.play.report().reached
    trainee.wait_until(61)


PLAYED: dict[str, Callable[[Trainee], Awaitable[None]]] = {
    "autocase-jam": play_autocase_jam,
    "controller-restart": play_controller_restart,
    "lost-stream": play_lost_stream,
    "morning-opening": play_morning_opening,
    "phone-cannot-call-out": play_phone_cannot_call_out,
}


@every_scenario
async def test_a_scenario_is_reached_when_it_is_played(name: str) -> None:
    async with playing(name) as trainee:
        await PLAYED[name](trainee)
        report = trainee.play.report()
        assert [goal.lacking for goal in report.goals] == [()] * len(report.goals)
        assert (report.reached, report.reached_after, report.over) == (True, report.played, True)
        assert report.commands
        async with httpx.AsyncClient(base_url=trainee.simulation.control_url) as control:
            told = (await control.get("/scenario")).json()
        assert (told["scenario"], told["reached"]) == (name, True)


async def test_a_rule_that_was_given_twice_is_not_what_was_wanted() -> None:
    async with playing("phone-cannot-call-out") as trainee:
        rule = {"device_id": 6, "name": "outside", "cut": "9", "add": "00"}
        for _ in range(2):
            await attempt(trainee.mor.call("device_rule_create", rule))
        report = trainee.play.report()
        assert [goal.reached for goal in report.goals] == [True, False]
        assert report.goals[1].lacking == ("device 6 has 2 such rules, not 1",)
        assert not report.reached


async def test_the_report_tells_which_commands_were_used_and_refused() -> None:
    async with playing("controller-restart") as trainee:
        for _ in range(2):
            await attempt(trainee.autostore.call("closeport", {"port_id": 1}))
        await trainee.mor.call("system_version_get", {})
        used = [(one.command, one.done, dict(one.refused)) for one in trainee.play.report().commands]
        assert used == [("closeport", 1, {"1001": 1})]


async def test_what_was_reached_and_lost_again_is_not_reached() -> None:
    async with playing("lost-stream") as trainee:
        await play_lost_stream(trainee)
        assert trainee.play.report().reached_after == 61
        trainee.wait_until(70)
        assert trainee.play.report().reached_after == 61
        await trainee.autostore.call("openport", {"port_id": 5})
        assert not trainee.play.report().reached
        await trainee.autostore.call("closeport", {"port_id": 5})
        trainee.wait_until(80)
        assert trainee.play.report().reached_after == 80
