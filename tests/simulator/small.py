"""A small site whose delays are exact, and short ways to ask it things."""

from datetime import UTC, datetime
from typing import Any

from msgspec import structs

from console.autostore.catalogue import Interface
from console.autostore.methods import find
from console.autostore.values import PortMode, PortType
from console.simulator import methods
from console.simulator.autostore_api import TASK_PATH, AutoStoreApi
from console.simulator.bins import Bin
from console.simulator.codes import Refusal
from console.simulator.course import Delays
from console.simulator.log_publisher import line
from console.simulator.methods.values import Values
from console.simulator.ports import Port
from console.simulator.switches import AutoStoreSwitches
from console.simulator.tasks import Task, TaskGroup
from console.simulator.warehouse import DAY_OF_THE_EXAMPLE, Warehouse
from console.simulator.wire import Received, Reply

ARRIVAL, PRESENTING, LEAVING, CLOSING, CASE_STEP = 3.0, 1.0, 2.0, 1.5, 1.0
HATCH, PREPARING, STOPPING, STARTING = 0.5, 1.0, 5.0, 6.0
UNTIL_OPEN = ARRIVAL + PRESENTING
EXACT = Delays(
    arrival=(ARRIVAL, ARRIVAL),
    presenting=(PRESENTING, PRESENTING),
    leaving=(LEAVING, LEAVING),
    closing=(CLOSING, CLOSING),
    case_step=(CASE_STEP, CASE_STEP),
    hatch=(HATCH, HATCH),
    preparing=(PREPARING, PREPARING),
    stopping=(STOPPING, STOPPING),
    starting=(STARTING, STARTING),
)

PLAIN, OTHER, AUTOCASE, DISABLED, PUPPET = 1, 2, 4, 8, 9
CUSTOM, HATCHED = 6, 7
CELL = {"port_id": CUSTOM, "x": 6, "y": 1}
CASE_BIN = 101337


def site(*more: Port, **switches: Any) -> Warehouse:
    """Five ports and `more`, ten plain bins 1 to 10 of content 7, one AutoCase bin, no tasks."""
    ports = (
        *more,
        Port(PLAIN),
        Port(OTHER),
        Port(AUTOCASE, PortType.AUTOCASE),
        Port(DISABLED, mode=PortMode.DISABLED),
        Port(PUPPET, mode=PortMode.MULTIPORT_PUPPET),
    )
    bins = [*(Bin(bin_id, content=7) for bin_id in range(1, 11)), Bin(CASE_BIN, bin_type=16)]
    return Warehouse(ports, bins, delays=EXACT, switches=AutoStoreSwitches(**switches))


def wide_site(**switches: Any) -> Warehouse:
    """A `site` with a custom port and one with a hatch."""
    return site(Port(CUSTOM, PortType.CUSTOM), Port(HATCHED, PortType.PICK_UP), **switches)


def hand_over(
    world: Warehouse, taskgroup_id: int, *bin_ids: int, category: int = 1, **more: Any
) -> TaskGroup:
    """Add a task group; the task of bin 3 in group 20 has id 20003 and order 1 if it is the first."""
    values = {"req_time": DAY_OF_THE_EXAMPLE, "priority": 5, **more}
    group = TaskGroup(taskgroup_id, category, **values)
    tasks = [
        Task(taskgroup_id * 1000 + bin_id, bin_id, order=order) for order, bin_id in enumerate(bin_ids, 1)
    ]
    world.tasks.add(group, tasks)
    return group


def at(hour: int) -> datetime:
    return datetime(2008, 12, 12, hour, tzinfo=UTC)


def call(world: Warehouse, name: str, *, interface: Interface = Interface.TASK, **arguments: Any) -> Values:
    """Make a call; a refusal has to be one that the catalogue lists for the method, or a switch."""
    method = find(name, interface)
    assert method is not None
    try:
        return methods.execute(world, method, arguments)
    except Refusal as refusal:
        by_switch = [value for key, value in structs.asdict(world.switches).items() if key.endswith("_fault")]
        assert refusal.code in {*method.faults, *method.assumed, *by_switch}, (name, refusal.code)
        raise


def outcome(world: Warehouse, name: str, **arguments: Any) -> int | str:
    """The fault code of a call, or "ok"."""
    try:
        call(world, name, **arguments)
    except Refusal as refusal:
        return refusal.code
    return "ok"


def bin_mode(world: Warehouse, bin_id: int) -> str:
    return world.bins[bin_id].mode.value


def lines(world: Warehouse) -> list[str]:
    """What the Log Publisher says from now on."""
    said: list[str] = []
    world.course.listeners.append(lambda change: said.extend(filter(None, [line(change)])))
    return said


def wait(world: Warehouse, seconds: float) -> None:
    world.advance(world.now + seconds)


def with_open_bin(world: Warehouse, port_id: int, bin_id: int) -> int | None:
    """Open the port for category 1 and have the bin open at it; returns the task's id."""
    call(world, "openport", port_id=port_id, category=(1,))
    task = call(world, "openbin", port_id=port_id, bin_id=bin_id)["task_id"]
    wait(world, UNTIL_OPEN)
    assert isinstance(task, int)
    return task


def post(
    world: Warehouse, body: str | bytes, content_type: str = "application/xml", path: str = TASK_PATH
) -> Reply:
    """What an endpoint answers, by default the task endpoint."""
    raw = body.encode() if isinstance(body, str) else body
    received = Received(verb="POST", path=path, content_type=content_type, body=raw)
    return AutoStoreApi(world).read(received).answer()
