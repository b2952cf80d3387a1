"""Whatever people do and whatever fails, in any order: plan, run, fault, pause, crash, undo (rule 78)."""

import asyncio
import functools
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.operations.authority import Authority, NotAllowed
from console.operations.bulk.classes import MEMBERS, UNCERTAIN, Again, Class
from console.operations.bulk.plan import Fate, PlanRefused
from console.operations.bulk.progress import RunState
from console.operations.bulk.runner import Run
from console.operations.journal import RecordKind
from console.operations.journal.verifying import verify
from console.settings.tables import Role

from .hall import QUICK, Console, Hall, closing, opening, words

PORTS = range(1, 9)
HAPPENINGS = st.sampled_from(["ok", "ok", "ok", "refuse", "unsent", "lost", "dropped", "idle", "stuck"])
TOUCHED = st.sets(st.sampled_from(list(PORTS)), min_size=1)


Rule = Callable[..., None]


def only_while_one_goes_on(action: Rule) -> Rule:
    """Leave a rule out unless a run goes on: that is not known beforehand, for real time passes."""
    return functools.wraps(action)(lambda self, **given: action(self, **given) if self.goes_on else None)


def only_while_none_goes_on(action: Rule) -> Rule:
    return functools.wraps(action)(lambda self, **given: None if self.goes_on else action(self, **given))


class Life(RuleBasedStateMachine):
    """One hall, one journal, and one console at a time that may be killed at any moment."""

    @initialize(seed=st.integers(0, 2**16))
    def open(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="life-"))
        self.hall = Hall(len(PORTS))
        self.alive: set[str] = set()
        self.retried: dict[str, set[int]] = {}
        self.run: Run | None = None
        self.patches = [
            mock.patch(f"console.operations.bulk.{name}.lives", lambda process, _boot: process in self.alive)
            for name in ("archive", "recovery")
        ]
        for patch in self.patches:
            patch.start()
        self._new_console()

    def _new_console(self) -> None:
        self.console = Console(self.hall, self.folder)
        name = f"console-{len(self.alive)}-{self.random.random()}"
        self.console.journal._process = name
        self.alive.add(name)

    def does(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 30))

    def _begin(self, plan: Any) -> None:
        if plan.included:
            self.run = self.does(self.console.bulk.start(plan))

    @property
    def goes_on(self) -> bool:
        return self.run is not None and self.run.progress.state is not RunState.ENDED

    @rule(ports=TOUCHED, happenings=st.dictionaries(st.sampled_from(list(PORTS)), HAPPENINGS))
    @only_while_none_goes_on
    def begin(self, ports: set[int], happenings: dict[int, str]) -> None:
        for port, happening in happenings.items():
            self.hall.will(port, happening)
        closed = [port for port in ports if self.hall.modes[port] == "CLOSED"]
        wishes = (*opening(*closed), *closing(*(ports - set(closed))))
        try:
            self._begin(self.does(self.console.plan(wishes)))
        except PlanRefused as refusal:
            assert "held by another run" in str(refusal)  # of a console that was killed

    @rule(milliseconds=st.integers(0, 25), gate=st.booleans())
    @only_while_one_goes_on
    def time_passes(self, milliseconds: int, gate: bool) -> None:
        (self.hall.gate.set if gate else self.hall.gate.clear)()
        self.does(asyncio.sleep(milliseconds / 1000))

    @rule()
    @only_while_one_goes_on
    def changes_under_us(self) -> None:
        port = self.random.choice(PORTS)
        self.hall.modes[port] = self.random.choice(["CLOSED", "INSERT", "OPEN"])

    @rule(what=st.sampled_from(["pause", "resume", "abort"]))
    @only_while_one_goes_on
    def ask(self, what: str) -> None:
        assert self.run is not None

        async def ask() -> None:
            assert self.run is not None
            getattr(self.run, what)()

        self.does(ask())

    @rule()
    @only_while_one_goes_on
    def leave(self) -> None:
        assert self.run is not None
        self.does(self.run.leave())

    @rule()
    @only_while_one_goes_on
    def to_the_end(self) -> None:
        self._to_the_end()

    def _to_the_end(self) -> None:
        assert self.run is not None
        run = self.run

        async def end() -> None:
            self.hall.gate.set()
            run.resume()
            try:
                await asyncio.wait_for(run.wait(), 0.5)
            except TimeoutError:  # something is stuck
                await run.leave()

        self.does(end())
        self.does(self.console.commands.settled())

    @rule()
    def crash(self) -> None:
        self.loop.run_until_complete(self.console.kill(lambda port: self.random.random() < 0.5))
        self.alive.clear()
        self.run = None
        self._new_console()

    @rule()
    @only_while_none_goes_on
    def recover(self) -> None:
        self.hall.gate.set()
        for told in self.console.bulk.interrupted():
            report = self.does(self.console.bulk.recover(told.run))
            assert report.state is RunState.INTERRUPTED
            assert not {Class.SENDING, Class.UNKNOWN} & set(report.counts)
        assert self.console.bulk.interrupted() == ()

    @rule(which=st.sampled_from(list(Again)))
    @only_while_none_goes_on
    def once_more(self, which: Again) -> None:
        told = self.console.bulk.runs(last=1)
        if not told:
            return
        (last,) = told
        before = self.console.bulk.report(last.run)
        chosen = [row.number for row in before.rows if row.cls in MEMBERS[which]]
        try:
            plan = self.does(self.console.bulk.again(last.run, which))
        except PlanRefused as refusal:
            unknown = any(row.cls in UNCERTAIN for row in before.rows)
            assert not chosen or unknown or "held by" in str(refusal)
            return
        assert [item.name for item in plan.items] == [before.rows[number - 1].target for number in chosen]
        assert (plan.link.run, plan.link.of) == (last.run, which.value)
        if self.random.random() < 0.5:
            self._begin(plan)

    @rule()
    @only_while_none_goes_on
    def undo(self) -> None:
        told = self.console.bulk.runs(last=1)
        if not told:
            return
        try:
            plan = self.does(self.console.bulk.undo(told[0].run))
        except PlanRefused:
            return
        assert plan.link.how == "undo"
        for item in plan.items:
            assert item.fate is not Fate.INCLUDED or item.action in ("port.open", "port.close")
        if self.random.random() < 0.5:
            self._begin(plan)

    @rule(port=st.sampled_from(list(PORTS)))
    def a_viewer_looks(self, port: int) -> None:
        received = len(self.hall.received)
        viewer = Console(self.hall, self.folder, authority=Authority(role=Role.VIEWER), safety=QUICK)

        async def try_it() -> None:
            plan = viewer.bulk.plan(opening(port), await viewer.bulk.survey(opening(port)))
            await viewer.bulk.start(plan)

        try:
            self.does(try_it())
        except (NotAllowed, PlanRefused):
            pass
        else:
            raise AssertionError("a viewer began a run")
        finally:
            self.does(viewer.journal.close())
        assert len(self.hall.received) >= received

    @invariant()
    def nothing_was_executed_without_an_intent(self) -> None:
        if not hasattr(self, "console"):
            return
        intents = self.console.records("intent")
        meant = Counter((one.entry.action, int(one.entry.target.removeprefix("port "))) for one in intents)
        assert not Counter(self.hall.executed) - meant
        assert not Counter(self.hall.received) - meant

    @invariant()
    def no_target_of_a_run_was_sent_twice(self) -> None:
        if not hasattr(self, "console"):
            return
        intents = Counter((one.entry.run, one.entry.number) for one in self.console.records("intent"))
        assert not intents or max(intents.values()) == 1

    @invariant()
    def every_run_adds_up_and_is_told_the_same_here_and_from_the_journal(self) -> None:
        if not hasattr(self, "console"):
            return
        for told in self.console.bulk.runs():
            report = self.console.bulk.report(told.run)
            assert Counter(row.cls for row in report.rows) == Counter(report.counts)
            assert sum(report.counts.values()) == len(report.rows)
        if self.run is not None and self.run.progress.state is RunState.ENDED:
            rows = self.console.bulk.report(self.run.id).rows
            told = Counter(row.cls.value for row in rows)
            if not {"sending", "accepted", "unknown"} & set(words(self.run)):
                assert told == Counter(words(self.run))

    def teardown(self) -> None:
        """Come to an end in good order, and follow the chain once."""
        if not hasattr(self, "console"):
            return
        if self.goes_on:
            self._to_the_end()
        self.does(self.console.close())
        assert verify(self.folder).problem == ""
        kinds = {record.entry.kind for record in self.console.records()}
        assert kinds <= set(RecordKind)
        for patch in self.patches:
            patch.stop()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
