"""Whatever can go wrong, asked for by flag, by file, and while the simulator runs: the same happens."""

import asyncio
import gzip
import json
import shlex
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from patience import eventually
from simulator.phones import signed
from simulator.raw import OPENPORT, exchange, header, status

from console.simulator.default_softswitch import API_SECRET
from console.simulator.faults import Trouble, parse

from .programs import Simulator

PORTS = 40
SUCCESS = b'<?xml version="1.0"?>\n<response>\n  <params/>\n</response>'

WAYS = [
    pytest.param(way, marks=pytest.mark.xdist_group(f"faults-{way}")) for way in ("flag", "file", "control")
]

KINDS = {
    Trouble.LATENCY: "seconds=0.05 jitter=0.02",
    Trouble.LATE_REPLY: "seconds=0.05",
    Trouble.DRIBBLE: "seconds=0.001",
    Trouble.GARBAGE: "size=100",
    Trouble.REDIRECT: "status=307 text=http://127.0.0.1:9/",
    Trouble.WRONG_TYPE: "text=text/csv",
    Trouble.GZIP_BOMB: "size=1000000",
    Trouble.OVERSIZE: "size=4000",
    Trouble.FAULT: "code=1777",
    Trouble.SERVER_ERROR: "status=502 code=1001",
}
"""What kinds are given besides the port: each of them is about a port of its own."""

PORT_OF = {kind: number for number, kind in enumerate(Trouble, start=1)}

RULES = [f"{kind} method=openport port={PORT_OF[kind]} {KINDS.get(kind, '')}".strip() for kind in Trouble]

INCIDENTS = [
    "stop-system stopcode=7",
    "lose-driver",
    "take-port-down port=3",
    "change-secret user=admin secret=x",
]


class Asked:
    """A simulator in which it all goes wrong."""

    def __init__(self, simulator: Simulator, control: httpx.Client) -> None:
        self.simulator = simulator
        self.control = control

    def let(self, line: str) -> None:
        """Ask for one more by the control port."""
        rule = shlex.split(line)[0] in {*Trouble}
        path, body = ("/faults", {"rule": line}) if rule else ("/world", {"incident": line})
        assert self.control.post(path, json=body).status_code == 200

    async def openport(self, kind: Trouble) -> tuple[bytes, bytes]:
        body = OPENPORT.replace(b">1<", f">{PORT_OF[kind]}<".encode())
        return await exchange(self.simulator.autostore_url, body=body)

    def opened(self, kind: Trouble) -> bool:
        ports = [row["arguments"].get("port_id") for row in self.simulator.executed()]
        return PORT_OF[kind] in ports


@contextmanager
def asked_for(way: str, home: Path, lines: Sequence[str], *more: str) -> Iterator[Asked]:
    """Run a simulator in which these lines hold, told in that way."""
    options = ["--ports", str(PORTS), "--devices", "4", "--control-port", "0", *more]
    if way == "flag":
        options += [word for line in lines for word in ("--fault", line)]
    if way == "file":
        home.joinpath("faults.toml").write_text(f"faults = {json.dumps(list(lines))}")
        options += ["--faults", str(home / "faults.toml")]
    with (
        Simulator(home, *options) as simulator,
        httpx.Client(base_url=simulator.announced["control_url"]) as control,
    ):
        asked = Asked(simulator, control)
        for line in lines if way == "control" else ():
            asked.let(line)
        yield asked


@pytest.fixture(scope="module", params=WAYS)
def ruled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Every fault rule at once, each at a port of its own."""
    with asked_for(request.param, tmp_path_factory.mktemp(request.param), RULES) as asked:
        yield asked


@pytest.fixture(scope="module", params=WAYS)
def struck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Worlds to which everything has happened."""
    with asked_for(request.param, tmp_path_factory.mktemp(request.param), INCIDENTS) as asked:
        yield asked


@pytest.mark.parametrize("kind", [Trouble.DROP_BEFORE, Trouble.DROP_AFTER])
async def test_a_connection_is_dropped(ruled: Asked, kind: Trouble) -> None:
    assert await ruled.openport(kind) == (b"", b"")
    assert ruled.opened(kind) == (kind is Trouble.DROP_AFTER)


@pytest.mark.parametrize("kind", [Trouble.RESET_BEFORE, Trouble.RESET_AFTER])
async def test_a_connection_is_reset(ruled: Asked, kind: Trouble) -> None:
    with pytest.raises(ConnectionResetError):
        await ruled.openport(kind)
    assert ruled.opened(kind) == (kind is Trouble.RESET_AFTER)


@pytest.mark.parametrize(
    ("kind", "least"), [(Trouble.LATENCY, 0.03), (Trouble.LATE_REPLY, 0.05), (Trouble.DRIBBLE, 0.05)]
)
async def test_an_answer_takes_its_time(ruled: Asked, kind: Trouble, least: float) -> None:
    began = asyncio.get_running_loop().time()
    assert (await ruled.openport(kind))[1] == SUCCESS
    assert asyncio.get_running_loop().time() - began >= least


SPOILT = {
    Trouble.TRUNCATE: (200, "content-length", str(len(SUCCESS)), SUCCESS[: len(SUCCESS) // 2]),
    Trouble.CUT: (200, "content-length", str(len(SUCCESS) // 2), SUCCESS[: len(SUCCESS) // 2]),
    Trouble.GARBAGE: (200, "content-length", "100", b""),
    Trouble.HTML: (500, "content-type", "text/html; charset=utf-8", b"<h1>Internal Server Error</h1>"),
    Trouble.REDIRECT: (307, "location", "http://127.0.0.1:9/", b""),
    Trouble.WRONG_TYPE: (200, "content-type", "text/csv; charset=utf-8", SUCCESS),
    Trouble.BAD_GZIP: (200, "content-encoding", "gzip", b"\x1f\x8b"),
    Trouble.GZIP_BOMB: (200, "content-encoding", "gzip", b"\x1f\x8b"),
    Trouble.OVERSIZE: (200, "content-encoding", "", b"<a/>" * 1000),
    Trouble.DTD: (200, "content-encoding", "", b"<!DOCTYPE response"),
    Trouble.FAULT: (200, "content-encoding", "", b"<code>1777</code>"),
    Trouble.EMPTY: (200, "content-length", "0", b""),
    Trouble.SERVER_ERROR: (502, "content-encoding", "", b"<code>1001</code>"),
}
"""Of each answer: status, a header and its value, and what the body holds."""


@pytest.mark.parametrize("kind", SPOILT)
async def test_an_answer_is_spoilt(ruled: Asked, kind: Trouble) -> None:
    code, name, value, part = SPOILT[kind]
    head, body = await ruled.openport(kind)
    assert (status(head), header(head, name)) == (code, value)
    assert part in body
    if kind is Trouble.GZIP_BOMB:
        assert len(gzip.decompress(body)) == pytest.approx(1_000_000, abs=100)
    if kind is Trouble.BAD_GZIP:
        with pytest.raises((OSError, EOFError, zlib.error)):
            gzip.decompress(body)


async def test_a_port_without_a_rule_answers(ruled: Asked) -> None:
    body = OPENPORT.replace(b">1<", b">38<")
    assert (await exchange(ruled.simulator.autostore_url, body=body))[1] == SUCCESS


def test_every_rule_is_listed(ruled: Asked) -> None:
    told = {one["number"]: one["rule"] for one in ruled.control.get("/faults").json()["faults"]}
    assert {number: parse(rule) for number, rule in told.items()} == dict(
        enumerate(map(parse, RULES), start=1)
    )


# Incidents


async def asked_task(asked: Asked, name: bytes, port: bytes = b"1") -> bytes:
    body = OPENPORT.replace(b"openport", name).replace(b">1<", b">" + port + b"<")
    return (await exchange(asked.simulator.autostore_url, body=body))[1]


async def devices(asked: Asked, secret: str) -> bytes:
    path = f"/billing/api/devices_get?u=admin&user_id=100&hash={signed(secret, '100')}"
    return (await exchange(asked.simulator.mor_url, path, b""))[1]


async def test_the_system_is_stopped(struck: Asked) -> None:
    assert b"<code>1048</code>" in await asked_task(struck, b"openport")
    body = b"<methodcall><name>getsystemmode</name><params/></methodcall>"
    answer = (await exchange(struck.simulator.autostore_url, body=body))[1]
    assert b"<mode>70</mode>" in answer
    assert b"<stopcode>7</stopcode>" in answer


async def test_a_port_is_down(struck: Asked) -> None:
    assert b"DISABLED" in await asked_task(struck, b"getportstatus", b"3")


async def test_the_secret_is_another(struck: Asked) -> None:
    assert await devices(struck, API_SECRET) == b"<page> <error>Incorrect hash</error> </page>"
    assert b"<device_id>" in await devices(struck, "x")


def test_the_driver_is_lost(struck: Asked) -> None:
    assert struck.control.get("/world").json()["autostore"]["driver_heard"] is False


@pytest.mark.parametrize("way", WAYS)
async def test_the_api_is_off_and_a_case_sticks(way: str, tmp_path: Path) -> None:
    lines = ["switch-api-off", "jam-bin bin=101337", "open-ports ports=4", "call-bin port=4 bin=101337"]
    with asked_for(way, tmp_path, lines, "--speed", "50") as asked:
        assert b"API Requests are disabled" in await devices(asked, API_SECRET)
        await eventually(lambda: asked.control.get("/world/ports/4").json()["selected_bin"] == 101337)
        extract = {"incident": "extract-case port=4 bin=101337"}
        await eventually(lambda: asked.control.post("/world", json=extract).status_code == 200)
        await eventually(lambda: asked.control.get("/world/ports/4").json()["case"]["error"])
        assert asked.control.get("/world").json()["autostore"]["case_errors"] == [4]
