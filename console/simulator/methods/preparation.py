"""Bins announced and bins prepared before a port asks for them (autostore.md 4.6 and 4.8)."""

from collections.abc import Iterable

from console.simulator.bins import Bin
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values
from console.simulator.warehouse import Warehouse

WIDEST_FORECAST = 10_000
WIDEST_CANCELLATION = 1_000
"""Bins a span may hold (autostore.md 2.1)."""


def preparebin(world: Warehouse, *, bin_id: tuple[int, ...]) -> Values:
    """Put bins at the end of the preparation queue.

    Raises:
        Refusal: 1011 one of them does not exist.
    """
    _refuse_unknown(world, bin_id)
    world.preparation.append(bin_id)
    return {}


def insertpreparebin(world: Warehouse, *, index: int, bin_id: tuple[int, ...]) -> Values:
    """Put bins into the preparation queue at a place; behind its end is its end.

    Raises:
        Refusal: 1011 one of them does not exist.
    """
    _refuse_unknown(world, bin_id)
    world.preparation.insert(index - 1, bin_id)
    return {}


def cancelpreparebin(world: Warehouse, *, all: bool = False, bin_id: tuple[int, ...] = ()) -> Values:
    """Take the rearmost entry of each bin out of the preparation queue, or all there are."""
    if all:
        world.preparation.drop_all()
    else:
        world.preparation.drop_rearmost(bin_id)
    return {}


def forecastbin(
    world: Warehouse,
    *,
    bin_id: tuple[int, ...] = (),
    min_bin_id: int | None = None,
    max_bin_id: int | None = None,
) -> Values:
    """Announce bins; of a span, those that exist.

    Raises:
        Refusal: 1010 no bins named, or a span that is open, backwards or too wide; 1011 a bin named
            does not exist.
    """
    for bin_ in _named(world, bin_id, min_bin_id, max_bin_id, WIDEST_FORECAST):
        _set_forecast(bin_, True)
    return {}


def cancelforecastbin(
    world: Warehouse,
    *,
    bin_id: tuple[int, ...] = (),
    min_bin_id: int | None = None,
    max_bin_id: int | None = None,
) -> Values:
    """Withdraw announced bins; those that were not announced stay as they are.

    Raises:
        Refusal: as `forecastbin`.
    """
    for bin_ in _named(world, bin_id, min_bin_id, max_bin_id, WIDEST_CANCELLATION):
        _set_forecast(bin_, False)
    return {}


def _set_forecast(bin_: Bin, forecast: bool) -> None:
    bin_.forecast = forecast
    if bin_.free:
        bin_.mode = bin_.mode_at_rest


def _named(
    world: Warehouse, bin_ids: tuple[int, ...], low: int | None, high: int | None, widest: int
) -> list[Bin]:
    if not bin_ids and (low is None or high is None):
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    if low is not None and high is not None and not 0 <= high - low < widest:
        raise Refusal(Code.INVALID_PARAMETER_BIN_ID)
    _refuse_unknown(world, bin_ids)
    spanned = [] if low is None or high is None else world.bins.span(low, high)
    return [*map(world.bins.__getitem__, bin_ids), *spanned]


def _refuse_unknown(world: Warehouse, bin_ids: Iterable[int]) -> None:
    for bin_id in bin_ids:
        world.bin(bin_id)
