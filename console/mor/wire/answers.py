"""Bodies of MOR answers to replies.

Decoding follows the order of mor.md 1.4: nothing is decided from the content type, an
element named error at any depth is a refusal, and success needs its own element.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from lxml import etree

from console.documents import (
    BOM,
    GZIP_MAGIC,
    LISTING,
    REPLY,
    DocumentError,
    Limits,
    inflate,
    parse_rows,
    parse_xml,
)
from console.fields import Kind, whole_number
from console.mor.calls import Call
from console.mor.replies import Reply
from console.mor.wire.values import Row, values
from console.text import safe

T = TypeVar("T")

FLAT = Limits(bytes=16 * 1024 * 1024, elements=400_000)
"""A list whose rows have no element of their own, so that it cannot be read row by row."""

_PLAIN_STARTS = (b"<?xml", b"<page", b"<status", b"<error")
_WRAPPED_STARTS = (b"<html", b"<head", b"<body", b"<!doctype html")
_PAGE = re.compile(rb"<page[\s>]")

_ERROR = "error"
"""The name of an element that is a refusal, in any case and in any namespace."""

_PIECE = 1024 * 1024
"""Bytes that are searched in one go: on a thread, the thread of the screen gets its turn in between."""


class ServerError(Exception):
    """The server's own error, `text` verbatim but for runs of space."""

    def __init__(self, text: str) -> None:
        super().__init__(safe(text))
        self.text = text


def limits(call: Call) -> Limits:
    """Return how large a reply of that call may be (operations-safety rule 57)."""
    if call.row_start:
        return FLAT
    return LISTING if call.listing else REPLY


def decode(call: Call, body: bytes) -> Reply:
    """Return a success as values by name; the rows of a list stand under the list's name.

    Raises:
        ServerError: the document carries an error.
        DocumentError: it is neither a success of this call nor an error.
    """
    if call.listing:
        rows, root = _rows(call, body, lambda row: values(call.returns, row))
        beside = [child for child in root if child.tag in {field.name for field in call.header}]
        return {**values(call.header, beside), call.listing: rows}
    root = parse_xml(_opened(call, body), limits(call))
    _require_success(call, root, _errors(root))
    return values(call.returns, root)


def decode_rows(call: Call, body: bytes, read: Callable[[Mapping[str, str]], T | None]) -> tuple[T, ...]:
    """Return the rows of a list as `read` made them from texts by name; those it made None are left out.

    An error that only means an empty list is one.

    Raises:
        ServerError, DocumentError: as `decode`; what `read` raises.
    """
    found, _ = _rows(call, body, lambda row: read({str(cell.tag): (cell.text or "").strip() for cell in row}))
    return tuple(row for row in found if row is not None)


def _rows(call: Call, body: bytes, read: Callable[[Row], T]) -> tuple[tuple[T, ...], etree._Element]:
    """Return what `read` made of the rows of a list, and the root of what is not a row."""
    errors: list[str] = []
    rows: list[T] = []
    *place, tag = ["page", *call.record.split("/")]
    list_of_rows: etree._Element | None = None
    opened = _opened(call, body)
    may_err = _may_err(opened)

    def take(row: etree._Element) -> None:
        nonlocal list_of_rows
        if may_err:
            errors.extend(_errors(row))
        parent = row.getparent()
        if parent is not list_of_rows and [one.tag for one in row.iterancestors()] == place[::-1]:
            list_of_rows = parent
        if parent is not None and parent is list_of_rows:
            rows.append(read(row))

    if call.row_start:
        root = parse_xml(opened, limits(call))
        rows = [read(row) for row in _rows_of_fields(call.row_start, root)]
    else:
        root = parse_rows(opened, tag, take, limits(call))
    errors.extend(_errors(root))
    if errors and errors[0] in call.empty:
        return (), root
    if not (call.empty_page and _is_empty_page(root)):
        _require_success(call, root, errors)
    return tuple(rows), root


def _rows_of_fields(start: str, root: etree._Element) -> list[Row]:
    """Return the fields from each one named `start` to the next, whatever elements hold them."""
    rows: list[Row] = []
    for parent in root.iter("*"):
        row: list[etree._Element] | None = None
        for cell in parent:
            if cell.tag == start:
                row = []
                rows.append(row)
            if row is not None:
                row.append(cell)
    return rows


def _is_empty_page(root: etree._Element) -> bool:
    return root.tag == "page" and not len(root) and not (root.text or "").strip()


def _opened(call: Call, body: bytes) -> bytes:
    """Return the document inside, when a server packs it, or wraps it in HTML for old consumers."""
    if body.startswith(GZIP_MAGIC):
        body = inflate(body, limits(call).bytes)
    body = body.removeprefix(BOM).lstrip()
    begins = body[:16].lower()
    if begins.startswith(_PLAIN_STARTS):
        return body
    start = _PAGE.search(body) if begins.startswith(_WRAPPED_STARTS) else None
    end = body.find(b">", body.rfind(b"</page"))
    if start is None or end < start.end():
        raise DocumentError(f"the reply is not a MOR answer ({len(body)} bytes)")
    return body[start.start() : end + 1]


def _may_err(body: bytes) -> bool:
    """Whether an element could be named error: a hundred thousand rows without need no look at each."""
    name = _ERROR.encode()
    pieces = (body[start : start + _PIECE + len(name)] for start in range(0, len(body), _PIECE))
    return any(name in piece.lower() for piece in pieces)


def _errors(element: etree._Element) -> list[str]:
    return [
        " ".join(" ".join(map(str, one.itertext())).split())
        for one in element.iter("{*}*")
        if str(one.tag).rpartition("}")[2].lower() == _ERROR
    ]


def _require_success(call: Call, root: etree._Element, errors: list[str]) -> None:
    success = _success(call, root)
    if errors and call.mutating and success is not None and not _only_wraps(success):
        # A command that may have been carried out must not be reported as refused.
        raise DocumentError(f"the reply is both a success of {call.name} and an error")
    if errors and not errors[0]:
        raise DocumentError("the reply is an error without a text")
    if errors:
        raise ServerError(errors[0])
    if success is None:
        raise DocumentError(f"the reply is neither a success of {call.name} nor an error")
    if not _is_documented(call, success):
        raise DocumentError(f"the reply is not the documented success of {call.name}")


def _success(call: Call, root: etree._Element) -> etree._Element | None:
    if root.tag != "page":
        return None
    return next(root.iter(call.row_start), None) if call.row_start else root.find(call.marker)


def _only_wraps(success: etree._Element) -> bool:
    """Whether it is the status that other calls put their error in, and no word of success."""
    return success.tag == "status" and not _words(success)


def _is_documented(call: Call, success: etree._Element) -> bool:
    words = _words(success)
    if success.tag == "success":
        return bool(words)
    field = next((field for field in call.returns if field.name == success.tag), None)
    if call.mutating and field is not None and field.kind is Kind.INTEGER:
        number = whole_number(words)  # the id of what was created is the proof, whatever the words
        return number is not None and field.low <= number <= field.high
    return not call.texts or words in call.texts


def _words(element: etree._Element) -> str:
    return " ".join((element.text or "").split())
