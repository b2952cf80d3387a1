"""What each method of the task interface does in the warehouse: one handler per wire name.

A handler takes the method's parameters by their wire names, already checked; what it returns are
the values of the answer. Handlers check existence first, then state (autostore.md section 8 #11).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from console.autostore.catalogue import Method
from console.autostore.methods import find
from console.simulator.codes import Code, Refusal
from console.simulator.methods import bins, cases, ports, queries
from console.simulator.methods.values import Values
from console.simulator.record import CLIENT, OK
from console.simulator.warehouse import Warehouse

Handler: TypeAlias = Callable[..., Values]

HANDLERS: Mapping[str, Handler] = {
    handler.__name__: handler
    for handler in (
        ports.openport,
        ports.closeport,
        ports.getportstatus,
        bins.openbin,
        bins.closebin,
        cases.case_extract,
        cases.case_cancel,
        cases.case_getstate,
        queries.getbinstate,
        queries.getsystemmode,
    )
}


def known(name: str) -> Method | None:
    """Return the catalogue's entry of a method that has a handler, or None."""
    return find(name) if name in HANDLERS else None


def execute(world: Warehouse, method: Method, arguments: Mapping[str, Any], who: str = CLIENT) -> Values:
    """Carry out one call, and keep it in the world's record when the method changes anything.

    Raises:
        Refusal: the fault the call is answered with; nothing changed.
    """
    try:
        _refuse_if_stopped(world, method)
        values = HANDLERS[method.name](world, **arguments)
    except Refusal as refusal:
        note(world, method, arguments, refusal.code, who)
        raise
    note(world, method, arguments, OK, who)
    return values


def note(
    world: Warehouse, method: Method, arguments: Mapping[str, Any], result: int | str, who: str = CLIENT
) -> None:
    """Keep a call in the world's record, if it is one that changes anything."""
    if method.mutating:
        world.record.add(world.now, who, method.name, arguments, result)


def _refuse_if_stopped(world: Warehouse, method: Method) -> None:
    """Only methods that may answer 1048 care whether the system runs: the case pages do not list it."""
    may_answer = Code.SYSTEM_IS_NOT_AVAILABLE in (*method.faults, *method.assumed)
    if method.mutating and may_answer and not world.running:
        raise Refusal(Code.SYSTEM_IS_NOT_AVAILABLE)
