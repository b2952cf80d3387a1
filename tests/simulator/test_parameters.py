"""What a mistake in a parameter is answered with, in the order of checks."""

from typing import Any

import pytest

from console.autostore.catalogue import Interface
from console.autostore.methods import find
from console.simulator.codes import Refusal
from console.simulator.parameters import read
from console.simulator.requests import Malformed, Node
from console.simulator.switches import AutoStoreSwitches

from .small import at

PORT = ("port_id", "4")
TASK: Node = ("task", [("task_id", "7"), ("bin_id", "3"), ("order", 2)])
TASK_READ = {"task_id": 7, "bin_id": 3, "order": 2}
GROUP: list[Node] = [
    ("taskgroup_id", "20"),
    ("category", "1"),
    ("req_time", "2008-12-12T14:00:00Z"),
    ("priority", "5"),
]
GROUP_READ = {"taskgroup_id": 20, "category": 1, "req_time": at(14), "priority": 5}
QUEUE = [
    ("bin_id", "3"),
    ("begingroup", ""),
    ("content", "7"),
    ("bin_id", "1"),
    ("endgroup", True),
]
QUEUE_READ = ({"bin_id": 3}, {"begingroup": True}, {"content": 7}, {"bin_id": 1}, {"endgroup": True})


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


def tasks(*nodes: Node) -> Node:
    return ("tasks", [("task", list(nodes))])


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
        ("create_taskgroup", GROUP, 1012),
        ("create_taskgroup", [*GROUP, ("tasks", "")], 1012),
        ("create_taskgroup", [*GROUP, TASK], 1012),
        ("create_taskgroup", [*GROUP, ("tasks", [("task", "7")])], 1012),
        ("create_taskgroup", [*GROUP, tasks(("bin_id", "3"))], 1012),
        ("create_taskgroup", [*GROUP, tasks(("task_id", "7"))], 1010),
        ("create_taskgroup", [*GROUP, tasks(("task_id", "7"), ("bin_id", "x"))], 1010),
        ("create_taskgroup", [*GROUP, tasks(("task_id", "7"), ("bin_id", "3"), ("item", "0"))], 1007),
        (
            "create_taskgroup",
            [*GROUP, tasks(("task_id", "7"), ("bin_id", "3"), ("colour", "red"))],
            "malformed",
        ),
        *(
            ("create_taskgroup", [node for node in (*GROUP, tasks(*TASK[1])) if node[0] != name], code)
            for name, code in (
                ("taskgroup_id", 1013),
                ("category", 1007),
                ("req_time", 1008),
                ("priority", 1007),
            )
        ),
        ("gettaskinfo", [("task_id", "1"), ("taskgroup_id", "1")], 1013),
        ("gettaskinfo", [("max_taskgroup_id", "x")], 1013),
        ("appendportsequence", [PORT], 1013),
        ("forecastbin", [("bin_id", str(number)) for number in range(1, 10_002)], 1010),
        ("portlocationready", [PORT, ("x", "0"), ("y", "1")], 1007),
        ("portbinmode", [PORT, ("bin_id", "1"), ("bin_mode", "PORT")], 1007),
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
        (
            "create_taskgroup",
            [*GROUP, ("tasks", [TASK, TASK])],
            GROUP_READ | {"task": (TASK_READ, TASK_READ)},
        ),
        ("add_task", [("taskgroup_id", "20"), TASK], {"taskgroup_id": 20, "task": (TASK_READ,)}),
        ("add_task", [("taskgroup_id", "20"), ("tasks", [TASK])], {"taskgroup_id": 20, "task": (TASK_READ,)}),
        ("setportsequence", [PORT], {"port_id": 4}),
        ("setportsequence", [PORT, ("taskgroups", "")], {"port_id": 4}),
        (
            "setportsequence",
            [PORT, ("taskgroups", [("taskgroup_id", "21"), ("taskgroup_id", "20")])],
            {"port_id": 4, "taskgroup_id": (21, 20)},
        ),
        ("forecastbin", [("bin_id", "3"), ("bin_id", "1")], {"bin_id": (3, 1)}),
    ],
)
def test_right_parameters_become_typed_arguments(
    name: str, params: list[Node], arguments: dict[str, Any]
) -> None:
    method = find(name)
    assert method is not None
    assert read(method, params, AutoStoreSwitches()) == arguments


def read_of_bin(name: str, params: list[Node]) -> dict[str, Any]:
    method = find(name, Interface.BIN)
    assert method is not None
    return read(method, params, AutoStoreSwitches())


@pytest.mark.parametrize(
    "params",
    [
        [PORT, ("bins", QUEUE)],
        [PORT, *(("bins", [node]) for node in QUEUE)],
        [("bins", QUEUE), PORT],
    ],
)
def test_a_port_queue_keeps_the_order_of_its_entries(params: list[Node]) -> None:
    assert read_of_bin("setportqueue", params) == {"port_id": 4, "entry": QUEUE_READ}


@pytest.mark.parametrize("params", [[PORT], [PORT, ("bins", "")], [PORT, ("bins", [])]])
def test_a_port_queue_may_be_empty(params: list[Node]) -> None:
    assert read_of_bin("setportqueue", params) == {"port_id": 4}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (("bin_id", ""), 1010),
        (("bin_id", "0"), 1010),
        (("content", ""), 1006),
        (("begingroup", "yes"), 1007),
        (("begingroup", [("bin_id", "1")]), 1007),
    ],
)
def test_a_mistake_in_a_port_queue_gets_its_code(entry: Node, code: int) -> None:
    with pytest.raises(Refusal) as refused:
        read_of_bin("setportqueue", [PORT, ("bins", [entry])])
    assert refused.value.code == code


def test_the_old_wrapper_around_tasks_is_a_switch() -> None:
    wrapped: list[Node] = [("taskgroup_id", "20"), ("tasks", [TASK])]
    assert outcome("add_task", *wrapped) == "ok"
    assert outcome("add_task", *wrapped, old_task_wrapper=False) == 1012


def test_bins_to_prepare_are_read_in_order() -> None:
    bins: Node = ("bins", [("bin_id", "3"), ("bin_id", "1"), ("bin_id", "3")])
    assert read_of_bin("insertpreparebin", [("index", "2"), bins]) == {"index": 2, "bin_id": (3, 1, 3)}
    assert read_of_bin("cancelpreparebin", [("all", "TRUE")]) == {"all": True}
