"""The Log Publisher's lines: their layouts, and that whoever follows them knows where everything is."""

import re
from typing import Any

import pytest

from console.autostore.values import BinMode, CaseState, PortMode
from console.simulator import changes, incidents
from console.simulator.changes import Alert, CellLock, HatchPosition, LiftLock, Place
from console.simulator.default_warehouse import build_warehouse
from console.simulator.log_publisher import download, line
from console.simulator.warehouse import Warehouse

from .follower import Follower
from .small import (
    AUTOCASE,
    CASE_BIN,
    CASE_STEP,
    CELL,
    CUSTOM,
    HATCHED,
    PLAIN,
    UNTIL_OPEN,
    call,
    lines,
    wait,
    wide_site,
    with_open_bin,
)

CELL_15_12 = (15, 12)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (changes.CaseChanged(5, 10001, CaseState.EXTRACT_REQUESTED, False), "AC,5,10001,EREQ"),
        (changes.CancelAsked(5, 10001), "AC,5,10001,CR"),
        (changes.AlertRaised(Alert.NO_CONNECTION), "AL,NOC"),
        (changes.BinDefined(10001, 330, False), "BD,10001,330,ST"),
        (changes.BinDefined(10001, 425, True), "BD,10001,425,AC"),
        (changes.BinMoved(15001, Place()), "BL,15001,1"),
        (changes.BinMoved(15001, Place(CELL_15_12, 120)), "BL,15001,1,15,12,120"),
        (changes.BinMoved(15001, Place(CELL_15_12, 1), BinMode.PORT), "BL,15001,1,15,12,1,P"),
        (
            changes.BinMoved(15001, Place(CELL_15_12, 120), BinMode.GRID, 0, 330),
            "BL,15001,1,15,12,120,G,0,330",
        ),
        (changes.BinModeChanged(10001, BinMode.OUTSIDE), "BM,10001,X"),
        (changes.BinPrepared(10001, published=True), "BM,10001,T"),
        (changes.BinPrepared(10001, published=False), None),
        (changes.CellLocked(CELL_15_12, CellLock.LONG_TERM), "CL,1,L,15,12"),
        (changes.HatchMoved(1, HatchPosition.OPEN), "HS,1,O,1"),
        (changes.LiftCellLocked(CELL_15_12, LiftLock.LOCKED), "LCL,15,12,BOTH"),
        (changes.DeliveryFailed(CELL_15_12), "LF,1,15,12"),
        (changes.PortChanged(1, PortMode.OPEN, False), None),
        (changes.ContentChanged(1, 7), None),
        (changes.SystemChanged(70, 1), None),
        (changes.DriverLost(), None),
        (changes.DriverRegained(), None),
    ],
)
def test_the_line_of_a_change(change: changes.Change, told: str | None) -> None:
    assert line(change) == told


LAYOUTS = {
    "AC": r"AC,\d+,\d+,(EREQ|ERSO|ECMP|IREQ|IRTR|ICRC|ICIN|ICMP|NOOP|CR)",
    "AL": r"AL,(NOC|BCK|DSTP)",
    "BD": r"BD,\d+,(220|330|425),(NO|ST|AC|UN)",
    "BL": r"BL,\d+,\d+(,\d+,\d+,-?\d+(,[GFTPROCXD](,\d+,(220|330|425))?)?)?",
    "BM": r"BM,\d+,[GFTPROCXD]",
    "CD": r"CD,\d+,\d+,(PO|SE|ST|EX|CH|FL|OV),\d+,\d+",
    "CL": r"CL,\d+,[LPC],\d+,\d+",
    "DS": r"DS",
    "HS": r"HS,\d+,(U|C|B|O|FO),[12]",
    "LCL": r"LCL,\d+,\d+,(BOTH|CLEAR|UNKNOWN)",
    "LF": r"LF,\d+,\d+,\d+",
}
"""Every tag with the layout that autostore.md section 6 gives."""


def tags(said: list[str]) -> set[str]:
    """The tags of lines that all have the layout of theirs."""
    for one in said:
        assert re.fullmatch(LAYOUTS[one.partition(",")[0]], one), one
    return {one.partition(",")[0] for one in said}


def everything_happens(world: Warehouse) -> None:
    """Let happen what has a tag, on a `wide_site`."""
    with_open_bin(world, AUTOCASE, CASE_BIN)
    call(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN)
    incidents.stick_case(world, port_id=AUTOCASE)
    with_open_bin(world, HATCHED, 3)
    call(world, "openport", port_id=CUSTOM, category=(1,))
    call(world, "openbin", port_id=CUSTOM, bin_id=4)
    incidents.block_cell(world, port_id=CUSTOM)
    call(world, "portlocationready", **CELL)
    wait(world, UNTIL_OPEN)
    call(world, "createbin", bin_id=50, bin_type=2)
    (x, y), *_ = world.grid.cells
    incidents.lock_cell(world, x=x, y=y, robot_error=True)
    incidents.lock_lift_cell(world, x=x, y=y)
    incidents.stop_system(world, delayed=True)


def test_every_documented_tag_comes_in_its_layout() -> None:
    world = wide_site(cell_definitions=True)
    said = lines(world)
    everything_happens(world)
    assert tags([*said, *download(world)]) == LAYOUTS.keys()


def test_the_download_tells_what_is_locked_open_and_running() -> None:
    world = wide_site()
    everything_happens(world)
    first, *rest = download(world)
    assert first == "DS"
    told = set(rest)
    (x, y), *_ = world.grid.cells
    assert {
        f"CL,1,L,{x},{y}",
        f"LCL,{x},{y},BOTH",
        "AC,4,101337,EREQ",
        "HS,7,O,1",
        "BD,101337,330,AC",
        "BL,101337,1,4,1,1,O,0,330",
        "BL,4,1",
        "BM,50,X",
    } <= told
    assert sum(one.startswith("BL") for one in told) == len(list(world.bins)) - 1
    assert not any(one.startswith("CD") for one in told)


def test_cells_are_defined_by_switch() -> None:
    world = wide_site(cell_definitions=True)
    defined = [one for one in download(world) if one.startswith("CD")]
    assert "CD,6,1,PO,0,0" in defined
    assert defined[-1] == "CD,1,3,ST,120,5400"


def test_a_bin_is_followed_on_its_way_to_the_port_and_back() -> None:
    world = wide_site()
    said = lines(world)
    task = with_open_bin(world, HATCHED, 10)
    wait(world, 1)
    call(world, "closebin", port_id=HATCHED, bin_id=10, task_id=task)
    wait(world, 60)
    mine = [one for one in said if not one.startswith("BL,101337")]
    assert mine[:3] == ["BL,10,1", "BL,10,1,7,1,1,P", "BM,10,O"]
    assert mine[3:7] == ["HS,7,B,1", "HS,7,O,1", "BM,10,C", "HS,7,B,1"]
    assert mine[7:9] == ["HS,7,C,1", "BL,10,1"]
    assert re.fullmatch(r"BL,10,1,\d+,\d+,\d+", mine[9])


def test_a_hatch_opens_fully_for_putting_bins_in() -> None:
    world = wide_site()
    said = lines(world)
    call(world, "openport", port_id=HATCHED)
    wait(world, 1)
    assert said == ["HS,7,B,1", "HS,7,FO,1"]


@pytest.mark.parametrize("options", [{"crew": True}, {"churn": 0.3}, {"crew": True, "churn": 0.1}])
def test_whoever_follows_knows_where_everything_is(options: dict[str, Any]) -> None:
    world = build_warehouse(ports=60, **options)
    follower = Follower(world)
    world.advance(300)
    assert tags(follower.said) >= {"BL", "BM", "HS"}
    follower.check()
    fresh = Follower(world)
    assert (follower.places, follower.modes) == (fresh.places, fresh.modes)


def test_a_case_is_told_step_by_step() -> None:
    world = wide_site()
    task = with_open_bin(world, AUTOCASE, CASE_BIN)
    said = lines(world)
    call(world, "case_extract", port_id=AUTOCASE, bin_id=CASE_BIN)
    wait(world, 2 * CASE_STEP)
    call(world, "closebin", port_id=AUTOCASE, bin_id=CASE_BIN, task_id=task)
    assert said == [
        *(f"AC,4,101337,{state}" for state in ("EREQ", "ERSO", "ECMP", "NOOP")),
        "BM,101337,C",
    ]


def test_a_port_that_opens_and_closes_has_no_line() -> None:
    world = wide_site()
    said = lines(world)
    call(world, "openport", port_id=PLAIN, category=(1,))
    call(world, "closeport", port_id=PLAIN)
    wait(world, 60)
    assert said == []
