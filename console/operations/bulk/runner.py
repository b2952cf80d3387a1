"""Carries a plan out: takes up what the state machine says, and tells it what came of that.

Every command goes the one way through the dispatcher. What a run is and does stands in the journal,
so that others can watch it, ask it to pause, and find what is left of it.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec.structs import replace

from console.fields import Invalid
from console.operations.authority import NotAllowed
from console.operations.beliefs import Belief, from_plain
from console.operations.bulk import machine
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.classes import Class
from console.operations.bulk.machine import Deferred, Event, Moved, Rules, Stopped
from console.operations.bulk.plan import Plan, Planned
from console.operations.bulk.progress import Progress, RunState
from console.operations.bulk.tally import Item
from console.operations.dispatch import Dispatcher
from console.operations.journal import Barred, Entry, JournalError, Query, RecordKind, read
from console.operations.journal.writer import Beside
from console.operations.leases import NotHeld, release, renew
from console.operations.ledger import Ledger
from console.operations.limits import TooOften
from console.operations.orders import Look, Part
from console.operations.settling import Sleep
from console.outcome import CallFailed
from console.settings.tables import Safety
from console.state.entities import Command, Port

LISTEN_EVERY = 0.1
"""Seconds between two times that listeners are told, at least."""

ASKED_EVERY = 0.5
"""Seconds between two looks for what other consoles want of the run."""

WAIT_LOOK = 2.0
"""Seconds between two looks at a port that is waited for."""

WAIT_RATE = 1.0
"""Seconds after which a target is taken up again that has to wait for the commands of the last minute."""

Listener = Callable[[Progress], None]

log = logging.getLogger(__name__)


class Tools(NamedTuple):
    """What a run works with."""

    commands: Dispatcher
    ledger: Ledger
    look: Look
    safety: Safety
    sleep: Sleep = asyncio.sleep


class Run:
    """A plan that is being carried out in this process.

    Args:
        run_id: what the run is called.
        plan: what is carried out; every check on it was made.
        rules: what the run keeps to.
    """

    def __init__(self, run_id: str, plan: Plan, rules: Rules, tools: Tools) -> None:
        self.id = run_id
        self.plan = plan
        self._tools = tools
        self._clock = tools.ledger.store.clock
        self._state = machine.initial(plan, rules)
        self._before = machine.steps_before(plan)
        self._started = self._clock()
        self._ended_at: float | None = None
        self._waiting_since: dict[int, float] = {}
        self._wake = asyncio.Event()
        self._ending = False
        self._ended = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[Listener] = []
        self._telling: asyncio.TimerHandle | None = None
        self._notes: list[Entry] = []
        self._seq = 0

    @property
    def progress(self) -> Progress:
        """How far it is; of a run that ended, how far it came and how long that took."""
        now = self._clock() if self._ended_at is None else self._ended_at
        return machine.progress(self._state, self.plan, self.id, started=self._started, now=now)

    @property
    def over(self) -> bool:
        """Whether it has ended, and that was recorded as far as the journal could be written."""
        return self._ended.is_set()

    @property
    def items(self) -> tuple[Item, ...]:
        """What each target has come to."""
        return self._state.tally.items

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with the progress as it changes, and at the end; returns what ends that."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    async def begin(self, told: Entry, beside: Beside) -> None:
        """Record that the run begins, with what `beside` claims for it, and begin.

        Raises:
            JournalError, Barred: it did not begin.
        """
        await self._tools.ledger.journal.write(told, beside=beside)
        self._spawn(self._keep())
        self._spawn(self._go())

    def pause(self, by: str = "") -> None:
        """Send nothing new for now; what was sent settles."""
        self._happened(machine.Paused(f"paused by {by}" if by else "paused"))

    def resume(self) -> None:
        """Go on after a pause."""
        self._happened(machine.Continued())

    def abort(self, by: str = "") -> None:
        """Send nothing new any more, let what was sent settle, and end."""
        self._happened(Stopped(f"aborted by {by}" if by else "aborted"))

    def obey(self, what: str, by: str) -> None:
        """Do what somebody wants of it: `pause`, `resume` or `abort`."""
        match what:
            case "pause":
                self.pause(by)
            case "resume":
                self.resume()
            case "abort":
                self.abort(by)

    async def leave(self, reason: str = "left") -> None:
        """End now: what is under way becomes UNKNOWN, and recorded as such (rule 25)."""
        self._happened(Stopped(reason))
        mine = asyncio.current_task()
        commanding = [task for task in self._tasks if task is not mine and task.get_name() != _KEEPER]
        for task in commanding:
            task.cancel()
        await asyncio.gather(*commanding, return_exceptions=True)
        await self._end(RunState.ENDED, reason)

    async def wait(self) -> Progress:
        """Return how it ended."""
        await self._ended.wait()
        return self.progress

    # What goes on

    async def _go(self) -> None:
        try:
            while self._state.mode is not RunState.ENDED:
                self._wake.clear()
                now = self._clock()
                following = machine.following(self._state, now)
                for number in following.numbers:
                    self._happened(machine.Begun(number, now))
                    self._spawn(self._one(self.plan.items[number - 1]))
                if not following.numbers:
                    await self._write_notes()
                    await self._rest(None if following.at is None else max(following.at - now, 0.0))
        except Exception as error:
            log.exception("run %s met a fault of this console", self.id)
            await self._end(RunState.ENDED, f"a fault of this console: {type(error).__name__}")
        else:
            await self._end(RunState.ENDED, self._state.reason)

    async def _rest(self, seconds: float | None) -> None:
        """Wait for something to happen, or for so many seconds."""
        waits: list[asyncio.Future[object]] = [asyncio.ensure_future(self._wake.wait())]
        if seconds is not None:
            waits.append(asyncio.ensure_future(self._tools.sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _one(self, item: Planned) -> None:
        """Carry one target as far as its outcome; what follows is told by the dispatcher."""
        try:
            belief = await self._ready(item)
            if belief is None:
                return
            action = ACTIONS[item.action]
            order = action.order(item.target, item.arguments, belief)
            part = Part(self.id, self.plan.digest, item.number)
            result = await self._tools.commands.send(
                order, part=part, told=lambda command, word: self._told(item.number, command, word)
            )
        except TooOften:
            self._happened(Deferred(item.number, self._clock() + WAIT_RATE))
            return
        except (NotAllowed, NotHeld, JournalError) as refusal:
            self._move(item, Class.NOT_STARTED, str(refusal))
            self._happened(Stopped(str(refusal)))
            return
        except (Invalid, ValueError) as error:
            self._move(item, Class.SKIPPED, str(error))
            return
        except asyncio.CancelledError:
            if self._state.tally.item(item.number).cls is Class.SENDING:
                self._move(item, Class.NOT_STARTED, "called off before it was sent")
            raise
        except Exception as error:
            log.exception("%s of run %s met a fault of this console", item.name, self.id)
            self._move(item, Class.SKIPPED, f"a fault of this console: {type(error).__name__}")
            return
        if not result.recorded:
            self._happened(Stopped("the journal cannot be written"))

    async def _ready(self, item: Planned) -> Belief | None:
        """Return the state that the target's order is made for; None when its turn is later, or never."""
        reason = machine.blocked(self._state.tally, self._before.get(item.number, ()))
        if reason is not None:
            self._move(item, Class.NOT_STARTED, reason)
            return None
        key = ACTIONS[item.action].key(item.target)
        if not item.when:
            return from_plain(key, item.seen)
        since = self._waiting_since.setdefault(item.number, self._clock())
        with suppress(CallFailed):
            belief = await self._tools.look(key)
            if isinstance(belief, Port) and belief.bin_id is None and belief.task_id is None:
                return belief
        if self._clock() - since >= self._tools.safety.wait_for_empty:
            self._move(item, Class.NOT_STARTED, f"not empty after {self._tools.safety.wait_for_empty:g} s")
        else:
            self._happened(Deferred(item.number, self._clock() + WAIT_LOOK))
        return None

    def _told(self, number: int, command: Command, word: str) -> None:
        """Take what the dispatcher says of a command, which it recorded before."""
        if word in _CLASSES:
            self._happened(
                Moved(
                    number,
                    Class(word),
                    self._clock(),
                    op=command.op_id,
                    reason=command.reason or "",
                    code=command.code,
                )
            )

    def _move(self, item: Planned, cls: Class, reason: str) -> None:
        self._happened(Moved(item.number, cls, self._clock(), reason=reason))

    def _happened(self, event: Event) -> None:
        before, self._state = self._state, machine.step(self._state, event)
        self._note_change(before, self._state)
        self._wake.set()
        if self._telling is None and self._listeners:
            loop = asyncio.get_running_loop()
            self._telling = loop.call_later(LISTEN_EVERY, self._tell)

    def _tell(self) -> None:
        self._telling = None
        progress = self.progress
        for listener in tuple(self._listeners):
            listener(progress)

    # Records

    def _note_change(self, before: machine.State, after: machine.State) -> None:
        """Keep in mind what of a change others should read."""
        if after.wave != before.wave:
            detail = {"wave": after.wave + 1, "targets": len(after.waves[after.wave])}
            self._note(RecordKind.WAVE, detail=detail)
        if after.mode is not before.mode:
            if after.mode is RunState.PAUSED:
                self._note(RecordKind.PAUSED, reason=after.reason)
            elif after.mode is RunState.STOPPING:
                self._note(RecordKind.STOPPING, reason=after.reason)
            elif before.mode is RunState.PAUSED and after.mode is RunState.RUNNING:
                self._note(RecordKind.CONTINUED)

    def _note(self, kind: RecordKind, **more: object) -> None:
        entry = Entry(kind=kind, run=self.id, plan=self.plan.digest, **more)  # type: ignore[arg-type]
        self._notes.append(entry)

    async def _write_notes(self) -> None:
        notes, self._notes = self._notes, []
        if notes and not await self._tools.ledger.write(*notes):
            self._happened(Stopped("the journal cannot be written"))
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # a record is written to its end, which hides that
            raise asyncio.CancelledError

    async def _end(self, mode: RunState, reason: str) -> None:
        if self._ending:
            return
        self._ending = True
        self._ended_at = self._clock()
        self._state = replace(self._state, mode=RunState.ENDED, reason=reason)
        counts = {cls.value: count for cls, count in self._state.tally.counts.items()}
        self._note(RecordKind.RUN_END, outcome=mode.value, reason=reason, detail={"counts": counts})
        notes, self._notes = self._notes, []
        if not await self._tools.ledger.write(*notes, beside=self._release()):
            self._tools.ledger.journal.owe(*notes)
        for task in self._tasks:
            if task.get_name() == _KEEPER:
                task.cancel()
        self._ended.set()
        if self._telling is not None:
            self._telling.cancel()
        self._tell()

    def _release(self) -> Beside:
        """Let go of all targets, but for those to which a command may still be on its way (rule 5)."""
        unknown = {self.plan.items[item.number - 1].name for item in self.items if item.cls is Class.UNKNOWN}
        until = datetime.now(UTC).timestamp() + self._tools.safety.lease_seconds
        return release(self.id, but=sorted(unknown), until=until)

    # Other consoles

    async def _keep(self) -> None:
        """Hold the run's targets, and do what other consoles ask, until the run ends."""
        task = asyncio.current_task()
        assert task is not None
        task.set_name(_KEEPER)
        hold = self._tools.safety.lease_seconds
        renewed = self._clock()
        while not self._ending:
            await asyncio.sleep(ASKED_EVERY)
            try:
                await self._obey()
                if self._clock() - renewed > hold / 3:
                    renewed = self._clock()
                    now = datetime.now(UTC).timestamp()
                    held = len({item.name for item in self.plan.included})
                    await self._tools.ledger.write(beside=renew(self.id, held, now, now + hold))
            except (JournalError, Barred) as error:
                self._happened(Stopped(str(error)))

    async def _obey(self) -> None:
        query = Query(run=self.id, kinds=(RecordKind.ASKED,), after=self._seq)
        directory = self._tools.ledger.journal.path.parent
        for record in await asyncio.to_thread(lambda: list(read(directory, query))):
            self._seq = record.seq
            self.obey(record.entry.outcome, record.actor.operator)

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_KEEPER = "keeps the run"

_CLASSES = frozenset(cls.value for cls in Class)
"""What a target can come to; what a command goes through on its way is not among them."""
