"""Documents from outside, read within limits (operations-safety rules 56 to 59).

Whatever arrives becomes a parsed document or a `DocumentError`; nothing in it can reach a
file, the network, or more memory than its kind of reply deserves.
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree


class Limits(NamedTuple):
    """How much of a document is believed: decoded bytes, elements, nesting."""

    bytes: int
    elements: int
    depth: int = 32


REPLY = Limits(bytes=256 * 1024, elements=5_000)
"""A command's reply, or one port's."""

LISTING = Limits(bytes=64 * 1024 * 1024, elements=2_000_000)
"""A list of devices or bins."""


class DocumentError(ValueError):
    """A document that is broken, forbidden or too large; the message names which, never its text."""


GZIP_MAGIC = b"\x1f\x8b"

_ENCODINGS = frozenset({"UTF-8", "ISO-8859-1", "US-ASCII", "ASCII", "WINDOWS-1252"})
_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def inflate(data: bytes, limit: int) -> bytes:
    """Return gzip or zlib `data` decompressed.

    Raises:
        DocumentError: damaged, cut short, followed by something else, or larger than `limit` bytes.
    """
    machine = zlib.decompressobj(wbits=47)
    try:
        plain = machine.decompress(data, limit + 1)
    except zlib.error:
        raise DocumentError("the compressed reply is damaged") from None
    if len(plain) > limit:
        raise DocumentError(f"the reply unpacks to more than {limit} bytes")
    if not machine.eof:
        raise DocumentError("the compressed reply is cut short")
    if machine.unused_data:
        raise DocumentError("the compressed reply is followed by something else")
    return plain


def parse_xml(body: bytes, limits: Limits = REPLY) -> etree._Element:
    """Return the root of an XML document.

    Raises:
        DocumentError: not well-formed, with a DTD or entities, in an unexpected encoding, or over
            `limits`. The count of elements is bounded before parsing, because 8 MB of empty
            tags cost 220 MB once parsed.
    """
    body = prepare_xml(body, limits)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentError("the reply is not well-formed XML") from None
    if root.getroottree().docinfo.doctype:
        raise DocumentError("the reply carries a DTD, which is refused")
    _check_tree(root, limits)
    return root


def prepare_xml(body: bytes, limits: Limits) -> bytes:
    """Return `body` ready to parse, if parsing it is safe at all.

    A byte order mark and leading space are dropped; bytes that are not UTF-8 and declare nothing
    are ISO-8859-1, the other encoding both protocols use.

    Raises:
        DocumentError: see `parse_xml`; everything that can be known without parsing.
    """
    if len(body) > limits.bytes:
        raise DocumentError(f"the reply is larger than {limits.bytes} bytes")
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not body:
        raise DocumentError("the reply is empty")
    if _FORBIDDEN.search(body):
        raise DocumentError("the reply carries a DTD or an entity, which is refused")
    declared = _DECLARED.match(body[:200])
    if declared and declared[1].decode("ascii").upper() not in _ENCODINGS:
        raise DocumentError("the reply is in an encoding that is not expected")
    if body.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")):
        raise DocumentError("the reply is in an encoding that is not expected")
    if not declared and not _is_utf8(body):
        body = body.decode("iso-8859-1").encode()
    # An element has at most two tags, and every tag costs one '<'.
    if body.count(b"<") > 2 * limits.elements + 2:
        raise DocumentError(f"the reply has more than {limits.elements} elements")
    return body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_tree(root: etree._Element, limits: Limits) -> None:
    for elements, (depth, node) in enumerate(_walk(root), start=1):
        if elements > limits.elements:
            raise DocumentError(f"the reply has more than {limits.elements} elements")
        if depth > limits.depth:
            raise DocumentError(f"the reply is nested deeper than {limits.depth}")
        if isinstance(node, etree._Entity):
            raise DocumentError("the reply carries an entity, which is refused")


def _walk(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    stack = [(1, root)]
    while stack:
        depth, node = stack.pop()
        yield depth, node
        stack.extend((depth + 1, child) for child in node)


def parse_json(body: bytes, limits: Limits = REPLY) -> Any:
    """Return a JSON document as Python values.

    Raises:
        DocumentError: not JSON, not UTF-8, over `limits`, or with what JSON does not allow: NaN,
            a name given twice, half a surrogate pair.
    """
    if len(body) > limits.bytes:
        raise DocumentError(f"the reply is larger than {limits.bytes} bytes")
    try:
        text = body.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except DocumentError:
        raise
    except (ValueError, RecursionError):
        raise DocumentError("the reply is not JSON") from None
    _check_values(document, limits)
    return document


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise DocumentError("the reply names something twice")
    return names


def _no_constant(name: str) -> Any:
    raise DocumentError(f"the reply holds {name}, which is not a number")


def _check_values(document: Any, limits: Limits) -> None:
    values = 0
    stack = [(1, document)]
    while stack:
        depth, value = stack.pop()
        values += 1
        if values > limits.elements:
            raise DocumentError(f"the reply has more than {limits.elements} values")
        if depth > limits.depth:
            raise DocumentError(f"the reply is nested deeper than {limits.depth}")
        if isinstance(value, dict):
            stack.extend((depth + 1, child) for pair in value.items() for child in pair)
        elif isinstance(value, list):
            stack.extend((depth + 1, child) for child in value)
        elif isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            raise DocumentError("the reply holds half a character")
