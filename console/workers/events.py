"""Follows the Log Publisher into the store: what it tells is believed at once, and counted.

What it says is believed from the beginning of a download on, until the connection or the driver
behind it is lost (autostore.md 6 and 8 #17). Before and after that, an event is only a reason to read.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

from msgspec.structs import replace

from console.autostore.events import (
    Alert,
    BinLocated,
    BinModeChanged,
    CaseChanged,
    DownloadBegun,
    Event,
    HatchMoved,
    Unreadable,
    Unrecognised,
)
from console.autostore.stream import Connected, Disconnected, DownloadComplete, LogStream, Overrun
from console.autostore.values import BinMode
from console.state.entities import SourceName, Stream
from console.state.port_beliefs import Heard
from console.state.store import Store
from console.text import SafeText, safe

ATTEND_EVERY = 1.0
"""Seconds between two looks at whether the stream can still be believed."""

AGAIN_AFTER = 5.0
"""Seconds until a new connection is made because only a download can help."""

CELLS_KNOWN = 4096
"""Cells of which it is remembered that they are a port's, twice as many as there can be ports."""

_GRID = SafeText(BinMode.GRID.value)
_PRESENT = frozenset({BinMode.PORT.value, BinMode.OPEN.value})
_AT_PORT = _PRESENT | {BinMode.TOGRID.value, BinMode.CLOSED.value}
"""Modes of a bin that a port has, or has until a robot takes it (autostore.md 7.2)."""


class Stage(StrEnum):
    """How far a stream has come."""

    ABSENT = "absent"
    CONNECTED = "connected"
    DOWNLOADING = "downloading"
    FOLLOWING = "following"
    DEAF = "deaf"


def next_stage(stage: Stage, event: Event) -> Stage:
    """Return how far a stream has come with an event; pure."""
    match event:
        case Connected():
            return Stage.CONNECTED
        case Disconnected() | Overrun():
            return Stage.ABSENT
        case DownloadBegun():
            return Stage.DOWNLOADING
        case DownloadComplete() if stage is Stage.DOWNLOADING:
            return Stage.FOLLOWING
        case Alert(driver_lost=True) if stage is not Stage.ABSENT:
            return Stage.DEAF
        case _:
            return stage


class Fate(StrEnum):
    """What became of an event that the store was never asked to take."""

    NOT_BELIEVED = "told before a download"
    NOT_UNDERSTOOD = "not understood"
    NOT_NEEDED = "about what is not shown"
    LOST = "lost, for they came faster than they could be taken"


class LogFollower:
    """Takes the events of one publisher, for ever; `counts` are of what became of them.

    Args:
        connect: makes a stream; a new one is wanted when only a download can help.
        hurry: is told of ports of which only a read makes clear what has happened.
        repace: is called when reads must become more or less frequent.
    """

    def __init__(
        self,
        connect: Callable[[], LogStream],
        store: Store,
        *,
        hurry: Callable[[int], None],
        repace: Callable[[], None],
    ) -> None:
        self.counts: Counter[Heard | Fate] = Counter()
        self.stage = Stage.ABSENT
        self._connect = connect
        self._store = store
        self._hurry = hurry
        self._repace = repace
        self._paced_for = store.paces
        self._port_at: dict[tuple[int, ...], int] = {}

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            async with self._connect() as stream:
                await self._attend(stream)
            await asyncio.sleep(AGAIN_AFTER)

    async def _attend(self, stream: LogStream) -> None:
        """Follow a stream until only a new connection can help."""
        following = asyncio.create_task(self._follow(stream))
        try:
            while not (following.done() or self._in_doubt()):
                if self.stage is Stage.FOLLOWING:
                    self._store.source_answers(SourceName.LOG, self._store.clock())
                await asyncio.wait([following], timeout=ATTEND_EVERY)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            self.stage = Stage.ABSENT
            self._trust(Stream())
        if not following.cancelled():
            following.result()

    def _in_doubt(self) -> bool:
        """Whether nobody knows what was missed: the machine slept, say, since the download."""
        return self.stage in (Stage.DOWNLOADING, Stage.FOLLOWING) and self._store.stream.since is None

    async def _follow(self, stream: LogStream) -> None:
        async for event in stream:
            self.take(event)
            if isinstance(event, Overrun):
                return

    def take(self, event: Event) -> None:
        """Take an event, whatever it tells."""
        match event:
            case Connected() | Disconnected() | DownloadBegun() | DownloadComplete() | Overrun():
                self._enter(next_stage(self.stage, event), event)
            case Alert():
                self._hear_alert(event)
            case BinModeChanged():
                self._hear_mode(event.bin_id, event.bin_mode, event.at)
            case BinLocated():
                self._hear_place(event)
            case CaseChanged():
                self._hear_case(event)
            case HatchMoved(port_id=port_id, port_index=index, hatch_position=position):
                self._count(self._store.hear_hatch, port_id, index, position, event.at)
            case Unrecognised() | Unreadable():
                self.counts[Fate.NOT_UNDERSTOOD] += 1
            case _:
                self.counts[Fate.NOT_NEEDED] += 1

    def _enter(self, stage: Stage, event: Event) -> None:
        self.stage = stage
        lost = None
        match event:
            case DownloadBegun():
                self._trust(Stream(since=event.at))
            case DownloadComplete() if stage is Stage.FOLLOWING:
                self._trust(replace(self._store.stream, complete=True))
                self._store.source_answers(SourceName.LOG, event.at)
            case Connected():
                self._trust(Stream())
            case Disconnected():
                lost = event.reason
            case Overrun():
                self.counts[Fate.LOST] += event.lost
                lost = safe(f"{self.counts[Fate.LOST]} events came too fast to be taken, and are lost")
            case Alert():
                lost = safe("it hears nothing of the controller")
        if lost is not None:
            self._trust(Stream())
            self._store.source_is_lost(SourceName.LOG, lost, event.at)

    def _trust(self, stream: Stream) -> None:
        self._store.note_stream(stream)
        if self._paced_for != self._store.paces:
            self._paced_for = self._store.paces
            self._repace()

    def _hear_alert(self, event: Alert) -> None:
        if event.driver_lost:
            self._enter(next_stage(self.stage, event), event)
        else:
            self._store.hear_alert(event.alert_code, event.at)
            self.counts[Heard.TAKEN] += 1

    def _hear_place(self, event: BinLocated) -> None:
        """Take where a bin is: only whether it is at a port matters here, and which port that is."""
        port_id = self._store.port_of_bin(event.bin_id)
        if event.mode in _AT_PORT:
            self._learn_cell(event, port_id)
        if event.mode is not None:
            self._hear_mode(event.bin_id, event.mode, event.at)
        elif port_id is not None and self._store.ports[port_id].bin_mode in _AT_PORT:
            # Once a robot can take it, it is back in the grid (autostore.md 7.2).
            self._hear_mode(event.bin_id, _GRID, event.at)
        else:
            self.counts[Heard.ELSEWHERE if port_id is None else Fate.NOT_NEEDED] += 1

    def _hear_mode(self, bin_id: int, mode: SafeText, at: float) -> None:
        """Take the mode of a bin; once its port is done with it, that may have selected another one."""
        port_id = self._store.port_of_bin(bin_id)
        before = None if port_id is None else self._store.ports[port_id].bin_mode
        believed = self._count(self._store.hear_bin, bin_id, mode, at)
        done_with = before in _PRESENT and mode not in _PRESENT
        if port_id is not None and (done_with or not believed):
            self._hurry(port_id)

    def _learn_cell(self, event: BinLocated, port_id: int | None) -> None:
        """Remember which port has that cell: a bin there that no port is known to have selected is news."""
        cell = (event.grid_id, event.xpos or 0, event.ypos or 0)
        if port_id is None:
            port_id = self._port_at.get(cell)
            if port_id is not None:
                self._hurry(port_id)
            return
        if len(self._port_at) >= CELLS_KNOWN:
            self._port_at.clear()
        self._port_at[cell] = port_id

    def _hear_case(self, event: CaseChanged) -> None:
        """Take how far a case action is; whether it is in error, or is to be cancelled, only a read tells."""
        if event.cancel_asked:
            self.counts[Fate.NOT_NEEDED] += 1
        else:
            self._count(self._store.hear_case, event.port_id, event.bin_id, event.case_state, event.at)
        self._hurry(event.port_id)

    def _count(self, hear: Callable[..., Heard], *told: object) -> bool:
        """Have the store take what was told, if it is to be believed, and return whether it did."""
        fate = hear(*told) if self._store.stream.since is not None else Fate.NOT_BELIEVED
        self.counts[fate] += 1
        return fate is Heard.TAKEN
