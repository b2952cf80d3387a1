"""What each method of the two interfaces does in the warehouse: one handler per interface and wire name.

A handler takes the method's parameters by their wire names, already checked; what it returns are
the values of the answer. Handlers check existence first, then state (autostore.md section 8 #11).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from console.autostore.catalogue import Interface, Method
from console.autostore.methods import find
from console.simulator.codes import Code, Refusal
from console.simulator.methods import (
    bin_interface,
    bins,
    cases,
    custom_ports,
    ports,
    preparation,
    queries,
    sequences,
    stock,
    taskgroups,
)
from console.simulator.methods.values import Values
from console.simulator.record import CLIENT, OK
from console.simulator.warehouse import Warehouse

Handler: TypeAlias = Callable[..., Values]

_BOTH = (
    ports.getportweight,
    stock.insertbin,
    stock.createbin,
    stock.flushportbin,
    queries.getbininfo,
    queries.getbinstate,
    queries.getsystemstate,
    custom_ports.portcellallocate,
    custom_ports.portlocationready,
    custom_ports.portbinready,
    custom_ports.portbinmode,
)
_TASK = (
    ports.openport,
    ports.closeport,
    ports.getportstatus,
    ports.getportconfig,
    bins.openbin,
    bins.closebin,
    bins.removebin,
    cases.case_extract,
    cases.case_cancel,
    cases.case_getstate,
    taskgroups.create_taskgroup,
    taskgroups.update_taskgroup,
    taskgroups.add_task,
    taskgroups.cancel_task,
    taskgroups.gettaskinfo,
    sequences.setportsequence,
    sequences.appendportsequence,
    sequences.getportsequence,
    queries.getbinloc,
    queries.getsystemmode,
    queries.get_simulation_speed,
    preparation.forecastbin,
    preparation.cancelforecastbin,
)
_BIN = (
    bin_interface.openport,
    bin_interface.closeport,
    bin_interface.openbin,
    bin_interface.closebin,
    bin_interface.removebin,
    bin_interface.setportqueue,
    bin_interface.appendportqueue,
    preparation.preparebin,
    preparation.insertpreparebin,
    preparation.cancelpreparebin,
)

HANDLERS: Mapping[tuple[Interface, str], Handler] = {
    (interface, handler.__name__): handler
    for interface, handlers in ((Interface.TASK, _TASK + _BOTH), (Interface.BIN, _BIN + _BOTH))
    for handler in handlers
}


def execute(world: Warehouse, method: Method, arguments: Mapping[str, Any], who: str = CLIENT) -> Values:
    """Carry out one call, and keep it in the world's record when the method changes anything.

    Raises:
        Refusal: the fault the call is answered with; nothing changed.
    """
    try:
        _refuse_if_stopped(world, method)
        values = HANDLERS[method.interfaces[0], method.name](world, **arguments)
    except Refusal as refusal:
        note(world, method, arguments, refusal.code, who)
        raise
    note(world, method, arguments, OK, who)
    return values


def call(world: Warehouse, who: str, name: str, **arguments: Any) -> Values:
    """Carry out a call of the task interface for one of the world's own people.

    Raises:
        Refusal: as `execute`.
    """
    method = find(name)
    assert method is not None
    return execute(world, method, arguments, who)


def note(
    world: Warehouse, method: Method, arguments: Mapping[str, Any], result: int | str, who: str = CLIENT
) -> None:
    """Keep a call in the world's record, if it is one that changes anything."""
    if method.mutating:
        world.record.add(world.now, who, method.name, arguments, result)


def _refuse_if_stopped(world: Warehouse, method: Method) -> None:
    """Only methods that may answer 1048 care whether the system runs: the case pages do not list it."""
    may_answer = Code.SYSTEM_IS_NOT_AVAILABLE in (*method.faults, *method.assumed)
    if method.mutating and may_answer and not world.system.running:
        raise Refusal(Code.SYSTEM_IS_NOT_AVAILABLE)
