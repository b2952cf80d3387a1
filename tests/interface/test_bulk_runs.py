"""Runs: watched while the workspace goes on, listed with those of other consoles, reported, made use of."""

import json
from pathlib import Path
from stat import S_IMODE

import pytest
from msgspec.structs import replace

from console.interface.bulk_here import LOOK_EVERY
from console.interface.screens.bulk_preview import PlanPreview
from console.interface.screens.bulk_report import RunReport
from console.interface.screens.bulk_run import RunWatch
from console.interface.screens.bulk_runs import Runs
from console.interface.screens.confirm import Confirm
from console.interface.screens.workspace import Workspace
from console.operations.authority import NotAllowed
from console.operations.bulk.classes import Class
from console.operations.bulk.plan import PlanRefused
from console.operations.bulk.progress import RunState

from .bulk_desk import RUN, Run, included, report, told
from .screen import Console, running
from .world import BIN, EMPTY

CAME_TO = (Class.CONFIRMED, Class.REFUSED, Class.REFUSED, Class.STILL_UNKNOWN)


async def begun(console: Console) -> Run:
    """Begin a run over two ports, which is watched then."""
    console.mark(BIN, EMPTY)
    await console.press("c")
    await console.dialog(PlanPreview)
    await console.press("y")
    await console.dialog(RunWatch)
    return console.desk.begun[-1]


async def listed(console: Console, **more: object) -> None:
    """Open the list with one run in it, of another console."""
    console.desk.listed = (told(**more),)  # type: ignore[arg-type]
    await console.press("L")
    await console.dialog(Runs)
    await console.until(lambda: RUN in console.text(), "the run")


async def reported(console: Console) -> None:
    """Open the report of that run."""
    console.desk.reports[RUN] = report(*CAME_TO, reason="[red]no")
    await listed(console)
    await console.press("enter")
    await console.dialog(RunReport)


async def test_a_run_tells_how_far_it_is() -> None:
    async with running() as console:
        run = await begun(console)
        counts = {Class.CONFIRMED: 1, Class.UNKNOWN: 1}
        run.move(counts=counts, rate=2.06, eta=17.0, elapsed=12.0, wave=2)
        await console.settle()
        text = " ".join(console.text().split())
        for words in (
            "RUNNING wave 2 of 4",
            "1 of 2",
            "rate 2.1 a second left about 17 s since the beginning 12 s",
            "+ confirmed 1",
            "? UNKNOWN 1 nobody can say yet",
            "all 2",
        ):
            assert words in text
        run.move(rate=None, eta=None)
        await console.settle()
        assert "rate –   left –" in console.text()


async def test_space_pauses_and_goes_on() -> None:
    async with running() as console:
        run = await begun(console)
        await console.press("space")
        assert "PAUSED" in console.text()
        assert "run 0/2 PAUSED" in console.lines()[0]
        await console.press("space", "space")
        assert run.asked == ["pause", "resume", "pause"]


@pytest.mark.parametrize(("keys", "asked"), [("y", ["abort"]), ("n", []), ("escape", []), ("enter", [])])
async def test_to_abort_is_asked_first(keys: str, asked: list[str]) -> None:
    async with running() as console:
        run = await begun(console)
        await console.press("a")
        await console.dialog(Confirm)
        assert "Not done yet: 2 of 2." in console.text()
        await console.press(keys)
        await console.dialog(RunWatch)
        assert run.asked == asked


async def test_esc_leaves_it_running_and_the_workspace_says_that_it_goes_on() -> None:
    async with running() as console:
        run = await begun(console)
        await console.press("escape")
        await console.back()
        assert "run 0/2" in console.lines()[0]
        run.move(counts={Class.CONFIRMED: 1, Class.SENDING: 1})
        await console.settle()
        assert "run 1/2" in console.lines()[0]
        await console.press("escape", "escape")
        await console.on_port(EMPTY)
        await console.press("b")
        await console.back()
        assert [order.method for order in console.commands.sent] == ["openbin"], "other work goes on"
        run.move(state=RunState.ENDED, counts={Class.CONFIRMED: 2})
        await console.settle()
        assert "run " not in console.lines()[0]
        assert console.toasts()[-1] == "run ended, 2 of 2 done: L tells the rest"


async def test_a_run_of_this_console_is_watched_again_from_the_list() -> None:
    async with running() as console:
        run = await begun(console)
        await console.press("escape")
        await console.back()
        await listed(console, alive=True, state=RunState.RUNNING)
        await console.press("enter")
        await console.dialog(RunWatch)
        await console.press("space")
        assert run.asked == ["pause"]
        assert console.desk.asked == []
        await console.press("escape")
        await console.dialog(Runs)
        await console.press("escape")
        await console.back()


async def test_a_run_of_another_console_is_watched_and_asked() -> None:
    async with running() as console:
        console.desk.steps = [told(state=RunState.RUNNING).progress]
        await listed(console, alive=True, state=RunState.RUNNING)
        await console.press("enter")
        await console.dialog(RunWatch)
        await console.until(lambda: "12 of 12" in console.text(), "its progress")
        await console.press("space")
        await console.press("a")
        await console.dialog(Confirm)
        await console.press("y")
        await console.dialog(RunWatch)
        assert console.desk.asked == [(RUN, "pause"), (RUN, "abort")]


async def test_a_run_that_ended_cannot_be_paused_or_aborted() -> None:
    async with running() as console:
        run = await begun(console)
        run.move(state=RunState.ENDED, counts={Class.CONFIRMED: 2})
        await console.press("space", "a")
        assert run.asked == []
        assert isinstance(console.app.screen, RunWatch)
        console.desk.reports[RUN] = report(*CAME_TO)
        await console.press("enter")
        await console.dialog(RunReport)


async def test_who_leaves_while_a_run_goes_on_is_asked() -> None:
    async with running() as console:
        await begun(console)
        await console.press("escape")
        await console.back()
        await console.press("q")
        await console.dialog(Confirm)
        assert "what is under way becomes UNKNOWN" in console.text()
        await console.press("n")
        await console.back()
        assert console.app.is_running
        await console.press("q")
        await console.dialog(Confirm)
        console.app.exit = lambda *_: left.append(True)  # type: ignore[method-assign,assignment]
        left: list[bool] = []
        await console.press("y")
        await console.until(lambda: left, "the end")


async def test_a_run_that_goes_on_when_the_console_is_left_ends_in_order() -> None:
    async with running() as console:
        run = await begun(console)
        await console.press("escape")
        await console.back()
    assert console.site.closed
    assert run.progress.state is RunState.ENDED


async def test_the_list_tells_which_how_far_and_what_went_wrong() -> None:
    async with running(size=(80, 24)) as console:
        await listed(console, title="open [red]port", operator="tech\x1b2")
        text = console.text()
        for words in ("ended", "12 of 12", "open [red]port", "2 refused", "1 STILL UNKNOWN", "tech\\x1b2"):
            assert words in text
        console.desk.listed = ()
        await console.press("R")
        await console.until(lambda: "runs: 0" in console.text(), "the empty list")
        await console.press("enter", "f", "s")
        assert isinstance(console.app.screen, Runs), "nothing is under the cursor"


async def test_a_report_has_a_row_for_each_target_and_can_be_narrowed_to_a_class() -> None:
    async with running(size=(80, 24)) as console:
        await reported(console)
        assert "1 confirmed   2 refused   1 STILL UNKNOWN   = 4" in console.text()
        assert "(1001) [red]no" in console.text()
        rows = console.app.screen.query_one("RowList")
        shown = []
        for _ in range(4):
            shown.append(list(rows.keys))  # type: ignore[attr-defined]
            await console.press("right")
        assert shown == [[1, 2, 3, 4], [1], [2, 3], [4]]
        await console.press("left")
        assert "shown: STILL UNKNOWN" in console.text()


async def test_a_report_is_read_again_as_far_as_it_is_by_then() -> None:
    async with running() as console:
        await reported(console)
        await console.press("left")
        console.desk.reports[RUN] = report(Class.CONFIRMED, Class.APPLIED)
        await console.press("R")
        await console.until(lambda: "1 applied   = 2" in console.text(), "the newer report")
        assert "shown: all" in console.text()


@pytest.mark.parametrize(("key", "form"), [("e", "csv"), ("E", "json")])
async def test_a_report_is_exported_into_a_file_of_its_own(tmp_path: Path, key: str, form: str) -> None:
    async with running() as console:
        console.site.spec = replace(console.site.spec, state_dir=tmp_path)
        await reported(console)
        await console.press(key, key)
        paths = sorted((tmp_path / "reports").iterdir())
        assert len(paths) == 2, "nothing is overwritten"
        assert {S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
        assert all(path.name in "".join(console.toasts()) for path in paths)
        await console.until(lambda: sorted(console.site.exported) == paths, "the records")
        text = paths[0].read_text("utf-8")
        if form == "json":
            assert [row["class"] for row in json.loads(text)["rows"]] == [cls.value for cls in CAME_TO]
        else:
            assert text.count("\n") == 5


async def test_an_export_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    async with running() as console:
        (tmp_path / "reports").write_text("in the way", "utf-8")
        console.site.spec = replace(console.site.spec, state_dir=tmp_path)
        await reported(console)
        await console.press("e")
        assert console.toasts()[-1].startswith("not exported: ")


WANTED = {"f": "failed", "n": "not_started", "a": "not_applied", "u": "undo"}


@pytest.mark.parametrize("key", WANTED)
@pytest.mark.parametrize("where", ["list", "report"])
async def test_what_comes_after_a_run_is_a_plan_and_is_previewed(key: str, where: str) -> None:
    async with running() as console:
        await (reported(console) if where == "report" else listed(console))
        await console.press(key)
        await console.dialog(PlanPreview)
        assert f"of run {RUN}" in console.text()
        assert console.desk.again_asked == [(RUN, WANTED[key])]
        assert console.desk.begun == []
        await console.press("y")
        await console.dialog(RunWatch)
        assert included(console.desk.begun[0].plan) == ["port 1"]


async def test_what_cannot_come_after_a_run_is_said_and_the_report_stays() -> None:
    async with running() as console:
        await reported(console)
        console.desk.refusal = PlanRefused("1 targets are UNKNOWN: settle them first")
        await console.press("f")
        await console.until(lambda: console.toasts(), "the refusal")
        await console.dialog(RunReport)
        assert console.toasts() == ["1 targets are UNKNOWN: settle them first"]


async def test_an_interrupted_run_raises_an_alarm_that_leads_to_settling_it() -> None:
    async with running() as console:
        console.desk.left = (told(state=RunState.INTERRUPTED),)
        console.desk.reports[RUN] = report(*CAME_TO)
        console.site.clock.pass_(LOOK_EVERY)
        console.workspace.tick()
        await console.until(lambda: console.workspace.bulk.alarms, "the alarm")
        console.workspace.tick()
        await console.settle()
        assert "! interrupted run, 12 of 12 done" in console.lines()[1]
        console.desk.listed = console.desk.left
        await console.press("g")
        await console.dialog(Runs)
        await console.until(lambda: "interrupted" in console.text(), "the run")
        await console.press("s")
        await console.until(lambda: not console.workspace.bulk.alarms, "the end of the alarm")
        assert console.desk.recovered == [RUN]
        assert any("is settled: 1 confirmed" in words for words in console.toasts())


async def test_a_site_without_runs_raises_no_alarm() -> None:
    async with running() as console:
        assert not console.workspace.bulk.due(console.site.clock())
        assert console.workspace.bulk.alarms == []
        assert isinstance(console.app.screen, Workspace)


async def looked(console: Console) -> None:
    """Let the console look into the journal again."""
    console.site.clock.pass_(LOOK_EVERY)
    console.workspace.tick()
    await console.app.workers.wait_for_complete(
        [worker for worker in console.app.workers if worker.group == "bulk"]
    )
    console.workspace.tick()
    await console.settle()


async def test_a_command_that_a_console_left_is_settled_when_a_site_opens() -> None:
    async with running() as console:
        console.desk.commands_left = ("op1",)
        await looked(console)
        assert console.desk.commands_left == ()
        assert console.workspace.bulk.alarms == []


@pytest.mark.parametrize("refusal", ["read-only", "another console"])
async def test_a_command_that_cannot_be_settled_here_raises_an_alarm(refusal: str) -> None:
    async with running() as console:
        console.desk.commands_left = ("op1", "op2")
        if refusal == "read-only":
            console.desk.refusal = NotAllowed("this console is read-only here")
        else:
            console.desk.recovery_refusal = PlanRefused("held by another console")
        await looked(console)
        assert "nobody knows yet what became of 2 commands" in console.lines()[1]
        await console.press("g")
        assert "portside runs recover" in console.toasts()[-1]


async def test_what_a_person_should_see_to_about_the_journal_is_an_alarm() -> None:
    async with running() as console:
        console.site.warnings = ("only 7 % of the journal's disk is free: commands end when it is full",)
        await looked(console)
        assert "only 7 % of the journal's disk is free" in console.lines()[1]
        console.site.warnings = ()
        await looked(console)
        assert console.workspace.bulk.alarms == []
