"""The port queues of the Bin interface: which bin comes next (autostore.md 4.8).

What a group means was not readable; assumed: its bins come in any order, and all of them before
what stands behind it.
"""

from collections.abc import Iterable, Iterator, Mapping

from console.autostore.values import PortMode
from console.simulator.bins import Bin
from console.simulator.ports import Port, Wanted
from console.simulator.selection import ready
from console.simulator.warehouse import Warehouse

_LOOK = 1.0
"""Seconds between two looks of a port in AUTO at its queue."""


def grouped(entries: Iterable[Mapping[str, int | bool]]) -> list[list[Wanted]]:
    """Read the entries of a request into groups; a bin outside of marks is a group of its own.

    Raises:
        ValueError: groups inside groups, one that does not begin or end, or an empty one.
    """
    groups: list[list[Wanted]] = []
    inside = False
    for entry in entries:
        if "begingroup" in entry or "endgroup" in entry:
            if ("begingroup" in entry) is inside:
                raise ValueError("a group mark out of place")
            inside = not inside
            if inside:
                groups.append([])
        elif inside:
            groups[-1].append(Wanted(**entry))
        else:
            groups.append([Wanted(**entry)])
    if inside or not all(groups):
        raise ValueError("a group without an end, or without bins")
    return groups


def next_ready(world: Warehouse, port: Port) -> Bin | None:
    """Return the next bin of the queue, or None if the foremost group has none that is ready."""
    wanted = (bin_ for wanted in (port.queue[0] if port.queue else ()) for bin_ in _fitting(world, wanted))
    return next((bin_ for bin_ in wanted if ready(world, bin_, port)), None)


def serve(world: Warehouse, port: Port, bin_: Bin) -> None:
    """Let the port have a bin that is ready, and take the foremost entry it fits off the queue."""
    for group in port.queue:
        fitting = next((wanted for wanted in group if _fits(bin_, wanted)), None)
        if fitting is not None:
            group.remove(fitting)
            break
    port.queue = [group for group in port.queue if group]
    world.select(port, bin_, None, None)


def serve_itself(world: Warehouse, port: Port) -> None:
    """Let a port in AUTO call one bin of its queue after another, as long as it stays in AUTO."""
    if port.mode is not PortMode.AUTO or not port.is_open:
        return
    bin_ = None if port.visitors else next_ready(world, port)
    if bin_ is not None:
        serve(world, port, bin_)
    world.agenda.plan(("auto", port.port_id), _LOOK, lambda: serve_itself(world, port))


def _fitting(world: Warehouse, wanted: Wanted) -> Iterator[Bin]:
    if wanted.bin_id is not None:
        return iter([world.bins[wanted.bin_id]])
    return world.bins.holding(wanted.content or 0)


def _fits(bin_: Bin, wanted: Wanted) -> bool:
    return bin_.bin_id == wanted.bin_id or (wanted.bin_id is None and bin_.content == wanted.content)
