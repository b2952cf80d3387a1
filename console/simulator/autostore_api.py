"""The AutoStore controller on the wire: request bytes -> reply bytes (autostore.md section 1)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from msgspec import Struct

from console.autostore.catalogue import Interface
from console.autostore.methods import find
from console.simulator import methods, parameters
from console.simulator.codes import Refusal
from console.simulator.methods.values import Value, Values
from console.simulator.requests import Malformed, Request, read_json, read_xml
from console.simulator.warehouse import Warehouse
from console.simulator.wire import Received, Reply

TASK_PATH = "/api/v2/task"
BIN_PATH = "/api/v2/bin"
INTERFACES = {TASK_PATH: Interface.TASK, BIN_PATH: Interface.BIN}


class AutoStoreApi:
    """The controller's HTTP face: both interfaces on one warehouse, although a site uses only one.

    XML in, XML out; `json` in the content type selects JSON.
    """

    def __init__(self, world: Warehouse) -> None:
        self._world = world

    def read(self, received: Received) -> "AutoStoreCall":
        """Read a request, whatever its bytes are, without carrying it out."""
        speaks_json = "json" in received.content_type.lower()
        mistake = self._mistake_in_address(received)
        if mistake is not None:
            return AutoStoreCall(self._world, speaks_json, mistake=mistake)
        try:
            request = (read_json if speaks_json else read_xml)(received.body)
        except Malformed as error:
            return AutoStoreCall(self._world, speaks_json, mistake=_malformed(self._world, error))
        return AutoStoreCall(self._world, speaks_json, request, INTERFACES[received.path])

    def _mistake_in_address(self, received: Received) -> Reply | None:
        if received.path not in INTERFACES:
            return _plain(404, "no such address")
        if received.verb != "POST":
            return _plain(self._world.switches.wrong_verb_status, "POST only", {"Allow": "POST"})
        return None


class AutoStoreCall(Struct, frozen=True):
    """A request as read; `mistake` is the reply to one that is refused on the transport level."""

    world: Warehouse
    json: bool
    request: Request = Request("", [])
    interface: Interface = Interface.TASK
    mistake: Reply | None = None

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def port(self) -> int | None:
        content = next((content for name, content in self.request.params if name == "port_id"), None)
        digits = str(content).strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None

    def answer(self) -> Reply:
        """Carry it out."""
        if self.mistake is not None:
            return self.mistake
        try:
            return _success(self.json, self._carry_out())
        except Refusal as refusal:
            return self.refuse(refusal.code)
        except Malformed as error:
            return _malformed(self.world, error)

    def refuse(self, code: int, _text: str = "") -> Reply:
        """Answer with a fault instead of carrying it out."""
        document = _json_fault(code) if self.json else _xml_fault(code)
        return _reply(self.json, document, self.world.switches.fault_status)

    def _carry_out(self) -> Values:
        method = find(self.request.method, self.interface)
        if method is None:
            raise Malformed("unknown method")
        try:
            arguments = parameters.read(method, self.request.params, self.world.switches)
        except Refusal as refusal:
            methods.note(self.world, method, dict(self.request.params), refusal.code)
            raise
        return methods.execute(self.world, method, arguments)


def _plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(body=text.encode(), status=status, headers=headers or {})


def _malformed(world: Warehouse, error: Malformed) -> Reply:
    return _plain(world.switches.malformed_status, str(error))


def _reply(speaks_json: bool, document: str, status: int = 200) -> Reply:
    content_type = "application/json" if speaks_json else "application/xml"
    return Reply(body=document.encode(), status=status, content_type=content_type)


def _success(speaks_json: bool, values: Values) -> Reply:
    return _reply(speaks_json, json.dumps({"params": values}) if speaks_json else _xml_success(values))


def _json_fault(code: int) -> str:
    return json.dumps({"fault": {"code": code}})


_XML_START = '<?xml version="1.0"?>\n<response>\n'


def _xml_fault(code: int) -> str:
    return f"{_XML_START}  <fault>\n    <code>{code}</code>\n  </fault>\n</response>"


def _xml_success(values: Values) -> str:
    """Write the document in the layout that the source pages print."""
    if not values:
        return f"{_XML_START}  <params/>\n</response>"
    lines: list[str] = []
    _write(values, "    ", lines.append)
    return f"{_XML_START}  <params>\n{''.join(lines)}  </params>\n</response>"


def _write(values: Mapping[str, Value], indent: str, line: Callable[[str], Any]) -> None:
    for name, value in values.items():
        for one in value if isinstance(value, Sequence) and not isinstance(value, str) else (value,):
            if isinstance(one, Mapping):
                line(f"{indent}<{name}>\n")
                _write(one, indent + "  ", line)
                line(f"{indent}</{name}>\n")
            else:
                line(f"{indent}<{name}>{_text(one)}</{name}>\n")


def _text(value: int | float | bool | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(value) if isinstance(value, str) else str(value)
