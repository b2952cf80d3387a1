"""What a mistake in a parameter is answered with, in the order of checks."""

from typing import Any

import pytest

from console.autostore.methods import METHODS, find
from console.simulator.codes import Refusal
from console.simulator.methods import HANDLERS
from console.simulator.parameters import read
from console.simulator.requests import Malformed, Node
from console.simulator.switches import AutoStoreSwitches

from .small import at

PORT = ("port_id", "4")


def outcome(name: str, *params: Node, **switches: Any) -> int | str:
    method = find(name)
    assert method is not None
    try:
        read(method, params, AutoStoreSwitches(**switches))
    except Refusal as refusal:
        return refusal.code
    except Malformed:
        return "malformed"
    return "ok"


def select(*nodes: Node) -> Node:
    return ("select", list(nodes))


def categories(count: int) -> list[Node]:
    return [("category", str(number)) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        *(
            ("openport", [("port_id", text)], 1004)
            for text in ("", "0", "2001", "-1", "4.0", "abc", "٤", "1e1")
        ),
        *(("openport", [("port_id", value)], 1004) for value in (4.0, True, None, [("a", "4")])),
        ("openport", [], 1003),
        ("openport", [PORT, PORT], 1004),
        ("openport", [select(PORT)], 1004),
        ("openport", [("wrapper", [PORT])], 1003),
        *(("openport", [PORT, select(("category", text))], 1007) for text in ("0", "10000001", "a", "")),
        *(("openport", [PORT, select(("content", text))], 1006) for text in ("-1", "10000001", "a", "")),
        ("openport", [PORT, ("category", "1")], 1007),
        ("openport", [PORT, ("content", "1")], 1006),
        *(
            ("openport", [PORT, ("req_time", text)], 1008)
            for text in (
                *(
                    "",
                    "2008-12-12",
                    "2008-12-12T14:00:00",
                    "2008-12-12T14:00:00+01:00",
                    "2008-12-12 14:00:00Z",
                ),
                *("2008-02-30T14:00:00Z", "1970-12-31T23:59:59Z", "2038-01-19T00:00:00Z", "now"),
            )
        ),
        *(("openport", [PORT, ("port_mode", text)], 1007) for text in ("open", "CLOSED", "AUTO", "")),
        ("openport", [PORT, select(*categories(33))], 1050),
        ("openport", [PORT, select(*(("content", "1") for _ in range(33)))], 1050),
        ("openport", [PORT, select(("category", "1"), ("content", "1"))], 1051),
        ("closeport", [PORT, ("suspend_taskgroup", "yes")], 1007),
        ("case_extract", [PORT], 1010),
        ("case_extract", [("bin_id", "1")], 1003),
        *(("case_cancel", [PORT, ("bin_id", text)], 1010) for text in ("0", "4000001", "x")),
        ("openbin", [PORT, ("task_id", "0")], 1012),
        ("openbin", [PORT, ("taskgroup_id", "2147483648")], 1013),
        ("openbin", [PORT, ("shipment", "x")], 1014),
        ("closebin", [PORT, ("bin_id", "1"), ("content", "x")], 1006),
        ("getbinstate", [("min_bin_id", "0")], 1010),
        ("openport", [PORT, ("colour", "red")], "malformed"),
        ("openport", [PORT, ("select", "1")], "malformed"),
        ("openport", [PORT, select(("colour", "red"))], "malformed"),
        ("openport", [("", [PORT])], 1003),
    ],
)
def test_a_mistake_gets_its_code(name: str, params: list[Node], code: int | str) -> None:
    assert outcome(name, *params) == code


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ([select(("category", "x"))], 1003),
        ([("port_id", "0"), select(*categories(33))], 1004),
        ([PORT, select(("category", "x"), *categories(33))], 1007),
        ([PORT, select(*categories(33), ("content", "1"))], 1050),
        ([PORT, select(("category", "1"), ("content", "1")), ("colour", "red")], 1051),
    ],
)
def test_missing_comes_before_malformed_before_conflict(params: list[Node], code: int) -> None:
    assert outcome("openport", *params) == code


def test_switches_for_what_no_source_says() -> None:
    assert outcome("openport", PORT, ("port_mode", "AUTO"), unfitting_fault=1022) == 1022
    assert outcome("openport", PORT, ("colour", "red"), refuse_unknown_parameters=False) == "ok"


@pytest.mark.parametrize(
    ("name", "params", "arguments"),
    [
        ("openport", [PORT], {"port_id": 4}),
        ("openport", [("port_id", 4)], {"port_id": 4}),
        ("openport", [("port_id", " 2000\n")], {"port_id": 2000}),
        ("openport", [PORT, ("select", "")], {"port_id": 4}),
        ("openport", [PORT, select()], {"port_id": 4}),
        ("openport", [PORT, select(*categories(32))], {"port_id": 4, "category": tuple(range(1, 33))}),
        ("openport", [PORT, select(("content", 0))], {"port_id": 4, "content": (0,)}),
        ("openport", [PORT, ("req_time", "2008-12-12T14:00:00Z")], {"port_id": 4, "req_time": at(14)}),
        (
            "openport",
            [PORT, ("req_time", "2008-12-12T14:00:00.000+00:00")],
            {"port_id": 4, "req_time": at(14)},
        ),
        ("openport", [PORT, ("port_mode", "RUNOUT")], {"port_id": 4, "port_mode": "RUNOUT"}),
        *(
            ("closeport", [PORT, ("suspend_taskgroup", value)], {"port_id": 4, "suspend_taskgroup": truth})
            for truth, values in ((True, ("1", "true", "TRUE", True, 1)), (False, ("0", "False", False, 0)))
            for value in values
        ),
        ("getsystemmode", [], {}),
    ],
)
def test_right_parameters_become_typed_arguments(
    name: str, params: list[Node], arguments: dict[str, Any]
) -> None:
    method = find(name)
    assert method is not None
    assert read(method, params, AutoStoreSwitches()) == arguments


def test_every_handler_takes_the_parameters_of_its_page() -> None:
    for method in METHODS:
        handler = HANDLERS.get(method.name)
        if handler is not None and find(method.name) is method:
            taken = handler.__annotations__.keys() - {"world", "return"}
            assert taken == {field.name for field in method.params}, method.name
