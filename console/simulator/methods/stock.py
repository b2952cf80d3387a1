"""Bins that come into the system, and one that has to leave its port (autostore.md 4.2)."""

from console.autostore.values import BinMode, PortMode
from console.simulator.bins import AT_PORT, Bin
from console.simulator.codes import Code, Refusal
from console.simulator.methods.bins import open_port
from console.simulator.methods.values import Values
from console.simulator.warehouse import Warehouse

STANDARD_TYPE = 1
"""What a bin is that the Bin interface defines without a type; assumed."""


def insertbin(
    world: Warehouse,
    *,
    port_id: int,
    bin_id: int,
    content: int | None = None,
    bin_type: int | None = None,
    target_grid: int | None = None,
) -> Values:
    """Let a bin that was put in at a port go to the grid; `target_grid` is the Bin interface's.

    Raises:
        Refusal: 1000 no such port; 1009 not open; 1099 not in INSERT; and as `coming_in`.
    """
    port = open_port(world, port_id)
    if port.mode is not PortMode.INSERT:
        raise Refusal(Code.PORT_IS_NOT_IN_OPEN_MODE)
    bin_ = coming_in(world, bin_id, content, bin_type)
    bin_.target_grid = target_grid or bin_.target_grid
    world.travel.bring_in(port, bin_)
    return {}


def createbin(world: Warehouse, *, bin_id: int, bin_type: int = STANDARD_TYPE) -> Values:
    """Define a bin; it is outside until it is inserted.

    Raises:
        Refusal: 1010 it is defined already.
    """
    if bin_id in world.bins:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    world.define_bin(Bin(bin_id, bin_type, mode=BinMode.OUTSIDE))
    return {}


def flushportbin(world: Warehouse, *, port_id: int, bin_id: int) -> Values:
    """Send a bin that stands at the port away, closed or not.

    Raises:
        Refusal: 1000 no such port; 1011 no such bin; 1010 it does not stand there; by switch the
            refusal of a bin whose case is moving (1027).
    """
    port = world.port(port_id)
    bin_ = world.bin(bin_id)
    if bin_.port_id != port_id or bin_.mode not in AT_PORT:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    if port.case.active:
        raise Refusal(world.switches.bin_busy_fault)
    world.send_back(port, bin_)
    return {}


def coming_in(world: Warehouse, bin_id: int, content: int | None, bin_type: int | None) -> Bin:
    """Return the bin from outside that comes in, defined now if it was not yet.

    Raises:
        Refusal: 1006 a type without a content code; 1010 it is in the system already, or not
            defined and given no type.
    """
    if bin_type is not None and content is None:
        raise Refusal(Code.INVALID_PARAMETER_CONTENT)
    if bin_id not in world.bins:
        if bin_type is None:
            raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
        world.define_bin(Bin(bin_id, bin_type, mode=BinMode.OUTSIDE))
    bin_ = world.bins[bin_id]
    if bin_.mode is not BinMode.OUTSIDE or bin_.port_id is not None:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    if content is not None:
        world.set_content(bin_, content)
    return bin_
