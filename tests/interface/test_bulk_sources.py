"""Plans that do not come from marks: a table, a saved plan, the name of one, all that the filter shows."""

from pathlib import Path

import pytest

from console.interface.screens.bulk_preview import PlanPreview
from console.interface.screens.bulk_run import RunWatch
from console.interface.screens.bulk_table import Listing
from console.interface.screens.form import Form
from console.operations.authority import NotAllowed
from console.operations.bulk import plan_files
from console.operations.bulk.plan import Plan
from console.operations.bulk.wishes import same_for_all
from console.settings.tables import Safety
from console.settings.values import CommandNames

from .bulk_desk import included
from .screen import Console, running
from .world import closed


async def read(console: Console, typed: str) -> None:
    """Type what to plan from."""
    await console.press("F")
    await console.dialog(Form)
    await console.paste(typed)
    await console.press("enter", "enter")


async def made(console: Console, *, critical: bool = False) -> Plan:
    """Make a plan for two ports and record it."""
    if critical:
        console.desk.safety = Safety(critical=CommandNames(("port.open",)))
    console.site.see(closed(1), closed(7))
    wishes = same_for_all("port.open", [1, 7])
    plan = console.desk.plan(wishes, console.desk.known(wishes))
    await console.desk.record(plan)
    return plan


async def test_a_table_may_ask_each_port_for_something_else(tmp_path: Path) -> None:
    table = tmp_path / "morning.csv"
    table.write_bytes(
        b"\xef\xbb\xbfport,action,category\r\n1,port.open,1\r\n7,port.open,2 3\r\n3,port.close,\r\n"
    )
    async with running() as console:
        await read(console, str(table))
        await console.dialog(PlanPreview)
        for words in ("open port: mode CLOSED -> mode OPEN, category 2 3", "close port: mode OPEN"):
            assert words in console.text()
        await console.press("y")
        await console.dialog(RunWatch)
        assert included(console.desk.begun[0].plan) == ["port 1", "port 7", "port 3"]


async def test_every_bad_row_is_listed_and_nothing_is_planned(tmp_path: Path) -> None:
    table = tmp_path / "bad.csv"
    rows = [f"x{number},port.open" for number in range(60)]
    table.write_text("\n".join(["port,action", *rows, "1,port.fly", "7,port.open"]), "utf-8")
    async with running(size=(80, 24)) as console:
        await read(console, str(table))
        await console.dialog(Listing)
        assert "bad.csv: 61 bad rows; nothing was planned." in console.text()
        assert "line 2" in console.text()
        await console.press("end")
        assert "line 62" in console.text()
        assert "there is no action port.fly" in console.text()
        await console.press("escape")
        await console.back()
        assert console.desk.plans == []


async def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    async with running() as console:
        for name in ("none.csv", "none.toml"):
            await read(console, str(tmp_path / name))
            await console.until(lambda: console.toasts(), "the reason")
            await console.back()
            assert "No such file" in console.toasts()[-1]


async def test_a_saved_plan_is_previewed_as_it_stands(tmp_path: Path) -> None:
    async with running() as console:
        plan = await made(console)
        plan_files.save(plan, tmp_path / "plan.toml")
        await read(console, str(tmp_path / "plan.toml"))
        await console.dialog(PlanPreview)
        assert f"plan {plan.short}" in console.text()
        await console.press("y")
        await console.dialog(RunWatch)
        assert console.desk.begun[0].plan == plan


async def test_a_changed_plan_is_refused(tmp_path: Path) -> None:
    async with running() as console:
        path = tmp_path / "plan.toml"
        plan_files.save(await made(console), path)
        path.write_text(path.read_text("utf-8").replace("port 7", "port 8"), "utf-8")
        await read(console, str(path))
        await console.back()
        assert console.toasts() == ["the plan was changed since it was made"]


async def test_a_second_person_approves_a_plan_by_its_name() -> None:
    async with running() as console:
        plan = await made(console, critical=True)
        await read(console, plan.short)
        await console.dialog(PlanPreview)
        await console.press("A")
        await console.until(lambda: console.desk.approved, "the approval")
        await console.dialog(PlanPreview)
        assert console.desk.approved == [plan.digest]
        assert console.desk.begun == []
        console.desk.refusal = NotAllowed("nobody approves a plan of their own")
        await console.press("A")
        await console.until(lambda: len(console.toasts()) == 2, "the refusal")
        assert console.toasts()[-1] == "nobody approves a plan of their own"


async def test_a_critical_plan_waits_on_the_screen_until_it_is_approved() -> None:
    async with running() as console:
        plan = await made(console, critical=True)
        console.desk.start_refusal = NotAllowed("a second person has to approve it")
        await read(console, plan.short)
        await console.dialog(PlanPreview)
        await console.press("tab")
        await console.write("Hall 2")
        await console.press("enter")
        await console.until(lambda: console.toasts(), "the refusal")
        await console.dialog(PlanPreview)
        console.desk.start_refusal = None
        await console.press("tab")
        await console.write("Hall 2")
        await console.press("enter")
        await console.dialog(RunWatch)
        assert console.desk.begun[0].plan == plan


@pytest.mark.parametrize(
    ("turns", "actions"),
    [(1, {"port.open"}), (8, {"port.runout", "port.close"})],
    ids=["open", "run out, then close"],
)
async def test_all_ports_that_the_filter_shows(turns: int, actions: set[str]) -> None:
    async with running() as console:
        await console.press("slash")
        await console.write("7-9")
        await console.press("enter", "A")
        await console.dialog(Form)
        assert "3 ports are shown, and all of them are meant" in console.text()
        await console.press(*["right"] * turns, "enter", "enter")
        if turns == 1:
            await console.until(lambda: "call  openport" in console.text(), "the form of the command")
            await console.dialog(Form)
            await console.press("enter", "enter")
        await console.dialog(PlanPreview)
        plan = console.desk.plans[-1]
        assert {item.target for item in plan.items} == {7, 8, 9}
        assert {item.action for item in plan.items} == actions


@pytest.mark.parametrize("key", ["F", "A", "L"])
async def test_before_the_site_is_connected_the_keys_say_so(key: str) -> None:
    async with running() as console:
        console.site.bulk = None
        await console.press(key)
        assert "not connected yet" in console.toasts()[-1]


async def test_what_is_not_chosen_is_not_planned() -> None:
    async with running() as console:
        for key in ("F", "A"):
            await console.press(key)
            await console.dialog(Form)
            await console.press("escape")
            await console.back()
        assert console.desk.plans == []


async def test_a_folder_of_nobody_is_said() -> None:
    async with running() as console:
        await read(console, "~nosuchperson/plan.toml")
        await console.back()
        assert console.toasts() == ["~nosuchperson/plan.toml: nobody of that name has a folder here"]
