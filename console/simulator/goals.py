"""What a scenario can want of the two worlds.

Each condition returns what is lacking, in words; nothing lacking means that it holds.
"""

from collections.abc import Callable, Iterable

from console.autostore.values import CaseState, PortMode
from console.simulator.dialling import dial
from console.simulator.filling import Category, DeviceId, PortId, PortIds, Text, Times, port_ids
from console.simulator.phrases import Vocabulary
from console.simulator.ports import Port
from console.simulator.record import CLIENT, OK, Executed
from console.simulator.softswitch import Softswitch
from console.simulator.warehouse import Warehouse


def ports_open(world: Warehouse, *, ports: PortIds, category: Category | None = None) -> list[str]:
    """Every one of the ports is open, for that category if one is named, and not closing."""

    def right(port: Port) -> bool:
        return port.is_open and (category is None or category in port.categories)

    return _ports_that_are_not(right, world, ports)


def ports_closed(world: Warehouse, *, ports: PortIds) -> list[str]:
    """Every one of the ports is closed, and no longer closing."""
    return _ports_that_are_not(lambda port: port.mode is PortMode.CLOSED and not port.closing, world, ports)


def no_case_in_error(world: Warehouse) -> list[str]:
    """No AutoCase action has stopped in error."""
    stuck = (port for port in world.ports.values() if port.case.error)
    return [f"the case at port {port.port_id} is in error" for port in stuck]


def case_is(world: Warehouse, *, port_id: PortId, state: CaseState) -> list[str]:
    """The AutoCase action at a port is in that state, without an error."""
    port = world.ports.get(port_id)
    if port is None:
        return [f"there is no port {port_id}"]
    case = port.case
    if case.state is state and not case.error:
        return []
    return [f"the case at port {port_id} is {case.state}{' in error' if case.error else ''}"]


def system_running(world: Warehouse) -> list[str]:
    """The system runs."""
    return [] if world.system.running else [f"the system is in mode {world.system.mode}"]


def driver_heard(world: Warehouse) -> list[str]:
    """The Log Publisher hears its driver."""
    return [] if world.system.driver_heard else ["the Log Publisher does not hear its driver"]


def rules(
    world: Softswitch,
    *,
    device_id: DeviceId,
    count: int = 1,
    name: str | None = None,
    cut: str | None = None,
    add: str | None = None,
) -> list[str]:
    """A device has so many rules, of those with that name, cut and add where they are named."""
    wanted = {"name": name, "cut": cut, "add": add}
    found = [
        rule
        for rule in world.rules_of(device_id)
        if all(value in (None, getattr(rule, field)) for field, value in wanted.items())
    ]
    return [] if len(found) == count else [f"device {device_id} has {len(found)} such rules, not {count}"]


def dials(world: Softswitch, *, device_id: DeviceId, number: Text, becomes: Text) -> list[str]:
    """The rules of a device make another number of one that is dialled."""
    made = dial(world.rules_of(device_id), number)
    return [] if made == becomes else [f"device {device_id} makes {made} of {number}"]


def device_shown(world: Softswitch, *, device_id: DeviceId) -> list[str]:
    """A device is there, and neither blocked nor hidden."""
    device = world.devices.get(device_id)
    if device is None:
        return [f"there is no device {device_id}"]
    return [f"device {device_id} is hidden"] if device.hidden else []


def asked_at_most(world: Warehouse, *, method: Text, times: Times) -> list[str]:
    """The console has carried out a method of the warehouse no more often than that."""
    return _too_often(world.record.entries, method, times)


def called_at_most(world: Softswitch, *, call: Text, times: Times) -> list[str]:
    """The console has carried out a call of the switch no more often than that."""
    return _too_often(world.record.entries, call, times)


CONDITIONS = Vocabulary(
    (
        ports_open,
        ports_closed,
        no_case_in_error,
        case_is,
        system_running,
        driver_heard,
        rules,
        dials,
        device_shown,
        asked_at_most,
        called_at_most,
    )
)


def _ports_that_are_not(right: Callable[[Port], bool], world: Warehouse, written: PortIds) -> list[str]:
    lacking = []
    for port_id in port_ids(written):
        port = world.ports.get(port_id)
        if port is None:
            lacking.append(f"there is no port {port_id}")
        elif not right(port):
            lacking.append(f"port {port_id} is {_condition(port)}")
    return lacking


def _condition(port: Port) -> str:
    if port.closing:
        return "closing"
    return f"{port.mode} for {list(port.categories)}" if port.is_open else port.mode


def _too_often(entries: Iterable[Executed], method: str, times: int) -> list[str]:
    done = sum(entry.who == CLIENT and entry.result == OK and entry.method == method for entry in entries)
    return [] if done <= times else [f"{method} was carried out {done} times, not at most {times}"]
