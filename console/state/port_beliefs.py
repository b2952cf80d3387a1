"""The tables of a controller: its ports and its system mode, read and told.

Reads and the Log Publisher tell of the same ports; `reconcile` decides between them. How soon a
belief is stale follows from how often it is to be read, which is decided here too, by who looks.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from console.autostore.replies import PortReading, SystemStatus
from console.state import reconcile
from console.state.beliefs import Beliefs
from console.state.entities import Behind, Key, Kind, Port, SourceName, Stream, System
from console.state.history import History
from console.state.pace import Pace, pace_of, paces
from console.state.quality import Quality
from console.text import SafeText, safe


class Heard(StrEnum):
    """What became of something that the Log Publisher told."""

    TAKEN = "taken"
    OUTDATED = "older than what is known"
    ELSEWHERE = "about nothing that is kept here"


class PortBeliefs(Beliefs):
    """Ports and system mode of one controller.

    Args:
        port_ids: the configured ports; no other port is ever added.
        port_interval: seconds between two reads of a port that somebody looks at.
    """

    def __init__(self, *, port_ids: Iterable[int], port_interval: float, **common: Any) -> None:
        super().__init__(**common)
        self.ports: dict[int, Port] = {port_id: Port(port_id=port_id) for port_id in sorted(port_ids)}
        self.system = System()
        self.history = History(self.ports)
        self.stream = Stream()
        self.paces = paces(port_interval, told=False)
        self.behind: Behind | None = None
        self._port_interval = port_interval
        self._port_of_bin: dict[int, int] = {}
        self._visible: frozenset[int] | None = None
        self._marked: frozenset[int] = frozenset()
        self._under_way: frozenset[str] = frozenset()
        self._live_until: dict[int, float] = {}  # a port is missing from it when that must be worked out

    # How often, and how far it can be trusted

    def watch(self, visible: Iterable[int], marked: Iterable[int] = ()) -> frozenset[int]:
        """Say which ports are on the screen and which are marked; until then, all count as seen.

        Returns:
            The ports that are of more or of less interest than before.
        """
        before = (frozenset(self.ports) if self._visible is None else self._visible, self._marked)
        self._visible, self._marked = frozenset(visible), frozenset(marked)
        self._live_until.clear()
        return (before[0] ^ self._visible | before[1] ^ self._marked) & self.ports.keys()

    def pace(self, port: Port) -> Pace:
        """Return how often a port is to be read, as things are."""
        seen = self._visible is None or port.port_id in self._visible
        watched = seen or (bool(self._under_way) and f"port {port.port_id}" in self._under_way)
        marked = port.port_id in self._marked
        return pace_of(port, self.paces, self.clock(), watched=watched, marked=marked)

    def port_quality(self, port: Port) -> Quality:
        """Return what a port's belief is worth now."""
        return self._judge(self._vouched_at(port), self.pace(port).limit, port.failure)

    def _vouched_at(self, port: Port) -> float | None:
        """Return when all that is known of a port was true, as far as anything tells."""
        return port.seen_at if self.stream.complete else port.whole_at

    def hatch_quality(self, port: Port) -> Quality:
        """Return what is known of a port's hatches is worth: only the Log Publisher vouches for it."""
        if port.hatch_told_at is None:
            return Quality.NEVER
        vouched = self.stream.since is not None and port.hatch_told_at >= self.stream.since
        return Quality.LIVE if vouched else Quality.STALE

    def system_quality(self) -> Quality:
        """Return what the system mode is worth now."""
        return self._judge(self.system.seen_at, self.paces.watched.limit, self.system.failure)

    def distrust(self) -> None:
        """Make everything seen so far stale at once, and believe the Log Publisher no more."""
        self._follow_stream(Stream())
        super().distrust()

    def _qualities(self) -> Iterator[tuple[Key, Quality]]:
        yield from super()._qualities()
        yield Key(Kind.SYSTEM), self.system_quality()
        now = self.clock()
        for port_id, port in self.ports.items():
            if now >= self._live_until.get(port_id, now):
                yield Key(Kind.PORT, port_id), self._worked_out(port)

    def _worked_out(self, port: Port) -> Quality:
        """Return what a port's belief is worth now; while it stays live nobody need work that out again."""
        seen_at, limit = self._vouched_at(port), self.pace(port).limit
        quality = self._judge(seen_at, limit, port.failure)
        if quality is Quality.LIVE and seen_at is not None:
            self._live_until[port.port_id] = seen_at + limit
        return quality

    def _under_way_at(self, targets: frozenset[str]) -> None:
        """Note where commands are under way: those ports are read as often as those that are looked at."""
        for target in targets ^ self._under_way:
            kind, _, number = target.partition(" ")
            if kind == "port" and number.isdecimal():
                self._live_until.pop(int(number), None)
        self._under_way = targets

    # What reads tell

    def see_port(self, reading: PortReading, at: float, *, whole: bool = True) -> None:
        """Take a look at a port that was begun at `at`; an older look than the last one is ignored.

        Args:
            whole: false when parts of it are what was believed before.
        """
        before = self.ports.get(reading.status.port_id)
        if before is not None:
            self._take(before, reconcile.look(before, reading, at, whole=whole), at)

    def miss_port(self, port_id: int, reason: str) -> None:
        """Take a failed look at a port: what was known keeps its age."""
        before = self.ports.get(port_id)
        if before is not None:
            self._take(before, replace(before, failure=safe(reason)), self.clock())

    def see_system(self, status: SystemStatus, at: float) -> None:
        """Take the system's mode, as read from `at` on; an older one is ignored."""
        if self.system.seen_at is None or self.system.seen_at <= at:
            self._take_system(System(status=status, seen_at=at))

    def miss_system(self, reason: str) -> None:
        """Take a failed read of the system's mode."""
        self._take_system(replace(self.system, failure=safe(reason)))

    def note_behind(self, behind: Behind | None) -> None:
        """Note how many ports are older than they should be, and why; None when none is."""
        if behind != self.behind:
            self.behind = behind
            self._note(Key(Kind.SOURCE, SourceName.AUTOSTORE))

    # What the Log Publisher tells

    def note_stream(self, stream: Stream) -> None:
        """Note what the Log Publisher's word is worth from now on; what the ports are worth follows at once.

        A download that began before everything was distrusted is none.
        """
        if stream.since is None or stream.since <= self._trusted_from:
            stream = Stream()
        if stream != self.stream:
            self._follow_stream(stream)
            self.grow_old()

    def _follow_stream(self, stream: Stream) -> None:
        self.stream = stream
        self._live_until.clear()
        self.paces = paces(self._port_interval, told=stream.complete)

    def port_of_bin(self, bin_id: int) -> int | None:
        """Return the port that is known to have selected a bin."""
        return self._port_of_bin.get(bin_id)

    def hear_bin(self, bin_id: int, mode: SafeText, at: float) -> Heard:
        """Take a bin's mode, received at `at`; only bins that a port has selected are kept."""
        before = self.ports.get(self._port_of_bin.get(bin_id, 0))
        return self._hear(before, at, lambda port: reconcile.bin_told(port, bin_id, mode, at))

    def hear_case(self, port_id: int, bin_id: int, state: SafeText, at: float) -> Heard:
        """Take the state of a case action, received at `at`."""
        before = self.ports.get(port_id)
        return self._hear(before, at, lambda port: reconcile.case_told(port, bin_id, state, at))

    def hear_hatch(self, port_id: int, index: int, position: SafeText, at: float) -> Heard:
        """Take how far a port's hatch is open, received at `at`; `index` 2 is the right one of two."""
        before = self.ports.get(port_id)
        return self._hear(before, at, lambda port: reconcile.hatch_told(port, index, position, at))

    def _hear(self, before: Port | None, at: float, told: Callable[[Port], Port | None]) -> Heard:
        if before is None:
            return Heard.ELSEWHERE
        return Heard.TAKEN if self._take(before, told(before), at) else Heard.OUTDATED

    # Common ground

    def _take(self, before: Port, after: Port | None, at: float) -> bool:
        """Believe `after` of a port, if there is anything new; every observation comes by here."""
        if after is None:
            return False
        port_id = after.port_id
        known_live = self.clock() < self._live_until.pop(port_id, float("-inf"))
        worth = Quality.LIVE if known_live else self.port_quality(before)
        self.ports[port_id] = after
        if after.reading is not before.reading:
            self._follow_bin(port_id, before.bin_id, after.bin_id)
        self.history.capture(after, at)
        changed = (before.reading, before.shown, before.failure) != (
            after.reading,
            after.shown,
            after.failure,
        )
        self._note_if_seen(Key(Kind.PORT, port_id), worth, self._worked_out(after), changed=changed)
        return True

    def _follow_bin(self, port_id: int, before: int | None, after: int | None) -> None:
        if before is not None and before != after and self._port_of_bin.get(before) == port_id:
            del self._port_of_bin[before]
        if after is not None:
            self._port_of_bin[after] = port_id

    def _take_system(self, after: System) -> None:
        before, worth = self.system, self.system_quality()
        self.system = after
        changed = (before.status, before.failure) != (after.status, after.failure)
        self._note_if_seen(Key(Kind.SYSTEM), worth, self.system_quality(), changed=changed)
