"""The Port Interface: the site drives the mechanics of its custom ports itself (autostore.md 4.7, 7.5).

A custom port has one cell, the one its snapshot shows. Its confirmations come on the Log Publisher only.
"""

from console.autostore.values import BinMode
from console.simulator.bins import AT_PORT, Bin
from console.simulator.codes import Code, Refusal
from console.simulator.methods.stock import coming_in
from console.simulator.methods.values import Values
from console.simulator.ports import Port
from console.simulator.warehouse import Warehouse

_CHANGES = {
    BinMode.OPEN: (BinMode.PORT, BinMode.CLOSED),
    BinMode.CLOSED: (BinMode.PORT, BinMode.OPEN),
    BinMode.OUTSIDE: (BinMode.TOGRID,),
}
"""The mode to set, and those it can follow; only OUTSIDE's are documented."""


def portcellallocate(world: Warehouse, *, port_id: int, x: int, y: int, getbin: bool = False) -> Values:
    """Announce the cell; a pending allocation is replaced.

    Raises:
        Refusal: as `_custom_port`.
    """
    port = _custom_port(world, port_id, x, y)
    port.location.announced, port.location.getbin = True, getbin
    return {}


def portlocationready(world: Warehouse, *, port_id: int, x: int, y: int, getbin: bool = False) -> Values:
    """Allow a bin to be put down, and with `getbin` the one that stands there to be fetched.

    Raises:
        Refusal: as `_custom_port`.
    """
    port = _custom_port(world, port_id, x, y)
    world.travel.allow_delivery(port, getbin=getbin or port.location.getbin)
    return {}


def portbinready(
    world: Warehouse,
    *,
    port_id: int,
    x: int,
    y: int,
    bin_id: int,
    content: int | None = None,
    bin_type: int | None = None,
) -> Values:
    """Allow the bin at the cell to be taken: one that stands there, or one from outside.

    Raises:
        Refusal: as `_custom_port`; 1006 a type without a content code; 1010 the bin is elsewhere,
            is open, or is not defined and given no type.
    """
    port = _custom_port(world, port_id, x, y)
    bin_ = _standing(world, port, bin_id)
    if bin_ is None:
        bin_ = coming_in(world, bin_id, content, bin_type)
        world.travel.bring_in(port, bin_)
        return {}
    if bin_.mode is BinMode.OPEN:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    if content is not None:
        world.set_content(bin_, content)
    world.unselect_bin(port, bin_)
    world.travel.allow_pickup(port, bin_)
    return {}


def portbinmode(
    world: Warehouse, *, port_id: int, bin_id: int, bin_mode: str, content: int | None = None
) -> Values:
    """Set the mode of a bin that stands at the port; OUTSIDE takes it out of the system.

    Raises:
        Refusal: as `_custom_port`; 1011 no such bin; 1010 it does not stand there; by switch the
            refusal of a mode that cannot follow (1007).
    """
    port = _custom_port(world, port_id)
    world.bin(bin_id)
    bin_ = _standing(world, port, bin_id)
    if bin_ is None:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    mode = BinMode(bin_mode)
    if mode is not bin_.mode and bin_.mode not in _CHANGES[mode]:
        raise Refusal(world.switches.unfitting_fault)
    if content is not None:
        world.set_content(bin_, content)
    if mode is BinMode.OUTSIDE:
        world.unselect_bin(port, bin_)
        world.travel.take_out(port, bin_)
    else:
        world.travel.set_mode(bin_, mode)
    return {}


def _standing(world: Warehouse, port: Port, bin_id: int) -> Bin | None:
    """Return the bin if it stands at the port, wanted there or not."""
    bin_ = world.bins[bin_id] if bin_id in port.visitors else None
    return bin_ if bin_ is not None and bin_.mode in AT_PORT else None


def _custom_port(world: Warehouse, port_id: int, x: int | None = None, y: int | None = None) -> Port:
    """Return the port.

    Raises:
        Refusal: 1000 no such port; by switch the refusals of a port that is not custom (1000) and
            of a cell that is not its own (1007).
    """
    port = world.port(port_id)
    if not port.custom:
        raise Refusal(world.switches.not_custom_fault)
    if x is not None and (x, y) != port.cell:
        raise Refusal(world.switches.unfitting_fault)
    return port
