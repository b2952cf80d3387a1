"""The command palette: every action by name, with what it does or why not now; and every call."""

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from console.interface.actions import ACTIONS
from console.interface.screens.confirm import Confirm
from console.interface.screens.help import Help
from console.interface.screens.workspace import Workspace

from .screen import Console, running
from .world import BIN, EMPTY


async def open_palette(console: Console, key: str = "colon") -> OptionList:
    await console.press(key)
    await console.until(lambda: isinstance(console.app.screen, CommandPalette), "the palette")
    options = console.app.screen.query_one(OptionList)
    await console.until(lambda: options.option_count == len(ACTIONS), "all actions")
    return options


def prompts(options: OptionList) -> list[str]:
    return [str(option.prompt) for option in options.options]


async def choose(console: Console, words: str) -> None:
    options = await open_palette(console)
    await console.write(words)
    await console.until(lambda: 0 < options.option_count < len(ACTIONS), "what matches")
    await console.press("enter")
    await console.until(lambda: not isinstance(console.app.screen, CommandPalette), "the end of the palette")
    await console.settle()


async def test_it_lists_every_action_with_its_key_and_why_it_cannot_be_used() -> None:
    async with running(size=(120, 70)) as console:
        await console.on_port(BIN)
        options = await open_palette(console, "ctrl+p")
        reason = console.workspace.reason
        for action, prompt in zip(ACTIONS, prompts(options), strict=True):
            why_not = reason(action.id)
            help_words = action.help if why_not is None else f"not now: {why_not}"
            assert prompt == f"{action.title}  ({action.shown})\n{help_words}"
        assert any("not now: already open (mode OPEN)" in prompt for prompt in prompts(options))


async def test_what_is_chosen_is_done() -> None:
    async with running() as console:
        await console.on_port(EMPTY)
        await choose(console, "call bin")
        await console.back()
        assert console.commands.calls == [("openbin", {"port_id": EMPTY})]
        await choose(console, "help")
        assert isinstance(console.app.screen, Help)


FOUND = [
    ("getportweight", "getportweight", "Reads the scale of a port."),
    ("scale", "getportweight", "Reads the scale of a port."),
    ("device rule", "device_rule_create", "Gives a device a rule."),
    ("unties", "cli_delete", "Unties a number from its device."),
]


@pytest.mark.parametrize(("words", "name", "summary"), FOUND)
async def test_every_call_is_found_by_its_name_and_by_what_it_is_for(
    words: str, name: str, summary: str
) -> None:
    async with running() as console:
        options = await open_palette(console)
        assert not [one for one in prompts(options) if one.startswith(name)], "not before a word is typed"
        await console.write(words)
        await console.until(lambda: f"{name}\n{summary}" in prompts(options), name)


async def test_what_asks_first_asks_here_too() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await choose(console, "close port")
        assert isinstance(console.app.screen, Confirm)
        assert console.commands.sent == []


async def test_what_cannot_be_used_says_why() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await choose(console, "new rule")
        assert console.toasts() == ["new rule: this is for devices"]


async def test_escape_leaves_it() -> None:
    async with running() as console:
        await open_palette(console)
        await console.press("escape")
        assert isinstance(console.app.screen, Workspace)


async def test_it_does_not_open_over_a_question() -> None:
    async with running() as console:
        await console.on_port(BIN)
        await console.press("c", "ctrl+p", "colon")
        assert isinstance(console.app.screen, Confirm)
