"""Details, call flows and CLIs as typed values, whatever a server leaves out, adds or repeats."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from console.cli.output import as_json
from console.documents import DocumentError
from console.mor import rows
from console.mor.calls import CALLS, DEVICE_CALLFLOW_GET, DEVICE_CLIS_GET, DEVICE_DETAILS_GET
from console.mor.client import MorClient
from console.mor.replies import Callflow, Cli, CliOwner, DeviceDetails
from console.mor.wire import Caller, decode, decode_rows
from console.operations.records import recordable
from console.outcome import Refused, Unknown
from console.secret import HIDDEN, Secret

from .mor_facts import DOCUMENTED
from .scripted import Answer, Server, http, playing

DETAILS = (
    "<page><id>5</id><name>ipauth4aa7</name><host>dynamic</host><secret>c4nary-secret </secret>"
    "<context>mor_local</context><ipaddr>10.0.0.5</ipaddr><port>5060</port><regseconds>1700000000</regseconds>"
    "<accountcode>5</accountcode><callerid>&quot;Léa&quot; &lt;101&gt;</callerid><extension>101</extension>"
    "<username>101 </username><device_type>SIP</device_type><user_id>3</user_id><devicegroup_id/>"
    "<description>dock 4</description><istrunk>2</istrunk><pin>c4nary-42</pin><nat>yes</nat><newer>x</newer>"
    "<codecs><audio_codecs><codec>alaw</codec><codec>ulaw</codec></audio_codecs>"
    "<video_codecs>h264</video_codecs></codecs></page>"
)
CLI = (
    "<cli_id>{id}</cli_id><cli_cli>3706301111{id}</cli_cli><cli_domain/><cli_device>IAX2/ipauth4aa7</cli_device>"
    "<cli_description>Dock</cli_description><cli_added_at>2015-08-03 10:00:00 +0300</cli_added_at>"
    "<cli_updated_at>2015-08-04 10:00:00 +0300</cli_updated_at><cli_comment>old</cli_comment>"
    "<cli_email_callback>1</cli_email_callback><cli_banned>0</cli_banned>"
)
FLOW = (
    "<page><user>Léa</user><device>SIP/101</device>"
    "<callflow><state>Call</state><priority>1</priority><action>Dial</action><data>SIP/101</data>"
    "<data2/><data3>30</data3></callflow>"
    "<callflow><state>Busy</state><priority>x</priority><action/></callflow></page>"
)


@asynccontextmanager
async def site(*bodies: str) -> AsyncIterator[tuple[MorClient, Server]]:
    caller = Caller(user="admin", secret=Secret("c4nary-key"), password=Secret("c4nary-p"))
    async with playing(*(Answer(http(body.encode())) for body in bodies)) as server:
        client = MorClient(server.url, caller)
        try:
            yield client, server
        finally:
            await client.close()


def details(body: str, device_id: int = 5) -> DeviceDetails:
    return rows.details(device_id, decode(DEVICE_DETAILS_GET, body.encode()))


def clis(body: str) -> tuple[Cli, ...]:
    return decode_rows(DEVICE_CLIS_GET, body.encode(), rows.cli)


def callflow(body: str) -> Callflow:
    return rows.callflow(2, decode(DEVICE_CALLFLOW_GET, body.encode()))


def test_a_device_in_detail() -> None:
    seen = details(DETAILS)
    assert (seen.device_id, seen.user_id, seen.name, seen.device_type) == (5, 3, "ipauth4aa7", "SIP")
    assert (seen.description, seen.username, seen.extension) == ("dock 4", "101", "101")
    assert (seen.host, seen.ipaddr, seen.port, seen.registered) == ("dynamic", "10.0.0.5", "5060", True)
    assert (seen.callerid, seen.devicegroup_id, seen.trunk) == ('"Léa" <101>', "", "2")
    assert (seen.regseconds, seen.codecs) == (1_700_000_000, ("alaw", "ulaw", "h264"))
    assert (seen.secret, seen.pin) == (Secret("c4nary-secret"), Secret("c4nary-42"))
    assert (seen.everything["nat"], seen.everything["newer"]) == ("yes", "x")


def test_a_device_of_which_little_is_told() -> None:
    seen = details("<page><device_type/></page>")
    assert (seen.device_id, seen.user_id, seen.regseconds, seen.codecs) == (5, None, None, ())
    assert (seen.name, seen.secret, seen.pin, seen.registered) == ("", Secret(""), Secret(""), False)


@pytest.mark.parametrize(
    "change",
    [
        ("<id>5</id>", ""),
        ("<id>5</id>", "<id/>"),
        ("<id>5</id>", "<id>five</id>"),
        ("<id>5</id>", "<id><deep>6</deep></id>"),
        ("<user_id>3</user_id>", "<user_id>-3</user_id>"),
        ("<regseconds>1700000000</regseconds>", "<regseconds>soon</regseconds>"),
        ("<name>ipauth4aa7</name>", "<name>a</name><name>b</name>"),
        ("<codecs>", "<codecs/><codecs>"),
        ("<port>5060</port>", "<port>0</port>"),
    ],
)
def test_details_are_read_leniently(change: tuple[str, str]) -> None:
    seen = details(DETAILS.replace(*change))
    assert (seen.device_id, seen.username, seen.secret) == (5, "101", Secret("c4nary-secret"))


def test_details_of_another_device_are_not_taken() -> None:
    with pytest.raises(DocumentError, match="asked for device 6, answered 5"):
        details(DETAILS, 6)


def test_the_steps_of_a_call_flow() -> None:
    seen = callflow(FLOW)
    assert (seen.device_id, seen.user, seen.device) == (2, "Léa", "SIP/101")
    assert [(step.state, step.priority, step.action, step.data) for step in seen.steps] == [
        ("Call", 1, "Dial", ("SIP/101", "30")),
        ("Busy", None, "", ()),
    ]
    (one,) = callflow("<page><callflow><state>Busy</state></callflow></page>").steps
    assert (one.state, one.priority, one.action, one.data) == ("Busy", None, "", ())


FIRST, SECOND = CLI.format(id=1), CLI.format(id=2)
LAYOUTS = {
    "one after the other": f"<page><status>{FIRST}{SECOND}</status></page>",
    "a status each": f"<page><status>{FIRST}</status><status>{SECOND}</status></page>",
    "an element each": f"<page><status><cli>{FIRST}</cli><cli>{SECOND}</cli></status></page>",
    "a list": f"<page><status><clis><cli>{FIRST}</cli><cli>{SECOND}</cli></clis></status></page>",
    "below the page": f"<page>{FIRST}{SECOND}</page>",
    "a count before": f"<page><status><count>2</count>{FIRST}{SECOND}</status></page>",
}


@pytest.mark.parametrize("body", LAYOUTS.values(), ids=LAYOUTS)
def test_several_clis_in_every_layout_they_could_have(body: str) -> None:
    first, second = clis(body)
    assert (first.cli_id, first.number, first.domain) == (1, "37063011111", "")
    assert (first.device, first.description, first.comment) == ("IAX2/ipauth4aa7", "Dock", "old")
    assert first.added_at == "2015-08-03 10:00:00 +0300"
    assert first.updated_at == "2015-08-04 10:00:00 +0300"
    assert (first.email_callback, first.banned) == (True, False)
    assert (second.cli_id, second.number) == (2, "37063011112")
    generic = decode(DEVICE_CLIS_GET, body.encode())["clis"]
    assert [row["cli_id"] for row in generic] == [1, 2]
    assert all(len(row) == 10 for row in generic)


@pytest.mark.parametrize("count", [1, 5_000])
def test_as_many_clis_as_there_are(count: int) -> None:
    body = (
        "<page><status>" + "".join(CLI.format(id=number + 1) for number in range(count)) + "</status></page>"
    )
    assert [cli.cli_id for cli in clis(body)] == [*range(1, count + 1)]


def test_a_cli_without_an_id_is_left_out() -> None:
    body = f"<page><status>{FIRST.replace('<cli_id>1<', '<cli_id>x<')}{SECOND}</status></page>"
    assert [cli.cli_id for cli in clis(body)] == [2]


@pytest.mark.parametrize(
    "body",
    [
        "<page/>",
        "<page><status/></page>",
        "<page><status><cli_cli>1</cli_cli></status></page>",
        f"<status>{FIRST}</status>",
    ],
)
def test_what_is_no_list_of_clis(body: str) -> None:
    with pytest.raises(DocumentError):
        clis(body)


async def test_the_client_reads_them() -> None:
    owners = "<page><cli><device><user_id>3</user_id><device_id>9</device_id></device><device/></cli></page>"
    version = "<page><version> MOR X17 </version></page>"
    many = LAYOUTS["one after the other"]
    async with site(DETAILS, FLOW, many, owners, version, "<page><error>CLI not found</error></page>") as (
        client,
        server,
    ):
        assert (await client.details(5)).username == "101"
        assert (await client.callflow(2)).device == "SIP/101"
        assert len(await client.clis(device_id=2)) == 2
        assert await client.cli_owners("370") == (CliOwner(device_id=9, user_id=3),)
        assert await client.version() == "MOR X17"
        with pytest.raises(Refused, match="CLI not found"):
            await client.cli_owners("371", "x.example")
    bodies = [body.decode() for body in server.bodies()]
    assert [body.partition("&u=")[0] for body in bodies] == [
        "device_id=5",
        "device_id=2",
        "devices_id=2",
        "cli=370",
        "u=admin&p=c4nary-p&hash=" + bodies[4].rpartition("=")[2],
        "cli=371&domain=x.example",
    ]


async def test_no_clis_are_an_empty_list_and_another_device_is_unknown() -> None:
    async with site("<page><error>CLIs were not found</error></page>", DETAILS) as (client, _):
        assert await client.clis() == ()
        with pytest.raises(Unknown, match="asked for device 6"):
            await client.details(6)


SENSITIVE = [
    "<secret>c4nary</secret>",
    "<Secret>c4nary</Secret>",
    "<md5secret>c4nary</md5secret>",
    "<password>c4nary</password>",
    "<voicemail_password>c4nary</voicemail_password>",
    "<vm_passwd>c4nary</vm_passwd>",
    "<pin>c4nary</pin>",
    "<device_pin>c4nary</device_pin>",
    "<uniquehash>c4nary</uniquehash>",
    "<api_key>c4nary</api_key>",
    "<secret><value>c4nary</value></secret>",
    "<secret>x<!-- y --><deep>c4nary</deep></secret>",
    "<pin>c4nary</pin><pin>c4nary</pin>",
    "<more><most><secret>c4nary</secret></most></more>",
]
SHOWS: list[Callable[[Any], str]] = [repr, str, as_json, lambda reply: json.dumps(recordable(reply))]


@pytest.mark.parametrize("hidden", SENSITIVE)
@pytest.mark.parametrize("name", [call.name for call in CALLS])
def test_no_reply_of_any_call_shows_a_secret(name: str, hidden: str) -> None:
    (call,) = (call for call in CALLS if call.name == name)
    (success,) = (facts.success for facts in DOCUMENTED if facts.name == name)
    # Beside the success, and in every element that holds others.
    body = success.replace("><", f">{hidden}<", 1) + hidden
    reply = decode(call, f"<page>{body}</page>".encode())
    for show in SHOWS:
        assert "c4nary" not in show(reply)
    if not call.listing:
        assert HIDDEN in repr(reply)


def test_details_show_no_secret() -> None:
    seen = details(DETAILS)
    for show in SHOWS[:2]:
        assert "c4nary" not in show(seen)
        assert HIDDEN in show(seen)
    assert "c4nary" not in as_json(seen.everything)
    assert seen.everything["pin"] == Secret("c4nary-42")


def test_what_only_sounds_like_a_secret_is_shown() -> None:
    shown = "<insecure>port</insecure><pickupgroup>1</pickupgroup><pinned>2</pinned><keypad>3</keypad>"
    reply = decode(DEVICE_DETAILS_GET, DETAILS.replace("<nat>", f"{shown}<nat>").encode())
    assert [reply[name] for name in ("insecure", "pickupgroup", "pinned", "keypad")] == [
        "port",
        "1",
        "2",
        "3",
    ]


def test_rows_of_another_kind_are_read_by_name_only() -> None:
    assert rows.cli({}) is None
    assert rows.cli_owner({"device_id": "0", "user_id": "3"}) is None
    assert rows.cli_owner({"device_id": "1"}) == CliOwner(device_id=1, user_id=None)
    assert rows.cli_owner({"device_id": "1", "user_id": "0"}) == CliOwner(device_id=1, user_id=0)
