"""How fast the simulated servers answer: what tests and training at full size can count on.

Calls are counted against the processor time of the simulator's own process, which is what one core
of a machine that does nothing else would serve.
"""

import asyncio
import os
import statistics
import time
from pathlib import Path

from benchmarks.figure import Figure

from console.cli.simulator_process import simulator
from console.exchange import Link
from console.mor import wire
from console.mor.calls import find
from console.mor.wire import Caller
from console.secret import Secret

PORTS, DEVICES, USER = 2000, 100_000, 100
RUNS = 5
CONNECTIONS, SECONDS = 16, 2.0
NEEDED_CALLS, LONGEST_LIST = 3000.0, 2.0

_TICKS = os.sysconf("SC_CLK_TCK")
_BODY = (
    '<?xml version="1.0"?><methodcall><name>getportstatus</name>'
    "<params><port_id>{}</port_id></params></methodcall>"
)


def simulator_speed() -> list[Figure]:
    """getportstatus a second of one core while 5 % of 2,000 ports change each second; a list of 100,000.

    Floors: the calls a second that are needed, and the seconds that a list may take.
    """
    options = ["--ports", str(PORTS), "--devices", str(DEVICES), "--churn", "0.05", "--log-port", "0"]
    with simulator(options) as running:
        where = running.where
        rates = [asyncio.run(_calls(where["autostore_url"], running.pid)) for _ in range(RUNS)]
        caller = Caller(user=where["mor_user"], secret=Secret(where["mor_secret"]))
        lists = [asyncio.run(_list(where["mor_url"], caller)) for _ in range(RUNS)]
    return [
        Figure("simulator: calls a second", statistics.median(rates), "/s", NEEDED_CALLS, 1.0, least=True),
        Figure("simulator: list of 100,000", statistics.median(lists), "s", LONGEST_LIST, 1.0),
    ]


async def _calls(url: str, pid: int) -> float:
    """Return the calls for each second of the simulator's processor time."""
    host, port = url.removeprefix("http://").split(":")
    end = time.monotonic() + SECONDS
    before = _processor(pid)
    made = await asyncio.gather(*(_caller(host, int(port), number, end) for number in range(CONNECTIONS)))
    return sum(made) / (_processor(pid) - before)


async def _caller(host: str, port: int, number: int, end: float) -> int:
    """Make one call after the other on one connection, and return how many."""
    reader, writer = await asyncio.open_connection(host, port)
    made = 0
    while time.monotonic() < end:
        body = _BODY.format(1 + (number * 125 + made) % PORTS).encode()
        head = (
            f"POST /api/v2/task HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r")[0])
        await reader.readexactly(length)
        made += 1
    writer.close()
    return made


def _processor(pid: int) -> float:
    """Return the seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _list(url: str, caller: Caller) -> float:
    """Return the seconds from the request to the last byte of the reply."""
    call = find("devices_get")
    assert call is not None
    link = Link(url, deadline=60.0, fresh=True)
    body = wire.encode(call, wire.checked(call, {"user_id": USER}, caller), caller)
    headers = {"Content-Type": wire.CONTENT_TYPE}
    try:
        answer = await link.post("/billing/api/devices_get", body, headers, wire.limits(call).bytes)
        return answer.latency
    finally:
        await link.close()
