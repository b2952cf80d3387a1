"""Repeated reads are given up soon; those that belong to a command, and commands, have all their time."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from console.autostore.client import AutoStoreClient
from console.mor.client import MorClient
from console.mor.wire import Caller
from console.outcome import Unknown
from console.secret import Secret

from .scripted import Answer, Then, http, playing

HURRY = 0.05
SILENT = Answer(then=Then.HANG)
STATUS = Answer(http(b"<response><params><port_type>CO</port_type><mode>OPEN</mode></params></response>"))
NO_RULES = Answer(http(b"<page><error>Device has no rules</error></page>"))


def controller(url: str) -> AutoStoreClient:
    return AutoStoreClient(url, timeout=30.0)


def switch(url: str) -> MorClient:
    return MorClient(url, Caller(user="admin", secret=Secret("c4nary")), timeout=30.0)


async def read_port(client: AutoStoreClient) -> object:
    return await client.look(4)


async def open_port(client: AutoStoreClient) -> object:
    return await client.call("openport", {"port_id": 4})


async def read_rules(client: MorClient) -> object:
    return await client.rules(2)


async def delete_rule(client: MorClient) -> object:
    return await client.call("device_rule_delete", {"device_rule_id": 2})


Client = AutoStoreClient | MorClient
Does = Callable[..., Awaitable[object]]

BOTH = pytest.mark.parametrize(
    ("connect", "read", "command"),
    [(controller, read_port, open_port), (switch, read_rules, delete_rule)],
    ids=["controller", "switch"],
)


@BOTH
async def test_a_repeated_read_is_given_up_and_nothing_else_is(
    connect: Callable[[str], Client], read: Does, command: Does
) -> None:
    async with playing(SILENT) as server:
        client = connect(server.url)
        patient = [asyncio.ensure_future(work) for work in (read(client), command(client.hurried(HURRY)))]
        with pytest.raises(Unknown, match=r"within 0\.05 s"):
            await read(client.hurried(HURRY))
        assert not any(task.done() for task in patient)
        for task in patient:
            task.cancel()
        await asyncio.gather(*patient, return_exceptions=True)
        await client.close()


@pytest.mark.parametrize(
    ("connect", "read", "answer"), [(controller, read_port, STATUS), (switch, read_rules, NO_RULES)]
)
async def test_hurried_and_patient_reads_share_their_connections(
    connect: Callable[[str], Client], read: Does, answer: Answer
) -> None:
    async with playing(answer) as server:
        client = connect(server.url)
        assert await read(client) == await read(client.hurried(10.0))
        assert (len(server.requests), server.connections) == (2, 1)
        await client.close()
