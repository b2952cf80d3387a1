"""Opening, closing and asking about ports (autostore.md 4.1 and 7.1)."""

from datetime import datetime

from console.autostore.values import NEEDS_SELECT, UNAVAILABLE, PortMode
from console.simulator.bins import AT_PORT
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values, present
from console.simulator.ports import SCALE, Port
from console.simulator.warehouse import Warehouse


def openport(
    world: Warehouse,
    *,
    port_id: int,
    category: tuple[int, ...] = (),
    content: tuple[int, ...] = (),
    req_time: datetime | None = None,
    port_mode: str | None = None,
) -> Values:
    """Open a closed port; by switch, RUNOUT also changes the mode of an open one.

    Raises:
        Refusal: 1000 no such port or none that opens, or SEQUENCE without router; 1001 closing;
            1002 open already; and by switch the refusal of OPEN or SWAP without select.
    """
    port = available(world, port_id)
    mode = PortMode(port_mode or (PortMode.OPEN if category or content else PortMode.INSERT))
    if mode in NEEDS_SELECT and not (category or content):
        raise Refusal(world.switches.unfitting_fault)
    if mode is PortMode.SEQUENCE and not world.switches.router:
        raise Refusal(world.switches.no_router_fault)
    if port.closing:
        raise Refusal(Code.PORT_IS_CLOSING)
    if port.is_open and not (mode is PortMode.RUNOUT and world.switches.runout_on_open_port):
        raise Refusal(Code.PORT_IS_ALREADY_OPEN)
    if not port.is_open:
        port.categories, port.contents, port.req_time = category, content, req_time
    world.set_mode(port, mode)
    return {}


def closeport(world: Warehouse, *, port_id: int, suspend_taskgroup: bool = False) -> Values:
    """Close an open port; a bin at it or on its way goes back first.

    Raises:
        Refusal: 1000 no such port or none that closes; 1001 closing; 1009 not open.
    """
    port = available(world, port_id)
    if port.closing:
        raise Refusal(Code.PORT_IS_CLOSING)
    if not port.is_open:
        raise Refusal(Code.PORT_IS_NOT_OPEN)
    world.begin_closing(port, suspend=suspend_taskgroup)
    return {}


def getportstatus(world: Warehouse, *, port_id: int) -> Values:
    """Tell type and mode and, by switch, what is selected; `is_ready` is false while the port closes.

    Raises:
        Refusal: 1000 no such port.
    """
    port = world.port(port_id)
    status: Values = {"port_id": port_id, "port_type": port.port_type.value, "mode": port.mode.value}
    if not world.switches.detailed_port_status:
        return status
    return status | present(
        selected_bin=port.selected_bin,
        selected_task=port.selected_task,
        selected_taskgroup=port.selected_taskgroup,
        is_ready=not port.closing and port.mode not in UNAVAILABLE,
    )


def getportconfig(world: Warehouse, *, port_id: int) -> Values:
    """Tell what the port weighs with; further fields were not readable.

    Raises:
        Refusal: 1000 no such port.
    """
    return {"weight_equipment": world.port(port_id).weight_equipment}


def getportweight(
    world: Warehouse, *, port_id: int, timeout_mode: str | None = None, timeout_value: int = 0
) -> Values:
    """Tell what stands on the scale, in grams (assumed), at once: every reading here is stable.

    A port without a scale has no weight to tell.

    Raises:
        Refusal: 1000 no such port.
    """
    port = world.port(port_id)
    if port.weight_equipment != SCALE:
        return {"port_id": port_id}
    standing = (world.bins[bin_id] for bin_id in port.visitors)
    return {"port_id": port_id, "weight": sum(bin_.weight for bin_ in standing if bin_.mode in AT_PORT)}


def available(world: Warehouse, port_id: int) -> Port:
    """Return the port, which is in service.

    Raises:
        Refusal: 1000 no such port, or one that is disabled or driven by a MultiPort.
    """
    port = world.port(port_id)
    if port.mode in UNAVAILABLE:
        raise Refusal(Code.PORT_IS_NOT_AVAILABLE)
    return port
