"""Which of a port's values changed a moment ago; pure, the time is passed in.

A value that changed is marked for a few seconds, so that whoever looks up sees what moved. Nothing
waits for a single mark to end: the one ticker asks which have.
"""

from typing import NamedTuple

from console.state.entities import Port

MARKED_SECONDS = 5.0
"""How long a changed value is marked."""


class Shown(NamedTuple):
    """The values of a port that people see, and that are marked when they change."""

    mode: str | None
    bin: int | None
    at: str | None
    case: str | None


class Changes:
    """Remembers the values of each port, and when each that is still marked changed."""

    def __init__(self) -> None:
        self._shown: dict[int, Shown] = {}
        self._changed_at: dict[int, dict[str, float]] = {}

    def note(self, port: Port, now: float) -> None:
        """Look at a port; what it shows for the first time has not changed."""
        if port.reading is None:
            return
        after = Shown(port.mode, port.bin_id, port.bin_mode, port.case_state)
        before = self._shown.get(port.port_id)
        self._shown[port.port_id] = after
        if before is None or before == after:
            return
        names = (name for name, old, new in zip(Shown._fields, before, after, strict=True) if old != new)
        self._changed_at.setdefault(port.port_id, {}).update(dict.fromkeys(names, now))

    def marked(self, port_id: int, now: float) -> frozenset[str]:
        """Return the names of the values that are marked now."""
        changed_at = self._changed_at.get(port_id)
        if changed_at is None:
            return frozenset()
        return frozenset(name for name, at in changed_at.items() if now - at < MARKED_SECONDS)

    def forget(self, now: float) -> set[int]:
        """Forget the marks that have ended, and return the ports that had them."""
        ended: set[int] = set()
        for port_id, changed_at in tuple(self._changed_at.items()):
            kept = {name: at for name, at in changed_at.items() if now - at < MARKED_SECONDS}
            if len(kept) < len(changed_at):
                ended.add(port_id)
            if kept:
                self._changed_at[port_id] = kept
            else:
                del self._changed_at[port_id]
        return ended
