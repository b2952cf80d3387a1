"""A bulk desk without servers and journal: it plans as the real one, and only remembers the rest."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from console.operations.bulk.classes import Again, Class
from console.operations.bulk.desk import Told
from console.operations.bulk.plan import Fate, Link, Moment, Plan, PlanRefused
from console.operations.bulk.planning import Ground, Known, keys_of, plan_of
from console.operations.bulk.preview import Preview, preview
from console.operations.bulk.progress import Progress, RunState
from console.operations.bulk.rehearsal import Rehearsed
from console.operations.bulk.report import Report, ReportRow
from console.operations.bulk.survey import known_from
from console.operations.bulk.wishes import Wish, same_for_all
from console.settings.tables import Safety
from console.state.entities import SourceName

if TYPE_CHECKING:
    from .world import Site

NOW = Moment(utc=datetime(2026, 3, 5, 14, 2, 11, tzinfo=UTC), clock=100.0, boot_id="boot")
RUN = "r20260305-140211-1a2b3c"

OBEYED: Mapping[str, Mapping[str, Any]] = {
    "pause": {"state": RunState.PAUSED, "reason": "paused"},
    "resume": {"state": RunState.RUNNING, "reason": ""},
    "abort": {"state": RunState.STOPPING, "reason": "aborted"},
}
"""What becomes of a run when something is wanted of it."""


class Run:
    """A run that gets on when a test says so; `asked` is what was wanted of it."""

    def __init__(self, plan: Plan) -> None:
        self.id = RUN
        self.plan = plan
        self.asked: list[str] = []
        self.progress = progress(plan)
        self._listeners: list[Callable[[Progress], None]] = []

    def listen(self, listener: Callable[[Progress], None]) -> Callable[[], None]:
        """Tell a listener; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def move(self, **changes: Any) -> None:
        """Get on."""
        self.progress = replace(self.progress, **changes)
        for listener in tuple(self._listeners):
            listener(self.progress)

    def obey(self, what: str) -> None:
        """Do what is wanted of it."""
        self.asked.append(what)
        self.move(**OBEYED[what])

    async def watched(self) -> AsyncIterator[Progress]:
        """Tell how far it is as that changes, until it ended."""
        news = asyncio.Event()
        stop = self.listen(lambda progress: news.set())
        try:
            yield self.progress
            while self.progress.state is not RunState.ENDED:
                await news.wait()
                news.clear()
                yield self.progress
        finally:
            stop()


class Desk:
    """What the interface sees of bulk work.

    `refusal` is raised by whatever makes or begins a plan. `listed` are the runs of this host, `left`
    those found interrupted, `steps` what a run of another console comes to, and `asked` what was asked
    of it. `plans` are those recorded, `begun` the runs.
    """

    def __init__(self, site: "Site") -> None:
        self._site = site
        self.safety = Safety()
        self.refusal: Exception | None = None
        self.start_refusal: Exception | None = None
        self.plans: list[Plan] = []
        self.begun: list[Run] = []
        self.approved: list[str] = []
        self.surveyed = 0
        self.rehearsed = 0
        self.again_asked: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.recovered: list[str] = []
        self.listed: tuple[Told, ...] = ()
        self.left: tuple[Told, ...] = ()
        self.commands_left: tuple[str, ...] = ()
        self.recovery_refusal: Exception | None = None
        self.steps: list[Progress] = []
        self.reports: dict[str, Report] = {}

    # Plans

    def known(self, wishes: Sequence[Wish]) -> Known:
        """Return what the store believes."""
        return known_from(self._site.store, keys_of(wishes))

    async def survey(self, wishes: Sequence[Wish]) -> Known:
        """Count the survey; the store stands in for the servers."""
        self.surveyed += 1
        return self.known(wishes)

    def plan(
        self, wishes: Sequence[Wish], known: Known, *, title: str = "", link: Link | None = None
    ) -> Plan:
        """Plan as the real desk."""
        if self.refusal is not None:
            raise self.refusal
        spec = self._site.spec
        ground = Ground(
            site=spec.name,
            mode=spec.mode,
            operator=spec.operator,
            host="here",
            now=NOW,
            safety=self.safety,
            systems=frozenset(SourceName),
            ports=self._site.store.ports,
        )
        return plan_of(wishes, known, ground, title=title, link=link)

    async def record(self, plan: Plan) -> None:
        """Remember the plan."""
        self.plans.append(plan)

    def find(self, digest: str) -> Plan:
        """Return a plan that was recorded."""
        for plan in self.plans:
            if plan.digest.startswith(digest):
                return plan
        raise PlanRefused("this plan was not made on this host")

    def preview(self, plan: Plan, hidden: Collection[str] = ()) -> Preview:
        """Preview as the real desk."""
        return preview(plan, self.safety, NOW, hidden)

    async def rehearse(self, plan: Plan) -> tuple[Rehearsed, ...]:
        """Say that everything but the first would be sent."""
        self.rehearsed += 1
        return tuple(
            Rehearsed(item.number, item.name, would_send=place > 0, reason="" if place else "in the way")
            for place, item in enumerate(plan.included)
        )

    async def approve(self, plan: Plan) -> None:
        """Remember the approval."""
        if self.refusal is not None:
            raise self.refusal
        self.approved.append(plan.digest)

    # Runs

    async def start(self, plan: Plan) -> Run:
        """Begin a plan that was recorded."""
        if self.start_refusal is not None:
            raise self.start_refusal
        assert plan in self.plans, "a plan is recorded before it is begun"
        self.begun.append(Run(plan))
        return self.begun[-1]

    def runs(self, last: int) -> tuple[Told, ...]:
        """Return the runs of this host."""
        return self.listed[:last]

    def interrupted(self) -> tuple[Told, ...]:
        """Return the runs whose console is gone."""
        return self.left

    def left_commands(self) -> tuple[str, ...]:
        """Return the commands that consoles left."""
        return self.commands_left

    async def recover_commands(self) -> None:
        """Settle them."""
        if self.recovery_refusal is not None:
            raise self.recovery_refusal
        self.commands_left = ()

    @property
    def own(self) -> Mapping[str, Run]:
        """Return the runs begun here that have not ended."""
        return {run.id: run for run in self.begun if run.progress.state is not RunState.ENDED}

    async def follow(self, run: str) -> AsyncIterator[Progress]:
        """Tell how far a run begun here is; of any other, what there is to tell."""
        if run in self.own:
            async for step in self.own[run].watched():
                yield step
        for step in self.steps:
            yield step

    def report(self, run: str) -> Report:
        """Return the report of a run."""
        if run not in self.reports:
            raise LookupError(run)
        return self.reports[run]

    async def ask(self, run: str, what: str) -> None:
        """Have a run begun here do it; of another, remember what was asked."""
        if run in self.own:
            self.own[run].obey(what)
        else:
            self.asked.append((run, what))

    def close(self) -> None:
        """End what goes on."""
        for run in self.own.values():
            run.move(state=RunState.ENDED, reason="this console was closed")

    async def recover(self, run: str) -> Report:
        """Settle a run."""
        self.recovered.append(run)
        self.left = ()
        return self.report(run)

    async def again(self, run: str, which: Again) -> Plan:
        """Plan port 1 once more."""
        return await self._linked(run, which.value, Link(run=run, how="retry", of=which.value))

    async def undo(self, run: str) -> Plan:
        """Plan the way back."""
        return await self._linked(run, "undo", Link(run=run, how="undo"))

    async def _linked(self, run: str, what: str, link: Link) -> Plan:
        self.again_asked.append((run, what))
        wishes = same_for_all("port.open", [1])
        plan = self.plan(wishes, self.known(wishes), link=link)
        await self.record(plan)
        return plan


def progress(plan: Plan) -> Progress:
    """Return how far a plan is that was just begun."""
    included = len(plan.included)
    counts = {Class.NOT_STARTED: included, Class.LEFT_OUT: len(plan.items) - included}
    return Progress(
        run=RUN,
        plan=plan.digest,
        title=plan.title,
        state=RunState.RUNNING,
        total=len(plan.items),
        counts={cls: count for cls, count in counts.items() if count},
        wave=1,
        waves=4,
    )


def told(run: str = RUN, *, alive: bool = False, state: RunState = RunState.ENDED, **more: Any) -> Told:
    """Return a run of twelve targets in short."""
    given: dict[str, Any] = {"title": "open port: 12 targets", "operator": "tech2", **more}
    counts = {Class.CONFIRMED: 9, Class.REFUSED: 2, Class.STILL_UNKNOWN: 1}
    far = Progress(run=run, plan="d", title=given["title"], state=state, total=12, counts=counts)
    return Told(run=run, plan="d", started_utc=NOW.utc, alive=alive, progress=far, **given)


def report(*classes: Class, run: str = RUN, reason: str = "") -> Report:
    """Return the report of a run whose targets came to these classes."""
    rows = tuple(
        ReportRow(
            number=number,
            target=f"port {number}",
            action="port.open",
            title="open port",
            cls=cls,
            code=1001 if cls is Class.REFUSED else None,
            reason=reason,
            before="mode CLOSED",
            after="mode OPEN",
            op=f"op{number}",
            asked_utc=NOW.utc,
            changed_utc=NOW.utc,
        )
        for number, cls in enumerate(classes, start=1)
    )
    return Report(
        run=run,
        plan="d",
        title=f"open port: {len(rows)} targets",
        site="Hall 2",
        mode="LIVE",
        operator="tech2",
        login_uid=None,
        approver="",
        parent="",
        state=RunState.ENDED,
        reason="",
        started_utc=NOW.utc,
        ended_utc=NOW.utc,
        counts={cls: classes.count(cls) for cls in Class if cls in classes},
        rows=rows,
    )


def included(plan: Plan) -> list[str]:
    """Return the targets of a plan that will be commanded."""
    return [item.name for item in plan.items if item.fate is Fate.INCLUDED]
