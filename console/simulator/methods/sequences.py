"""The order in which a port takes task groups (autostore.md 4.4)."""

from console.autostore.values import PortMode
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values
from console.simulator.ports import Port
from console.simulator.warehouse import Warehouse


def setportsequence(world: Warehouse, *, port_id: int, taskgroup_id: tuple[int, ...] = ()) -> Values:
    """Replace the sequence of a port in SEQUENCE.

    Raises:
        Refusal: as `_sequencing_port` and `_refuse_unfit`.
    """
    port = _sequencing_port(world, port_id)
    _refuse_unfit(world, port, taskgroup_id)
    world.tasks.set_sequence(port_id, taskgroup_id)
    return {}


def appendportsequence(world: Warehouse, *, port_id: int, taskgroup_id: tuple[int, ...]) -> Values:
    """Extend the sequence of a port in SEQUENCE.

    Raises:
        Refusal: as `setportsequence`; 1013 a group stands in it already.
    """
    port = _sequencing_port(world, port_id)
    longer = (*world.tasks.sequence(port_id), *taskgroup_id)
    _refuse_unfit(world, port, longer)
    world.tasks.set_sequence(port_id, longer)
    return {}


def getportsequence(world: Warehouse, *, port_id: int) -> Values:
    """Tell the unfinished groups of a port's sequence, in the layout in which they are set (assumed).

    Raises:
        Refusal: as `_sequencing_port`.
    """
    _sequencing_port(world, port_id)
    return {"port_id": port_id, "taskgroups": {"taskgroup_id": world.tasks.sequence(port_id)}}


def _sequencing_port(world: Warehouse, port_id: int) -> Port:
    """Return the port.

    Raises:
        Refusal: 1000 no such port; by switch the refusal of a site without router (1000); 1009 not
            open in SEQUENCE.
    """
    port = world.port(port_id)
    if not world.switches.router:
        raise Refusal(world.switches.no_router_fault)
    if not port.is_open or port.mode is not PortMode.SEQUENCE:
        raise Refusal(Code.PORT_IS_NOT_OPEN)
    return port


def _refuse_unfit(world: Warehouse, port: Port, taskgroup_ids: tuple[int, ...]) -> None:
    """Refuse a sequence that cannot be.

    Raises:
        Refusal: 1018 no such group; 1013 a group comes twice, or belongs to another port.
    """
    for taskgroup_id in taskgroup_ids:
        group = world.tasks.groups.get(taskgroup_id)
        if group is None:
            raise Refusal(Code.TASKGROUP_DOES_NOT_EXIST)
        if {group.port_id, group.sequence_port} - {None, port.port_id}:
            raise Refusal(Code.INVALID_PARAMETER_TASKGROUP_ID)
    if len(set(taskgroup_ids)) < len(taskgroup_ids):
        raise Refusal(Code.INVALID_PARAMETER_TASKGROUP_ID)
