"""Bulk work at one site, in one place: survey, plan, approve, begin, follow, settle, once more, back.

What is decided is decided in the pure modules beside; here it is put together.
"""

import asyncio
from collections.abc import AsyncIterator, Container, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from console.mor.calls import Profile
from console.operations.authority import NotAllowed
from console.operations.beliefs import Belief
from console.operations.bulk import again, launch, recovery
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.archive import is_alive
from console.operations.bulk.classes import Again
from console.operations.bulk.history import Story
from console.operations.bulk.hold import alone, hold_for
from console.operations.bulk.launch import RunOptions
from console.operations.bulk.place import Place, moment, unix_now
from console.operations.bulk.plan import Link, Plan, PlanRefused, as_json
from console.operations.bulk.planning import Known, keys_of, plan_of
from console.operations.bulk.preview import Preview, preview
from console.operations.bulk.progress import Progress
from console.operations.bulk.recovery import Left
from console.operations.bulk.rehearsal import Rehearsed, rehearse
from console.operations.bulk.report import Report, report_of
from console.operations.bulk.runner import Run
from console.operations.bulk.survey import known_from, survey
from console.operations.bulk.watching import watched
from console.operations.bulk.wishes import Wish
from console.operations.journal import Entry, Query, RecordKind, latest, read, unended
from console.operations.journal.writer import document_beside
from console.operations.leases import release
from console.operations.limits import takes_out
from console.operations.settling import Finding
from console.state.entities import Key, Kind

_KINDS = {"": RecordKind.PLAN, "retry": RecordKind.RETRY, "rest": RecordKind.RESUME, "undo": RecordKind.UNDO}


class Told(Struct, frozen=True):
    """A run in short, for a list: `alive` while a console carries it out."""

    run: str
    plan: str
    title: str
    operator: str
    started_utc: datetime
    alive: bool
    progress: Progress


class Bulk:
    """The way to bulk work at a site."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._runs: dict[str, Run] = {}

    @property
    def refusal(self) -> str | None:
        """Why the person at this console commands nothing here, or None: to be said before they are asked."""
        return self.place.authority.refusal

    @property
    def profile(self) -> Profile:
        """The dialect of the site's switch, which values are checked by."""
        return self.place.profile

    @property
    def own(self) -> Mapping[str, Run]:
        """The runs of this process that have not ended, by id."""
        return {run.id: run for run in self._runs.values() if not run.over}

    # Plans

    def known(self, wishes: Sequence[Wish]) -> Known:
        """Return what this console believes of the targets, without reading; devices have to be read.

        Raises:
            PlanRefused: there is no such action.
        """
        return known_from(self.place.store, keys_of(wishes))

    async def survey(self, wishes: Sequence[Wish]) -> Known:
        """Read every target of the wishes anew; one that cannot be read says why.

        Raises:
            PlanRefused: there is no such action.
        """
        keys = dict.fromkeys(keys_of(wishes))
        known = await survey(self.place.look, [*keys, *self._also(wishes, keys)])
        return {key: known[key] for key in keys}

    def plan(
        self, wishes: Sequence[Wish], known: Known, *, title: str = "", link: Link | None = None
    ) -> Plan:
        """Return the plan that the wishes make; nothing is recorded or sent.

        Raises:
            PlanRefused: the plan as a whole is wrong. JournalError: who holds what cannot be read.
        """
        return plan_of(wishes, known, self.place.ground(), title=title, link=link)

    async def record(self, plan: Plan) -> None:
        """Keep a plan in the journal, which it has to be in before it is approved or begun.

        Raises:
            NotAllowed: who gives no commands here plans none. JournalError: it is not there.
        """
        self._may_record()
        kind = _KINDS[plan.link.how if plan.link else ""]
        counts = preview(plan, self.place.safety, moment()).fates
        told = Entry(
            kind=kind,
            plan=plan.digest,
            reason=plan.title,
            detail={
                "fates": {fate.value: count for fate, count in counts.items()},
                **({"from_run": plan.link.run, "of": plan.link.of} if plan.link else {}),
            },
        )
        await self.place.journal.write(told, beside=document_beside(plan.digest, as_json(plan)))

    def find(self, digest: str) -> Plan:
        """Return a plan that was recorded, by its digest or the beginning of that.

        Raises:
            PlanRefused: there is none. JournalError: the journal cannot be read.
        """
        return self.place.archive.plan(digest)

    def preview(self, plan: Plan, hidden: Container[str] = ()) -> Preview:
        """Return what is to be shown before a plan is begun; `hidden` are targets that a filter hides."""
        return preview(plan, self.place.safety, moment(), hidden)

    async def rehearse(self, plan: Plan) -> tuple[Rehearsed, ...]:
        """Look at every target of a plan anew and say what would be sent now; nothing is."""
        return await rehearse(plan, self.place.look)

    async def approve(self, plan: Plan) -> None:
        """Approve a plan that somebody else made. Raises as `launch.approve`."""
        await launch.approve(self.place, plan)

    # Runs

    async def start(self, plan: Plan, options: RunOptions = RunOptions()) -> Run:  # noqa: B008
        """Begin a plan that was recorded. Raises as `launch.start`."""
        run = await launch.start(self.place, plan, options)
        self._runs[run.id] = run
        return run

    def runs(self, last: int = 20) -> tuple[Told, ...]:
        """Return the last runs at this site, of any console on this host, the newest first.

        Raises:
            JournalError: the journal cannot be read.
        """
        return tuple(self._told(story) for story in self.place.archive.stories(last))

    def interrupted(self) -> tuple[Told, ...]:
        """Return the runs whose console is gone before their end, or that of a command, was recorded.

        Raises:
            JournalError: the journal cannot be read.
        """
        return tuple(map(self._told, self.place.archive.left()))

    def progress_of(self, run: str) -> Progress:
        """Return how far a run is; one of this process tells it itself.

        Raises:
            LookupError: there is none of that id. JournalError: the journal cannot be read.
        """
        if (mine := self.own.get(run)) is not None:
            return mine.progress
        return self._told(self.place.archive.story(run)).progress

    def follow(self, run: str) -> AsyncIterator[Progress]:
        """Return how far a run is as that changes, until it ended; one of this process tells it itself.

        Raises:
            as `Archive.follow`.
        """
        if (mine := self.own.get(run)) is not None:
            return watched(mine)
        return self.place.archive.follow(run)

    def report(self, run: str) -> Report:
        """Return what a run came to so far.

        Raises:
            LookupError: there is none of that id. JournalError: the journal cannot be read.
        """
        story = self.place.archive.story(run)
        return report_of(story, alive=is_alive(story))

    async def ask(self, run: str, what: Literal["pause", "resume", "abort"]) -> None:
        """Ask the console that carries a run out to pause it, to go on, or to end it; it does so soon.

        A run of this process does it at once.

        Raises:
            NotAllowed: who gives no commands here stops and continues none.
            LookupError: there is none of that id. JournalError: it is not recorded.
        """
        self._may_record()
        if (mine := self.own.get(run)) is not None:
            mine.obey(what, self.place.actor.operator)
            return
        story = self.place.archive.story(run)
        told = Entry(kind=RecordKind.ASKED, run=run, plan=story.plan.digest, outcome=what)
        await self.place.journal.write(told)

    # Afterwards

    async def recover(self, run: str) -> Report:
        """Settle what a run left unknown, and close it if its console is gone.

        Raises:
            NotAllowed: who gives no commands here settles none.
            LookupError: there is none of that id. JournalError: the journal cannot be read or written.
            PlanRefused: a console still carries it out, another one is at this already, another run
                holds what has to be looked at, or some of it is at a system that the site has no more.
        """
        self._may_record()
        story = self.place.archive.story(run)
        if is_alive(story):
            raise PlanRefused(f"run {run} is still carried out")
        async with alone(self.place, f"recovery of {run}"):
            story = self.place.archive.later(story)
            left = recovery.left_of(story)
            seen = self._within_sight(left)
            await hold_for(self.place, run, sorted({one.order.target for one in seen}))
            await self._settle(seen)
            story = self.place.archive.later(story)
            ending = () if story.over or story.lost else (recovery.end_of(story),)
            await self.place.journal.write(*ending, beside=release(run))
        if story.lost and len(seen) < len(left):
            raise PlanRefused(recovery.out_of_sight(run))
        return self.report(run)

    def left_commands(self) -> tuple[Left, ...]:
        """Return the single commands that consoles which are gone have left without an ending.

        Raises:
            JournalError: the journal cannot be read.
        """
        return recovery.left_alone(unended(self.place.directory), self._site)

    def left_out_of_sight(self) -> tuple[Left, ...]:
        """Return those of the left commands that no console settles: this site has their system no more.

        Raises:
            JournalError: the journal cannot be read.
        """
        return tuple(one for one in self.left_commands() if one.order.system not in self.place.systems)

    async def recover_commands(self) -> tuple[tuple[Left, Finding], ...]:
        """Settle the single commands that consoles which are gone left without an ending; say how they ended.

        Those of a system that the site has no more stay as they are.

        Raises:
            NotAllowed: as `recover`. JournalError: the journal cannot be read.
            PlanRefused: another console is at this already.
        """
        self._may_record()
        if not await asyncio.to_thread(self.left_commands):
            return ()
        async with alone(self.place, "recovery of commands"):
            left = self._within_sight(await asyncio.to_thread(self.left_commands))
            return tuple(zip(left, await self._settle(left), strict=True))

    async def again(self, run: str, which: Again, *, keep: bool = True) -> Plan:
        """Return a new plan for one class of a run, on what is seen now; recorded unless it is only tried.

        Raises:
            LookupError: there is no such run. PlanRefused: nothing is of that class, or some is UNKNOWN.
            NotAllowed: as `record`. JournalError: the journal cannot be read or written.
        """
        wishes, link = again.wishes_again(self.place.archive.story(run), which)
        return await self._linked(wishes, link, keep=keep)

    async def undo(self, run: str, *, keep: bool = True) -> Plan:
        """Return a new plan that takes back what a run did, as far as that can be; recorded as by `again`.

        Raises:
            LookupError, PlanRefused, NotAllowed, JournalError: as `again`.
        """
        story = self.place.archive.story(run)
        now: dict[int, Belief | None] = {}
        changed = again.keys_to_undo(story)
        seen = await survey(self.place.look, [key for _, key in changed])
        for item, key in changed:
            now[item.number] = seen[key].belief
            if item.action == "device.create":
                now[item.number] = await self._created(story, item.number, key)
        wishes, link = again.wishes_back(story, now)
        return await self._linked(wishes, link, keep=keep)

    async def close(self) -> None:
        """End the runs of this console now."""
        for run in self._runs.values():
            await run.leave("this console was closed")

    @property
    def _site(self) -> str:
        return self.place.journal.site

    async def _settle(self, left: Sequence[Left]) -> list[Finding]:
        first = min((one.seq for one in left), default=latest(self.place.directory))
        since = read(self.place.directory, Query(kinds=(RecordKind.INTENT,), after=first))
        marked = await asyncio.to_thread(recovery.overtaken, left, since, self._site)
        return await recovery.settle(marked, self.place.commands)

    def _within_sight(self, left: Sequence[Left]) -> tuple[Left, ...]:
        """Return the commands of systems that the site has; at others there is nothing to look at."""
        return tuple(one for one in left if one.order.system in self.place.systems)

    def _may_record(self) -> None:
        """Raise NotAllowed where the person at this console leaves no traces in plans, runs and commands."""
        if self.refusal is not None:
            raise NotAllowed(self.refusal)

    def _told(self, story: Story) -> Told:
        alive = is_alive(story)
        return Told(
            run=story.run,
            plan=story.plan.digest,
            title=story.plan.title,
            operator=story.actor.operator,
            started_utc=story.started_utc,
            alive=alive,
            progress=story.progress(unix_now(), alive=alive),
        )

    def _also(self, wishes: Sequence[Wish], keys: Container[Key]) -> list[Key]:
        """Return the other ports that have to be seen too: those that stay in service are counted."""
        leave = any(
            wish.action == "port.runout" or takes_out(ACTIONS[wish.action].method, wish.values)
            for wish in wishes
        )
        if not (leave and self.place.safety.least_open_ports):
            return []
        others = (Key(Kind.PORT, port) for port in self.place.store.ports)
        return [key for key in others if key not in keys]

    async def _linked(self, wishes: Sequence[Wish], link: Link, *, keep: bool) -> Plan:
        plan = self.plan(wishes, await self.survey(wishes), link=link)
        if keep:
            await self.record(plan)
        return plan

    async def _created(self, story: Story, number: int, key: Key) -> Belief | None:
        """Look for the device that a command of a run created."""
        command = next((one for one in recovery.every(story) if one.part and one.part.number == number), None)
        if command is None or command.before is None or command.order.goal is None:
            return None
        look_after = command.order.goal.look_after
        return await look_after(self.place.look, command.before, command.op) if look_after else None
