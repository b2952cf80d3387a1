"""The controller on the wire: layouts, addresses, verbs, statuses and the record."""

import json

import pytest

from console.simulator.autostore_api import BIN_PATH, TASK_PATH, AutoStoreApi
from console.simulator.wire import Received

from .small import AUTOCASE, CASE_BIN, PLAIN, hand_over, post, site, with_open_bin


def methodcall(name: str, **params: object) -> str:
    values = "".join(f"<{name}>{value}</{name}>" for name, value in params.items())
    return f"<methodcall><name>{name}</name><params>{values}</params></methodcall>"


def as_json(name: str, **params: object) -> str:
    return json.dumps({"method": name, "params": params})


def test_values_are_written_in_the_layout_of_the_pages() -> None:
    world = site()
    with_open_bin(world, AUTOCASE, CASE_BIN)
    assert post(world, methodcall("getportstatus", port_id=AUTOCASE)).body.decode() == (
        '<?xml version="1.0"?>\n<response>\n  <params>\n'
        "    <port_id>4</port_id>\n    <port_type>AC</port_type>\n    <mode>OPEN</mode>\n"
        "    <selected_bin>101337</selected_bin>\n    <selected_task>2000000001</selected_task>\n"
        "    <is_ready>true</is_ready>\n"
        "  </params>\n</response>"
    )
    assert post(world, methodcall("getbinstate", min_bin_id=10)).body.decode() == (
        '<?xml version="1.0"?>\n<response>\n  <params>\n    <bins>\n'
        "      <bin>\n        <bin_id>10</bin_id>\n        <bin_mode>GRID</bin_mode>\n      </bin>\n"
        "      <bin>\n        <bin_id>101337</bin_id>\n        <bin_mode>OPEN</bin_mode>\n"
        "        <port_id>4</port_id>\n      </bin>\n"
        "    </bins>\n  </params>\n</response>"
    )


def test_values_in_json() -> None:
    world = site()
    hand_over(world, 20, 3)
    assert json.loads(post(world, as_json("getbinstate", bin_id=3), "text/json").body) == {
        "params": {"bins": {"bin": [{"bin_id": 3, "bin_mode": "GRID"}]}}
    }
    assert json.loads(post(world, as_json("getsystemmode"), "application/json; charset=utf-8").body) == {
        "params": {"mode": 20, "stopcode": 0}
    }


@pytest.mark.parametrize("content_type", ["", "text/xml", "application/octet-stream"])
def test_anything_but_json_is_read_as_xml(content_type: str) -> None:
    reply = post(site(), methodcall("getsystemmode"), content_type)
    assert (reply.status, reply.content_type) == (200, "application/xml")


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("POST", TASK_PATH, b"<broken", 400),
        ("POST", TASK_PATH, methodcall("opengate").encode(), 400),
        ("POST", TASK_PATH, methodcall("setportqueue", port_id=1).encode(), 400),
        ("POST", TASK_PATH, methodcall("openport", port_id=1, colour="red").encode(), 400),
        ("POST", BIN_PATH, methodcall("getportstatus", port_id=1).encode(), 400),
        ("GET", TASK_PATH, b"", 405),
        ("HEAD", TASK_PATH, b"", 405),
        ("POST", "/api/v1/task", b"", 404),
        ("POST", "/", b"", 404),
    ],
)
def test_mistakes_on_the_transport_level(verb: str, path: str, body: bytes, status: int) -> None:
    world = site()
    reply = AutoStoreApi(world).read(Received(verb=verb, path=path, body=body)).answer()
    assert reply.status == status
    assert b"<response>" not in reply.body
    assert not world.record.entries


def test_statuses_are_switches() -> None:
    world = site(fault_status=500, malformed_status=404, wrong_verb_status=400)
    assert post(world, methodcall("openport")).status == 500
    assert post(world, "<broken").status == 404
    assert AutoStoreApi(world).read(Received(verb="GET", path=TASK_PATH)).answer().status == 400


def test_a_call_tells_its_method_and_port_before_it_is_carried_out() -> None:
    world = site()
    face = AutoStoreApi(world)
    for body, content_type in (
        (methodcall("openport", port_id=PLAIN), ""),
        (as_json("openport", port_id=PLAIN), "json"),
    ):
        asked = face.read(
            Received(verb="POST", path=TASK_PATH, content_type=content_type, body=body.encode())
        )
        assert (asked.method, asked.port) == ("openport", PLAIN)
    assert world.ports[PLAIN].mode == "CLOSED"
    assert face.read(Received(verb="POST", path=TASK_PATH, body=b"<broken")).port is None


def test_the_record_keeps_every_mutating_call_with_its_result() -> None:
    world = site()
    world.advance(12.5)
    post(world, methodcall("openport", port_id=PLAIN, req_time="2008-12-12T14:00:00Z"))
    post(world, methodcall("getportstatus", port_id=PLAIN))
    post(world, methodcall("openport", port_id=PLAIN))
    post(world, methodcall("openport", port_id="abc"))
    kept = [(entry.sequence, entry.method, entry.arguments, entry.result) for entry in world.record.entries]
    assert kept == [
        (1, "openport", {"port_id": PLAIN, "req_time": "2008-12-12T14:00:00Z"}, "ok"),
        (2, "openport", {"port_id": PLAIN}, 1002),
        (3, "openport", {"port_id": "abc"}, 1004),
    ]
    assert {(entry.time, entry.who, entry.server) for entry in world.record.entries} == {
        (12.5, "client", "autostore")
    }
