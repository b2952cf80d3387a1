"""How far a run is, as one frozen value that listeners get; pure (operations-safety rule 30)."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from console.operations.bulk.classes import OPEN, Class


class RunState(StrEnum):
    """What a run is doing. PAUSED and STOPPING send nothing new; what was sent settles."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    ENDED = "ended"
    INTERRUPTED = "interrupted"


class Progress(Struct, frozen=True, kw_only=True):
    """A run at one moment.

    `counts` has every class that occurs, and sums to `total`. `reason` says why it pauses, stops or
    stopped early. `rate` is in commands a second and `eta` in seconds, from the last 20; None is unknown.
    `waves` are how many there are, `wave` the one under way, from 1.
    """

    run: str
    plan: str
    title: str
    state: RunState
    reason: str = ""
    total: int
    counts: Mapping[Class, int]
    wave: int = 0
    waves: int = 0
    rate: float | None = None
    eta: float | None = None
    elapsed: float = 0.0

    @property
    def done(self) -> int:
        """Targets about which nothing more will happen by itself."""
        return self.total - sum(self.counts.get(one, 0) for one in (Class.NOT_STARTED, *OPEN))
