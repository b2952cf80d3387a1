"""What goes out to the controller, read back with the standard library's own parsers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.autostore.catalogue import Interface
from console.autostore.methods import find
from console.autostore.wire import Encoding, encode

NOON = datetime(2008, 12, 12, 14, tzinfo=UTC)

# The XML and the JSON request examples of the page openport, as printed there.
OPENPORT_XML = """<?xml version="1.0"?>
<methodcall>
  <name>openport</name>
  <params>
    <port_id>4</port_id>
    <req_time>2008-12-12T14:00:00Z</req_time>
    <select>
      <category>1</category>
      <category>2</category>
    </select>
  </params>
</methodcall>"""
OPENPORT_JSON = """{
    "method": "openport",
    "params": {
        "port_id": 1,
          "req_time": "2008-12-12T14:00:00Z",
        "select":
        {
            "category": [
                1,2
            ]
        }
    }
}"""
CASE_XML = """<?xml version="1.0"?>
<methodcall>
  <name>{name}</name>
  <params>
    <port_id>4</port_id>
    <bin_id>101337</bin_id>
  </params>
</methodcall>"""
CASE_JSON = """{
    "method": "%s",
    "params": {
        "port_id": 4,
            "bin_id": 101337
        }
}"""


def request(
    name: str, given: Mapping[str, object], encoding: Encoding, interface: Interface = Interface.TASK
) -> bytes:
    method = find(name, interface)
    assert method is not None
    return encode(method, method.check(given), encoding)


Tree = tuple[str, str, tuple["Tree", ...]]


def tree(element: ElementTree.Element) -> Tree:
    return (element.tag, (element.text or "").strip(), tuple(map(tree, element)))


def unordered(element: ElementTree.Element) -> Any:
    return (element.tag, (element.text or "").strip(), frozenset(map(unordered, element)))


# name, values, the children of params in XML, params in JSON
CALLS: list[tuple[str, dict[str, object], str, dict[str, object] | None]] = [
    ("openport", {"port_id": 4}, "<port_id>4</port_id>", {"port_id": 4}),
    (
        "openport",
        {"port_id": "4", "category": ["1", 2], "req_time": NOON, "port_mode": "SWAP"},
        "<port_id>4</port_id><select><category>1</category><category>2</category></select>"
        "<req_time>2008-12-12T14:00:00Z</req_time><port_mode>SWAP</port_mode>",
        {
            "port_id": 4,
            "select": {"category": [1, 2]},
            "req_time": "2008-12-12T14:00:00Z",
            "port_mode": "SWAP",
        },
    ),
    (
        "openport",
        {"port_id": 4, "content": 0},
        "<port_id>4</port_id><select><content>0</content></select>",
        {"port_id": 4, "select": {"content": [0]}},
    ),
    (
        "closeport",
        {"port_id": 2000, "suspend_taskgroup": True},
        "<port_id>2000</port_id><suspend_taskgroup>true</suspend_taskgroup>",
        {"port_id": 2000, "suspend_taskgroup": True},
    ),
    (
        "openbin",
        {"port_id": 4, "taskgroup_id": 2147483647},
        "<port_id>4</port_id><taskgroup_id>2147483647</taskgroup_id>",
        {"port_id": 4, "taskgroup_id": 2147483647},
    ),
    (
        "closebin",
        {"port_id": 4, "bin_id": 7, "task_id": 9, "content": 0, "taskcomplete": False},
        "<port_id>4</port_id><bin_id>7</bin_id><task_id>9</task_id><content>0</content>"
        "<taskcomplete>false</taskcomplete>",
        {"port_id": 4, "bin_id": 7, "task_id": 9, "content": 0, "taskcomplete": False},
    ),
    (
        "case_extract",
        {"port_id": 4, "bin_id": 101337},
        "<port_id>4</port_id><bin_id>101337</bin_id>",
        {"port_id": 4, "bin_id": 101337},
    ),
    (
        "case_cancel",
        {"port_id": 4, "bin_id": 101337},
        "<port_id>4</port_id><bin_id>101337</bin_id>",
        {"port_id": 4, "bin_id": 101337},
    ),
    ("getportstatus", {"port_id": 4}, "<port_id>4</port_id>", {"port_id": 4}),
    (
        "getbinstate",
        {"min_bin_id": 1, "max_bin_id": 9},
        "<min_bin_id>1</min_bin_id><max_bin_id>9</max_bin_id>",
        {"min_bin_id": 1, "max_bin_id": 9},
    ),
    ("case_getstate", {"port_id": 4}, "<port_id>4</port_id>", {"port_id": 4}),
    ("getsystemmode", {}, "", None),
]


@pytest.mark.parametrize(("name", "given", "inside", "_params"), CALLS)
def test_xml(name: str, given: dict[str, object], inside: str, _params: object) -> None:
    body = request(name, given, Encoding.XML)
    assert body.lower().replace(b"'", b'"').startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    wanted = f"<methodcall><name>{name}</name><params>{inside}</params></methodcall>"
    assert tree(ElementTree.fromstring(body)) == tree(ElementTree.fromstring(wanted))


@pytest.mark.parametrize(("name", "given", "_inside", "params"), CALLS)
def test_json(name: str, given: dict[str, object], _inside: str, params: dict[str, object] | None) -> None:
    wanted = {"method": name} if params is None else {"method": name, "params": params}
    assert json.loads(request(name, given, Encoding.JSON)) == wanted


def test_the_printed_examples_are_what_is_sent() -> None:
    given = {"port_id": 4, "req_time": "2008-12-12T14:00:00Z", "category": [1, 2]}
    sent = ElementTree.fromstring(request("openport", given, Encoding.XML))
    assert unordered(sent) == unordered(ElementTree.fromstring(OPENPORT_XML))
    sent_json = request("openport", {**given, "port_id": 1}, Encoding.JSON)
    assert json.loads(sent_json) == json.loads(OPENPORT_JSON)


@pytest.mark.parametrize("name", ["case_extract", "case_cancel"])
def test_the_printed_case_examples_are_what_is_sent(name: str) -> None:
    given = {"port_id": 4, "bin_id": 101337}
    sent = ElementTree.fromstring(request(name, given, Encoding.XML))
    assert tree(sent) == tree(ElementTree.fromstring(CASE_XML.format(name=name)))
    assert json.loads(request(name, given, Encoding.JSON)) == json.loads(CASE_JSON % name)


def test_records_and_their_containers() -> None:
    group = {"taskgroup_id": 1, "category": 2, "req_time": NOON, "priority": 3}
    tasks = [{"task_id": 1, "bin_id": 7}, {"task_id": 2, "bin_id": 8, "order": 5}]
    root = ElementTree.fromstring(request("create_taskgroup", {**group, "task": tasks}, Encoding.XML))
    assert [[cell.tag for cell in one] for one in root.findall("params/tasks/task")] == [
        ["task_id", "bin_id"],
        ["task_id", "bin_id", "order"],
    ]
    sent = json.loads(request("create_taskgroup", {**group, "task": tasks}, Encoding.JSON))
    assert sent["params"]["tasks"] == {"task": tasks}
    added = ElementTree.fromstring(request("add_task", {"taskgroup_id": 1, "task": tasks[:1]}, Encoding.XML))
    assert [one.tag for one in added.findall("params/*")] == ["taskgroup_id", "task"]


def test_a_queue_keeps_its_order() -> None:
    entries = ["begingroup", "bin_id:7", "content:0", "bin_id:6", "endgroup"]
    given = {"port_id": 4, "entry": entries}
    root = ElementTree.fromstring(request("setportqueue", given, Encoding.XML, Interface.BIN))
    assert [(one.tag, one.text) for one in root.findall("params/bins/*")] == [
        ("begingroup", "true"),
        ("bin_id", "7"),
        ("content", "0"),
        ("bin_id", "6"),
        ("endgroup", "true"),
    ]
    sent = json.loads(request("setportqueue", given, Encoding.JSON, Interface.BIN))
    assert [*sent["params"]["bins"]] == [
        {"begingroup": True},
        {"bin_id": 7},
        {"content": 0},
        {"bin_id": 6},
        {"endgroup": True},
    ]


@given(
    st.integers(1, 2000),
    st.lists(st.integers(0, 10_000_000), max_size=32),
    st.none() | st.datetimes(datetime(1971, 1, 1), datetime(2038, 1, 18), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_whatever_openport_is_given_arrives(port_id: int, codes: list[int], moment: datetime | None) -> None:
    given = {"port_id": port_id, "content": codes, "req_time": moment}
    root = ElementTree.fromstring(request("openport", given, Encoding.XML))
    params = json.loads(request("openport", given, Encoding.JSON))["params"]
    assert root.findtext("params/port_id") == str(params["port_id"]) == str(port_id)
    assert [int(one.text or "") for one in root.findall("params/select/content")] == codes
    assert params.get("select", {}).get("content", []) == codes
    sent = root.findtext("params/req_time")
    assert sent == params.get("req_time")
    if moment is not None and sent is not None:
        assert sent.endswith("Z")
        assert datetime.fromisoformat(sent) == moment.replace(microsecond=0)
