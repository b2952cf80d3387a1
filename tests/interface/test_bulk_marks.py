"""A command on several marked ports or phones is a plan: previewed, begun only when told to, then watched."""

import pytest

from console.interface.screens.bulk_preview import PlanPreview
from console.interface.screens.bulk_run import RunWatch
from console.interface.screens.confirm import Confirm
from console.interface.screens.form import Form
from console.operations.authority import NotAllowed
from console.operations.bulk.plan import PlanRefused
from console.operations.journal import JournalError

from .bulk_desk import included
from .screen import Console, running
from .world import BIN, CLOSED, EMPTY, HALL, closed


async def open_all(console: Console) -> PlanPreview:
    """Plan to open every port of the hall."""
    console.site.see(*(closed(port_id) for port_id in console.site.store.ports))
    console.mark(*range(1, HALL + 1))
    await console.press("o")
    await console.dialog(Form)
    await console.press("enter", "enter")
    return await console.dialog(PlanPreview)


async def test_marked_ports_are_planned_and_those_that_cannot_are_named_with_the_reason() -> None:
    async with running() as console:
        console.mark(BIN, EMPTY, CLOSED)
        await console.press("c")
        await console.dialog(PlanPreview)
        text = console.text()
        for words in (
            "Hall 2  LIVE  tech1 (technician)",
            "2 included   1 already so   = 3",
            "Nobody may have hands in the bin.",
            "port 3",
            "mode OPEN, bin 4711 OPEN -> mode CLOSED; moves bin 4711 away",
            "already closed",
        ):
            assert words in text
        await console.press("y")
        await console.dialog(RunWatch)
        assert included(console.desk.begun[0].plan) == ["port 2", "port 3"]
        assert console.commands.sent == []


async def test_one_marked_port_goes_the_way_of_one() -> None:
    async with running() as console:
        console.mark(EMPTY)
        await console.press("c")
        await console.dialog(Confirm)
        await console.press("y")
        await console.back()
        assert [order.target for order in console.commands.sent] == [f"port {EMPTY}"]
        assert console.desk.plans == []


async def test_the_targets_stay_though_marks_change_during_the_form() -> None:
    async with running() as console:
        console.mark(CLOSED, 7)
        await console.press("o")
        await console.dialog(Form)
        console.mark(8, 9, 10)
        await console.press("enter", "enter")
        await console.dialog(PlanPreview)
        assert included(console.desk.plans[0]) == ["port 1", "port 7"]


async def test_what_is_known_is_asked_for_again_after_the_form() -> None:
    async with running() as console:
        console.mark(CLOSED, 7, 8)
        await console.press("o")
        await console.dialog(Form)
        console.site.see(closed(CLOSED), closed(7))
        console.site.clock.pass_(60)
        console.site.see(closed(CLOSED), closed(7))
        await console.press("enter", "enter")
        await console.dialog(PlanPreview)
        assert "Left out, for too little is known of them: 1." in console.text()
        assert "skipped: its state is 60 s old" in console.text()
        assert included(console.desk.plans[0]) == ["port 1", "port 7"]


async def test_marks_that_the_filter_hides_are_counted_and_named() -> None:
    async with running() as console:
        console.mark(EMPTY, BIN)
        await console.press("slash")
        await console.write(str(BIN))
        await console.press("enter", "c")
        await console.dialog(PlanPreview)
        assert "Hidden by the filter: 1." in console.text()
        assert f"port {EMPTY} hidden" in console.text()
        assert f"port {BIN} hidden" not in console.text()


async def test_more_than_ten_want_their_number_typed() -> None:
    async with running() as console:
        await open_all(console)
        assert "Type 12 to run it" in console.text()
        await console.press("y", "1", "1", "enter")
        assert console.desk.begun == []
        await console.press("backspace", "2", "enter")
        await console.dialog(RunWatch)
        assert len(included(console.desk.begun[0].plan)) == HALL


@pytest.mark.parametrize("keys", ["escape", "n", "enter"])
async def test_a_plan_that_is_left_is_not_begun(keys: str) -> None:
    async with running() as console:
        console.mark(BIN, EMPTY)
        await console.press("c")
        await console.dialog(PlanPreview)
        await console.press(keys)
        await console.back()
        assert console.desk.begun == []


@pytest.mark.parametrize(
    "refusal",
    [PlanRefused("held by another run: port 2"), NotAllowed("read-only"), JournalError("disk full")],
)
async def test_what_is_refused_is_said_and_the_next_command_can_be_given(refusal: Exception) -> None:
    async with running() as console:
        console.mark(BIN, EMPTY)
        console.desk.start_refusal = refusal
        await console.press("c")
        await console.dialog(PlanPreview)
        await console.press("y")
        await console.back()
        assert str(refusal) in console.toasts()[-1]
        console.app.clear_notifications()
        console.desk.refusal = refusal
        await console.press("c")
        await console.back()
        assert console.toasts() == [str(refusal)]
        assert console.desk.begun == []


async def test_before_the_site_is_connected_it_is_said() -> None:
    async with running() as console:
        console.site.bulk = None
        console.mark(BIN, EMPTY)
        await console.press("c")
        await console.back()
        assert console.toasts() == ["not connected yet"]


async def test_r_again_plans_on_what_is_known_by_then() -> None:
    async with running() as console:
        console.mark(BIN, EMPTY)
        await console.press("c")
        await console.dialog(PlanPreview)
        console.site.see(closed(EMPTY))
        await console.press("R")
        await console.until(lambda: len(console.desk.plans) == 2, "another plan")
        await console.dialog(PlanPreview)
        assert included(console.desk.plans[1]) == [f"port {BIN}"]


async def test_a_rule_for_several_phones_is_a_plan_on_rules_read_afresh() -> None:
    async with running() as console:
        await console.press("3")
        await console.press("space", "space", "slash")
        await console.write("reception")
        await console.press("enter")
        for device_id in (1, 2):
            console.site.see_rules(device_id)
        await console.press("r")
        await console.dialog(Form)
        assert "2 devices: 1, 2" in console.text()
        await console.burst(*"wave", "tab", "0", "0", "tab", "3", "9", "enter")
        await console.press("enter")
        await console.dialog(PlanPreview)
        assert "Hidden by the filter: 1." in console.text()
        assert console.desk.surveyed == 1
        await console.press("y")
        await console.dialog(RunWatch)
        assert {item.target for item in console.desk.begun[0].plan.items} == {1, 2}
        assert console.commands.sent == []
