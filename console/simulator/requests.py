"""Bytes of the task interface -> method name and parameters (autostore.md 1.2 and 1.3)."""

import re
from typing import TypeAlias
from xml.parsers import expat

import msgspec
from msgspec import Struct

Content: TypeAlias = "str | int | float | bool | list[Node] | None"
"""What an element holds: text (XML), a scalar (JSON), or more elements."""

Node: TypeAlias = tuple[str, Content]

MAX_DEPTH = 16


class Malformed(ValueError):
    """Not a request of this interface: answered on the transport level, with no fault."""


class Request(Struct, frozen=True):
    """One call as it stands in the message; a repeated element is several nodes of one name."""

    method: str
    params: list[Node]


def read_xml(body: bytes) -> Request:
    """Read a `methodcall` document: UTF-8 or ISO-8859-1, no document type.

    Raises:
        Malformed: anything else, well-formed or not.
    """
    name, content = _Tree().read(body)
    if name != "methodcall":
        raise Malformed("the root is not methodcall")
    return _request(content, "name")


def read_json(body: bytes) -> Request:
    """Read a request object; arrays become repeated nodes.

    Raises:
        Malformed: not JSON in UTF-8, or not an object with a method.
    """
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("not JSON") from error
    return _request(_nodes(document, 0), "method")


def _request(content: Content, name_of_method: str) -> Request:
    parts = dict(_children(content))
    if len(parts) != len(_children(content)) or not parts.keys() <= {name_of_method, "params"}:
        raise Malformed(f"{name_of_method} and params, each once, are all there is")
    method = parts.get(name_of_method)
    if not isinstance(method, str) or not method.strip():
        raise Malformed("no method is named")
    return Request(method.strip(), _children(parts.get("params", "")))


def _children(content: Content) -> list[Node]:
    if isinstance(content, list):
        return content
    if content is None or content == "":
        return []
    raise Malformed("a value where elements belong")


def _nodes(value: object, depth: int) -> Content:
    if depth > MAX_DEPTH:
        raise Malformed("too deep")
    if isinstance(value, dict):
        return [
            (name, _nodes(one, depth + 1))
            for name, several in value.items()
            for one in (several if isinstance(several, list) else [several])
        ]
    if isinstance(value, str | int | float | None):
        return value
    raise Malformed("an array outside an object")


_BLANK = re.compile(r"[ \t\r\n]*", re.ASCII)
_ENCODINGS = frozenset({"utf-8", "iso-8859-1"})
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class _Tree:
    """Builds nodes from one document; attributes mean nothing here."""

    def __init__(self) -> None:
        self._open: list[tuple[str, list[Node], list[str]]] = [("", [], [])]

    def read(self, body: bytes) -> Node:
        if body.startswith(_BYTE_ORDER_MARKS):
            raise Malformed("neither UTF-8 nor ISO-8859-1")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(body, True)
        except expat.ExpatError as error:
            raise Malformed("not well-formed XML") from error
        return self._open[0][1][0]

    def _declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() not in _ENCODINGS:
            raise Malformed("not XML 1.0 in UTF-8 or ISO-8859-1")

    def _doctype(self, *_declaration: object) -> None:
        raise Malformed("a document type")

    def _start(self, name: str, _attributes: object) -> None:
        if len(self._open) > MAX_DEPTH:
            raise Malformed("too deep")
        self._open.append((name, [], []))

    def _end(self, _name: str) -> None:
        name, children, texts = self._open.pop()
        text = "".join(texts)
        if children and not _BLANK.fullmatch(text):
            raise Malformed("text between elements")
        self._open[-1][1].append((name, children or text))

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)
