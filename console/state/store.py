"""The shared store: tables of frozen beliefs, and one gathered notice per frame.

Plain Python on the event loop. Each kind of observation has one method; it stamps when the
belief was seen and notes the key when what people would see has changed. Listeners hear of
keys, at most once per frame, and read the tables themselves.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from console.state.clock import awake_and_asleep
from console.state.entities import UNSETTLED, Alert, Command, Key, Kind, Phase, Source, SourceName
from console.state.notices import Schedule
from console.state.phone_beliefs import PhoneBeliefs
from console.state.port_beliefs import PortBeliefs
from console.text import SafeText, safe

__all__ = ["Schedule", "Store"]

COMMANDS_KEPT = 500

ALERTS_KEPT = 16
"""Kinds of alerts in mind: three are documented, but a code is whatever a line says."""


class Store(PortBeliefs, PhoneBeliefs):
    """All beliefs of one site.

    Args:
        port_ids: the configured ports; no other port is ever added.
        port_interval: seconds between two looks at a port that somebody watches, for its stale limit.
        list_interval: seconds between two reads of a device list.
        clock: seconds; injected so that ages can be tested.
        schedule: arranges the next notice; by default every write is told at once.
    """

    def __init__(
        self,
        port_ids: Iterable[int] = (),
        *,
        port_interval: float = 1.0,
        list_interval: float = 10.0,
        clock: Callable[[], float] = awake_and_asleep,
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__(
            port_ids=port_ids,
            port_interval=port_interval,
            list_interval=list_interval,
            clock=clock,
            schedule=schedule,
        )
        self.sources: dict[SourceName, Source] = {}
        self.alerts: dict[str, Alert] = {}
        self.commands: dict[str, Command] = {}
        self._unsettled: dict[str, str] = {}
        self.journal_failure: SafeText | None = None

    def distrust(self) -> None:
        """Make everything seen so far stale at once: the process was stopped or the machine slept."""
        super().distrust()
        for name in self.sources:
            self._note(Key(Kind.SOURCE, name))

    def expect(self, name: SourceName) -> None:
        """Name a source that is configured, so that its silence shows."""
        if name not in self.sources:
            self.sources[name] = Source(name=name)
            self._note(Key(Kind.SOURCE, name))

    def source_answers(self, name: SourceName, at: float) -> None:
        """Note a good answer; a notice goes out only when the source was not known to be well."""
        before = self.sources.get(name)
        self.sources[name] = Source(name=name, ok=True, good_at=at)
        if before is None or not before.ok:
            self._note(Key(Kind.SOURCE, name))

    def source_is_lost(self, name: SourceName, reason: str, at: float) -> None:
        """Note that a source does not answer: one change, however many of its ports are read."""
        before = self.sources.get(name) or Source(name=name)
        since = before.failing_since if before.ok is False else at
        after = replace(before, ok=False, failing_since=since, reason=safe(reason))
        if after != before:
            self.sources[name] = after
            self._note(Key(Kind.SOURCE, name))

    def hear_alert(self, code: SafeText, at: float) -> None:
        """Take a warning of the controller, received at `at`; no line ever takes one back."""
        known = self.alerts.pop(code, None)
        self.alerts[code] = Alert(code=code, at=max(at, known.at) if known else at)
        while len(self.alerts) > ALERTS_KEPT:
            del self.alerts[next(iter(self.alerts))]
        self._note(Key(Kind.SOURCE, SourceName.LOG))

    def note_command(self, command: Command) -> None:
        """Keep a command's latest phase.

        Beyond a few hundred the oldest is forgotten, and one that nobody waits for before one that
        is under way or that a person must look at.
        """
        self.commands[command.op_id] = command
        while len(self.commands) > COMMANDS_KEPT:
            done = (op_id for op_id, one in self.commands.items() if one.phase not in _REMEMBERED)
            forgotten = next(done, next(iter(self.commands)))
            del self.commands[forgotten]
            self._unsettled.pop(forgotten, None)
        if command.phase in UNSETTLED and command.op_id in self.commands:
            self._unsettled[command.op_id] = command.target
        else:
            self._unsettled.pop(command.op_id, None)
        self._under_way_at(frozenset(self._unsettled.values()))
        self._note(Key(Kind.COMMAND, command.op_id))

    @property
    def unsettled(self) -> list[Command]:
        """The commands of which it is not known yet what they came to."""
        return [self.commands[op_id] for op_id in self._unsettled]

    def note_journal(self, failure: str | None) -> None:
        """Note whether the journal can be written; while it cannot, no command is accepted."""
        shown = safe(failure) if failure is not None else None
        if shown != self.journal_failure:
            self.journal_failure = shown
            self._note(Key(Kind.JOURNAL))


_REMEMBERED = UNSETTLED | {Phase.STILL_UNKNOWN}
