"""Questions about bins and the system (autostore.md 4.6)."""

from console.autostore.values import BIN_ID_RANGE, BIN_MODE_LETTERS
from console.simulator.bins import AT_PORT, Bin
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values, present
from console.simulator.warehouse import Warehouse

_LETTERS = {mode: letter for letter, mode in BIN_MODE_LETTERS.items()}


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


def getsystemmode(world: Warehouse) -> Values:
    """Tell the system's mode and the reason of a stop."""
    return {"mode": int(world.system_mode), "stopcode": world.stopcode}


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
        bin_mode=_LETTERS[bin_.mode] if world.switches.bin_mode_letters else bin_.mode.value,
        port_id=bin_.port_id if bin_.mode in AT_PORT else None,
    )
