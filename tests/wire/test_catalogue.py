"""The AutoStore catalogue says what the vendor documents, method by method."""

from typing import NamedTuple

import pytest

from console.autostore.catalogue import FAULTS, Effect, Interface, Method
from console.autostore.methods import METHODS, find, offered
from console.fields import Field, Kind

TASK, BIN = Interface.TASK, Interface.BIN
BOTH = (TASK, BIN)

PORT = "port_id! 1-2000"
BIN_ID = "bin_id 1-4000000"
CONTENT = "content 0-10000000"
SPAN = (BIN_ID, "min_bin_id 1-4000000", "max_bin_id 1-4000000")
CELL = ("x! 1-1024", "y! 1-1024")
BIG = "1-2147483647"
GROUP = (
    f"taskgroup_id! {BIG}",
    f"shipment {BIG}",
    "category! 1-10000000",
    "req_time! time",
    f"priority! {BIG}",
    "start_time time",
    "suspended boolean",
)
QUEUE = "bins/entry* (bin_id 1-4000000, content 0-10000000, begingroup boolean, endgroup boolean)"
TASK_FIELDS = f"(task_id! {BIG}, bin_id! 1-4000000, item {BIG}, order {BIG}, estpicktime {BIG})"


class Facts(NamedTuple):
    """`name!` is required, `name*` repeated, `container/name` nested."""

    name: str
    interfaces: tuple[Interface, ...]
    effect: Effect
    params: tuple[str, ...] = ()


READ, SET, ACT = Effect.READ, Effect.SET_STATE, Effect.ACT

DOCUMENTED = [
    Facts(
        "openport",
        (TASK,),
        SET,
        (
            PORT,
            "select/category* 1-10000000",
            "select/content* 0-10000000",
            "req_time time",
            "port_mode INSERT|OPEN|SWAP|SEQUENCE|RUNOUT",
        ),
    ),
    Facts("openport", (BIN,), SET, (PORT, "port_mode OPEN|INSERT|SWAP|AUTO")),
    Facts("closeport", (TASK,), SET, (PORT, "suspend_taskgroup boolean")),
    Facts("closeport", (BIN,), SET, (PORT,)),
    Facts(
        "openbin", (TASK,), ACT, (PORT, BIN_ID, f"task_id {BIG}", f"taskgroup_id {BIG}", f"shipment {BIG}")
    ),
    Facts("openbin", (BIN,), ACT, (PORT, BIN_ID)),
    Facts(
        "closebin",
        (TASK,),
        ACT,
        (PORT, "bin_id! 1-4000000", f"task_id {BIG}", CONTENT, "taskcomplete boolean"),
    ),
    Facts("closebin", (BIN,), ACT, (PORT, "bin_id! 1-4000000", CONTENT)),
    Facts("removebin", (TASK,), ACT, (PORT, "bin_id! 1-4000000", f"task_id {BIG}", "taskcomplete boolean")),
    Facts("removebin", (BIN,), ACT, (PORT, "bin_id! 1-4000000")),
    Facts("insertbin", (TASK,), ACT, (PORT, "bin_id! 1-4000000", CONTENT, "bin_type 1|2|5|16|17|18")),
    Facts(
        "insertbin",
        (BIN,),
        ACT,
        (PORT, "bin_id! 1-4000000", "target_grid 1-1024", CONTENT, "bin_type 1|2|5"),
    ),
    Facts("createbin", (TASK,), ACT, ("bin_id! 1-4000000", "bin_type! 1|2|5")),
    Facts("createbin", (BIN,), ACT, ("bin_id! 1-4000000", "bin_type 1|2|5")),
    Facts("flushportbin", BOTH, ACT, (PORT, "bin_id! 1-4000000")),
    Facts("case_extract", (TASK,), ACT, (PORT, "bin_id! 1-4000000")),
    Facts("case_cancel", (TASK,), ACT, (PORT, "bin_id! 1-4000000")),
    Facts("case_getstate", (TASK,), READ, (PORT,)),
    Facts("create_taskgroup", (TASK,), ACT, (*GROUP, f"tasks/task!* {TASK_FIELDS}")),
    Facts("update_taskgroup", (TASK,), SET, GROUP),
    Facts("add_task", (TASK,), ACT, (GROUP[0], f"task!* {TASK_FIELDS}")),
    Facts("cancel_task", (TASK,), ACT, (f"task_id! {BIG}",)),
    Facts(
        "gettaskinfo",
        (TASK,),
        READ,
        (
            f"taskgroup_id {BIG}",
            f"min_taskgroup_id {BIG}",
            f"max_taskgroup_id {BIG}",
            f"task_id {BIG}",
            "category 1-10000000",
            "suspended boolean",
            f"shipment {BIG}",
        ),
    ),
    Facts("setportsequence", (TASK,), SET, (PORT, f"taskgroups/taskgroup_id* {BIG}")),
    Facts("appendportsequence", (TASK,), ACT, (PORT, f"taskgroups/taskgroup_id!* {BIG}")),
    Facts("getportsequence", (TASK,), READ, (PORT,)),
    Facts("getportstatus", (TASK,), READ, (PORT,)),
    Facts("getportconfig", (TASK,), READ, (PORT,)),
    Facts("getportweight", BOTH, READ, (PORT, "timeout_mode L|H", "timeout_value 1-1024")),
    Facts("getbininfo", BOTH, READ, SPAN),
    Facts("getbinstate", BOTH, READ, SPAN),
    Facts("getbinloc", (TASK,), READ, SPAN),
    Facts("getsystemmode", (TASK,), READ),
    Facts("getsystemstate", BOTH, READ),
    Facts("get_simulation_speed", (TASK,), READ),
    Facts("forecastbin", (TASK,), SET, ("bin_id* 1-4000000", *SPAN[1:])),
    Facts("cancelforecastbin", (TASK,), SET, ("bin_id* 1-4000000", *SPAN[1:])),
    Facts("portcellallocate", BOTH, SET, (PORT, *CELL, "getbin boolean")),
    Facts("portlocationready", BOTH, ACT, (PORT, *CELL, "getbin boolean")),
    Facts("portbinready", BOTH, ACT, (PORT, *CELL, "bin_id! 1-4000000", CONTENT, "bin_type 1|2|5|16|17|18")),
    Facts("portbinmode", BOTH, SET, (PORT, "bin_id! 1-4000000", "bin_mode! OPEN|CLOSED|OUTSIDE", CONTENT)),
    Facts("preparebin", (BIN,), ACT, ("bins/bin_id!* 1-4000000",)),
    Facts("insertpreparebin", (BIN,), ACT, ("index! 1-1024", "bins/bin_id!* 1-4000000")),
    Facts("cancelpreparebin", (BIN,), ACT, ("all boolean", "bins/bin_id* 1-4000000")),
    Facts("setportqueue", (BIN,), SET, (PORT, QUEUE)),
    Facts("appendportqueue", (BIN,), ACT, (PORT, QUEUE)),
]


def described(field: Field) -> str:
    if field.kind in (Kind.RECORD, Kind.ENTRY):
        what = "(" + ", ".join(map(described, field.fields)) + ")"
    elif field.choices:
        what = "|".join(field.choices)
    elif field.kind is Kind.INTEGER:
        what = f"{field.low}-{field.high}"
    else:
        what = field.kind.value
    place = f"{field.container}/" if field.container else ""
    return f"{place}{field.name}{'!' * field.required}{'*' * field.repeated} {what}"


@pytest.mark.parametrize("facts", DOCUMENTED, ids=lambda facts: f"{facts.name}-{facts.interfaces[0]}")
def test_a_method_is_as_documented(facts: Facts) -> None:
    method = find(facts.name, facts.interfaces[0])
    assert method is not None
    assert method.interfaces == facts.interfaces
    assert method.effect is facts.effect
    assert method.mutating is (facts.effect is not READ)
    assert tuple(map(described, method.params)) == facts.params


def test_nothing_else_is_offered() -> None:
    assert {(method.name, method.interfaces) for method in METHODS} == {facts[:2] for facts in DOCUMENTED}
    assert len(METHODS) == len(DOCUMENTED)
    assert len({method.name for method in METHODS}) == 39
    assert find("case_insert") is None
    assert find("preparebin") is None
    for interface in Interface:
        names = [method.name for method in offered(interface)]
        assert len(names) == len(set(names))
        assert all(find(name, interface) for name in names)


RETURNS = {
    "getportstatus": [
        *("port_id", "port_type", "mode"),
        *("selected_bin", "selected_task", "selected_taskgroup", "is_ready"),
    ],
    "case_getstate": ["port_id", "bin_id", "case_state", "case_error"],
    "getsystemmode": ["mode", "stopcode"],
    "getsystemstate": ["mode", "stopcode", "chargepercent"],
    "openbin": ["bin_id", "task_id"],
    "getportconfig": ["weight_equipment"],
    "getbininfo": ["bins/bin* (bin_id, content, target_grid)"],
    "getbinstate": ["bins/bin* (bin_id, bin_mode, port_id)"],
    "getbinloc": ["bins/bin* (bin_id, xpos, ypos, depth)"],
}


@pytest.mark.parametrize("method", offered(TASK), ids=lambda method: method.name)
def test_what_a_method_returns(method: Method) -> None:
    shapes = [
        f"{field.container}/{field.name}* ({', '.join(inner.name for inner in field.fields)})"
        if field.kind is Kind.RECORD
        else field.name
        for field in method.returns
    ]
    assert shapes == RETURNS.get(method.name, [])


PORT_CODES = {1000, 1003, 1004, 1048}

ASSUMED = {
    ("closeport", TASK): PORT_CODES | {1001, 1009},
    ("openport", BIN): PORT_CODES | {1001, 1002},
    ("openbin", TASK): {1000, 1003, 1004, *range(1009, 1022), 1048},
    ("openbin", BIN): {1000, 1003, 1004, 1009, 1010, 1011, 1016, 1020, 1048},
    ("closebin", TASK): PORT_CODES | {1006, 1009, 1010, 1011, 1012, 1027},
    ("getportstatus", TASK): PORT_CODES,
    ("case_getstate", TASK): PORT_CODES | {1087},
    ("getbinstate", TASK): {1010, 1011, 1048},
    ("getsystemmode", TASK): {1048},
    ("insertbin", TASK): PORT_CODES | {1006, 1009, 1010, 1099},
    ("setportsequence", TASK): PORT_CODES | {1009, 1013, 1018},
    ("create_taskgroup", TASK): {1007, 1008, 1010, 1011, 1012, 1013, 1014, 1048},
    ("gettaskinfo", TASK): {1012, 1013, 1017, 1018, 1048},
    ("setportqueue", BIN): PORT_CODES | {1006, 1010, 1011},
}


@pytest.mark.parametrize(("name", "interface"), ASSUMED)
def test_assumed_faults_are_kept_apart(name: str, interface: Interface) -> None:
    method = find(name, interface)
    assert method is not None
    assert set(method.assumed) == ASSUMED[name, interface]
    assert not method.faults


DOCUMENTED_FAULTS = {
    "openport": {
        1000: "The specified Port is not available.",
        1001: "The specified Port is closing.",
        1002: "The specified Port is already open.",
        1003: "Mandatory parameter port_id is missing.",
        1004: "Parameter port_id is not valid (invalid format or out of range).",
        1006: "Parameter content is not valid (invalid format or out of range).",
        1007: "Parameter category is not valid (invalid format or out of range).",
        1008: "Parameter req_time is not valid (invalid format or out of range).",
        1048: "System is not available.",
        1050: "Too many categories or content codes.",
        1051: "Conflicting category and content codes.",
    },
    "case_extract": {
        1000: "The specified port does not exist.",
        1087: "The Port specified is not an AutoCase port.",
        1099: "Port is not in the appropriate mode (open).",
        1148: "New action cannot be started until the previous action has been completed.",
        1149: "The specified bin is not selected for the specified port, the requested operation is "
        "therefore invalid.",
    },
    "case_cancel": {
        1000: "The specified port does not exist.",
        1087: "The Port specified is not an AutoCase port.",
        1099: "Port is not in the appropriate mode (open).",
        1149: "The specified bin is not selected for the specified port, the requested operation is "
        "therefore invalid.",
        1152: "There is no active operation, so there is nothing to cancel.",
        1153: "AutoCase does not have an error. Cancellation is not valid.",
    },
}


@pytest.mark.parametrize("name", DOCUMENTED_FAULTS)
def test_documented_faults_word_for_word(name: str) -> None:
    method = find(name)
    assert method is not None
    assert dict(method.faults) == DOCUMENTED_FAULTS[name]
    assert not method.assumed
    for code, meaning in DOCUMENTED_FAULTS[name].items():
        assert method.meaning(code) == meaning


def test_only_the_fully_read_methods_have_documented_faults() -> None:
    assert {method.name for method in METHODS if method.faults} == set(DOCUMENTED_FAULTS)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (1009, "Port is not open."),
        (1000, "Port is not available."),
        (1027, "Refused; the vendor's meaning of 1027 is not known."),
        (1999, "fault 1999, not documented for getportstatus"),
        (-1, "fault -1, not documented for getportstatus"),
    ],
)
def test_other_codes_fall_back_to_the_general_meaning(code: int, meaning: str) -> None:
    method = find("getportstatus")
    assert method is not None
    assert method.meaning(code) == meaning


def test_the_general_codes() -> None:
    seldom = {1027, 1048, 1050, 1051, 1087, 1099, 1148, 1149, 1152, 1153}
    assert set(FAULTS) == ({*range(1000, 1022)} - {1005}) | seldom
    for method in METHODS:
        assert {*method.faults, *method.assumed} <= set(FAULTS)
