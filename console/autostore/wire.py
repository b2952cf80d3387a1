"""Calls to bytes and bytes to replies, in XML and JSON; pure functions.

Requests follow autostore.md 1.2 and 1.3. Replies are read leniently where the vendor's own
pages differ (encodings, booleans, unknown elements) and strictly where leniency could turn a
broken reply into an accepted command (operations-safety rule 3).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from lxml import etree

from console.autostore.catalogue import Method
from console.autostore.replies import Reply
from console.documents import LISTING, REPLY, DocumentError, Limits, parse_json, parse_rows, parse_xml
from console.fields import Arguments, Field, Kind, Value, whole_number
from console.text import SafeText, safe


class Encoding(StrEnum):
    """How a site's controller is spoken to; XML is what its vendor shows in full."""

    XML = "xml"
    JSON = "json"


class Fault(NamedTuple):
    """The documented refusal: a code and nothing else."""

    code: int


CONTENT_TYPES = {Encoding.XML: "application/xml", Encoding.JSON: "application/json"}

_ACCEPTED_TYPES = {
    Encoding.XML: frozenset({"", "application/xml", "text/xml"}),
    Encoding.JSON: frozenset({"", "application/json", "text/json"}),
}


def encode(method: Method, arguments: Arguments, encoding: Encoding) -> bytes:
    """Return the request body of a checked call."""
    if encoding is Encoding.JSON:
        return _encode_json(method, arguments)
    return _encode_xml(method, arguments)


def limits(method: Method) -> Limits:
    """Return how large a reply of that method may be (operations-safety rule 57)."""
    return LISTING if any(field.repeated for field in method.returns) else REPLY


def decode(method: Method, body: bytes, content_type: str, encoding: Encoding) -> Reply | Fault:
    """Return the reply or the fault in `body`.

    Raises:
        DocumentError: anything that is not a complete reply of the documented shape.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _ACCEPTED_TYPES[encoding]:
        raise DocumentError(f"the reply is {safe(kind, 60)}, not {CONTENT_TYPES[encoding]}")
    return (_decode_json if encoding is Encoding.JSON else _decode_xml)(method, body)


# Encoding


def _encode_xml(method: Method, arguments: Arguments) -> bytes:
    call = etree.Element("methodcall")
    etree.SubElement(call, "name").text = method.name
    params = etree.SubElement(call, "params")
    for field, value in _sent(method, arguments):
        parent = params
        if field.container:
            found = params.find(field.container)
            parent = etree.SubElement(params, field.container) if found is None else found
        for one in _each(field, value):
            _append_xml(parent, field, one)
    return etree.tostring(call, xml_declaration=True, encoding="utf-8")


def _append_xml(parent: etree._Element, field: Field, value: Any) -> None:
    if field.kind is Kind.ENTRY:
        ((inner, scalar),) = _record_fields(field, value)
        _append_xml(parent, inner, scalar)
        return
    element = etree.SubElement(parent, field.name)
    if field.kind is Kind.RECORD:
        for inner, scalar in _record_fields(field, value):
            _append_xml(element, inner, scalar)
    else:
        element.text = _scalar_text(value)


def _encode_json(method: Method, arguments: Arguments) -> bytes:
    params: dict[str, Any] = {}
    for field, value in _sent(method, arguments):
        plain = [_plain(field, one) for one in _each(field, value)]
        target = params.setdefault(field.container, {}) if field.container else params
        if field.kind is Kind.ENTRY:
            params[field.container] = plain
        else:
            target[field.name] = plain if field.repeated else plain[0]
    call = {"method": method.name, "params": params} if params else {"method": method.name}
    return json.dumps(call).encode()


def _plain(field: Field, value: Any) -> Any:
    if field.kind in (Kind.RECORD, Kind.ENTRY):
        return {inner.name: _plain(inner, scalar) for inner, scalar in _record_fields(field, value)}
    return _scalar_text(value) if isinstance(value, datetime) else value


def _sent(method: Method, arguments: Arguments) -> Iterable[tuple[Field, Value]]:
    return ((field, arguments[field.name]) for field in method.params if field.name in arguments)


def _each(field: Field, value: Value) -> tuple[Any, ...]:
    return value if field.repeated and isinstance(value, tuple) else (value,)


def _record_fields(field: Field, value: Mapping[str, Any]) -> Iterable[tuple[Field, Any]]:
    return ((inner, value[inner.name]) for inner in field.fields if inner.name in value)


def _scalar_text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            return str(value)


# Decoding: either encoding becomes nested dicts, lists and scalars, then one reader takes over.


def _decode_xml(method: Method, body: bytes) -> Reply | Fault:
    listed = next((field for field in method.returns if field.kind is Kind.RECORD), None)
    if listed is None:
        root = parse_xml(body, limits(method))
        return _read_reply(method, {root.tag: _tree(root)})
    place = [listed.container, "params", "response"]
    rows: list[Reply] = []

    def take(row: etree._Element) -> None:
        values = _tree(row)
        if isinstance(values, dict) and [parent.tag for parent in row.iterancestors()] == place:
            rows.append(_read_values(listed.fields, values))

    root = parse_rows(body, listed.name, take, limits(method))
    reply = _read_reply(method, {root.tag: _tree(root)})
    return {**reply, listed.container: tuple(rows)} if rows and not isinstance(reply, Fault) else reply


def _tree(element: etree._Element) -> Any:
    if len(element) == 0:
        return element.text or ""
    children: dict[str, Any] = {}
    stray = [element.text]
    for child in element:
        stray.append(child.tail)
        value, name = _tree(child), str(child.tag)
        if name not in children:
            children[name] = value
        elif isinstance(children[name], _Repeated):
            children[name].append(value)
        else:
            children[name] = _Repeated((children[name], value))
    if any(text and not text.isspace() for text in stray):
        raise DocumentError("the reply has text between its elements")
    return children


class _Repeated(list[Any]):
    """Values of an element that came more than once."""


def _decode_json(method: Method, body: bytes) -> Reply | Fault:
    document = parse_json(body, limits(method))
    if isinstance(document, dict) and set(document) != {"response"}:
        document = {"response": document}
    return _read_reply(method, document)


def _read_reply(method: Method, document: Any) -> Reply | Fault:
    response = document.get("response") if isinstance(document, dict) else None
    if not isinstance(response, dict) or ("params" in response) == ("fault" in response):
        raise DocumentError("the reply is neither a success nor a fault")
    if "fault" in response:
        return _read_fault(response["fault"])
    params = response["params"]
    if params is None or (isinstance(params, str) and not params.strip()):
        params = {}
    if not isinstance(params, dict):
        raise DocumentError("the reply's params are not a list of values")
    return _read_values(method.returns, params)


def _read_fault(fault: Any) -> Fault:
    code = _integer(fault.get("code")) if isinstance(fault, dict) else None
    if code is None:
        raise DocumentError("the reply is a fault without a code")
    return Fault(code)


def _read_values(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.container or field.name: field for field in fields}
    out: dict[str, Any] = {}
    for name, value in values.items():
        field = known.get(name)
        if field is None:
            out[safe(name, 64)] = _shown(value)
        elif field.kind is Kind.RECORD:
            out[name] = tuple(_read_values(field.fields, one) for one in _records(field, value))
        else:
            out[name] = _read_scalar(field, value)
    return out


def _records(field: Field, value: Any) -> Iterator[Mapping[str, Any]]:
    """Find the records in a container: under their own name, or directly, as a JSON list may have them."""
    for holder in value if isinstance(value, list) else [value]:
        inner = holder.get(field.name, holder) if isinstance(holder, dict) else None
        yield from (one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, dict))


def _read_scalar(field: Field, value: Any) -> int | bool | SafeText | None:
    """Read a documented value in its type; what does not fit is unknown, never a default."""
    match field.kind:
        case Kind.INTEGER:
            number = _integer(value)
            return number if number is not None and field.low <= number <= field.high else None
        case Kind.BOOLEAN:
            return _TRUTH.get(str(value).strip().lower())
        case _:
            return safe(value.strip()) or None if isinstance(value, str) else None


_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def _integer(value: Any) -> int | None:
    if isinstance(value, str):
        return whole_number(value.strip())
    return whole_number(str(value)) if isinstance(value, int) and not isinstance(value, bool) else None


def _shown(value: Any) -> Any:
    match value:
        case dict():
            return {safe(name, 64): _shown(one) for name, one in value.items()}
        case list():
            return tuple(_shown(one) for one in value)
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return safe(str(value).strip())
