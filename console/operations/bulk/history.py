"""Runs as the journal tells them: what was planned, how far each target came, and who carries it out; pure.

The same tally as that of a run that goes on here, so that a run can be watched from another console and
told of after its console is gone (operations-safety rules 26, 28 and 31).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from console.operations.actor import Actor
from console.operations.bulk.classes import Class
from console.operations.bulk.machine import told
from console.operations.bulk.plan import Plan
from console.operations.bulk.progress import Progress, RunState
from console.operations.bulk.tally import Item, Tally, begun, moved
from console.operations.journal import Record, RecordKind

CONSOLE_ENDED = "its console ended"
"""Why a run was interrupted, and a command was left without an ending."""


class Command(Struct, frozen=True):
    """One command of a run as recorded.

    `seq` is the number of its INTENT, `seen` the state before it as plain data, `asked` Unix seconds.
    """

    op: str
    number: int
    seq: int
    asked: float
    seen: Any = None
    answered: bool = False
    accepted: bool = False
    settled: bool = False


class Story(Struct, frozen=True, kw_only=True):
    """A run, as far as it was recorded. Times are Unix seconds; `process` and `boot_id` name its console."""

    run: str
    plan: Plan
    site: str
    actor: Actor
    process: str
    boot_id: str
    started: float
    started_utc: datetime
    approver: str = ""
    ended: float | None = None
    mode: RunState = RunState.RUNNING
    reason: str = ""
    wave: int = 0
    waves: int = 0
    tally: Tally
    commands: Mapping[int, Command] = {}
    last_seq: int = 0
    last_at: float = 0.0

    @property
    def over(self) -> bool:
        """Whether its end was recorded."""
        return self.ended is not None

    @property
    def lost(self) -> tuple[Command, ...]:
        """The commands of which nobody has said what became of them."""
        return tuple(one for one in self.commands.values() if not one.settled)

    def progress(self, now: float, *, alive: bool) -> Progress:
        """Return how far it is; one without an end whose console is gone was interrupted."""
        mode = self.mode if alive or self.over else RunState.INTERRUPTED
        return told(
            self.tally,
            self.plan,
            self.run,
            mode=mode,
            reason=self.reason if mode is self.mode else CONSOLE_ENDED,
            wave=self.wave,
            waves=self.waves,
            started=self.started,
            now=now if alive and not self.over else (self.ended or self.last_at),
        )


def beginning(record: Record, plan: Plan) -> Story:
    """Return the story that a run's first record begins."""
    at = record.utc.timestamp()
    detail = record.entry.detail
    return Story(
        run=record.entry.run,
        plan=plan,
        site=record.site,
        actor=record.actor,
        process=record.process,
        boot_id=record.boot_id,
        started=at,
        started_utc=record.utc,
        approver=str(detail.get("approver", "")),
        waves=int(detail.get("waves", 0)),
        wave=1 if detail.get("waves") else 0,
        tally=begun(plan),
        last_seq=record.seq,
        last_at=at,
    )


def continued(story: Story, records: Iterable[Record]) -> Story:
    """Return the story after further records of the run, in their order."""
    for record in records:
        change = _CHANGES.get(record.entry.kind)
        if change is not None:
            story = change(story, record)
        story = replace(story, last_seq=record.seq, last_at=record.utc.timestamp())
    return story


def _intent(story: Story, record: Record) -> Story:
    entry = record.entry
    command = Command(
        op=entry.op, number=entry.number, seq=record.seq, asked=record.utc.timestamp(), seen=entry.seen
    )
    commands = {**story.commands, entry.number: command}
    return _at(replace(story, commands=commands), record, Class.SENDING)


def _outcome(story: Story, record: Record) -> Story:
    cls = Class(record.entry.outcome)
    certain = cls not in (Class.ACCEPTED, Class.UNKNOWN)
    accepted = cls is Class.ACCEPTED
    return _at(_known(story, record, answered=True, accepted=accepted, settled=certain), record, cls)


def _settled(story: Story, record: Record) -> Story:
    return _at(_known(story, record, answered=True, settled=True), record, Class(record.entry.outcome))


def _not_started(story: Story, record: Record) -> Story:
    return _at(_known(story, record, settled=True), record, Class(record.entry.outcome))


def _known(story: Story, record: Record, **more: bool) -> Story:
    command = story.commands.get(record.entry.number)
    if command is None:
        return story
    commands = {**story.commands, record.entry.number: replace(command, **more)}
    return replace(story, commands=commands)


def _at(story: Story, record: Record, cls: Class) -> Story:
    entry = record.entry
    after = Item(
        number=entry.number,
        cls=cls,
        op=entry.op,
        reason=entry.reason,
        code=entry.code,
        at=record.utc.timestamp(),
    )
    return replace(story, tally=moved(story.tally, after))


def _wave(story: Story, record: Record) -> Story:
    return replace(story, wave=int(record.entry.detail.get("wave", story.wave)))


def _paused(story: Story, record: Record) -> Story:
    return replace(story, mode=RunState.PAUSED, reason=record.entry.reason)


def _continued(story: Story, record: Record) -> Story:
    return replace(story, mode=RunState.RUNNING, reason="")


def _stopping(story: Story, record: Record) -> Story:
    return replace(story, mode=RunState.STOPPING, reason=record.entry.reason)


def _ended(story: Story, record: Record) -> Story:
    mode = RunState(record.entry.outcome)
    return replace(story, mode=mode, reason=record.entry.reason, ended=record.utc.timestamp())


_CHANGES: Mapping[RecordKind, Callable[[Story, Record], Story]] = {
    RecordKind.INTENT: _intent,
    RecordKind.OUTCOME: _outcome,
    RecordKind.SETTLED: _settled,
    RecordKind.NOT_STARTED: _not_started,
    RecordKind.WAVE: _wave,
    RecordKind.PAUSED: _paused,
    RecordKind.CONTINUED: _continued,
    RecordKind.STOPPING: _stopping,
    RecordKind.RUN_END: _ended,
}
