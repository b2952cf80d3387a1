"""Every way in which an exchange can fail, met by a read, a command, a run and settling (rules 3 and 80).

What is said is compared with the simulator's own record of what it executed. The rows are printed as
a table at the end.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from operations.consoles import Wired, hasty_sleep
from patience import PATIENCE
from simulator.small import site

from console.autostore.client import AutoStoreClient
from console.operations.bulk.wishes import same_for_all
from console.operations.commands import PORT_COMMANDS
from console.operations.settling import FLIGHT_LEAST
from console.outcome import CallFailed
from console.simulator.ports import Port
from console.simulator.server import Simulation
from console.simulator.softswitch import Softswitch
from console.state.entities import Key, Kind, Phase
from console.state.entities import Port as BelievedPort

SLOW, DEADLINE, LANDED = "seconds=0.8", 0.5, 1.5
"""How slow a call is that is slow on purpose, how long one may take there, and after how many more seconds
what it does is certainly done; everywhere else calls may take their time."""

READ, COMMANDED, SETTLED = 11, 12, 13
RUN = (14, 15, 16)
IN_RUN = RUN[1]
PORTS = (READ, COMMANDED, SETTLED, *RUN)

COLUMNS = ("fault", "executed", "read", "command", "settled", "run", "settled while reads fail")

FAULTS: dict[str, str] = {
    "fault code=1048": "refused",
    "fault code=1048 execute=true": "refused",
    f"latency {SLOW}": "unknown",
    f"late-reply {SLOW}": "unknown",
    "drop-before": "unknown",
    "drop-after": "unknown",
    "reset-before": "unknown",
    "reset-after": "unknown",
    f"dribble {SLOW}": "unknown",
    "truncate": "unknown",
    "cut": "unknown",
    "garbage size=300": "unknown",
    "html-500": "unknown",
    "html-500 execute=false": "unknown",
    "redirect status=302": "unknown",
    "redirect status=307": "unknown",
    "wrong-type": "unknown",
    "bad-gzip": "unknown",
    "gzip-bomb size=3000000": "unknown",
    "oversize size=400000": "unknown",
    "dtd": "unknown",
    "empty": "unknown",
    "server-error status=503 code=1048": "unknown",
    "server-error status=429 execute=false": "refused",
    "server-error status=401 execute=false": "refused",
}


class Rig(Wired):
    """A console on a simulated controller that misbehaves on demand."""

    def __init__(self, simulation: Simulation, client: AutoStoreClient, folder: Path, landed: float) -> None:
        super().__init__(folder, client, ports=PORTS, sleep=self.sleep)
        self.simulation = simulation
        self._landed = landed

    async def sleep(self, seconds: float) -> None:
        """Wait in haste, but never less than a slow fault takes."""
        await hasty_sleep(seconds)
        if seconds >= FLIGHT_LEAST:
            await asyncio.sleep(self._landed)

    def goes_wrong(self, fault: str, method: str, port: int, count: int = 1) -> None:
        self.simulation.faults.add(f"{fault} method={method} port={port} count={count}")

    def executed(self, port: int) -> int:
        """How often a port was opened, whatever was answered."""
        entries = self.simulation.warehouse.record.entries
        return sum(one.arguments.get("port_id") == port and one.result == "ok" for one in entries)

    async def command(self, port: int, when_unknown: Callable[[], None] = lambda: None) -> tuple[str, str]:
        """Open a port; return the class at once, and the one it was settled as."""
        await self.look(Key(Kind.PORT, port))

        def told(_command: object, word: str) -> None:
            if word == "unknown":
                when_unknown()

        opens = next(one for one in PORT_COMMANDS if one.id == "port.open")
        result = await self.commands.send(opens.order(self.store.ports[port], {"category": (1,)}), told=told)
        await self.commands.settled()
        return result.phase.name.lower(), self.store.commands[result.op_id].phase.name.lower()


@asynccontextmanager
async def rig(folder: Path, deadline: float = PATIENCE, landed: float = 0.0) -> AsyncIterator[Rig]:
    async with Simulation(site(*(Port(port) for port in PORTS)), Softswitch()) as simulation:
        client = AutoStoreClient(simulation.autostore_url, timeout=deadline)
        one = Rig(simulation, client, folder, landed)
        try:
            yield one
        finally:
            await one.close()
            await client.close()


def truth(outcome: str, executed: int) -> str:
    """What settling has to find out."""
    if outcome != "unknown":
        return outcome
    return "applied" if executed else "not_applied"


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault(fault: str, tmp_path: Path, record_property: Callable[[str, Any], None]) -> None:
    expected = FAULTS[fault]
    times = (DEADLINE, LANDED) if SLOW in fault else ()
    async with rig(tmp_path, *times) as one:
        one.goes_wrong(fault, "getportstatus", READ)
        with pytest.raises(CallFailed) as failure:
            await one.look(Key(Kind.PORT, READ))
        read = failure.value.outcome.value
        assert read == expected
        assert one.store.ports[READ].mode is None
        seen = await one.look(Key(Kind.PORT, READ))
        assert isinstance(seen, BelievedPort)
        assert seen.mode == "CLOSED"

        one.goes_wrong(fault, "openport", COMMANDED)
        outcome, settled = await one.command(COMMANDED)
        executed = one.executed(COMMANDED)
        assert executed <= 1
        assert (outcome, settled) == (expected, truth(expected, executed))

        wishes = same_for_all("port.open", RUN, {"category": (1,)})
        plan = one.bulk.plan(wishes, await one.bulk.survey(wishes))
        await one.bulk.record(plan)
        one.goes_wrong(fault, "openport", IN_RUN)
        run = await one.bulk.start(plan)
        await run.wait()
        classes = [row.cls.value for row in one.bulk.report(run.id).rows]
        assert classes == ["confirmed", truth(expected, one.executed(IN_RUN)), "confirmed"]
        assert one.executed(IN_RUN) <= 1

        one.goes_wrong("drop-after", "openport", SETTLED)
        lost, found = await one.command(SETTLED, lambda: one.goes_wrong(fault, "getportstatus", SETTLED, 2))
        assert (lost, one.executed(SETTLED)) == ("unknown", 1)
        assert found in ("applied", "still_unknown")

    record_property(
        "fault matrix", [fault, "yes" if executed else "no", read, outcome, settled, classes[1], found]
    )


async def test_nothing_listens(tmp_path: Path, record_property: Callable[[str, Any], None]) -> None:
    async with rig(tmp_path) as one:
        await one.look(Key(Kind.PORT, COMMANDED))
        opens = next(command for command in PORT_COMMANDS if command.id == "port.open")
        order = opens.order(one.store.ports[COMMANDED], {})
        await one.simulation.stop()
        with pytest.raises(CallFailed) as failure:
            await one.look(Key(Kind.PORT, COMMANDED))
        result = await one.commands.send(order)
        assert result.phase is Phase.NOT_SENT
        read = failure.value.outcome.value
        record_property(
            "fault matrix", ["(nothing listens)", "no", read, "not_sent", "not_sent", "not_sent", "-"]
        )
