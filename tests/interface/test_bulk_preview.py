"""The preview of a plan: harmless until the right answer is typed, by hand, in time."""

from typing import Any

import pytest
from msgspec.structs import replace

from console.interface.identity import where
from console.interface.screens import dialog
from console.interface.screens.bulk_preview import Answer, PlanPreview
from console.interface.screens.bulk_table import Listing
from console.operations.bulk.wishes import same_for_all
from console.settings.tables import Safety

from .screen import Console, running
from .world import closed, port


async def preview(console: Console, ports: int, **shown: Any) -> list[Answer | None]:
    """Show a plan for so many ports; returns a list that will hold the answer."""
    answers: list[Answer | None] = []
    desk, site = console.desk, console.site
    site.see(*(closed(port_id) for port_id in range(1, ports + 1)))
    wishes = same_for_all("port.open", range(1, ports + 1))
    plan = desk.plan(wishes, desk.known(wishes))
    screen = PlanPreview(
        plan,
        replace(desk.preview(plan), **shown),
        where(console.workspace.who),
        lambda: desk.rehearse(plan),
        site.clock,
    )
    await console.app.push_screen(screen, answers.append)
    await console.settle()
    return answers


KEYS: dict[int, dict[str, list[Answer | None]]] = {
    2: {
        "y": [Answer.RUN],
        "right enter": [Answer.RUN],
        "R": [Answer.AGAIN],
        "n": [None],
        "escape": [None],
        "enter": [None],
        "right left enter": [None],
        "Y": [],
        "A": [],
        "o": [],
        "space": [],
        "2": [],
        "q": [],
        "colon": [],
        "up down pageup pagedown home end": [],
    },
    12: {
        "1 2 enter": [Answer.RUN],
        "1 2 tab tab enter": [Answer.RUN],
        "1 1 backspace 2 enter": [Answer.RUN],
        "y": [],
        "enter": [None],
        "right enter": [],
        "1 enter": [],
        "1 2 0 enter": [],
        "1 2 escape": [None],
        "n": [None],
    },
}
"""What keys come to, for two targets and for twelve; no answer means that the plan stays."""


@pytest.mark.parametrize("count", KEYS)
async def test_keys(count: int) -> None:
    async with running() as console:
        for keys, wanted in KEYS[count].items():
            given = await preview(console, count)
            assert console.focus == "cancel"
            await console.press(*keys.split())
            assert given == wanted, keys
            if not wanted:
                assert isinstance(console.app.screen, PlanPreview), keys
                await console.press("escape")


async def test_for_the_critical_class_the_site_is_typed_too() -> None:
    async with running() as console:
        given = await preview(console, 12, site_typed=True)
        assert "Type 12, then Hall 2 to run it" in console.text()
        await console.press("1", "2", "enter")
        assert given == []
        assert console.focus == "typed-site"
        await console.write("Hall 1")
        await console.press("enter")
        assert given == []
        await console.press("backspace", "2", "enter")
        assert given == [Answer.RUN]


async def test_the_site_alone_is_typed_where_the_number_is_not_asked_for() -> None:
    async with running() as console:
        given = await preview(console, 2, site_typed=True)
        assert "Tab, then type Hall 2 to run it" in console.text()
        await console.press("y")
        assert (given, console.focus) == ([], "cancel")
        await console.press("tab", "y", "n", "enter")
        assert given == [], "an empty or wrong name is no answer"
        await console.press("backspace", "backspace")
        await console.write("Hall 2")
        await console.press("enter")
        assert given == [Answer.RUN]


async def test_a_second_person_approves_only_what_waits_for_that() -> None:
    async with running() as console:
        given = await preview(console, 2, needs_approval=True)
        assert "a second person approves it first" in console.text()
        await console.press("A")
        assert given == [Answer.APPROVE]


@pytest.mark.parametrize("count", [2, 12])
async def test_pasted_text_is_no_answer(count: int) -> None:
    async with running() as console:
        for text in ("y", "12", "y\n", "12\n", "Hall 2\n"):
            given = await preview(console, count, site_typed=count == 12)
            for _ in range(5):
                await console.paste(text)
                await console.press("tab")
            assert given == []
            await console.press("escape")


async def test_keys_typed_ahead_are_not_meant_for_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog, "DEAF_SECONDS", 1e9)
    async with running() as console:
        given = await preview(console, 2)
        await console.burst("y", "enter", "right", "enter", "R", "d", "escape")
        assert given == []
        assert console.desk.rehearsed == 0
        assert console.focus == "cancel"


async def test_how_long_it_holds_is_counted_down_and_then_no_answer_counts() -> None:
    async with running() as console:
        given = await preview(console, 12)
        screen = await console.dialog(PlanPreview)
        assert "holds for 120 s" in console.text()
        console.site.clock.pass_(30.0)
        screen.tick()
        await console.settle()
        assert "holds for 90 s" in console.text()
        console.site.clock.pass_(90.1)
        await console.press("1", "2", "enter")
        assert given == []
        assert "Too old by now: R plans it again, Esc leaves." in console.text()
        await console.press("tab", "tab", "enter")
        assert given != [Answer.RUN]


async def test_a_plan_with_nothing_to_do_cannot_be_begun() -> None:
    async with running() as console:
        given = await preview(console, 2, count=0)
        assert "Nothing in it is to be done." in console.text()
        await console.press("y", "right", "enter")
        assert Answer.RUN not in given


async def test_a_dry_run_says_what_would_be_sent_and_goes_back_to_the_plan() -> None:
    async with running() as console:
        given = await preview(console, 3)
        await console.press("d")
        await console.dialog(Listing)
        for words in ("No command was sent. 2 of 3 would be sent now.", "would not be sent: in the way"):
            assert words in console.text()
        await console.press("y", "escape")
        await console.dialog(PlanPreview)
        assert given == []
        assert console.desk.rehearsed == 1


async def test_every_target_can_be_looked_at_by_key_and_in_full() -> None:
    async with running(ports=40, size=(80, 24)) as console:
        await preview(console, 40)
        assert "port 40 " not in console.text()
        await console.press("end")
        assert "port 40, open port: mode CLOSED -> mode INSERT" in console.text()
        await console.press("home", "pagedown", "up")
        assert console.focus == "cancel"


async def test_what_is_left_out_stands_first() -> None:
    async with running() as console:
        site, desk = console.site, console.desk
        site.see(closed(1), port(2, "OPEN"), port(3, "DISABLED"))
        wishes = same_for_all("port.close", [1, 2, 3])
        plan = desk.plan(wishes, desk.known(wishes))
        shown = desk.preview(plan)
        screen = PlanPreview(plan, shown, (), lambda: desk.rehearse(plan), site.clock)
        await console.app.push_screen(screen)
        await console.settle()
        rows = [line for line in console.lines() if "port " in line and ":" not in line.split("port")[0]]
        named = [
            row.split("port ")[1][0] for row in rows if "->" in row or "already" in row or "refused" in row
        ]
        assert named[:3] == ["3", "2", "1"]


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("site_typed", [False, True])
async def test_question_and_buttons_are_in_sight_at_every_size(
    size: tuple[int, int], site_typed: bool
) -> None:
    async with running(ports=60, size=size) as console:
        console.desk.safety = Safety()
        await preview(console, 60, site_typed=site_typed, hidden=3, stale=2, needs_approval=site_typed)
        text = console.text()
        for words in ("Cancel (n)", "Run", "Type 60", "Hidden by the filter: 3.", "port 1 "):
            assert words in text
        assert "Hall 2  LIVE" in console.lines()[0], "which site this is stays in sight"
        await console.press("6", "0")
        assert " 60 " in console.text().replace("Type 60", "")
