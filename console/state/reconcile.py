"""What is believed of a port when reads and the Log Publisher tell of it at their own times; pure.

The newer observation wins. A read is as old as its question: what it says of a bin or a case is
not taken when an event came since. Each function returns the port as it is believed afterwards, or
None where nothing newer was told.
"""

from typing import Any

from msgspec.structs import replace

from console.autostore.replies import BinStatus, CaseStatus, PortReading
from console.state.entities import Port
from console.text import SafeText

RIGHT_HATCH = 2
"""The index of the second hatch of a MultiPort (autostore.md 6, tag HS)."""


def look(before: Port, reading: PortReading, at: float, *, whole: bool = True) -> Port | None:
    """Take a look that was begun at `at`; `whole` unless parts of it are an older belief."""
    if _later(before.seen_at, at):
        return None
    known = before.reading
    seen = PortReading(status=reading.status, bin=_bin(before, reading, at), case=_case(before, reading, at))
    after = replace(before, seen_at=at, whole_at=at if whole else before.whole_at, failure=None)
    if known == seen:
        return after
    same_mode = known is not None and known.status.mode == seen.status.mode
    same_case = known is not None and known.case == seen.case
    after = replace(
        after,
        reading=seen,
        mode_since=before.mode_since if same_mode else at,
        case_since=before.case_since if same_case else at,
    )
    return _dated(before, after, at)


def miss(before: Port, reason: SafeText) -> Port:
    """Take a failed look: what was known keeps its age."""
    return replace(before, failure=reason)


def bin_told(before: Port, bin_id: int, mode: SafeText, at: float) -> Port | None:
    """Take the mode of the bin that the port has selected, received at `at`."""
    known = before.reading
    if known is None or known.status.bin_id != bin_id or _later(before.seen_at, at, before.bin_told_at):
        return None
    at_port = known.bin.port_id if known.bin and known.bin.bin_id == bin_id else None
    told = replace(known, bin=BinStatus(bin_id=bin_id, mode=mode, port_id=at_port))
    return _dated(before, replace(before, reading=told, bin_told_at=at), at)


def case_told(before: Port, bin_id: int, state: SafeText, at: float) -> Port | None:
    """Take how far the case action is; no line tells of an error, so that of the same state is kept."""
    known = before.reading
    if known is None or _later(before.seen_at, at, before.case_told_at):
        return None
    same = known.case is not None and (known.case.bin_id, known.case.state) == (bin_id, state)
    error = known.case.error if same and known.case else None
    told = replace(known, case=CaseStatus(bin_id=bin_id, state=state, error=error))
    since = before.case_since if same else at
    return _dated(before, replace(before, reading=told, case_told_at=at, case_since=since), at)


def hatch_told(before: Port, index: int, position: SafeText, at: float) -> Port | None:
    """Take how far a hatch is open; only the Log Publisher tells."""
    if _later(before.hatch_told_at, at):
        return None
    side = "hatch_right" if index == RIGHT_HATCH else "hatch"
    since = before.hatch_since if getattr(before, side) == position else at
    told: dict[str, Any] = {side: position, "hatch_since": since, "hatch_told_at": at}
    return _dated(before, replace(before, **told), at)


def _bin(before: Port, reading: PortReading, at: float) -> BinStatus | None:
    told = before.reading.bin if before.reading else None
    newer = told is not None and told.bin_id == reading.status.bin_id and _later(before.bin_told_at, at)
    return told if newer else reading.bin


def _case(before: Port, reading: PortReading, at: float) -> CaseStatus | None:
    told = before.reading.case if before.reading else None
    return told if told is not None and _later(before.case_told_at, at) else reading.case


def _dated(before: Port, after: Port, at: float) -> Port:
    """Note when a port that was known was first seen to be different."""
    first = before.reading is None
    return after if first or after.shown == before.shown else replace(after, changed_at=at)


def _later(known: float | None, at: float, or_known: float | None = None) -> bool:
    """Whether one of the known times is later than `at`."""
    return (known is not None and known > at) or (or_known is not None and or_known > at)
