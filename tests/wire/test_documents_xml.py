"""XML documents: read when plain and whole, refused when broken, forbidden or too large."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.documents import LISTING, REPLY, DocumentError, Limits, parse_rows, parse_xml

SMALL = Limits(bytes=1000, elements=20, depth=5)
BOMB = b"""<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><a>&d;</a>"""


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<a>x</a>", "x"),
        (b'<?xml version="1.0"?><a>x</a>', "x"),
        (b" \r\n\t<a>x</a> \n", "x"),
        (b"\xef\xbb\xbf<a>x</a>", "x"),
        ('<?xml version="1.0" encoding="UTF-8"?><a>é倉</a>'.encode(), "é倉"),
        ("<a>é倉</a>".encode(), "é倉"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", "é"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>Ã©</a>'.encode("latin-1"), "Ã©"),
        (b'<?xml version="1.0" encoding="windows-1252" standalone="yes"?><a>\x80</a>', "€"),
        (b"<a>\xe9</a>", "é"),
        (b"<a>1<!-- no -->2<?pi ?>3<![CDATA[<4>]]></a>", "123<4>"),
        (b"<a>&lt;&#233;&#x1F600;&amp;</a>", "<é😀&"),
    ],
)
def test_plain_documents_are_read(body: bytes, text: str) -> None:
    root = parse_xml(body)
    assert (root.tag, root.text, len(root)) == ("a", text, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\xef\xbb\xbf",
        b"x",
        b"<a>",
        b"<a/><b/>",
        b"<a/>x",
        b"<a></b>",
        b"<a>&nbsp;</a>",
        b"<a b='&x;'/>",
        b"<a>\x00</a>",
        b"<a>\x1b[m</a>",
        b"<a>&#27;</a>",
        b"<a b='1' b='2'/>",
        b'{"params": {}}',
        b"<!doctype html><html><body>Error</body></html>",
        b'<?xml version="1.0" encoding="UTF-8"?><a>\xe9</a>',
        b'<?xml version="1.0" encoding="UTF-7"?><a>+AGE-</a>',
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        b'<?xml version="1.0"' + b" " * 600 + b'encoding="UTF-7"?>+ADw-a/+AD4-',
        "<a/>".encode("utf-16"),
        "<a/>".encode("utf-16-le"),
        "<a/>".encode("utf-16-be"),
        "<a/>".encode("utf-32"),
        "<?xml version='1.0'?><a/>".encode("cp037"),
    ],
)
def test_broken_documents_are_refused(body: bytes) -> None:
    with pytest.raises(DocumentError):
        parse_xml(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE a><a/>",
        b"<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a/>",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        BOMB,
        b"<a><!ENTITY x 'y'></a>",
    ],
)
def test_dtds_and_entities_are_refused(body: bytes) -> None:
    with pytest.raises(DocumentError, match="a DTD or an entity, which is refused"):
        parse_xml(body)


def test_no_file_is_read(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("c4nary")
    for kind in (f'SYSTEM "{canary.as_uri()}"', f'PUBLIC "x" "{canary}"'):
        body = f"<!DOCTYPE a [<!ENTITY x {kind}>]><a>&x;</a>".encode()
        for encoded in (body, body.decode().encode("utf-16"), b"\xef\xbb\xbf" + body):
            with pytest.raises(DocumentError) as raised:
                parse_xml(encoded)
            assert "c4nary" not in str(raised.value)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<a>" + b"x" * 994 + b"</a>", "larger than 1000 bytes"),
        (b"<a>" + b"<b/>" * 20 + b"</a>", "more than 20 elements"),
        (b"<a>" + b"<b></b>" * 20 + b"</a>", "more than 20 elements"),
        (b"<a>" + b"<b/>" * 200 + b"</a>", "more than 20 elements"),
        (b"<a b='' c='' d='' e='' f='' g=''/>", "more than 5 attributes"),
        (b"<a>" * 6 + b"</a>" * 6, "nested deeper than 5"),
    ],
)
def test_limits_are_named(body: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_xml(body, SMALL)


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" + b"x" * 993 + b"</a>",
        b"<a>" + b"<b/>" * 19 + b"</a>",
        b"<a>" + b"<b></b>" * 19 + b"</a>",
        b"<a b='' c='' d='' e='' f=''/>",
        b"<a>" * 5 + b"</a>" * 5,
    ],
)
def test_up_to_the_limits_all_is_well(body: bytes) -> None:
    assert parse_xml(body, SMALL).tag == "a"


def test_the_limits_of_a_reply_are_those_of_rule_57() -> None:
    assert REPLY == (256 * 1024, 5_000, 32)
    assert LISTING.bytes == 64 * 1024 * 1024
    assert LISTING.depth == 32


@pytest.mark.parametrize("depth", [33, 250, 300, 5_000, 60_000])
def test_nesting_is_refused_at_any_depth(depth: int) -> None:
    body = b"<a>" * depth + b"</a>" * depth
    with pytest.raises(DocumentError):
        parse_xml(body, LISTING)


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"<a>" + b"<b/>" * 2_000_000 + b"</a>",
        lambda: b"<" * 8_000_000,
        lambda: b"<a>" * 60_000,
        lambda: b"<a " + b"b=''" * 60_000,
        lambda: b"<?xml " * 40_000,
        lambda: b"<!--" * 60_000,
        lambda: b"<a>" + b"&#60;" * 50_000,
        lambda: b'<?xml version="1.0"' + b" encoding" * 20_000,
    ],
)
def test_hostile_documents_are_refused_at_once(make: Callable[[], bytes]) -> None:
    body = make()
    started = time.thread_time()
    with pytest.raises(DocumentError):
        parse_xml(body)
    assert time.thread_time() - started < 0.5


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"<a>", b"<?xml version='1.0' encoding='", b"\xef\xbb\xbf<"]),
)
def test_any_bytes_are_a_document_or_an_error(data: bytes, start: bytes) -> None:
    for parse in (parse_xml, lambda body: parse_rows(body, "b", lambda row: None)):
        try:
            assert isinstance(parse(start + data).tag, str)
        except DocumentError as error:
            assert str(error).isprintable()
