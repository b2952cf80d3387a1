"""Every call of the catalogue, the same way: what is sent, what comes back, in every packing and refusal."""

import gzip
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import pytest

from console.fields import Invalid
from console.mor.calls import CALLS, GLOBAL_ERRORS, Call, find
from console.mor.client import MorClient
from console.mor.wire import Caller, checked, encode
from console.outcome import Refused, Unknown
from console.secret import Secret

from .mor_deliveries import DELIVERIES, ERROR_SHAPES
from .mor_facts import DOCUMENTED, Facts
from .scripted import Answer, Server, http, playing

KEY, PASSWORD = "c4nary-key", "c4nary-p"
FACTS = {facts.name: facts for facts in DOCUMENTED}
CALLER = Caller(user="admin", secret=Secret(KEY), password=Secret(PASSWORD))

each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)


def form(body: bytes) -> dict[str, str]:
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@asynccontextmanager
async def answering(answers: Sequence[Answer]) -> AsyncIterator[tuple[MorClient, Server]]:
    async with playing(*answers) as server:
        client = MorClient(server.url, CALLER)
        try:
            yield client, server
        finally:
            await client.close()


def page(facts: Facts) -> bytes:
    return f"<page>{facts.success}</page>".encode()


@each_call
@pytest.mark.parametrize("password", [None, Secret(PASSWORD)], ids=["without p", "with p"])
def test_the_body_is_the_values_the_user_and_the_hash(call: Call, password: Secret | None) -> None:
    caller = Caller(user="admin", secret=Secret(KEY), password=password)
    facts = FACTS[call.name]
    if call.name == "morphone_details_get" and password is None:
        with pytest.raises(Invalid, match=r"^password is missing"):
            checked(call, facts.given, caller)
        return
    wanted = {**facts.given, "u": "admin"} | ({"p": PASSWORD} if password else {})
    if call.name != "morphone_details_get":
        hashed = "".join(wanted.get(name, "") for name in facts.hashed.split())
        wanted["hash"] = hashlib.sha1((hashed + KEY).encode()).hexdigest()
    assert form(encode(call, checked(call, facts.given, caller), caller)) == wanted


@each_call
@pytest.mark.parametrize("delivery", DELIVERIES.values(), ids=DELIVERIES)
async def test_a_success_is_the_same_in_every_packing(call: Call, delivery: Callable[[bytes], bytes]) -> None:
    facts = FACTS[call.name]
    packed = delivery(page(facts))
    answers = [
        Answer(http(packed)),
        Answer(http(gzip.compress(packed), "200 OK", "", "Content-Encoding: gzip")),
    ]
    async with answering(answers) as (client, server):
        for _ in answers:
            assert await client.call(call.name, facts.given) == facts.reply
        assert [request.split(b" ")[1] for request in server.requests] == [
            f"/billing/api/{call.name}".encode()
        ] * 2


@each_call
async def test_every_documented_error_is_refused_in_its_own_words(call: Call) -> None:
    facts = FACTS[call.name]
    said = [text for text in {*facts.errors, *GLOBAL_ERRORS} if text not in call.empty]
    cases = [(text, shape) for text in said for shape in ERROR_SHAPES]
    answers = [Answer(http(shape.format(text).encode())) for text, shape in cases]
    async with answering(answers) as (client, server):
        for text, shape in cases:
            with pytest.raises(Refused) as raised:
                await client.call(call.name, facts.given)
            assert (raised.value.meaning, raised.value.method) == (text, call.name), shape
        assert len(server.requests) == len(cases)


@pytest.mark.parametrize("call", [call for call in CALLS if call.empty], ids=lambda call: call.name)
async def test_an_error_that_means_an_empty_list_is_one(call: Call) -> None:
    answers = [Answer(http(shape.format(call.empty[0]).encode())) for shape in ERROR_SHAPES]
    async with answering(answers) as (client, _):
        for _ in answers:
            assert await client.call(call.name, FACTS[call.name].given) == {call.listing: ()}


@pytest.mark.parametrize("call", [call for call in CALLS if call.mutating], ids=lambda call: call.name)
async def test_another_calls_success_is_no_success(call: Call) -> None:
    place = FACTS[call.name].place
    others = [facts for facts in DOCUMENTED if facts.place != place and f"<{place}>" not in facts.success]
    async with answering([Answer(http(page(facts))) for facts in others]) as (client, _):
        for _ in others:
            with pytest.raises(Unknown, match=f"^{call.name}: "):
                await client.call(call.name, FACTS[call.name].given)


def test_the_facts_are_those_of_calls_that_exist() -> None:
    assert all(find(name) for name in FACTS)
