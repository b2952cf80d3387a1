"""Trying a number on a device's rules: the lines, and the dialog."""

import pytest
from state.small import rule

from console.interface.drawing import plain
from console.interface.screens.try_number import TryNumber
from console.interface.trial_lines import trial_lines
from console.mor.preview import ASSUMPTIONS, Side

from .screen import running

RULES = (rule(1, name="international", cut="00", add=""), rule(2, name="national", cut="", add="39"))


@pytest.mark.parametrize(
    ("number", "result"),
    [
        ("0044123", "0044123  ->  44123   by rule international, an estimate"),
        ("123", "123  ->  39123   by rule national, an estimate"),
    ],
)
def test_the_number_comes_first_then_every_rule_then_what_was_assumed(number: str, result: str) -> None:
    lines = [plain(line) for line in trial_lines(RULES, number, Side.DST)]
    assert lines[0] == result
    assert [line.split()[0] for line in lines[2:4]] == ["international", "national"]
    assert lines[-len(ASSUMPTIONS) :] == list(ASSUMPTIONS)


def test_without_a_number_it_says_what_to_do() -> None:
    (line,) = trial_lines(RULES, "", Side.DST)
    assert "Type a number" in plain(line)


def test_rules_for_the_other_number_leave_it_alone() -> None:
    first, *_ = trial_lines(RULES, "0044123", Side.SRC)
    assert plain(first) == "0044123  ->  0044123   no rule applies, an estimate"


async def test_p_tries_a_number_on_the_device_under_the_cursor() -> None:
    async with running() as console:
        await console.press("3")
        device = console.workspace.devices.cursor
        assert device is not None
        console.site.store.see_rules(device.device_id, RULES, console.site.store.clock())
        await console.settle()
        await console.press("p")
        await console.dialog(TryNumber)
        await console.write("0044123")
        assert "44123   by rule international" in console.text()
        await console.press("enter", "right")
        assert "no rule applies" in console.text()
        await console.press("escape")
        assert console.commands.calls == []


async def test_p_waits_for_the_rules() -> None:
    async with running() as console:
        console.site.store.rule_lists.clear()
        await console.press("3", "p")
        assert "its rules are not read yet" in console.text()
