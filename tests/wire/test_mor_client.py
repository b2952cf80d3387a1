"""The MOR client against a scripted server: what each answer is called."""

import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import pytest

from console.fields import Invalid
from console.mor.calls import Profile
from console.mor.client import MorClient
from console.mor.wire import Caller
from console.outcome import Refused, Unknown
from console.secret import Secret

from .scripted import Answer, Server, Then, http, playing

ADDED = b"<page> <status> <success>Rule added</success> </status> </page>"
RULE = {"device_id": 2, "name": "myrule", "cut": "353", "add": "0"}
DEVICES = (
    b"<page><devices><device><device_id>5</device_id><secret>c4nary-device</secret>"
    b"<ipaddr>0.0.0.0</ipaddr><port>0</port></device></devices></page>"
)
NO_RULES = b"<page><error>Device has no rules</error></page>"


@asynccontextmanager
async def site(
    *answers: Answer, old_names: bool = False, profile: Profile = Profile.Y2019
) -> AsyncIterator[tuple[MorClient, Server]]:
    caller = Caller(user="admin", secret=Secret("c4nary-key"), password=Secret("c4nary-p"), profile=profile)
    async with playing(*answers) as server:
        client = MorClient(server.url, caller, old_names=old_names)
        try:
            yield client, server
        finally:
            await client.close()


@pytest.mark.parametrize(
    "content_type", ["text/xml", "text/html; charset=utf-8", "application/octet-stream", ""]
)
async def test_a_success_is_accepted_whatever_its_type(content_type: str) -> None:
    async with site(Answer(http(ADDED, "200 OK", content_type))) as (client, server):
        assert await client.call("device_rule_create", RULE) == {"status": {"success": "Rule added"}}
        (request,) = server.requests
    assert request.startswith(b"POST /billing/api/device_rule_create HTTP/1.1\r\n")
    assert b"content-type: application/x-www-form-urlencoded\r\n" in request.lower()
    form = parse_qs(request.partition(b"\r\n\r\n")[2].decode())
    assert (form["device_id"], form["u"], form["p"]) == (["2"], ["admin"], ["c4nary-p"])
    assert b"c4nary-key" not in request


@pytest.mark.parametrize(("old_names", "name"), [(False, "devices_get"), (True, "device_list")])
async def test_the_old_name_is_a_setting(old_names: bool, name: str) -> None:
    async with site(Answer(http(DEVICES)), old_names=old_names) as (client, server):
        (device,) = await client.devices(100)
        assert (device.device_id, device.user_id, device.registered) == (5, 100, False)
        assert not hasattr(device, "secret")
        assert server.requests[0].startswith(f"POST /billing/api/{name} HTTP".encode())


@pytest.mark.parametrize("body", [DEVICES, gzip.compress(DEVICES)], ids=["plain", "gzip"])
@pytest.mark.parametrize("coding", [(), ("Content-Encoding: gzip",)], ids=["as is", "coded"])
async def test_lists_in_every_packing(body: bytes, coding: tuple[str, ...]) -> None:
    sent = gzip.compress(body) if coding else body
    async with site(Answer(http(sent, "200 OK", "text/xml", *coding))) as (client, _):
        assert [device.device_id for device in await client.devices(100)] == [5]


@pytest.mark.parametrize("code", ["200 OK", "401 Unauthorized", "404 Not Found"])
@pytest.mark.parametrize(
    "text",
    [
        "Incorrect hash",
        "Device was not found",
        "API Requests are disabled",
        "Cannot delete device - it has calls. You can only hide device's user. "
        "Why is that and how to do that - please read in manual.",
    ],
)
async def test_an_error_is_refused_with_its_own_words(code: str, text: str) -> None:
    async with site(
        Answer(http(f"<page><status><error> {text}\n</error></status></page>".encode(), code))
    ) as (
        client,
        server,
    ):
        with pytest.raises(Refused) as raised:
            await client.call("device_rule_create", RULE)
        assert (raised.value.meaning, raised.value.code) == (text, None)
        assert len(server.requests) == 1


async def test_a_hostile_error_is_safe_to_show() -> None:
    body = "<page><error>\u202eno \x9b31m</error></page>".encode()
    async with site(Answer(http(body))) as (client, _):
        with pytest.raises(Refused) as raised:
            await client.call("device_rule_create", RULE)
    for shown in (str(raised.value), raised.value.meaning, str(raised.value.__cause__)):
        assert shown.endswith("\\u202eno \\x9b31m")


PROVES_NOTHING = {
    "redirect": http(ADDED, "302 Found", "text/xml", "Location: /"),
    "5xx with error": http(b"<page><error>Add failed</error></page>", "500 Internal Server Error"),
    "5xx with success": http(ADDED, "502 Bad Gateway"),
    "5xx": http(b"<!DOCTYPE html><html>sorry</html>", "500 Internal Server Error", "text/html"),
    "4xx with success": http(ADDED, "403 Forbidden"),
    "4xx": http(b"<html>no</html>", "404 Not Found", "text/html"),
    "empty": http(b""),
    "html": http(b"<html><body>Welcome</body></html>", "200 OK", "text/html"),
    "truncated": http(ADDED[:-3]),
    "other success": http(b"<page><devices/></page>"),
    "success and error": http(ADDED.replace(b"</status>", b"<error>Add failed</error></status>")),
    "cut gzip": http(gzip.compress(ADDED)[:-4]),
}


@pytest.mark.parametrize("reply", PROVES_NOTHING.values(), ids=PROVES_NOTHING)
async def test_everything_else_is_unknown(reply: bytes) -> None:
    async with site(Answer(reply)) as (client, server):
        with pytest.raises(Unknown) as raised:
            await client.call("device_rule_create", RULE)
        assert len(server.requests) == 1
    assert str(raised.value).startswith("device_rule_create: ")


async def test_a_lost_connection_is_unknown_and_not_tried_again() -> None:
    async with site(Answer(then=Then.CLOSE)) as (client, server):
        with pytest.raises(Unknown):
            await client.call("device_rule_create", RULE)
        with pytest.raises(Unknown):
            await client.users()
        assert len(server.requests) == 2


async def test_no_rules_is_an_empty_list() -> None:
    async with site(Answer(http(NO_RULES))) as (client, _):
        assert await client.rules(2) == ()
        assert await client.call("device_rules_get", {"device_id": 2}) == {"device_rules": ()}
        with pytest.raises(Refused, match="Device has no rules"):
            await client.devices(100)


async def test_rules_of_another_device_are_unknown() -> None:
    rule = b"<device_rule><id>1</id><device_id>3</device_id></device_rule>"
    page = b"<page><status><device_rules>" + rule + b"</device_rules></status></page>"
    async with site(Answer(http(page))) as (client, _):
        with pytest.raises(Unknown, match="asked for the rules of device 2, answered those of 3"):
            await client.rules(2)
        assert len(await client.rules(3)) == 1


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("device_rule_create", {**RULE, "cut": ""}),
        ("device_rule_create", {**RULE, "pr_type": "x"}),
        ("device_rule_create", {**RULE, "device": 2}),
        ("devices_get", {}),
        ("device_rule_update", RULE),
    ],
)
async def test_wrong_values_never_reach_the_network(name: str, given: Mapping[str, object]) -> None:
    async with site(Answer(http(ADDED))) as (client, server):
        with pytest.raises(Invalid):
            await client.call(name, given)
        with pytest.raises(Invalid):
            client.check(name, given)
        assert server.connections == 0


async def test_the_profile_decides_what_may_be_blank() -> None:
    async with site(Answer(http(ADDED)), profile=Profile.Y2020) as (client, server):
        await client.call("device_rule_create", {**RULE, "cut": ""})
        assert b"cut=&" in server.requests[0]


async def test_commands_get_fresh_connections_and_reads_share_theirs() -> None:
    async with site(Answer(http(DEVICES))) as (client, server):
        for _ in range(3):
            await client.devices(100)
        assert server.connections == 1
        server.answers = [Answer(http(ADDED))]
        for _ in range(2):
            await client.call("device_rule_create", RULE)
        assert server.connections == 3


async def test_a_large_list_is_read_whole() -> None:
    device = b"<device><device_id>%d</device_id><username>u</username></device>"
    page = b"<page><devices>" + b"".join(device % number for number in range(1, 5_001)) + b"</devices></page>"
    async with site(Answer(http(page))) as (client, _):
        assert [device.device_id for device in await client.devices(100)] == [*range(1, 5_001)]


async def test_secrets_stay_out_of_errors() -> None:
    for body in (DEVICES[:-4], DEVICES.replace(b"devices>", b"things>"), DEVICES + b"c4nary"):
        async with site(Answer(http(body))) as (client, _):
            with pytest.raises(Unknown) as raised:
                await client.devices(100)
        error: BaseException | None = raised.value
        while error is not None:
            assert "c4nary" not in f"{error!r} {error}"
            error = error.__cause__ or error.__context__
