"""MOR calls to form bodies and bodies to replies; pure functions.

Decoding follows the order of mor.md 1.4: nothing is decided from the content type, an
element named error at any depth is a refusal, and success needs its own element.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from lxml import etree
from msgspec import Struct

from console.documents import GZIP_MAGIC, LISTING, REPLY, DocumentError, Limits, inflate, parse_xml
from console.fields import Arguments, Field, Kind, Scalar
from console.mor.calls import Call, Profile
from console.mor.replies import Reply
from console.mor.signing import sign
from console.secret import Secret
from console.text import safe

CONTENT_TYPE = "application/x-www-form-urlencoded"

_PLAIN_STARTS = (b"<?xml", b"<page", b"<status", b"<error")
_WRAPPED_PAGE = re.compile(rb"<page[\s>].*</page\s*>", re.DOTALL)


class Caller(Struct, frozen=True):
    """Who is calling, and in which dialect: `password` only for servers that still want one."""

    user: str
    secret: Secret
    password: Secret | None = None
    profile: Profile = Profile.Y2019


class ServerError(Exception):
    """The server's own error text, verbatim."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
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


def parse(call: Call, body: bytes) -> etree._Element:
    """Return the root of a success.

    Raises:
        ServerError: the document carries an error.
        DocumentError: it is neither a success of this call nor an error.
    """
    allowed = limits(call)
    if body.startswith(GZIP_MAGIC):
        body = inflate(body, allowed.bytes)
    root = parse_xml(_unwrapped(body), allowed)
    for element in root.iter("{*}*"):
        if str(element.tag).lower() == "error":
            raise ServerError(" ".join("".join(element.itertext()).split()))
    _require_success(call, root)
    return root


def _unwrapped(body: bytes) -> bytes:
    """Return the document inside, when a server wraps it in HTML for the sake of old consumers."""
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.lower().startswith(_PLAIN_STARTS):
        return body
    wrapped = _WRAPPED_PAGE.search(body)
    if wrapped is None:
        raise DocumentError(f"the reply is not a MOR answer ({len(body)} bytes)")
    return wrapped[0]


def _require_success(call: Call, root: etree._Element) -> None:
    found = root.find(call.marker) if root.tag == "page" and call.marker else None
    if found is None:
        raise DocumentError(f"the reply is neither a success of {call.name} nor an error")
    text = (found.text or "").strip()
    if call.texts and found.tag != "success" and text not in call.texts:
        raise DocumentError(f"the reply is not the documented success of {call.name}")


def records(call: Call, root: etree._Element) -> Iterator[etree._Element]:
    """Return the rows of a list, however many there are: one child is still a list."""
    holder = root.find(call.marker)
    return iter(()) if holder is None else holder.iterchildren(call.record)


def read(call: Call, root: etree._Element) -> Reply:
    """Return a success as values by name; the rows of a list stand under the list's name."""
    if not call.record:
        return _values(call.returns, root)
    name = call.marker.rpartition("/")[2]
    return {name: tuple(_values(call.returns, row) for row in records(call, root))}


def _values(fields: tuple[Field, ...], element: etree._Element) -> dict[str, Any]:
    known = {field.name: field for field in fields}
    return {
        safe(str(child.tag), 64): _value(known.get(str(child.tag)), child)
        for child in element.iterchildren("*")
    }


def _value(field: Field | None, element: etree._Element) -> Scalar | dict[str, Any] | None:
    if len(element):
        return _values((), element)
    text = (element.text or "").strip()
    if field is not None and field.kind is Kind.SECRET:
        return Secret(text)
    if field is not None and field.kind is Kind.INTEGER:
        return int(text) if re.fullmatch(r"-?[0-9]{1,12}", text, re.ASCII) else None
    return safe(text)
