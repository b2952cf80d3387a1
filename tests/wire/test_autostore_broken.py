"""Whatever is not a whole, documented reply is an error, and never a success."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.autostore.catalogue import Method
from console.autostore.methods import find
from console.autostore.wire import CONTENT_TYPES, Encoding, Fault, decode
from console.documents import DocumentError


def method(name: str) -> Method:
    found = find(name)
    assert found is not None
    return found


OPENPORT, BINS, STATUS = method("openport"), method("getbinstate"), method("getportstatus")

WHOLE_XML = {
    "done": b'<?xml version="1.0" encoding="utf-8"?>\n<response>\n  <params/>\n</response>',
    "refused": b'<?xml version="1.0"?><response><fault><code>1000</code></fault></response>',
    "status": b"<response><params><port_id>4</port_id><mode>OPEN</mode></params></response>",
    "bins": b"<response><params><bins><bin><bin_id>1</bin_id></bin></bins></params></response>",
}
WHOLE_JSON = {
    "done": b'{"params": {}}',
    "refused": b'{"fault": {"code": 1000}}',
    "bins": b'{"response": {"params": {"bins": {"bin": [{"bin_id": 1}]}}}}',
}
CUTS = [
    *((Encoding.XML, body[:cut]) for body in WHOLE_XML.values() for cut in range(len(body))),
    *((Encoding.JSON, body[:cut]) for body in WHOLE_JSON.values() for cut in range(len(body))),
]


def refused_to_read(called: Method, body: bytes, encoding: Encoding, content_type: str | None = None) -> str:
    with pytest.raises(DocumentError) as raised:
        decode(called, body, CONTENT_TYPES[encoding] if content_type is None else content_type, encoding)
    message = str(raised.value)
    assert message.isprintable()
    return message


@pytest.mark.parametrize("called", [OPENPORT, BINS], ids=lambda called: called.name)
def test_a_reply_cut_anywhere(called: Method) -> None:
    assert len(CUTS) > 300
    for encoding, body in CUTS:
        refused_to_read(called, body, encoding)


XML_BROKEN = {
    "empty": "",
    "html": "<html><body><h1>502 Bad Gateway</h1></body></html>",
    "html page": "<!DOCTYPE html><html><body>It works</body></html>",
    "wrong root": "<reply><params/></reply>",
    "namespace": '<response xmlns="urn:x"><params/></response>',
    "upper case": "<Response><Params/></Response>",
    "echo": "<methodcall><name>openport</name><params/></methodcall>",
    "bare params": "<params/>",
    "bare fault": "<fault><code>1000</code></fault>",
    "nothing inside": "<response/>",
    "only text": "<response>OK</response>",
    "both": "<response><params/><fault><code>1000</code></fault></response>",
    "deeper": "<response><response><params/></response></response>",
    "two params": "<response><params/><params/></response>",
    "two faults": "<response><fault><code>1</code></fault><fault><code>2</code></fault></response>",
    "text in params": "<response><params>failed</params></response>",
    "text beside params": "<response><params/>failed</response>",
    "text before params": "<response>error: <params/></response>",
    "text among values": "<response><params><port_id>4</port_id>oops</params></response>",
    "two documents": "<response><params/></response><response><params/></response>",
    "trailing text": "<response><params/></response>garbage",
    "dtd": "<!DOCTYPE response><response><params/></response>",
    "entity": '<!DOCTYPE r [<!ENTITY x "1">]><response><params>&x;</params></response>',
    "unknown entity": "<response><params>&x;</params></response>",
    "fault without code": "<response><fault/></response>",
    "fault as text": "<response><fault>1000</fault></response>",
    "fault with empty code": "<response><fault><code/></fault></response>",
    "fault with words": "<response><fault><code>ten</code></fault></response>",
    "fault with two codes": "<response><fault><code>1</code><code>2</code></fault></response>",
    "fault with odd digits": "<response><fault><code>١٠٠٠</code></fault></response>",
    "fault with underscores": "<response><fault><code>1_000</code></fault></response>",
    "fault with nested code": "<response><fault><code><x>1000</x></code></fault></response>",
    "control character": "<response><params>\x1b</params></response>",
    "json": '{"params": {}}',
}


@pytest.mark.parametrize("name", XML_BROKEN)
def test_broken_xml(name: str) -> None:
    for called in (OPENPORT, BINS):
        refused_to_read(called, XML_BROKEN[name].encode(), Encoding.XML)


JSON_BROKEN = {
    "empty": "",
    "null": "null",
    "list": "[]",
    "number": "1",
    "text": '"ok"',
    "nothing inside": "{}",
    "other": '{"result": {}}',
    "both": '{"params": {}, "fault": {"code": 1000}}',
    "both, one null": '{"params": {}, "fault": null}',
    "twice": '{"params": {}, "params": {}}',
    "wrapper and more": '{"response": {"params": {}}, "x": 1}',
    "double wrapper": '{"response": {"response": {"params": {}}}}',
    "params list": '{"params": []}',
    "params true": '{"params": true}',
    "params text": '{"params": "ok"}',
    "params number": '{"params": 0}',
    "fault null": '{"fault": null}',
    "fault empty": '{"fault": {}}',
    "fault number": '{"fault": 1000}',
    "code true": '{"fault": {"code": true}}',
    "code null": '{"fault": {"code": null}}',
    "code float": '{"fault": {"code": 1000.0}}',
    "code list": '{"fault": {"code": [1000]}}',
    "code huge": '{"fault": {"code": ' + "9" * 4000 + "}}",
    "nan": '{"params": {"x": NaN}}',
    "infinity": '{"params": {"x": -Infinity}}',
    "half a character": '{"params": {"x": "\\ud800"}}',
    "deep": '{"params": ' + '{"a":' * 40 + "1" + "}" * 41,
    "trailing": '{"params": {}} {}',
    "xml": "<response><params/></response>",
}


@pytest.mark.parametrize("name", JSON_BROKEN)
def test_broken_json(name: str) -> None:
    refused_to_read(OPENPORT, JSON_BROKEN[name].encode(), Encoding.JSON)


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        (Encoding.XML, "text/html"),
        (Encoding.XML, "text/html; charset=utf-8"),
        (Encoding.XML, "application/json"),
        (Encoding.XML, "text/plain"),
        (Encoding.XML, "application/octet-stream"),
        (Encoding.XML, "\x1b[31mapplication/xml"),
        (Encoding.JSON, "application/xml"),
        (Encoding.JSON, "text/html"),
    ],
)
def test_a_wrong_content_type(encoding: Encoding, content_type: str) -> None:
    body = WHOLE_XML["done"] if encoding is Encoding.XML else WHOLE_JSON["done"]
    message = refused_to_read(OPENPORT, body, encoding, content_type)
    assert message.startswith("the reply is ")


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        (Encoding.XML, "application/xml"),
        (Encoding.XML, "Application/XML; charset=UTF-8"),
        (Encoding.XML, "text/xml"),
        (Encoding.XML, ""),
        (Encoding.JSON, "application/json; charset=utf-8"),
        (Encoding.JSON, ""),
    ],
)
def test_a_right_content_type(encoding: Encoding, content_type: str) -> None:
    body = WHOLE_XML["done"] if encoding is Encoding.XML else WHOLE_JSON["done"]
    assert decode(OPENPORT, body, content_type, encoding) == {}


def test_replies_over_the_limits_of_their_kind() -> None:
    tags = b"<x/>" * 5_000
    refused_to_read(STATUS, b"<response><params>" + tags + b"</params></response>", Encoding.XML)
    refused_to_read(BINS, b"<response><params>" + tags * 400 + b"</params></response>", Encoding.XML)
    long = b"<response><params><x>" + b"x" * 262_144 + b"</x></params></response>"
    assert "262144 bytes" in refused_to_read(STATUS, long, Encoding.XML)
    assert decode(BINS, long, "", Encoding.XML)
    deep = b"<response><params>" + b"<x>" * 31 + b"</x>" * 31 + b"</params></response>"
    assert "nested deeper than 32" in refused_to_read(STATUS, deep, Encoding.XML)
    rows = b"<bins><bin>" + b"<x>" * 40 + b"</x>" * 40 + b"</bin></bins>"
    refused_to_read(BINS, b"<response><params>" + rows + b"</params></response>", Encoding.XML)


TAGS = ["response", "params", "fault", "code", "bins", "bin"]
MARKUP = [*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), "<params/>"]
OTHER = [
    "<bin_id>1</bin_id>",
    "1000",
    " ",
    "x",
    "&lt;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "\ufeff",
    "<?xml?>",
]
PIECES = st.lists(st.sampled_from([*MARKUP, *OTHER]), max_size=16).map("".join)
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["response", "params", "fault", "code", "bins", "bin", "bin_id", "mode"]), inner
        )
    ),
    max_leaves=8,
)


def read_or_refused(body: bytes, encoding: Encoding) -> list[object]:
    results: list[object] = []
    for called in (OPENPORT, STATUS, BINS):
        try:
            results.append(decode(called, body, "", encoding))
        except DocumentError as error:
            assert str(error).isprintable()
    return results


@given(PIECES.map(str.encode) | st.binary(max_size=80))
def test_any_bytes_are_a_reply_a_fault_or_an_error(body: bytes) -> None:
    for encoding in Encoding:
        for result in read_or_refused(body, encoding):
            assert isinstance(result, (dict, Fault))


@given(SHAPES)
def test_any_json_is_a_success_only_with_params(document: object) -> None:
    inner = document
    if isinstance(document, dict) and set(document) == {"response"}:
        inner = document["response"]
    names = set(inner) & {"params", "fault"} if isinstance(inner, dict) else set()
    for result in read_or_refused(json.dumps(document).encode(), Encoding.JSON):
        assert names == ({"fault"} if isinstance(result, Fault) else {"params"})
