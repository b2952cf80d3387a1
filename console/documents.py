"""Documents from outside, read within limits (operations-safety rules 56 to 59).

Whatever arrives becomes a parsed document or a `DocumentError`; nothing in it can reach a
file, the network, or more memory than its kind of reply deserves.
"""

import json
import re
import zlib
from collections.abc import Callable
from functools import cache
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
BOM = b"\xef\xbb\xbf"

_CODECS = {
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "windows-1252",
}
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_STRUCTURE = (b"[", b"{", b",", b":")

_PARSING: dict[str, Any] = {
    "encoding": "utf-8",  # whatever the document says: the text was decoded before
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
_FEED = 64 * 1024


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
    """Return the root of an XML document, without its comments and processing instructions.

    A byte order mark and leading space are dropped; bytes that are not UTF-8 and declare nothing
    are ISO-8859-1, the other encoding both protocols use.

    Raises:
        DocumentError: not well-formed, with a DTD or entities, in an unexpected encoding, or over
            `limits`. The count of elements is bounded before parsing, because 8 MB of empty
            tags cost 220 MB once parsed.
    """
    try:
        root: etree._Element = etree.fromstring(_utf8(body, limits), etree.XMLParser(**_PARSING))
    except etree.XMLSyntaxError:
        raise DocumentError("the reply is not well-formed XML") from None
    _checked_document(root, limits)
    return root


def parse_rows(
    body: bytes, tag: str, take: Callable[[etree._Element], None], limits: Limits = LISTING
) -> etree._Element:
    """Read a long XML list row by row and return the root of what is not a row.

    Each element named `tag`, wherever it stands, is given to `take` when it is complete and then
    forgotten, so that memory holds few rows at a time and at most `REPLY.elements` of anything else.
    What `take` has kept counts only once this has returned: the document may yet turn out broken.

    Raises:
        DocumentError: as `parse_xml`.
    """
    body = _utf8(body, limits)
    parser = etree.XMLPullParser(events=("end",), tag=tag, **_PARSING)
    taken: etree._Element | None = None
    held = 0.0
    for start in range(0, len(body), _FEED):
        chunk = body[start : start + _FEED]
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError:
            raise DocumentError("the reply is not well-formed XML") from None
        rows = [row for _, row in parser.read_events()]
        nested = bool(rows) and _has_nested(tag)(rows[0])
        for row in rows:
            if nested:
                _checked(row, limits)
            take(row)
            # The last row stays: the parser may still be adding to the text behind it.
            if taken is not None and (parent := taken.getparent()) is not None:
                parent.remove(taken)
            taken = row
        held = held + _starts(chunk) if taken is None else _elements_beside(taken)
        if held > REPLY.elements:
            raise DocumentError(f"the reply has more than {REPLY.elements} elements outside its rows")
    try:
        root = parser.close()
    except etree.XMLSyntaxError:
        raise DocumentError("the reply is not well-formed XML") from None
    _checked_document(root, limits)
    return root


def _utf8(body: bytes, limits: Limits) -> bytes:
    """Return `body` in UTF-8, if parsing it is safe at all."""
    if len(body) > limits.bytes:
        raise DocumentError(f"the reply is larger than {limits.bytes} bytes")
    body = body.removeprefix(BOM).lstrip()
    if not body:
        raise DocumentError("the reply is empty")
    declared = _DECLARED.match(body[:512])
    codec = _CODECS.get(declared[1].decode("ascii").lower()) if declared else "utf-8"
    if codec is None:
        raise DocumentError("the reply is in an encoding that is not expected")
    if not body.isascii():
        try:
            body = body.decode(codec).encode()
        except UnicodeDecodeError:
            if declared:
                raise DocumentError("the reply is not in the encoding it declares") from None
            body = body.decode("iso-8859-1").encode()
    if b"<!" in body and (b"<!DOCTYPE" in body or b"<!ENTITY" in body):
        raise DocumentError("the reply carries a DTD or an entity, which is refused")
    if body.count(b"<") > limits.elements and _starts(body) > limits.elements:
        raise DocumentError(f"the reply has more than {limits.elements} elements")
    # An attribute costs as much as an element, and neither protocol has any.
    if body.count(b"=") > limits.elements // 4:
        raise DocumentError(f"the reply has more than {limits.elements // 4} attributes")
    return body


def _starts(text: bytes) -> int:
    """Return how many elements begin in a part of a document, or a few more."""
    return text.count(b"<") - text.count(b"</")


def _checked_document(root: etree._Element, limits: Limits) -> None:
    if root.getroottree().docinfo.doctype or next(root.iter(etree.Entity), None) is not None:
        raise DocumentError("the reply carries a DTD or an entity, which is refused")
    _checked(root, limits)


def _checked(element: etree._Element, limits: Limits) -> None:
    if sum(1 for _ in element.iter()) > limits.elements:
        raise DocumentError(f"the reply has more than {limits.elements} elements")
    if _deeper_than(limits.depth)(element):
        raise DocumentError(f"the reply is nested deeper than {limits.depth}")


_elements_beside = etree.XPath("count(/descendant::*) - count(descendant-or-self::*)")
"""How many elements the document of an element has that are not in it."""


@cache
def _has_nested(tag: str) -> etree.XPath:
    """Tell whether any row so named holds more than values; most lists have none, and need no closer look."""
    return etree.XPath(f"boolean(/descendant::{tag}/*/*)")


@cache
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath("boolean(" + "/".join(["*"] * depth) + ")")


def parse_json(body: bytes, limits: Limits = REPLY) -> Any:
    """Return a JSON document as Python values.

    Raises:
        DocumentError: not JSON, not UTF-8, over `limits`, or with what JSON does not allow: NaN,
            a name given twice, half a surrogate pair.
    """
    if len(body) > limits.bytes:
        raise DocumentError(f"the reply is larger than {limits.bytes} bytes")
    # Every value but the first follows one of these, so parsing cannot cost more than the limit.
    if sum(map(body.count, _STRUCTURE)) > limits.elements:
        raise DocumentError(f"the reply has more than {limits.elements} values")
    try:
        document = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant
        )
    except DocumentError:
        raise
    except (ValueError, RecursionError):
        raise DocumentError("the reply is not JSON") from None
    _check_values(document, limits.depth)
    return document


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise DocumentError("the reply names something twice")
    return names


def _no_constant(name: str) -> Any:
    raise DocumentError(f"the reply holds {name}, which is not a number")


def _check_values(document: Any, limit: int) -> None:
    stack = [(1, document)]
    while stack:
        depth, value = stack.pop()
        if depth > limit:
            raise DocumentError(f"the reply is nested deeper than {limit}")
        match value:
            case dict():
                stack.extend((depth + 1, child) for pair in value.items() for child in pair)
            case list():
                stack.extend((depth + 1, child) for child in value)
            case str() if not _whole_characters(value):
                raise DocumentError("the reply holds half a character")


def _whole_characters(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
