"""The control port: while a simulation runs, what goes wrong can be changed, and what was done read.

Plain HTTP with JSON, for the loopback address only. A mistake is a 400 that says what would be
right in `error`, and changes nothing. Nothing that is answered holds a secret.

    GET     /faults               the rules in force
    POST    /faults               {"rule": "drop-after method=openport count=1"}
    DELETE  /faults/NUMBER        or /faults for all
    POST    /world                {"incident": "lose-driver"}
    GET     /world                both worlds in short
    GET     /world/ports/ID       or /world/devices/ID
    GET     /record?last=N        what was executed, oldest first
    GET     /scenario             how far the scenario is
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from console.simulator import faults, troubles
from console.simulator.faults import Faults
from console.simulator.filling import Text, Times, Wrong, fill
from console.simulator.play import Play
from console.simulator.setting import Worlds
from console.simulator.wire import Received, Reply

LOOPBACK = "127.0.0.1"

_JSON = "application/json"


class Control:
    """The control port's HTTP face; `play` is the scenario, if one is played."""

    def __init__(self, worlds: Worlds, rules: Faults, play: Play | None = None) -> None:
        self.worlds = worlds
        self.rules = rules
        self.play = play

    def read(self, received: Received) -> "ControlCall":
        """Read a request, whatever its bytes are, without carrying it out."""
        return ControlCall(self, received)


class ControlCall(Struct, frozen=True):
    """A request; no fault rule is ever about one."""

    control: Control
    received: Received

    method: str = ""
    port: int | None = None

    def answer(self) -> Reply:
        """Carry it out."""
        first, *rest = self.received.path.strip("/").split("/")
        handlers = _HANDLERS.get((first, len(rest)))
        if handlers is None:
            return _error(404, "no such address")
        handler = handlers.get(self.received.verb)
        if handler is None:
            return _error(405, f"wanted {' or '.join(handlers)}")
        try:
            return _reply(handler(self.control, self.received, *rest))
        except LookupError as error:
            return _error(404, str(error.args[0]))
        except ValueError as error:
            return _error(400, str(error))

    def refuse(self, _code: int, _text: str) -> Reply:
        """Answer all the same."""
        return self.answer()


def _list_faults(control: Control, _received: Received) -> object:
    rules = control.rules
    return {
        "faults": [
            {"number": number, "rule": str(rule), "left": rules.left(number)}
            for number, rule in rules.rules.items()
        ]
    }


class _NewRule(Struct):
    rule: Text


def _add_fault(control: Control, received: Received) -> object:
    return {"number": control.rules.add(faults.parse(_body(received, _NewRule).rule))}


def _remove_fault(control: Control, _received: Received, number: str) -> object:
    if not (number.isascii() and number.isdigit() and int(number) in control.rules.rules):
        raise LookupError(f"no rule of that number: wanted one of {list(control.rules.rules)}")
    control.rules.remove(int(number))
    return {}


def _clear_faults(control: Control, _received: Received) -> object:
    control.rules.clear()
    return {}


class _NewIncident(Struct):
    incident: Text


def _change_world(control: Control, received: Received) -> object:
    incident = troubles.INCIDENTS_BY_WORD.parse(_body(received, _NewIncident).incident)
    incident(*control.worlds)
    return {}


def _world(control: Control, _received: Received) -> object:
    warehouse, softswitch = control.worlds
    return {
        "time": warehouse.now,
        "autostore": {
            "system_mode": int(warehouse.system.mode),
            "stopcode": warehouse.system.stopcode,
            "driver_heard": warehouse.system.driver_heard,
            "port_modes": Counter(port.mode for port in warehouse.ports.values()),
            "case_errors": [port.port_id for port in warehouse.ports.values() if port.case.error],
        },
        "mor": {
            "enabled": softswitch.switches.enabled,
            "profile": softswitch.switches.profile,
            "devices": len(softswitch.devices),
            "rules": len(softswitch.rules),
        },
    }


_HIDDEN = ("secret", "pin")


def _thing(control: Control, _received: Received, kind: str, ident: str) -> object:
    number = int(ident) if ident.isascii() and ident.isdigit() and len(ident) <= 10 else -1
    warehouse, softswitch = control.worlds
    if kind == "ports" and number in warehouse.ports:
        return warehouse.ports[number]
    if kind == "devices" and number in softswitch.devices:
        device = softswitch.devices[number]
        shown = {name: value for name, value in msgspec.structs.asdict(device).items() if name not in _HIDDEN}
        return {**shown, "rules": softswitch.rules_of(number), "clis": softswitch.clis_of(device)}
    raise LookupError("no such port or device: wanted /world/ports/ID or /world/devices/ID")


class _RecordQuery(Struct):
    last: Times = 1000


def _record(control: Control, received: Received) -> object:
    last = fill(_RecordQuery, dict(parse_qsl(received.query)), text=True).last
    entries = [entry for world in control.worlds for entry in world.record.entries]
    return {"executed": sorted(entries, key=lambda entry: entry.time)[-last:]}


def _scenario(control: Control, _received: Received) -> object:
    if control.play is None:
        raise LookupError("no scenario is played")
    return control.play.report()


_Handler: TypeAlias = Callable[..., object]

_HANDLERS: Mapping[tuple[str, int], Mapping[str, _Handler]] = {
    ("faults", 0): {"GET": _list_faults, "POST": _add_fault, "DELETE": _clear_faults},
    ("faults", 1): {"DELETE": _remove_fault},
    ("world", 0): {"GET": _world, "POST": _change_world},
    ("world", 2): {"GET": _thing},
    ("record", 0): {"GET": _record},
    ("scenario", 0): {"GET": _scenario},
}
"""By the first word of the path, and how many follow; then by verb."""


def _body(received: Received, shape: type[Any]) -> Any:
    # A web page open on the same machine can send a body, but not of this type without being asked about.
    if received.content_type.partition(";")[0].strip().lower() != _JSON:
        raise Wrong(f"the content type is not {_JSON}")
    try:
        table = msgspec.json.decode(received.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Wrong("the body is not a JSON object") from None
    return fill(shape, table, text=False)


def _reply(value: object, status: int = 200) -> Reply:
    return Reply(body=msgspec.json.encode(value) + b"\n", status=status, content_type=_JSON)


def _error(status: int, text: str) -> Reply:
    return _reply({"error": text}, status)
