"""Bytes of the task interface read into method and parameters."""

import pytest

from console.simulator.requests import MAX_DEPTH, Malformed, Node, Request, read_json, read_xml

PORT = "<methodcall><name>getportstatus</name><params><port_id>4</port_id></params></methodcall>"
CALLED = Request("getportstatus", [("port_id", "4")])


@pytest.mark.parametrize(
    "document",
    [
        PORT,
        '<?xml version="1.0"?>' + PORT,
        '<?xml version="1.0" encoding="utf-8"?>\n' + PORT,
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + PORT,
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + PORT,
        "\ufeff" + PORT,
        PORT.replace("><", ">\r\n\t<"),
        PORT.replace("<name>getportstatus", "<name> getportstatus "),
        PORT.replace("4", "<!-- the port --><![CDATA[4]]>"),
        PORT.replace("<port_id>", "<port_id since='always'>"),
        "<methodcall><params><port_id>4</port_id></params><name>getportstatus</name></methodcall>",
    ],
)
def test_ways_to_write_the_same_request(document: str) -> None:
    assert read_xml(document.encode()) == CALLED


@pytest.mark.parametrize("params", ["", "<params/>", "<params></params>"])
def test_params_may_be_absent(params: str) -> None:
    assert read_xml(f"<methodcall><name>getsystemmode</name>{params}</methodcall>".encode()).params == []


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_both_encodings_carry_their_letters(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><methodcall><name>größe</name></methodcall>'
    assert read_xml(text.encode(encoding)).method == "größe"


DOCTYPE = '<!DOCTYPE methodcall [<!ENTITY a "x">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        PORT.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-16"?>' + PORT.encode(),
        b'<?xml version="1.0" encoding="windows-1252"?>' + PORT.encode(),
        b'<?xml version="1.1"?>' + PORT.encode(),
        "<methodcall><name>größe</name></methodcall>".encode("iso-8859-1"),
        PORT.encode()[:-1],
        PORT.encode() + b">",
        PORT.encode() + PORT.encode(),
        DOCTYPE.encode() + PORT.encode(),
        (DOCTYPE + PORT.replace("4", "&a;")).encode(),
        b"<!DOCTYPE methodcall>" + PORT.encode(),
        PORT.replace("4", "&a;").encode(),
        PORT.replace("4", "\x00").encode(),
        PORT.replace("methodcall", "methodCall").encode(),
        b"<methodcall/>",
        b"<methodcall><params/></methodcall>",
        b"<methodcall><name/></methodcall>",
        b"<methodcall><name><a/></name></methodcall>",
        b"<methodcall>openport</methodcall>",
        b"<methodcall>stray<name>openport</name></methodcall>",
        b"<methodcall><name>openport</name><name>closeport</name></methodcall>",
        b"<methodcall><name>openport</name><params/><params/></methodcall>",
        b"<methodcall><name>openport</name><port_id>4</port_id></methodcall>",
        b"<methodcall><name>openport</name><params>4</params></methodcall>",
        b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1),
        b"<a>" * 100_000,
    ],
)
def test_xml_that_is_no_request(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_xml(body)


@pytest.mark.parametrize(
    ("document", "params"),
    [
        ('{"method": "m"}', []),
        ('{"method": "m", "params": {}}', []),
        ('{"method": "m", "params": []}', []),
        ('{"params": {"port_id": 4}, "method": " m "}', [("port_id", 4)]),
        (
            '{"method": "m", "params": {"a": true, "b": "x", "c": null}}',
            [("a", True), ("b", "x"), ("c", None)],
        ),
        (
            '{"method": "m", "params": {"select": {"category": [1, 2]}}}',
            [("select", [("category", 1), ("category", 2)])],
        ),
        (
            '{"method": "m", "params": {"bins": [{"bin_id": 1}, {"begingroup": ""}]}}',
            [("bins", [("bin_id", 1)]), ("bins", [("begingroup", "")])],
        ),
    ],
)
def test_json_becomes_the_same_nodes_as_xml(document: str, params: list[Node]) -> None:
    assert read_json(document.encode()) == Request("m", params)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"4",
        b"null",
        b'"openport"',
        b"{}",
        b'{"method": 4}',
        b'{"method": ""}',
        b'{"method": "m", "params": 4}',
        b'{"method": "m", "params": [{"a": 1}, {"b": 2}]}',
        b'{"method": "m", "id": 1}',
        b'{"method": "m", "params": {"a": [[1]]}}',
        b'{"method": "m", "params": {"a": NaN}}',
        b'{"method": "\xff"}',
        b'{"method": "m", "params": ' + b'{"a":' * 50 + b"1" + b"}" * 51,
        b'{"method": "m", "params": ' + b'{"a":' * 100_000,
        b"[" * 100_000,
    ],
)
def test_json_that_is_no_request(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_json(body)
