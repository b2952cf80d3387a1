"""What can happen to a warehouse that nobody asked for through its interface.

A fault control or a scenario calls these by name; each takes the world and plain values. They are
no requests: a mistake is a ValueError in words, and nothing has changed then.
"""

from collections.abc import Callable, Mapping

from console.autostore.values import BinMode, CaseState, PortMode, PortType
from console.simulator.changes import (
    Alert,
    AlertRaised,
    CellLock,
    CellLocked,
    HatchPosition,
    LiftCellLocked,
    LiftLock,
)
from console.simulator.ports import Port
from console.simulator.warehouse import Warehouse


def stop_system(world: Warehouse, *, stopcode: int = 1, delayed: bool = False) -> None:
    """Stop the system at once, or by a delayed stop: `AL,DSTP`, stopping, and stopped after a while."""
    world.system.stop(stopcode, delayed=delayed)


def start_system(world: Warehouse) -> None:
    """Start the system: locks of a delayed stop are cleared, and it runs after a while."""
    for cell, lock in list(world.grid.locks.items()):
        if lock is CellLock.LONG_TERM:
            _unlock(world, cell)
    world.system.start()


def lose_driver(world: Warehouse) -> None:
    """Let the Log Publisher lose the driver: it falls silent, and after 20 s says `AL,NOC`."""
    world.system.lose_driver()


def regain_driver(world: Warehouse) -> None:
    """Let the Log Publisher have its driver back: it sends everything anew."""
    world.system.regain_driver()


def delay_backup(world: Warehouse) -> None:
    """Let the link to the backup be slow: `AL,BCK`."""
    world.course.tell(AlertRaised(Alert.BACKUP))


def stick_case(world: Warehouse, *, port_id: int) -> None:
    """Let the case action at a port stop in error; where none is running, the next one with its bin.

    Raises:
        ValueError: not an AutoCase port, or one where nothing runs and no bin is selected.
    """
    port = _autocase_port(world, port_id)
    if port.case.active:
        world.cases.stick(port)
    elif port.selected_bin is not None:
        world.jams.add(port.selected_bin)
    else:
        raise ValueError(f"port {port_id} has no bin: wanted one with a bin selected")


def free_case(world: Warehouse, *, port_id: int) -> None:
    """Let the case action at a port go on where it stopped in error.

    Raises:
        ValueError: not an AutoCase port, or one without an error.
    """
    port = _autocase_port(world, port_id)
    if not port.case.error:
        raise ValueError(f"port {port_id} has no case in error")
    world.cases.free(port)


def insert_case(world: Warehouse, *, port_id: int) -> None:
    """Let a case be put into the bin that is open at a port; the method for it is not known.

    Raises:
        ValueError: not an AutoCase port, or one without an open bin, or with an action that runs.
    """
    port = _autocase_port(world, port_id)
    if port.selected_bin is None or world.bins[port.selected_bin].mode is not BinMode.OPEN:
        raise ValueError(f"port {port_id} has no open bin")
    if port.case.active:
        raise ValueError(f"port {port_id} has a case action that runs")
    world.cases.begin(port, port.selected_bin, CaseState.INSERT_REQUESTED)


def open_hatch(world: Warehouse, *, port_id: int) -> None:
    """Open the hatch of a port.

    Raises:
        ValueError: no such port, or one without a hatch.
    """
    world.hatches.move(_hatched_port(world, port_id), HatchPosition.OPEN)


def close_hatch(world: Warehouse, *, port_id: int) -> None:
    """Close the hatch of a port.

    Raises:
        ValueError: no such port, or one without a hatch.
    """
    world.hatches.move(_hatched_port(world, port_id), HatchPosition.CLOSED)


def take_port_down(world: Warehouse, *, port_id: int) -> None:
    """Put a port out of service (DISABLED); its bins go back.

    Raises:
        ValueError: no such port, or one that a MultiPort drives.
    """
    port = _serviceable_port(world, port_id)
    if port.is_open:
        world.begin_closing(port, suspend=False)
    world.set_mode(port, PortMode.DISABLED)


def bring_port_up(world: Warehouse, *, port_id: int) -> None:
    """Put a port back into service, closed.

    Raises:
        ValueError: no such port, or one that a MultiPort drives, or one that is in service.
    """
    port = _serviceable_port(world, port_id)
    if port.mode is not PortMode.DISABLED:
        raise ValueError(f"port {port_id} is in service")
    world.set_mode(port, PortMode.CLOSED)


def block_cell(world: Warehouse, *, port_id: int) -> None:
    """Let something lie in the cell of a custom port: deliveries fail (`LF`), and pick-ups (`BM`, TOGRID).

    Raises:
        ValueError: not a custom port.
    """
    _custom_port(world, port_id).location.blocked = True


def clear_cell(world: Warehouse, *, port_id: int) -> None:
    """Clear the cell of a custom port.

    Raises:
        ValueError: not a custom port.
    """
    _custom_port(world, port_id).location.blocked = False


def lock_cell(world: Warehouse, *, x: int, y: int, robot_error: bool = False) -> None:
    """Lock a cell, as a user does or as an error of a robot does: its bins cannot be fetched.

    Raises:
        ValueError: no bin ever stood there.
    """
    cell = _stock_cell(world, x, y)
    world.grid.locks[cell] = CellLock.LONG_TERM if robot_error else CellLock.PERMANENT
    world.course.tell(CellLocked(cell, world.grid.locks[cell]))


def unlock_cell(world: Warehouse, *, x: int, y: int) -> None:
    """Clear the lock of a cell.

    Raises:
        ValueError: it is not locked.
    """
    if (x, y) not in world.grid.locks:
        raise ValueError(f"cell {x},{y} is not locked")
    _unlock(world, (x, y))


def lock_lift_cell(world: Warehouse, *, x: int, y: int) -> None:
    """Suspend a cell for lifting, as for an overfilled bin.

    Raises:
        ValueError: no bin ever stood there.
    """
    _set_lift_lock(world, _stock_cell(world, x, y), LiftLock.LOCKED)


def unlock_lift_cell(world: Warehouse, *, x: int, y: int) -> None:
    """Allow a cell for lifting again.

    Raises:
        ValueError: no bin ever stood there.
    """
    _set_lift_lock(world, _stock_cell(world, x, y), LiftLock.CLEARED)


INCIDENTS: Mapping[str, Callable[..., None]] = {
    incident.__name__: incident
    for incident in (
        stop_system,
        start_system,
        lose_driver,
        regain_driver,
        delay_backup,
        stick_case,
        free_case,
        insert_case,
        open_hatch,
        close_hatch,
        take_port_down,
        bring_port_up,
        block_cell,
        clear_cell,
        lock_cell,
        unlock_cell,
        lock_lift_cell,
        unlock_lift_cell,
    )
}


def _port(world: Warehouse, port_id: int) -> Port:
    if port_id not in world.ports:
        raise ValueError(f"no port {port_id}")
    return world.ports[port_id]


def _autocase_port(world: Warehouse, port_id: int) -> Port:
    port = _port(world, port_id)
    if port.port_type is not PortType.AUTOCASE:
        raise ValueError(f"port {port_id} is not an AutoCase port")
    return port


def _hatched_port(world: Warehouse, port_id: int) -> Port:
    port = _port(world, port_id)
    if not port.hatched:
        raise ValueError(f"port {port_id} has no hatch")
    return port


def _serviceable_port(world: Warehouse, port_id: int) -> Port:
    port = _port(world, port_id)
    if port.mode is PortMode.MULTIPORT_PUPPET:
        raise ValueError(f"port {port_id} is driven by a MultiPort")
    return port


def _custom_port(world: Warehouse, port_id: int) -> Port:
    port = _port(world, port_id)
    if not port.custom:
        raise ValueError(f"port {port_id} is not a custom port")
    return port


def _stock_cell(world: Warehouse, x: int, y: int) -> tuple[int, int]:
    if (x, y) not in world.grid.cells:
        raise ValueError(f"no bins stand in cell {x},{y}")
    return (x, y)


def _unlock(world: Warehouse, cell: tuple[int, int]) -> None:
    del world.grid.locks[cell]
    world.course.tell(CellLocked(cell, CellLock.CLEARED))


def _set_lift_lock(world: Warehouse, cell: tuple[int, int], lock: LiftLock) -> None:
    if lock is LiftLock.CLEARED:
        world.grid.lift_locks.pop(cell, None)
    else:
        world.grid.lift_locks[cell] = lock
    world.course.tell(LiftCellLocked(cell, lock))
