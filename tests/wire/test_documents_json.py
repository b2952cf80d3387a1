"""JSON documents: read when whole, refused when broken, ambiguous or too large."""

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.documents import DocumentError, Limits, parse_json

SMALL = Limits(bytes=200, elements=6, depth=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_what_json_writes_is_read(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert parse_json(text.encode()) == value
        assert parse_json(b"\xef\xbb\xbf" + text.encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"params": {}',
        b'{"params": {}} x',
        b'{"params": {}}{}',
        b"{'params': {}}",
        b'{"a": 1,}',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"\xff\xfe{\x00}\x00",
        b"<response><params/></response>",
        b"1" * 5000,
        b"\x00",
    ],
)
def test_broken_documents_are_refused(body: bytes) -> None:
    with pytest.raises(DocumentError, match="the reply is not JSON"):
        parse_json(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"a": NaN}', "holds NaN"),
        (b"[Infinity]", "holds Infinity"),
        (b"-Infinity", "holds -Infinity"),
        (b'{"a": 1, "a": 2}', "names something twice"),
        (b'{"b": {"a": 1, "\\u0061": 1}}', "names something twice"),
        (b'"\\ud800"', "half a character"),
        (b'{"\\udfff": 1}', "half a character"),
        (b'["x", {"a": ["\\udc00\\ud800"]}]', "half a character"),
        (b'"' + b"x" * 199 + b'"', "larger than 200 bytes"),
        (b"[1,2,3,4,5,6,7]", "more than 6 values"),
        (b'{"a":1,"b":2,"c":3,"d":4}', "more than 6 values"),
        (b"[[[[[1]]]]]", "nested deeper than 4"),
        (b'{"a":[[[1]]]}', "nested deeper than 4"),
    ],
)
def test_ambiguous_and_large_documents_are_refused(body: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_json(body, SMALL)


@pytest.mark.parametrize("body", [b"[1,2,3,4,5]", b"[[[1]]]", b'"\\ud83d\\ude00"', b'"' + b"x" * 198 + b'"'])
def test_up_to_the_limits_all_is_well(body: bytes) -> None:
    assert parse_json(body, SMALL) == json.loads(body)


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"[" * 200_000,
        lambda: b'{"a":' * 40_000,
        lambda: b"[" * 4_000 + b"]" * 4_000,
        lambda: b"[" + b"[]," * 80_000 + b"[]]",
        lambda: b'"' + b"\\ud800" * 40_000 + b'"',
        lambda: b"9" * 250_000,
        lambda: b"[" * 8_000_000,
    ],
)
def test_hostile_documents_are_refused_at_once(make: Callable[[], bytes]) -> None:
    body = make()
    started = time.thread_time()
    with pytest.raises(DocumentError):
        parse_json(body)
    assert time.thread_time() - started < 0.5


@given(st.binary(max_size=60) | st.text('{}[]",:0123456789.eE-\\u nulltrefas').map(str.encode))
def test_any_bytes_are_a_document_or_an_error(data: bytes) -> None:
    try:
        parse_json(data)
    except DocumentError as error:
        assert str(error).isprintable()
