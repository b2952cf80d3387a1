"""The confirmation: harmless until somebody says otherwise, in time, by hand."""

import pytest
from msgspec.structs import replace

from console.interface.drawing import Tone
from console.interface.screens import dialog
from console.interface.screens.confirm import Confirm, Question
from console.interface.widgets.toned import Lines

from .screen import Console, running
from .world import EMPTY

HOLDS = 7.0
"""Seconds that an answer counts: not what the settings say when nobody sets them."""


async def ask(console: Console, targets: int = 1) -> list[bool | None]:
    """Open a confirmation; returns a list that will hold the answer."""
    answers: list[bool | None] = []
    lines = [((f"port {number}", Tone.PLAIN),) for number in range(1, targets + 1)]
    question = Question(title="Close port?", verb="Close port", lines=lines, holds=HOLDS)
    await console.app.push_screen(Confirm(question, console.site.clock), answers.append)
    await console.settle()
    return answers


KEYS = {
    "y": [True],
    "n": [False],
    "escape": [False],
    "enter": [False],
    "right enter": [True],
    "right left enter": [False],
    "tab enter": [True],
    "Y": [],
    "c": [],
    "space": [],
    "1": [],
    "q": [],
    "colon": [],
    "ctrl+p": [],
    "question_mark": [],
    "up down pageup pagedown": [],
}
"""What keys come to; no answer means that the question stays."""


async def test_keys() -> None:
    async with running() as console:
        for keys, answers in KEYS.items():
            given = await ask(console)
            assert console.focus == "cancel"
            await console.press(*keys.split())
            assert given == answers, keys
            assert isinstance(console.app.screen, Confirm) is (answers == []), keys
            if not answers:
                await console.press("escape")


async def test_pasted_text_is_no_answer() -> None:
    async with running() as console:
        for text in ("y", "y\n"):
            given = await ask(console)
            for _ in range(3):
                await console.paste(text)
                await console.press("tab")
            await console.press("shift+tab")
            assert given == []
            await console.press("escape")


async def test_an_answer_that_comes_too_late_does_not_count() -> None:
    async with running() as console:
        given = await ask(console)
        console.site.clock.pass_(HOLDS - 0.1)
        await console.press("y")
        assert given == [True]

        given = await ask(console)
        console.site.clock.pass_(HOLDS + 0.1)
        await console.press("y")
        assert given == [False]
        assert "Too long ago" in console.toasts()[-1]


async def test_how_long_an_answer_counts_is_a_setting() -> None:
    async with running() as console:
        console.site.spec = replace(console.site.spec, single_seconds=40.0)
        for waits, sent in ((39.0, 1), (41.0, 0)):
            console.commands.sent.clear()
            await console.on_port(EMPTY)
            await console.press("c")
            await console.dialog(Confirm)
            console.site.clock.pass_(waits)
            console.site.see_again()
            await console.press("y")
            await console.back()
            assert len(console.commands.sent) == sent


async def test_keys_typed_ahead_are_not_meant_for_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog, "DEAF_SECONDS", 1e9)
    async with running() as console:
        given = await ask(console)
        await console.burst("y", "enter", "right", "enter", "n", "escape")
        assert given == []
        assert console.focus == "cancel"
        assert isinstance(console.app.screen, Confirm)
        monkeypatch.setattr(dialog, "DEAF_SECONDS", 0.0)
        await console.press("y")
        assert given == [True]


def test_what_is_typed_ahead_is_dropped_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog, "DEAF_SECONDS", 0.2)
    shown: dialog.Dialog[None] = dialog.Dialog()
    heard = []
    shown._shown_at = 100.0
    for typed_at in (99.9, 100.1, 100.25, 100.4, 100.65, 100.7):
        if shown.heeds(typed_at):
            heard.append(typed_at)
        else:
            shown.drop(typed_at)
    assert heard == [100.65, 100.7]


async def test_a_key_held_down_does_not_run_through_the_question_that_it_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dialog, "DEAF_SECONDS", 1e9)
    async with running() as console:
        await console.on_port(3)
        await console.burst("c", "y")
        await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
        await console.burst("y", "y")
        assert console.commands.sent == []


async def test_all_targets_can_be_looked_at_by_key() -> None:
    async with running(size=(80, 24)) as console:
        await ask(console, targets=40)
        assert "port 40" not in console.text()
        await console.press(*["pagedown"] * 4)
        assert "port 40" in console.text()
        await console.press(*["pageup"] * 4)
        assert console.app.screen.query_one("#targets Lines", Lines)
        assert "port 2" in console.text()


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (120, 40), (200, 50)])
async def test_the_buttons_are_in_sight_at_every_size(size: tuple[int, int]) -> None:
    async with running(size=size) as console:
        await ask(console, targets=60)
        text = console.text()
        assert "Cancel (n)" in text
        assert "Close port" in text.replace("Close port?", "")
        assert "Hall 2  LIVE" in console.lines()[0], "which site this is stays in sight"
