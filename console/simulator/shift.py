"""What other people of the shift do at ports while somebody is at the console.

Said by name, as incidents are. They call the methods as anyone would, and stand in the record as crew.
"""

from typing import Any

from console.autostore.methods import find
from console.autostore.values import PortMode
from console.simulator import methods
from console.simulator.codes import Refusal
from console.simulator.filling import BinId, Category, PortId, PortIds, port_ids
from console.simulator.ports import Port
from console.simulator.record import CREW
from console.simulator.warehouse import Warehouse


def open_ports(world: Warehouse, *, ports: PortIds, category: Category = 1) -> None:
    """Open closed ports for a category.

    Raises:
        ValueError: one of them is not there, or not closed; then none is opened.
    """
    chosen = _ports(world, ports)
    for port in chosen:
        if port.mode is not PortMode.CLOSED:
            raise ValueError(f"port {port.port_id} is {port.mode}: wanted a closed one")
    for port in chosen:
        _do(world, "openport", port_id=port.port_id, category=(category,))


def close_ports(world: Warehouse, *, ports: PortIds) -> None:
    """Close those of the ports that are open.

    Raises:
        ValueError: one of them is not there; then none is closed.
    """
    for port in _ports(world, ports):
        if port.is_open:
            _do(world, "closeport", port_id=port.port_id)


def call_bin(world: Warehouse, *, port_id: PortId, bin_id: BinId) -> None:
    """Call a bin to an open port.

    Raises:
        ValueError: it was refused.
    """
    _do(world, "openbin", port_id=port_id, bin_id=bin_id)


def extract_case(world: Warehouse, *, port_id: PortId, bin_id: BinId) -> None:
    """Take the case out of the bin that stands open at an AutoCase port.

    Raises:
        ValueError: it was refused.
    """
    _do(world, "case_extract", port_id=port_id, bin_id=bin_id)


def jam_bin(world: Warehouse, *, bin_id: BinId) -> None:
    """Let the case of a bin get stuck the next time that it is moved.

    Raises:
        ValueError: no such bin, or it holds no case.
    """
    if bin_id not in world.bins or not world.bins[bin_id].holds_case:
        raise ValueError(f"no bin {bin_id} with a case")
    world.jams.add(bin_id)


SHIFT = (open_ports, close_ports, call_bin, extract_case, jam_bin)


def _ports(world: Warehouse, written: PortIds) -> list[Port]:
    chosen = port_ids(written)
    for port_id in chosen:
        if port_id not in world.ports:
            raise ValueError(f"no port {port_id}")
    return [world.ports[port_id] for port_id in chosen]


def _do(world: Warehouse, name: str, **arguments: Any) -> None:
    method = find(name)
    assert method is not None
    try:
        methods.execute(world, method, arguments, CREW)
    except Refusal as refusal:
        raise ValueError(f"{name} was refused with {refusal.code}") from refusal
