"""The command palette: every action by name, with what it does or why not now."""

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
        prompts = [str(option.prompt) for option in options.options]
        reason = console.workspace.reason
        for action, prompt in zip(ACTIONS, prompts, strict=True):
            why_not = reason(action.id)
            help_words = action.help if why_not is None else f"not now: {why_not}"
            assert prompt == f"{action.title}  ({action.shown})\n{help_words}"
        assert any("not now: already open (mode OPEN)" in prompt for prompt in prompts)


async def test_what_is_chosen_is_done() -> None:
    async with running() as console:
        await console.on_port(EMPTY)
        await choose(console, "call bin")
        await console.back()
        assert console.commands.calls == [("openbin", {"port_id": EMPTY})]
        await choose(console, "help")
        assert isinstance(console.app.screen, Help)


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
