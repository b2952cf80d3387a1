"""MOR calls to form bodies and bodies to replies; pure functions.

Decoding follows the order of mor.md 1.4: nothing is decided from the content type, an
element named error at any depth is a refusal, and success needs its own element.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from lxml import etree
from msgspec import Struct

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
from console.fields import Arguments, Field, Kind, Scalar, check, whole_number
from console.mor.calls import Call, Profile
from console.mor.replies import Reply
from console.mor.signing import sign
from console.secret import Secret
from console.text import safe

T = TypeVar("T")

CONTENT_TYPE = "application/x-www-form-urlencoded"

_PLAIN_STARTS = (b"<?xml", b"<page", b"<status", b"<error")
_WRAPPED_STARTS = (b"<html", b"<head", b"<body", b"<!doctype html")
_PAGE = re.compile(rb"<page[\s>]")
_SENSITIVE = frozenset({"secret", "password", "pin", "uniquehash"})
"""Elements that are hidden wherever they turn up: MOR answers passwords in clear text."""

_USER = Field(name="user", kind=Kind.TEXT, high=255)
_KEY = Field(name="secret", kind=Kind.SECRET, high=4096)
_PASSWORD = Field(name="password", kind=Kind.SECRET, high=4096)


class Caller(Struct, frozen=True):
    """Who is calling, and in which dialect: `password` only for servers that still want one.

    Raises:
        Invalid: a text that could not be sent as it is, such as half a character.
    """

    user: str
    secret: Secret
    password: Secret | None = None
    profile: Profile = Profile.Y2019

    def __post_init__(self) -> None:
        check(_USER, self.user)
        check(_KEY, self.secret)
        if self.password is not None:
            check(_PASSWORD, self.password)


class ServerError(Exception):
    """The server's own error, `text` verbatim but for runs of space."""

    def __init__(self, text: str) -> None:
        super().__init__(safe(text))
        self.text = text


def encode(call: Call, arguments: Arguments, caller: Caller) -> bytes:
    """Return the signed form body of a checked call."""
    params = {name: _text(value) for name, value in arguments.items()}
    params["u"] = caller.user
    if caller.password:
        params["p"] = caller.password.reveal()
    params["hash"] = sign(call, params, caller.secret, caller.profile)
    return urlencode(params).encode()


def _text(value: Any) -> str:
    match value:
        case Secret():
            return value.reveal()
        case bool():
            return "1" if value else "0"
        case _:
            return str(value)


def limits(call: Call) -> Limits:
    """Return how large a reply of that call may be (operations-safety rule 57)."""
    return LISTING if call.record else REPLY


def decode(call: Call, body: bytes) -> Reply:
    """Return a success as values by name; the rows of a list stand under the list's name.

    Raises:
        ServerError: the document carries an error.
        DocumentError: it is neither a success of this call nor an error.
    """
    if call.record:
        name = call.marker.rpartition("/")[2]
        return {name: _rows(call, body, lambda row: _values(call.returns, row))}
    root = parse_xml(_opened(call, body), limits(call))
    _require_success(call, root, _errors(root))
    return _values(call.returns, root)


def decode_rows(call: Call, body: bytes, read: Callable[[Mapping[str, str]], T | None]) -> tuple[T, ...]:
    """Return the rows of a list as `read` made them from texts by name; those it made None are left out.

    An error that only means an empty list is one.

    Raises:
        ServerError, DocumentError: as `decode`; what `read` raises.
    """
    found = _rows(call, body, lambda row: read({str(cell.tag): (cell.text or "").strip() for cell in row}))
    return tuple(row for row in found if row is not None)


def _rows(call: Call, body: bytes, read: Callable[[etree._Element], T]) -> tuple[T, ...]:
    place = ["page", *call.marker.split("/")]
    errors: list[str] = []
    rows: list[T] = []

    def take(row: etree._Element) -> None:
        errors.extend(_errors(row))
        if [parent.tag for parent in row.iterancestors()] == place[::-1]:
            rows.append(read(row))

    root = parse_rows(_opened(call, body), call.record, take, limits(call))
    errors.extend(_errors(root))
    if errors and errors[0] in call.empty:
        return ()
    _require_success(call, root, errors)
    return tuple(rows)


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


def _errors(element: etree._Element) -> list[str]:
    return [
        " ".join(" ".join(map(str, one.itertext())).split())
        for one in element.iter("{*}*")
        if str(one.tag).rpartition("}")[2].lower() == "error"
    ]


def _require_success(call: Call, root: etree._Element, errors: list[str]) -> None:
    success = root.find(call.marker) if root.tag == "page" and call.marker else None
    if errors and call.mutating and success is not None:
        # A command that may have been carried out must not be reported as refused.
        raise DocumentError(f"the reply is both a success of {call.name} and an error")
    if errors and not errors[0]:
        raise DocumentError("the reply is an error without a text")
    if errors:
        raise ServerError(errors[0])
    if success is None:
        raise DocumentError(f"the reply is neither a success of {call.name} nor an error")
    text = (success.text or "").strip()
    if call.texts and not (text if success.tag == "success" else text in call.texts):
        raise DocumentError(f"the reply is not the documented success of {call.name}")


def _values(fields: tuple[Field, ...], element: etree._Element) -> dict[str, Any]:
    known = {field.name: field for field in fields}
    return {safe(str(child.tag), 64): _value(known.get(str(child.tag)), child) for child in element}


def _value(field: Field | None, element: etree._Element) -> Scalar | dict[str, Any] | None:
    if len(element):
        return _values((), element)
    text = (element.text or "").strip()
    if str(element.tag).lower() in _SENSITIVE or (field is not None and field.kind is Kind.SECRET):
        return Secret(text)
    if field is not None and field.kind is Kind.INTEGER:
        return whole_number(text)
    return safe(text)
