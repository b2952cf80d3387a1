"""Bins at ports on the task interface (autostore.md 4.2 and 7.2), and what both interfaces share."""

from console.autostore.values import BinMode, PortMode
from console.simulator.bins import Bin
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values, present
from console.simulator.ports import Port
from console.simulator.selection import Wish, choose
from console.simulator.warehouse import Warehouse


def openbin(
    world: Warehouse,
    *,
    port_id: int,
    bin_id: int | None = None,
    task_id: int | None = None,
    taskgroup_id: int | None = None,
    shipment: int | None = None,
) -> Values:
    """Call a bin to the port; it is named at once and arrives later.

    Raises:
        Refusal: as `idle_port`, and what `selection.choose` raises.
    """
    port = idle_port(world, port_id)
    wish = Wish(bin_id=bin_id, task_id=task_id, taskgroup_id=taskgroup_id, shipment=shipment)
    choice = choose(world, port, wish)
    task = choice.task_id
    if task is None and bin_id is not None:
        task = world.new_ad_hoc_task()
    world.select(port, world.bins[choice.bin_id], task, choice.taskgroup_id)
    return present(bin_id=choice.bin_id, task_id=task)


def closebin(
    world: Warehouse,
    *,
    port_id: int,
    bin_id: int,
    task_id: int | None = None,
    content: int | None = None,
    taskcomplete: bool = True,
) -> Values:
    """Send the open bin back, its task done unless `taskcomplete` says otherwise.

    Raises:
        Refusal: as `port_with_bin`; 1012 not the open task or, by switch, none given although
            there is one.
    """
    port, bin_ = port_with_bin(world, port_id, bin_id)
    if task_id != port.selected_task and (task_id is not None or world.switches.closebin_needs_task):
        raise Refusal(Code.INVALID_PARAMETER_TASK_ID)
    _settle_task(world, port, done=taskcomplete)
    close(world, port, bin_, content)
    return {}


def removebin(
    world: Warehouse,
    *,
    port_id: int,
    bin_id: int,
    task_id: int | None = None,
    taskcomplete: bool = True,
) -> Values:
    """Let the open bin leave the system, its task done unless `taskcomplete` says otherwise.

    Raises:
        Refusal: as `port_with_bin`; 1012 not the open task.
    """
    port, bin_ = port_with_bin(world, port_id, bin_id)
    if task_id not in (None, port.selected_task):
        raise Refusal(Code.INVALID_PARAMETER_TASK_ID)
    _settle_task(world, port, done=taskcomplete)
    remove(world, port, bin_)
    return {}


def open_port(world: Warehouse, port_id: int) -> Port:
    """Return the port.

    Raises:
        Refusal: 1000 no such port; 1009 not open.
    """
    port = world.port(port_id)
    if not port.is_open:
        raise Refusal(Code.PORT_IS_NOT_OPEN)
    return port


def idle_port(world: Warehouse, port_id: int) -> Port:
    """Return the port, which can take a bin.

    Raises:
        Refusal: as `open_port`; 1020 an earlier bin is not closed.
    """
    port = open_port(world, port_id)
    if port.selected_bin is not None:
        raise Refusal(Code.CONFLICTS_WITH_PREV_OPENBIN)
    return port


def port_with_bin(world: Warehouse, port_id: int, bin_id: int) -> tuple[Port, Bin]:
    """Return the port and the bin that is open at it; a port in AUTO has none selected.

    Raises:
        Refusal: as `open_port`; 1011 no such bin; 1010 not the bin selected here; by switch the
            refusal of a bin that is not open yet or whose case is moving (1027).
    """
    port = open_port(world, port_id)
    bin_ = world.bin(bin_id)
    visits = port.mode is PortMode.AUTO and bin_id in port.visitors
    if port.selected_bin != bin_id and not visits:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    if bin_.mode is not BinMode.OPEN or port.case.active:
        raise Refusal(world.switches.bin_busy_fault)
    return port, bin_


def close(world: Warehouse, port: Port, bin_: Bin, content: int | None) -> None:
    """Send an open bin back; its foremost place in the preparation queue is used up."""
    if content is not None:
        world.set_content(bin_, content)
    world.preparation.drop_foremost(bin_.bin_id)
    world.send_back(port, bin_)


def remove(world: Warehouse, port: Port, bin_: Bin) -> None:
    """Let an open bin leave the system; its foremost place in the preparation queue is used up."""
    world.preparation.drop_foremost(bin_.bin_id)
    world.unselect_bin(port, bin_)
    world.travel.take_out(port, bin_)


def _settle_task(world: Warehouse, port: Port, *, done: bool) -> None:
    if done and port.selected_task is not None:
        world.drop_task(port.selected_task)
