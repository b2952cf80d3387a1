"""Parameters of a request -> checked arguments of a method, with the fault each mistake gets.

Order of checks (autostore.md section 8 #11): missing, malformed, conflict; the rest is the
handlers'. Which code fits which parameter is autostore.md section 5. A JSON number may also come
as text, as .NET servers read it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from console.autostore.catalogue import Method
from console.fields import Field, Kind
from console.simulator.codes import Code, Refusal
from console.simulator.requests import Content, Malformed, Node
from console.simulator.switches import AutoStoreSwitches

Argument: TypeAlias = int | bool | str | datetime | Mapping[str, Any] | tuple[Any, ...]

EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
AFTER_LATEST = datetime(2038, 1, 19, tzinfo=UTC)

_MISSING = {"port_id": Code.MISSING_PARAMETER_PORT_ID}

_INVALID = {
    "port_id": Code.INVALID_PARAMETER_PORT_ID,
    "content": Code.INVALID_PARAMETER_CONTENT,
    "category": Code.INVALID_PARAMETER_CATEGORY,
    "req_time": Code.INVALID_PARAMETER_REQ_TIME,
    "bin_id": Code.INVALID_PARAMETER_BIN_ID,
    "min_bin_id": Code.INVALID_PARAMETER_BIN_ID,
    "max_bin_id": Code.INVALID_PARAMETER_BIN_ID,
    "task_id": Code.INVALID_PARAMETER_TASK_ID,
    "task": Code.INVALID_PARAMETER_TASK_ID,
    "taskgroup_id": Code.INVALID_PARAMETER_TASKGROUP_ID,
    "min_taskgroup_id": Code.INVALID_PARAMETER_TASKGROUP_ID,
    "max_taskgroup_id": Code.INVALID_PARAMETER_TASKGROUP_ID,
    "shipment": Code.INVALID_PARAMETER_SHIPMENT,
}

_MARK = True
"""What an empty group mark means (autostore.md 1.2)."""

_OLD_WRAPPERS = {"tasks": "task"}
"""Elements that an older example puts around a parameter (autostore.md D4)."""


def read(method: Method, params: Sequence[Node], switches: AutoStoreSwitches) -> dict[str, Argument]:
    """Return the arguments of a call, typed, by name.

    Raises:
        Refusal: the first fault in order of checks.
        Malformed: all is well but for a parameter the method does not have (by switch).
    """
    reading = _Reading(switches)
    arguments = reading.take_all(method.params, params)
    if reading.met_unknown and switches.refuse_unknown_parameters:
        raise Malformed("unknown parameter")
    return arguments


class _Reading:
    """Reads the parameters of one call; records inside them are read in the same way."""

    def __init__(self, switches: AutoStoreSwitches) -> None:
        self.met_unknown = False
        self._switches = switches

    def take_all(self, fields: Sequence[Field], nodes: Sequence[Node]) -> dict[str, Argument]:
        given, misplaced = self._sort(fields, nodes)
        for field in fields:
            if field.required and field.name not in given and field.name not in misplaced:
                raise Refusal(_MISSING.get(field.name) or self._invalid(field.name))
        for field in fields:
            if field.name in misplaced:
                raise Refusal(self._invalid(field.name))
        arguments = {
            field.name: self._take(field, given[field.name]) for field in fields if field.name in given
        }
        self._refuse_conflicts(fields, arguments)
        self.met_unknown |= bool(misplaced)
        return arguments

    def _sort(
        self, fields: Sequence[Field], nodes: Sequence[Node]
    ) -> tuple[dict[str, list[Content]], set[str]]:
        """Return what is given by field name, and the names that stand where they do not belong.

        The children that make up a field of entries keep their names, as one-element lists of nodes.
        """
        home = {field.name: field for field in fields if field.kind is not Kind.ENTRY}
        entries = {
            inner.name: field for field in fields if field.kind is Kind.ENTRY for inner in field.fields
        }
        containers = {field.container: field.container for field in fields if field.container}
        if self._switches.old_task_wrapper:
            containers |= {
                wrapper: home[name].container for wrapper, name in _OLD_WRAPPERS.items() if name in home
            }
        given: dict[str, list[Content]] = {}
        misplaced: set[str] = set()

        def sort(nodes: Sequence[Node], container: str) -> None:
            for name, content in nodes:
                if name in home and home[name].container == container:
                    given.setdefault(name, []).append(content)
                elif name in entries and entries[name].container == container:
                    given.setdefault(entries[name].name, []).append([(name, content)])
                elif name in containers and not container and isinstance(content, list):
                    sort(content, containers[name])
                elif name in containers and not container and content in ("", None):
                    continue
                else:
                    misplaced.add(name)

        sort(nodes, "")
        return given, misplaced

    def _take(self, field: Field, contents: list[Content]) -> Argument:
        if len(contents) > 1 and not field.repeated:
            raise Refusal(self._invalid(field.name))
        try:
            values = tuple(self._take_one(field, content) for content in contents)
        except ValueError as error:
            raise Refusal(self._invalid(field.name)) from error
        return values if field.repeated else values[0]

    def _take_one(self, field: Field, content: Content) -> Argument:
        if field.kind not in (Kind.RECORD, Kind.ENTRY):
            return _READERS[field.kind](field, content)
        if not isinstance(content, list):
            raise ValueError(content)
        if field.kind is Kind.ENTRY:
            content = [(name, _MARK if inner in ("", None) else inner) for name, inner in content]
        return self.take_all(field.fields, content)

    def _refuse_conflicts(self, fields: Sequence[Field], arguments: Mapping[str, Argument]) -> None:
        """In the order of the codes: too many before conflicting."""
        selects = {"category", "content"}
        for field in fields:
            values = arguments.get(field.name)
            if field.most and isinstance(values, tuple) and len(values) > field.most:
                raise Refusal(
                    Code.TOO_MANY_CATEGORIES_OR_CONTENTS
                    if field.name in selects
                    else self._invalid(field.name)
                )
        for field in fields:
            if field.excludes and field.name in arguments and field.excludes in arguments:
                raise Refusal(
                    Code.CONFLICTING_CATEGORIES_AND_CONTENTS
                    if field.name in selects
                    else self._invalid(field.name)
                )

    def _invalid(self, name: str) -> int:
        return _INVALID.get(name, self._switches.unfitting_fault)


_DIGITS = re.compile(r"[ \t\r\n]*([0-9]{1,10})[ \t\r\n]*", re.ASCII)
_UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)", re.ASCII)
_TRUTH = {"1": True, "true": True, "0": False, "false": False}


def _integer(field: Field, content: Content) -> int:
    if isinstance(content, str) and (digits := _DIGITS.fullmatch(content)):
        content = int(digits[1])
    if not isinstance(content, int) or isinstance(content, bool):
        raise ValueError(content)
    allowed = str(content) in field.choices if field.choices else field.low <= content <= field.high
    if not allowed:
        raise ValueError(content)
    return content


def _boolean(_field: Field, content: Content) -> bool:
    text = str(content).strip().lower()
    if text not in _TRUTH:
        raise ValueError(content)
    return _TRUTH[text]


def _time(_field: Field, content: Content) -> datetime:
    if not isinstance(content, str) or not _UTC_TIME.fullmatch(content.strip()):
        raise ValueError(content)
    moment = datetime.fromisoformat(content.strip())
    if not EARLIEST <= moment < AFTER_LATEST:
        raise ValueError(content)
    return moment


def _choice(field: Field, content: Content) -> str:
    if not isinstance(content, str) or content.strip() not in field.choices:
        raise ValueError(content)
    return content.strip()


_READERS: Mapping[Kind, Callable[[Field, Content], Argument]] = {
    Kind.INTEGER: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.TIME: _time,
    Kind.CHOICE: _choice,
}
