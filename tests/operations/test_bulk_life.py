"""Whatever people do and whatever fails, in any order: from plans to crashes and undoing (rule 78).

What may be sent is asserted in `watched`, at each call.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from msgspec.structs import replace

from console.operations.authority import Authority, NotAllowed
from console.operations.bulk.again import UNCLEAR
from console.operations.bulk.classes import MEMBERS, OPEN, UNCERTAIN, Again, Class
from console.operations.bulk.launch import RunOptions
from console.operations.bulk.place import unix_now
from console.operations.bulk.plan import Plan, PlanRefused
from console.operations.bulk.progress import RunState
from console.operations.bulk.wishes import run_out_and_close
from console.operations.journal import JournalError
from console.operations.journal.verifying import verify
from console.operations.leases import held
from console.settings.tables import Role
from console.settings.values import CommandNames

from .chances import FAN_OUT, HAPPENINGS, PORT, SELDOM, SOME_PORTS, WHILE, WISH, spent
from .consoles import QUICK, SITE
from .hall import closing, opening
from .scene import Scene
from .watched import last_words

SENT = {"confirmed", "applied"}
NOT_SENT = {"refused", "not_sent", "skipped", "not_started", "not_applied"}


class Life(Scene):
    """One hall, one journal; a console that commands and may vanish, one that approves, one that looks."""

    plans = Bundle("plans")

    @initialize(
        critical=SELDOM,
        pauses=SELDOM,
        strict=SELDOM,
        opened=st.sets(PORT),
    )
    def open(self, critical: bool, pauses: bool, strict: bool, opened: set[int]) -> None:
        self.hall.modes |= dict.fromkeys(opened, "OPEN")
        names = ("port.close",) if critical else ()
        self.safety = replace(QUICK, critical=CommandNames(names), pause_after_first=pauses)
        if strict:
            self.safety = replace(self.safety, stop_failures=3, stop_lost=2)
        self.authority = Authority(critical=frozenset(names))
        self.console = self._opened("tess", 1000, Role.TECHNICIAN)
        self.second = self._opened("olga", 1001, Role.SUPERVISOR)
        self.viewer = self._opened("vera", 1002, Role.VIEWER)

    # Plans

    @rule(target=plans, ports=SOME_PORTS, what=WISH)
    def plan(self, ports: set[int], what: str) -> Any:
        return self._planned(ports, what) or multiple()

    def _planned(self, ports: set[int], what: str) -> Plan | None:
        shut = {port for port in ports if self.hall.modes[port] == "CLOSED"}
        wishes = {
            "turn": (*opening(*sorted(shut)), *closing(*sorted(ports - shut))),
            "run out": run_out_and_close(sorted(ports)),
            "open": opening(*sorted(ports)),
        }[what]
        try:
            plan: Plan | None = self.does(self.console.plan(wishes))
        except PlanRefused as refusal:
            assert "held by another run" in str(refusal)
            return None
        except JournalError:
            assert self.console.journal.full
            return None
        return plan

    @rule(plan=plans, hidden=st.sets(PORT))
    def preview(self, plan: Plan, hidden: set[int]) -> None:
        shown = self.console.bulk.preview(plan, {f"port {port}" for port in hidden})
        assert sum(shown.fates.values()) == shown.total == len(plan.items)
        assert shown.count == len(plan.included) >= shown.hidden

    @rule(plan=plans)
    def rehearse(self, plan: Plan) -> None:
        sent = len(self.hall.sent)
        if not self.going:
            assert len(self.does(self.console.bulk.rehearse(plan))) == len(plan.included)
            assert len(self.hall.sent) == sent

    @rule(plan=plans, by_its_maker=st.booleans())
    def approve(self, plan: Plan, by_its_maker: bool) -> None:
        one = self.console if by_its_maker else self.second
        try:
            self.does(one.bulk.approve(plan))
        except (PlanRefused, NotAllowed, JournalError):
            return
        assert plan.critical and not by_its_maker

    # Runs

    @rule(ports=SOME_PORTS, what=WISH, happenings=HAPPENINGS, fan_out=FAN_OUT, passes=WHILE)
    def carry_out(
        self, ports: set[int], what: str, happenings: dict[int, str], fan_out: int, passes: float
    ) -> None:
        """The usual way: plan, approve where that is needed, begin, and wait."""
        for port, happening in happenings.items():
            self.hall.will(port, happening)
        plan = self._planned(ports, what)
        if plan is not None:
            if plan.critical:
                self.approve(plan, by_its_maker=False)
            self.begin(plan, fan_out, passes)

    @rule(plan=consumes(plans), fan_out=FAN_OUT, passes=WHILE)
    def begin(self, plan: Plan, fan_out: int, passes: float) -> None:
        self._begin(plan, fan_out)
        self.does(spent(passes))

    @precondition(lambda self: self.begun)
    @rule()
    def begin_once_more(self) -> None:
        self._begin(self.begun[-1], 1)

    def _begin(self, plan: Plan, fan_out: int) -> None:
        begun = [record for record in self.console.records("run_start") if record.entry.plan == plan.digest]
        try:
            run = self.does(self.console.bulk.start(plan, RunOptions(fan_out=fan_out)))
        except NotAllowed:
            assert self.console.journal.full
            return
        except PlanRefused:
            return
        if run is None:
            return
        assert not begun, "a plan is begun once"
        self.runs[run.id] = run
        self.begun.append(plan)
        if plan.critical:
            assert any(one.entry.plan == plan.digest for one in self.console.records("approval"))

    @rule(passes=WHILE)
    def time_passes(self, passes: float) -> None:
        self.does(spent(passes))

    @rule(answers=st.booleans())
    def controller_waits_or_answers(self, answers: bool) -> None:
        (self.hall.gate.set if answers else self.hall.gate.clear)()

    @rule(port=PORT, mode=st.sampled_from(["CLOSED", "INSERT", "OPEN", "DISABLED"]))
    def somebody_else_turns(self, port: int, mode: str) -> None:
        self.hall.modes[port] = mode
        self.touched.add(port)

    @rule(full=SELDOM)
    def disk(self, full: bool) -> None:
        self.console.journal.full = full
        if full:
            self.unrecorded |= self.runs.keys()

    @precondition(lambda self: self.going)
    @rule(what=st.sampled_from(["pause", "resume", "abort"]), here=st.booleans(), first=st.booleans())
    def ask(self, what: Any, here: bool, first: bool) -> None:
        run = self.going[0 if first else -1]
        one = self.console if here else self.second
        self.does(one.bulk.ask(run.id, what))
        if here:
            not_so = {"pause": RunState.RUNNING, "resume": RunState.PAUSED}.get(what)
            assert run.progress.state is not not_so

    @precondition(lambda self: self.going)
    @rule(aborts=st.booleans(), turns=st.integers(0, 5))
    def leave(self, aborts: bool, turns: int) -> None:
        run = self.going[0]
        if aborts:
            self.does(self.console.bulk.ask(run.id, "abort"))
            self.does(spent(turns))
        if self.console.bulk.own.get(run.id) is not run:
            return
        self.does(asyncio.wait_for(run.leave(), 0.1))
        assert run.progress.state is RunState.ENDED

    # The end of a console

    @precondition(lambda self: self.going)
    @rule(arrive=st.sets(PORT))
    def crash(self, arrive: set[int]) -> None:
        self._ends(arrive)

    @precondition(lambda self: self.going)
    @rule(writes=st.integers(0, 12), passes=WHILE)
    def crash_at_a_record(self, writes: int, passes: float) -> None:
        self.console.journal.writes_left = writes
        self.does(spent(passes))

    @precondition(lambda self: self.going)
    @rule()
    def restart(self) -> None:
        self.does(self.console.close())
        self.living.discard(self.console.journal._process)
        self.console = self._opened("tess", 1000, Role.TECHNICIAN)

    # Afterwards

    @precondition(lambda self: self.console.bulk.interrupted())
    @rule()
    def settle(self) -> None:
        with suppress(JournalError):
            self._settle()

    def _settle(self) -> None:
        for told in self.console.bulk.interrupted():
            try:
                report = self.does(self.console.bulk.recover(told.run))
            except PlanRefused as refusal:
                assert "is held by run" in str(refusal)
                continue
            if report is None:
                return
            assert report.state is told.progress.state
            if report.state is RunState.INTERRUPTED:
                assert report.reason.startswith("its console ended; what was under way is settled")
            assert not report.counts.keys() & OPEN

    @precondition(lambda self: self.begun)
    @rule(target=plans, run=st.integers(0, 3), which=st.sampled_from(Again))
    def retry(self, run: int, which: Again) -> Any:
        waits = which is not Again.NOT_STARTED
        made = self._after(run, lambda name: self.console.bulk.again(name, which), MEMBERS[which], waits)
        return self.does(made) or multiple()

    @precondition(lambda self: self.begun)
    @rule(target=plans, run=st.integers(0, 3))
    def undo(self, run: int) -> Any:
        done = frozenset({Class.CONFIRMED, Class.APPLIED})
        return self.does(self._after(run, lambda name: self.console.bulk.undo(name), done)) or multiple()

    async def _after(
        self, run: int, make: Callable[[str], Awaitable[Plan]], classes: frozenset[Class], waits: bool = False
    ) -> Plan | None:
        """Make a plan from a run, of exactly the targets that are of these classes at that moment."""
        name = self._named(run)
        rows = self.console.bulk.report(name).rows
        chosen = [row.target for row in rows if row.cls in classes]
        unsettled = waits and any(row.cls in OPEN for row in rows)
        try:
            plan = await make(name)
        except PlanRefused as refusal:
            assert not chosen or unsettled or "held by" in str(refusal)
            return None
        except JournalError:
            assert self.console.journal.full
            return None
        left_out = {item.name for item in plan.items if item.reason == UNCLEAR}
        assert left_out <= {row.target for row in rows if row.cls in {*OPEN, Class.STILL_UNKNOWN}}
        assert not left_out & {item.name for item in plan.included}
        again = sorted(item.name for item in plan.items if item.name not in left_out)
        assert again == sorted(name for name in chosen if name not in left_out)
        assert not unsettled
        return plan

    def _named(self, which: int) -> str:
        told = self.second.bulk.runs()
        return told[which % len(told)].run

    @precondition(lambda self: self.begun)
    @rule(plan=plans, run=st.integers(0, 3))
    def a_viewer_tries(self, plan: Plan, run: int) -> None:
        desk = self.viewer.bulk
        for one in (desk.start(plan), desk.approve(plan), desk.ask(self._named(run), "abort")):
            try:
                self.does(one)
            except NotAllowed:
                continue
            raise AssertionError("a viewer did something")

    # What always holds; `watched` asserts what holds at each call

    @invariant()
    def viewers_write_nothing(self) -> None:
        assert not [one for one in self._records() if one.actor.role == "viewer"]

    @invariant()
    def every_run_adds_up_wherever_it_is_told(self) -> None:
        for told in self.second.bulk.runs() if hasattr(self, "second") else ():
            report = self.second.bulk.report(told.run)
            assert Counter(row.cls for row in report.rows) == Counter(report.counts)
            assert sum(told.progress.counts.values()) == told.progress.total == len(report.rows)
            run = self.runs.get(told.run)
            if run is None:
                continue
            assert sum(run.progress.counts.values()) == run.progress.total
            if run.over and run.id not in self.unrecorded and not run.progress.counts.keys() & UNCERTAIN:
                assert told.progress.state is RunState.ENDED
                assert report.counts == run.progress.counts

    @invariant()
    def what_is_said_of_a_command_is_true(self) -> None:
        for op, (intent, word) in last_words(self._records()).items():
            if int(intent.entry.target.removeprefix("port ")) in self.touched:
                continue
            assert word not in SENT or op in self.hall.done, f"{op} is {word} and was never carried out"
            assert word not in NOT_SENT or op not in self.hall.done, f"{op} is {word} and was carried out"

    def _records(self) -> list[Any]:
        return self.second.records() if hasattr(self, "second") else []

    def teardown(self) -> None:
        """Come to an end in good order: everything can be settled, nothing is held, the chain is whole."""
        with self.stack:
            if hasattr(self, "console"):
                self._come_to_an_end()
        shutil.rmtree(self.folder)

    def _come_to_an_end(self) -> None:
        self.console.journal.writes_left, self.console.journal.full = None, False
        self.hall.gate.set()
        self.hall.does.clear()
        for run in self.going:
            self.does(run.leave())
        self.restart()
        self.does(asyncio.sleep(self.safety.lease_seconds))
        self._settle()
        assert self.console.bulk.interrupted() == ()
        for told in self.second.bulk.runs():
            report = self.does(self.console.bulk.recover(told.run))
            assert not report.counts.keys() & {*OPEN, Class.UNKNOWN}
        self.every_run_adds_up_wherever_it_is_told()
        self.what_is_said_of_a_command_is_true()
        self.does(asyncio.sleep(self.safety.lease_seconds))
        assert held(self.folder, SITE, unix_now()) == {}
        for one in (self.console, self.second, self.viewer):
            self.does(one.close())
        assert verify(self.folder).problem == ""


DEEP = settings.default.max_examples > 1000

TestLife = pytest.mark.timeout(0 if DEEP else 120)(Life.TestCase)
TestLife.settings = settings(
    max_examples=2_000 if DEEP else 40,
    stateful_step_count=50 if DEEP else 30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
