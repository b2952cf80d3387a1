"""What the console can know to be wrong is refused by the catalogue, before anything is sent."""

from collections.abc import Mapping

import pytest

from console.autostore.catalogue import Interface
from console.autostore.methods import find
from console.fields import Invalid

PORT = {"port_id": 4}
BIN_7 = {"bin_id": 7}


def check(name: str, given: Mapping[str, object], interface: Interface = Interface.TASK) -> dict[str, object]:
    method = find(name, interface)
    assert method is not None
    return {**method.check(given)}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("openport", {}),
        ("openport", {"category": [1, 2]}),
        ("openport", {"category": "10000000"}),
        ("openport", {"content": 0}),
        ("openport", {"content": range(32)}),
        ("openport", {"port_mode": "INSERT"}),
        ("openport", {"port_mode": "RUNOUT"}),
        ("openport", {"port_mode": "SEQUENCE"}),
        ("openport", {"port_mode": "OPEN", "category": 1}),
        ("openport", {"port_mode": "SWAP", "content": 1}),
        ("openport", {"port_mode": "INSERT", "content": 1}),
        ("openport", {"req_time": "2026-11-22T06:00:00Z"}),
        ("closeport", {"suspend_taskgroup": True}),
        ("openbin", {}),
        ("closebin", {**BIN_7, "content": 0, "taskcomplete": "false"}),
        ("insertbin", BIN_7),
        ("insertbin", {**BIN_7, "content": 0, "bin_type": 18}),
    ],
)
def test_right_values_pass(name: str, given: Mapping[str, object]) -> None:
    assert set(check(name, {**PORT, **given})) == {*PORT, *given}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("openport", {"port_id": 0}, "port_id is 0: wanted a whole number 1 to 2000"),
        ("openport", {"port_id": 2001}, "port_id is 2001: wanted a whole number 1 to 2000"),
        ("openport", {"port_id": "abc"}, "port_id is abc: wanted a whole number 1 to 2000"),
        ("openport", {"category": [1], "content": [1]}, "or content left out: never both"),
        ("openport", {"category": 0}, "category is 0: wanted a whole number 1 to 10000000"),
        ("openport", {"category": 10_000_001}, "category is 10000001"),
        ("openport", {"content": -1}, "content is -1: wanted a whole number 0 to 10000000"),
        ("openport", {"category": range(1, 34)}, "category is 33 values: wanted at most 32"),
        ("openport", {"port_mode": "OPEN"}, "port_mode is OPEN: wanted a category or content, which"),
        ("openport", {"port_mode": "SWAP", "category": []}, "port_mode is SWAP: wanted a category or"),
        ("openport", {"port_mode": "CLOSED"}, "wanted one of INSERT, OPEN, SWAP, SEQUENCE, RUNOUT"),
        ("openport", {"port_mode": "open"}, "port_mode is open: wanted one of"),
        ("openport", {"req_time": "2026-11-22T06:00:00"}, "req_time is 2026-11-22T06:00:00: wanted a UTC"),
        ("openport", {"select": 1}, "select is unknown: wanted one of port_id, category, content"),
        ("openbin", {"bin_id": 4_000_001}, "bin_id is 4000001: wanted a whole number 1 to 4000000"),
        ("closebin", {}, "bin_id is missing"),
        ("case_extract", {}, "bin_id is missing"),
        ("case_cancel", {"bin_id": 0}, "bin_id is 0"),
        ("insertbin", {**BIN_7, "bin_type": 1}, "content is missing: wanted a content code, because"),
        ("insertbin", {**BIN_7, "content": 1, "bin_type": 3}, "wanted one of 1, 2, 5, 16, 17, 18"),
    ],
)
def test_wrong_values_are_named(name: str, given: Mapping[str, object], message: str) -> None:
    with pytest.raises(Invalid) as raised:
        check(name, {**PORT, **given})
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("getbinstate", {"min_bin_id": 9, "max_bin_id": 8}, "max_bin_id is 8"),
        ("forecastbin", {}, "bin_id is missing: wanted bin_id, or both"),
        ("forecastbin", {"min_bin_id": 1}, "bin_id is missing: wanted bin_id, or both"),
        ("forecastbin", {"min_bin_id": 1, "max_bin_id": 10_001}, "a span of at most 10000 bins"),
        ("forecastbin", {"bin_id": range(1, 10_002)}, "bin_id is 10001 values: wanted at most 10000"),
        ("cancelforecastbin", {"min_bin_id": 1, "max_bin_id": 1_001}, "a span of at most 1000 bins"),
        ("cancelforecastbin", {"bin_id": range(1, 1_002)}, "bin_id is 1001 values: wanted at most 1000"),
        ("gettaskinfo", {"task_id": 1, "taskgroup_id": 1}, "never both"),
        ("getsystemmode", {"port_id": 1}, "port_id is unknown: wanted no parameters at all"),
    ],
)
def test_spans_lists_and_exclusions(name: str, given: Mapping[str, object], message: str) -> None:
    with pytest.raises(Invalid) as raised:
        check(name, given)
    assert message in str(raised.value)


def test_the_widest_spans_pass() -> None:
    assert check("forecastbin", {"min_bin_id": 1, "max_bin_id": 10_000})
    assert check("cancelforecastbin", {"min_bin_id": 5, "max_bin_id": 1_004})
    assert check("getbinstate", {"min_bin_id": 8, "max_bin_id": 8})
    with pytest.raises(Invalid, match="bin_id is 60001 values: wanted at most 60000"):
        check("preparebin", {"bin_id": range(1, 60_002)}, Interface.BIN)
