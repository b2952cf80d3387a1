"""The methods of the Bin interface that the task interface has not, or has in another form.

The WMS itself decides which bin comes next, so there is no select and no task (autostore.md 4.1, 4.2, 4.8).
"""

from collections.abc import Mapping, Sequence

from console.autostore.values import PortMode
from console.simulator import port_queues
from console.simulator.codes import Code, Refusal
from console.simulator.methods import bins, ports
from console.simulator.methods.values import Values
from console.simulator.ports import Port, Wanted
from console.simulator.selection import ready
from console.simulator.warehouse import Warehouse

Entries = Sequence[Mapping[str, int | bool]]


def openport(world: Warehouse, *, port_id: int, port_mode: str = PortMode.OPEN) -> Values:
    """Open a closed port; one in AUTO works its queue by itself.

    Raises:
        Refusal: 1000 no such port or none that opens; 1001 closing; 1002 open already.
    """
    port = ports.available(world, port_id)
    if port.closing:
        raise Refusal(Code.PORT_IS_CLOSING)
    if port.is_open:
        raise Refusal(Code.PORT_IS_ALREADY_OPEN)
    world.set_mode(port, PortMode(port_mode))
    port_queues.serve_itself(world, port)
    return {}


def closeport(world: Warehouse, *, port_id: int) -> Values:
    """Close an open port as the task interface does; its queue is gone then.

    Raises:
        Refusal: as the task interface's.
    """
    return ports.closeport(world, port_id=port_id)


def openbin(world: Warehouse, *, port_id: int, bin_id: int | None = None) -> Values:
    """Call the bin named, or the next of the queue.

    Raises:
        Refusal: as `bins.idle_port`; 1011 no such bin; 1016 no bin to be had, or a port in INSERT.
    """
    port = bins.idle_port(world, port_id)
    bin_ = port_queues.next_ready(world, port) if bin_id is None else world.bin(bin_id)
    if port.mode is PortMode.INSERT or bin_ is None or not ready(world, bin_, port):
        raise Refusal(Code.NO_READY_BINS_FULLFILLS_PORT_SELECT)
    port_queues.serve(world, port, bin_)
    return {"bin_id": bin_.bin_id}


def closebin(world: Warehouse, *, port_id: int, bin_id: int, content: int | None = None) -> Values:
    """Send the open bin back.

    Raises:
        Refusal: as `bins.port_with_bin`.
    """
    port, bin_ = bins.port_with_bin(world, port_id, bin_id)
    bins.close(world, port, bin_, content)
    return {}


def removebin(world: Warehouse, *, port_id: int, bin_id: int) -> Values:
    """Let the open bin leave the system.

    Raises:
        Refusal: as `bins.port_with_bin`.
    """
    port, bin_ = bins.port_with_bin(world, port_id, bin_id)
    bins.remove(world, port, bin_)
    return {}


def setportqueue(world: Warehouse, *, port_id: int, entry: Entries = ()) -> Values:
    """Replace the queue of a port, open or not.

    Raises:
        Refusal: 1000 no such port; 1011 a bin that does not exist; by switch the refusal of group
            marks that make no sense (1007).
    """
    port, queue = _queue(world, port_id, entry)
    port.queue = queue
    return {}


def appendportqueue(world: Warehouse, *, port_id: int, entry: Entries = ()) -> Values:
    """Extend the queue of a port.

    Raises:
        Refusal: as `setportqueue`.
    """
    port, queue = _queue(world, port_id, entry)
    port.queue += queue
    return {}


def _queue(world: Warehouse, port_id: int, entries: Entries) -> tuple[Port, list[list[Wanted]]]:
    port = ports.available(world, port_id)
    try:
        queue = port_queues.grouped(entries)
    except ValueError as error:
        raise Refusal(world.switches.unfitting_fault) from error
    for wanted in (wanted for group in queue for wanted in group):
        if wanted.bin_id is not None:
            world.bin(wanted.bin_id)
    return port, queue
