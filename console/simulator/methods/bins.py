"""Bins at ports (autostore.md 4.2 and 7.2)."""

from console.autostore.values import BinMode
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values, present
from console.simulator.selection import Wish, choose
from console.simulator.warehouse import Port, Warehouse


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
        Refusal: 1000 no such port; 1009 not open; 1020 an earlier bin is not closed; and what
            `selection.choose` raises.
    """
    port = _open_port(world, port_id)
    if port.selected_bin is not None:
        raise Refusal(Code.CONFLICTS_WITH_PREV_OPENBIN)
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
        Refusal: 1000 no such port; 1009 not open; 1011 no such bin; 1010 not the bin selected here;
            by switch the refusal of a bin that is not open yet or whose case is moving (1027);
            1012 not the open task or, by switch, none given although there is one.
    """
    port = _open_port(world, port_id)
    bin_ = world.bin(bin_id)
    if port.selected_bin != bin_id:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    if bin_.mode is not BinMode.OPEN or port.case.active:
        raise Refusal(world.switches.bin_busy_fault)
    if task_id != port.selected_task and (task_id is not None or world.switches.closebin_needs_task):
        raise Refusal(Code.INVALID_PARAMETER_TASK_ID)
    if content is not None:
        world.bins.set_content(bin_, content)
    if taskcomplete and port.selected_task is not None:
        world.finish_task(port, port.selected_task)
    world.release_bin(port)
    return {}


def _open_port(world: Warehouse, port_id: int) -> Port:
    port = world.port(port_id)
    if not port.is_open:
        raise Refusal(Code.PORT_IS_NOT_OPEN)
    return port
