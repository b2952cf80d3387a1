"""Calls that could be right, in any order, on both interfaces and in both encodings.

Whatever they are, each gets a success or a fault that its method may answer; the warehouse stays
consistent; and who follows the Log Publisher knows what is where.
"""

import json
from random import Random
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from console.autostore.catalogue import Interface, Method
from console.autostore.methods import offered
from console.fields import Field, Kind
from console.simulator.autostore_api import BIN_PATH, TASK_PATH
from console.simulator.incidents import INCIDENTS
from console.simulator.warehouse import AD_HOC_TASKS, Warehouse

from .consistency import check
from .follower import Follower
from .small import (
    AUTOCASE,
    CASE_BIN,
    CELL,
    CUSTOM,
    HATCHED,
    OTHER,
    PLAIN,
    UNTIL_OPEN,
    call,
    hand_over,
    post,
    wait,
    wide_site,
    with_open_bin,
)

PATHS = {Interface.TASK: TASK_PATH, Interface.BIN: BIN_PATH}

LIKELY = {
    "port_id": [PLAIN, HATCHED, OTHER, AUTOCASE, CUSTOM, 3],
    "bin_id": [1, 2, 3, CASE_BIN, 50],
    "task_id": [20001, 20003, AD_HOC_TASKS + 1, 7],
    "taskgroup_id": [20, 21, 22],
    "category": [1, 2],
    "content": [0, 7],
    "x": [6],
    "y": [1],
}

MALFORMED = {1003, 1004, 1006, 1007, 1008, 1010, 1012, 1013, 1014}
"""Codes of a parameter that is missing or not valid: general, by the overview of codes."""

AT_PORTS = [name for name, incident in INCIDENTS.items() if "port_id" in incident.__annotations__]


def busy_site() -> Warehouse:
    """Ports at work: two with a bin open, a custom one with a bin, one in INSERT, one in SEQUENCE."""
    world = wide_site()
    with_open_bin(world, PLAIN, 1)
    with_open_bin(world, AUTOCASE, CASE_BIN)
    call(world, "openport", port_id=HATCHED)
    call(world, "openport", port_id=OTHER, port_mode="SEQUENCE")
    call(world, "openport", port_id=CUSTOM, category=(1,))
    call(world, "openbin", port_id=CUSTOM, bin_id=2)
    call(world, "portlocationready", **CELL)
    wait(world, UNTIL_OPEN)
    hand_over(world, 20, 1, 3, CASE_BIN)
    hand_over(world, 21, 4)
    return world


class Caller:
    """Makes up calls; mostly ones that could be right."""

    def __init__(self, world: Warehouse, seed: int) -> None:
        self.world = world
        self.random = Random(seed)

    def params(self, method: Method) -> dict[str, Any]:
        """The parameters as JSON nests them; where a bin is selected, mostly that one."""
        given = self.record(method.params)
        port = self.world.ports.get(given.get("port_id", 0))
        if port is not None and "bin_id" in given and port.selected_bin and self.random.random() < 0.7:
            given |= {"bin_id": port.selected_bin}
            given |= {"task_id": port.selected_task} if "task_id" in given and port.selected_task else {}
        tree: dict[str, Any] = {}
        for field in method.params:
            if field.name in given and field.container and field.kind is not Kind.ENTRY:
                tree.setdefault(field.container, {})[field.name] = given[field.name]
            elif field.name in given:
                tree[field.container or field.name] = given[field.name]
        return tree

    def record(self, fields: tuple[Field, ...]) -> dict[str, Any]:
        wanted = (field for field in fields if field.required or self.random.random() < 0.35)
        return {field.name: self.value(field) for field in wanted}

    def value(self, field: Field) -> Any:
        return (
            [self.one(field) for _ in range(self.random.randint(1, 3))] if field.repeated else self.one(field)
        )

    def one(self, field: Field) -> Any:
        match field.kind:
            case Kind.RECORD:
                return self.record(field.fields)
            case Kind.ENTRY:
                inner = self.random.choice(field.fields)
                return {inner.name: self.one(inner)}
            case Kind.BOOLEAN:
                return self.random.random() < 0.5
            case Kind.TIME:
                return self.random.choice(["2008-12-12T05:00:00Z", "2008-12-12T06:00:10Z", "tomorrow"])
            case Kind.CHOICE:
                return str(self.random.choice([*field.choices, "SIDEWAYS"]))
            case _:
                types = [int(choice) for choice in field.choices]
                return self.random.choice(LIKELY.get(field.name) or types or [field.low, field.low - 1])


def as_xml(name: str, tree: dict[str, Any]) -> bytes:
    root = ElementTree.Element("methodcall")
    ElementTree.SubElement(root, "name").text = name
    write(ElementTree.SubElement(root, "params"), tree)
    return ElementTree.tostring(root, xml_declaration=True, encoding="utf-8")


def write(parent: ElementTree.Element, tree: dict[str, Any]) -> None:
    for name, value in tree.items():
        for one in value if isinstance(value, list) else [value]:
            element = ElementTree.SubElement(parent, name)
            if isinstance(one, dict):
                write(element, one)
            else:
                element.text = str(one).lower() if isinstance(one, bool) else str(one)


def answered_code(body: bytes, speaks_json: bool) -> int:
    """The fault of an answer, or 0 for a success."""
    if speaks_json:
        answer = json.loads(body)
        assert answer.keys() in ({"params"}, {"fault"})
        return int(answer["fault"]["code"]) if "fault" in answer else 0
    root = ElementTree.fromstring(body)
    assert (root.tag, [child.tag for child in root]) in [("response", ["params"]), ("response", ["fault"])]
    return int(root.findtext("fault/code", "0"))


def make_a_call(world: Warehouse, caller: Caller) -> None:
    interface = caller.random.choice(list(Interface))
    method = caller.random.choice(offered(interface))
    tree, speaks_json = caller.params(method), caller.random.random() < 0.5
    if speaks_json:
        reply = post(
            world,
            json.dumps({"method": method.name, "params": tree}),
            "application/json",
            PATHS[interface],
        )
    else:
        reply = post(world, as_xml(method.name, tree), path=PATHS[interface])
    possible = {0, world.switches.bin_busy_fault, *method.faults, *method.assumed} | MALFORMED
    assert reply.status == 200
    assert answered_code(reply.body, speaks_json) in possible, method.name


def let_something_happen(world: Warehouse, caller: Caller) -> None:
    port_id = caller.random.choice(LIKELY["port_id"])
    try:
        INCIDENTS[caller.random.choice(AT_PORTS)](world, port_id=port_id)
    except ValueError as mistake:
        assert str(port_id) in str(mistake)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_calls_leave_a_consistent_warehouse(seed: int) -> None:
    world = busy_site()
    caller, follower = Caller(world, seed), Follower(world)
    for _ in range(60):
        if caller.random.random() < 0.1:
            let_something_happen(world, caller)
        if caller.random.random() < 0.02:
            world.set_system(caller.random.choice([20, 20, 70]))
        make_a_call(world, caller)
        wait(world, caller.random.choice([0.0, 0.0, 1.0, 5.0]))
        check(world)
    follower.check()
