"""Questions about bins and the system (autostore.md 4.6)."""

from console.autostore.values import BIN_ID_RANGE
from console.simulator.bins import AT_PORT, LETTERS, Bin
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values, present
from console.simulator.warehouse import Warehouse


def getbinstate(
    world: Warehouse,
    *,
    bin_id: int | None = None,
    min_bin_id: int | None = None,
    max_bin_id: int | None = None,
) -> Values:
    """Tell the mode of one bin, of a span of bins, or of all; with the port while a bin is at one.

    Raises:
        Refusal: 1011 no such bin; 1010 the span runs backwards.
    """
    bins = _asked_for(world, bin_id, min_bin_id, max_bin_id)
    return {"bins": {"bin": [_bin_state(world, bin_) for bin_ in bins]}}


def getbininfo(
    world: Warehouse,
    *,
    bin_id: int | None = None,
    min_bin_id: int | None = None,
    max_bin_id: int | None = None,
) -> Values:
    """Tell content code and target grid of bins, asked for as in getbinstate.

    Raises:
        Refusal: as getbinstate.
    """
    bins = _asked_for(world, bin_id, min_bin_id, max_bin_id)
    return {"bins": {"bin": [_bin_info(bin_) for bin_ in bins]}}


def getbinloc(
    world: Warehouse,
    *,
    bin_id: int | None = None,
    min_bin_id: int | None = None,
    max_bin_id: int | None = None,
) -> Values:
    """Tell the cells of bins, asked for as in getbinstate; none for a bin on a robot or outside.

    Raises:
        Refusal: as getbinstate.
    """
    bins = _asked_for(world, bin_id, min_bin_id, max_bin_id)
    return {"bins": {"bin": [_bin_location(world, bin_) for bin_ in bins]}}


def getsystemmode(world: Warehouse) -> Values:
    """Tell the system's mode and the reason of a stop."""
    return {"mode": int(world.system.mode), "stopcode": world.system.stopcode}


def getsystemstate(world: Warehouse) -> Values:
    """Tell the system's mode, the reason of a stop, and how many per cent of the robots have to charge."""
    return {**getsystemmode(world), "chargepercent": world.system.charging}


def get_simulation_speed(world: Warehouse) -> Values:
    """Tell how fast the time of the world passes; the name of the field is assumed."""
    return {"simulation_speed": world.speed}


def _asked_for(world: Warehouse, bin_id: int | None, low: int | None, high: int | None) -> list[Bin]:
    if bin_id is not None:
        return [world.bin(bin_id)]
    low = BIN_ID_RANGE[0] if low is None else low
    high = BIN_ID_RANGE[1] if high is None else high
    if low > high:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    return world.bins.span(low, high)


def _bin_state(world: Warehouse, bin_: Bin) -> Values:
    return present(
        bin_id=bin_.bin_id,
        bin_mode=LETTERS[bin_.mode] if world.switches.bin_mode_letters else bin_.mode.value,
        port_id=bin_.port_id if bin_.mode in AT_PORT else None,
    )


def _bin_info(bin_: Bin) -> Values:
    return {"bin_id": bin_.bin_id, "content": bin_.content, "target_grid": bin_.target_grid}


def _bin_location(world: Warehouse, bin_: Bin) -> Values:
    place = world.place(bin_)
    if place is None or place.cell is None:
        return {"bin_id": bin_.bin_id}
    xpos, ypos = place.cell
    return {"bin_id": bin_.bin_id, "xpos": xpos, "ypos": ypos, "depth": place.depth}
