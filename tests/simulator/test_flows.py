"""The flows of autostore.md section 7, played by the requests a WMS would post."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from console.simulator import incidents
from console.simulator.autostore_api import BIN_PATH, TASK_PATH
from console.simulator.warehouse import Warehouse

from .small import (
    ARRIVAL,
    AUTOCASE,
    CASE_BIN,
    CASE_STEP,
    CLOSING,
    CUSTOM,
    HATCH,
    HATCHED,
    LEAVING,
    OTHER,
    PLAIN,
    PREPARING,
    UNTIL_OPEN,
    lines,
    post,
    wait,
    wide_site,
)

GROUP = (
    "<taskgroup_id>20</taskgroup_id><category>1</category>"
    "<req_time>2008-12-12T05:00:00Z</req_time><priority>5</priority>"
)


def tasks(*bins: int) -> str:
    each = "".join(
        f"<task><task_id>{20000 + bin_id}</task_id><bin_id>{bin_id}</bin_id></task>" for bin_id in bins
    )
    return f"<tasks>{each}</tasks>"


class Wms:
    """A warehouse management system at one endpoint; what it asks with keywords are plain parameters."""

    def __init__(self, world: Warehouse, path: str = TASK_PATH) -> None:
        self.world = world
        self.path = path
        self.said = lines(world)

    def ask(self, name: str, nested: str = "", **params: object) -> dict[str, str] | int:
        """The values of the answer by their names, innermost ones only, or the fault's code."""
        flat = "".join(f"<{key}>{value}</{key}>" for key, value in params.items())
        body = f"<methodcall><name>{name}</name><params>{flat}{nested}</params></methodcall>"
        reply = post(self.world, body, path=self.path)
        assert reply.status == 200
        root = ElementTree.fromstring(reply.body)
        code = root.findtext("fault/code")
        if code is not None:
            return int(code)
        return {one.tag: one.text or "" for one in root.iter() if len(one) == 0 and one.tag != "params"}

    def do(self, name: str, nested: str = "", **params: object) -> dict[str, str]:
        """`ask`, and be answered."""
        answer = self.ask(name, nested, **params)
        assert isinstance(answer, dict), (name, answer)
        return answer

    def mode(self, bin_id: int) -> str:
        return self.do("getbinstate", bin_id=bin_id)["bin_mode"]

    def port_mode(self, port_id: int) -> str:
        return self.do("getportstatus", port_id=port_id)["mode"]

    def heard(self) -> list[str]:
        """What the Log Publisher said since the last time."""
        said, self.said[:] = list(self.said), []
        return said


@pytest.fixture
def wms() -> Iterator[Wms]:
    yield Wms(wide_site())


def category(number: int) -> str:
    return f"<select><category>{number}</category></select>"


def test_7_1_a_port_opens_closes_and_opens_again(wms: Wms) -> None:
    wms.do("openport", category(1), port_id=PLAIN)
    assert wms.port_mode(PLAIN) == "OPEN"
    assert wms.ask("openport", category(1), port_id=PLAIN) == 1002
    wms.do("closeport", port_id=PLAIN)
    assert wms.ask("openport", port_id=PLAIN) == 1001
    wait(wms.world, CLOSING)
    assert wms.port_mode(PLAIN) == "CLOSED"
    wms.do("openport", port_id=PLAIN)
    assert wms.port_mode(PLAIN) == "INSERT"


def test_7_2_and_7_3_a_bin_is_announced_prepared_picked_and_put_away(wms: Wms) -> None:
    wms.do("forecastbin", bin_id=3)
    assert wms.mode(3) == "FORECAST"
    wms.do("create_taskgroup", GROUP + tasks(3, 4))
    wait(wms.world, 2 * PREPARING)
    assert wms.mode(3) == "PREPARED"
    wms.do("openport", category(1), port_id=HATCHED)
    wms.heard()
    assert wms.do("openbin", port_id=HATCHED) == {"bin_id": "3", "task_id": "20003"}
    wait(wms.world, ARRIVAL)
    assert wms.mode(3) == "PORT"
    wait(wms.world, UNTIL_OPEN - ARRIVAL + HATCH)
    assert wms.do("getbinstate", bin_id=3) == {"bin_id": "3", "bin_mode": "OPEN", "port_id": str(HATCHED)}
    heard = [line for line in wms.heard() if not line.startswith("BL,4")]
    assert heard[-4:] == ["BL,3,1,7,1,1,P", "BM,3,O", "HS,7,B,1", "HS,7,O,1"]
    wms.do("closebin", port_id=HATCHED, bin_id=3, task_id=20003, content=12)
    assert wms.mode(3) == "CLOSED"
    assert wms.do("openbin", port_id=HATCHED) == {"bin_id": "4", "task_id": "20004"}
    wait(wms.world, UNTIL_OPEN)
    assert wms.do("getbininfo", bin_id=3) == {"bin_id": "3", "content": "12", "target_grid": "1"}
    assert wms.mode(3) == "GRID"
    wms.do("closebin", port_id=HATCHED, bin_id=4, task_id=20004)
    assert wms.ask("openbin", port_id=HATCHED) == 1015
    wms.do("closeport", port_id=HATCHED)
    wait(wms.world, LEAVING)
    assert wms.port_mode(HATCHED) == "CLOSED"


def test_7_2_a_bin_leaves_by_a_custom_port_and_comes_back(wms: Wms) -> None:
    cell: dict[str, Any] = {"port_id": CUSTOM, "x": 6, "y": 1}
    wms.do("openport", category(1), port_id=CUSTOM)
    wms.do("openbin", port_id=CUSTOM, bin_id=3)
    wms.do("portlocationready", **cell)
    wait(wms.world, ARRIVAL)
    assert wms.mode(3) == "PORT"
    wms.do("flushportbin", port_id=CUSTOM, bin_id=3)
    assert wms.mode(3) == "TOGRID"
    wms.do("portbinmode", port_id=CUSTOM, bin_id=3, bin_mode="OUTSIDE")
    assert wms.do("getbinstate", bin_id=3) == {"bin_id": "3", "bin_mode": "OUTSIDE"}
    assert wms.do("getbinloc", bin_id=3) == {"bin_id": "3"}
    wms.do("portbinready", **cell, bin_id=3)
    wait(wms.world, LEAVING)
    assert wms.mode(3) == "GRID"
    assert wms.do("getbinloc", bin_id=3).keys() == {"bin_id", "xpos", "ypos", "depth"}


@pytest.mark.parametrize("jammed", [False, True])
def test_7_4_a_case_is_extracted(wms: Wms, jammed: bool) -> None:
    wms.do("openport", category(1), port_id=AUTOCASE)
    wms.do("openbin", port_id=AUTOCASE, bin_id=CASE_BIN)
    wait(wms.world, UNTIL_OPEN)
    wms.heard()
    case = {"port_id": AUTOCASE, "bin_id": CASE_BIN}
    if jammed:
        wms.world.jams.add(CASE_BIN)
        wms.do("case_extract", **case)
        assert wms.ask("case_extract", **case) == 1148
        assert wms.ask("case_cancel", **case) == 1153
        wait(wms.world, 2 * CASE_STEP)
        assert wms.heard()[-1] == "AC,4,101337,CR"
        wms.do("case_cancel", **case)
        assert wms.heard() == ["AC,4,101337,NOOP"]
        assert wms.ask("case_cancel", **case) == 1152
    wms.do("case_extract", **case)
    wait(wms.world, 2 * CASE_STEP)
    assert wms.heard() == [f"AC,4,101337,{state}" for state in ("EREQ", "ERSO", "ECMP")]
    assert wms.do("case_getstate", port_id=AUTOCASE)["case_state"] == "ECMP"


def test_7_4_a_case_is_put_in(wms: Wms) -> None:
    wms.do("openport", category(1), port_id=AUTOCASE)
    wms.do("openbin", port_id=AUTOCASE, bin_id=CASE_BIN)
    wait(wms.world, UNTIL_OPEN)
    incidents.insert_case(wms.world, port_id=AUTOCASE)
    seen = []
    for _ in range(5):
        seen.append(wms.do("case_getstate", port_id=AUTOCASE)["case_state"])
        wait(wms.world, CASE_STEP)
    assert seen == ["IREQ", "IRTR", "ICRC", "ICIN", "ICMP"]


def test_7_5_a_delivery_and_a_pick_up_fail_and_are_repeated(wms: Wms) -> None:
    cell: dict[str, Any] = {"port_id": CUSTOM, "x": 6, "y": 1}
    wms.do("openport", category(1), port_id=CUSTOM)
    wms.do("openbin", port_id=CUSTOM, bin_id=3)
    wms.do("portcellallocate", **cell)
    incidents.block_cell(wms.world, port_id=CUSTOM)
    wms.heard()
    wms.do("portlocationready", **cell)
    wait(wms.world, ARRIVAL)
    assert wms.heard() == ["LF,1,6,1"]
    incidents.clear_cell(wms.world, port_id=CUSTOM)
    wms.do("portlocationready", **cell)
    wait(wms.world, ARRIVAL)
    assert wms.heard() == ["BL,3,1,6,1,1,P"]
    wms.do("portbinmode", port_id=CUSTOM, bin_id=3, bin_mode="OPEN")
    wms.do("portbinmode", port_id=CUSTOM, bin_id=3, bin_mode="CLOSED")
    incidents.block_cell(wms.world, port_id=CUSTOM)
    wms.do("portbinready", **cell, bin_id=3)
    wait(wms.world, LEAVING)
    assert wms.heard() == ["BM,3,O", "BM,3,C", "BM,3,R"]
    incidents.clear_cell(wms.world, port_id=CUSTOM)
    wms.do("portbinready", **cell, bin_id=3)
    wait(wms.world, LEAVING)
    on_a_robot, in_the_grid = wms.heard()
    assert on_a_robot == "BL,3,1"
    assert re.fullmatch(r"BL,3,1,\d+,\d+,\d+", in_the_grid)


def test_7_7_logging_out_suspends_the_group_and_logging_in_resumes_it(wms: Wms) -> None:
    wms.do("create_taskgroup", GROUP + tasks(3, 4))
    wms.do("openport", category(1), port_id=PLAIN)
    wms.do("openbin", port_id=PLAIN)
    wait(wms.world, UNTIL_OPEN)
    wms.do("closeport", port_id=PLAIN, suspend_taskgroup="true")
    wms.do("openport", category(1), port_id=OTHER)
    assert wms.ask("openbin", port_id=OTHER) == 1015
    assert wms.do("gettaskinfo", taskgroup_id=20)["suspended"] == "true"
    wait(wms.world, LEAVING)
    wms.do("openport", category(1), port_id=PLAIN)
    assert wms.do("openbin", port_id=PLAIN, taskgroup_id=20) == {"bin_id": "3", "task_id": "20003"}


def test_a_site_that_speaks_the_bin_interface_works_the_queue_it_sends() -> None:
    wms = Wms(wide_site(), BIN_PATH)
    wms.do("preparebin", "<bins><bin_id>4</bin_id><bin_id>2</bin_id></bins>")
    wait(wms.world, 2 * PREPARING)
    assert [line for line in wms.heard() if line.startswith("BM")] == ["BM,4,T", "BM,2,T"]
    wms.do("openport", port_id=PLAIN)
    queue = "<bins><begingroup/><bin_id>4</bin_id><bin_id>2</bin_id><endgroup/><content>7</content></bins>"
    wms.do("setportqueue", queue, port_id=PLAIN)
    for bin_id in (4, 2, 1):
        assert wms.do("openbin", port_id=PLAIN) == {"bin_id": str(bin_id)}
        wait(wms.world, UNTIL_OPEN)
        assert wms.do("getbinstate", bin_id=bin_id)["bin_mode"] == "OPEN"
        wms.do("closebin", port_id=PLAIN, bin_id=bin_id)
        wait(wms.world, LEAVING)
    assert wms.ask("openbin", port_id=PLAIN) == 1016
    assert wms.world.preparation.queue == []
