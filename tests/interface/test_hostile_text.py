"""Text from outside is shown as text: it cannot style, click, steer the terminal or end the console."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.command import CommandPalette

from console.interface import app as console_app
from console.interface.screens.bulk_preview import PlanPreview
from console.interface.screens.form import Form
from console.interface.screens.picker import Picker
from console.operations.dispatch import NotAllowed
from console.state.entities import Phase, SourceName
from console.text import is_clean, safe

from .screen import Console, running
from .world import USER, Site, command, device, port, result, rule, user

HOSTILE = {
    "colour": "[red]x[/red]",
    "click": "[@click=app.quit]x[/]",
    "end tag": "[/]",
    "open tag": "[",
    "escape": "\x1b]0;x\x07\x1b[2J",
    "bidi": "a‮b⁦c",
    "lines": "a\nb\r\nc\x85d",
    "wide": "漢字漢字漢字",
    "long": "x" * 5000,
    "marks": "a" + "̈" * 50,
}

Put = Callable[[Site, str], None]


def in_ports(site: Site, text: str) -> None:
    site.see(port(1, text, text, bin_id=4711, bin_mode=text, case=text, error=True))
    site.see(port(2, "OPEN", "AC", bin_id=4711, bin_mode=text, case=text, error=False))
    site.store.miss_port(3, text)


def in_sources(site: Site, text: str) -> None:
    site.store.source_is_lost(SourceName.AUTOSTORE, text, site.clock())
    site.store.source_is_lost(SourceName.MOR, text, site.clock())
    site.store.note_journal(text)


def in_devices(site: Site, text: str) -> None:
    site.see_users(user(USER, text, text, text))
    site.see_devices(device(1, text, device_type=text, ipaddr=text, port=text, callerid=text))
    site.see_rules(1, rule(1, text, cut=text, add=text, pr_type=text))


def in_failed_reads(site: Site, text: str) -> None:
    site.store.miss_users(text)
    site.store.miss_devices(USER, text)
    site.store.miss_rules(1, text)


def in_commands(site: Site, text: str) -> None:
    for number, phase in enumerate(Phase):
        site.store.note_command(
            command(f"op{number}", safe(text), safe(f"port {text}"), phase=phase, reason=safe(text))
        )


PLACES = (in_ports, in_sources, in_devices, in_failed_reads, in_commands)

KEYS = "2 3 2 4 end 1 g s slash escape"
"""Ways to see everything."""


def assert_unharmed(console: Console) -> None:
    """See that the console runs, and that nothing but visible characters stands on the screen."""
    assert console.app.is_running
    assert not console.app._exit
    for strip in console.strips():
        assert is_clean(strip.text)
        assert not any("@click" in (segment.style.meta if segment.style else {}) for segment in strip)
    assert not any(notice.markup for notice in console.app._notifications)


@pytest.mark.parametrize("kind", HOSTILE)
async def test_text_from_outside_in_every_place(kind: str) -> None:
    text = HOSTILE[kind]
    async with running(size=(80, 24)) as console:
        for put in PLACES:
            put(console.site, text)
        for key in KEYS.split():
            await console.press(key)
            assert_unharmed(console)
        assert console.commands.sent == []


@pytest.mark.parametrize("kind", ["colour", "click", "end tag", "open tag"])
async def test_markup_is_shown_with_its_brackets(kind: str) -> None:
    text = HOSTILE[kind]
    shown = text[:7]
    async with running(size=(160, 40)) as console:
        in_ports(console.site, text)
        in_devices(console.site, text)
        in_commands(console.site, text)
        await console.press("1", "home")
        await console.on_port(1)
        assert f"Mode   {text}" in console.text()
        await console.press("3")
        assert f"Name   {text}" in console.text()
        assert f"Devices of 100 {text}"[:25] in console.text()
        assert f"refused: {shown}" in console.text()


async def test_what_could_steer_the_terminal_is_written_out() -> None:
    async with running() as console:
        in_ports(console.site, HOSTILE["escape"])
        await console.on_port(1)
        assert "Mode   \\x1b]0;x\\x07\\x1b[2J" in console.text()


@pytest.mark.parametrize("kind", ["click", "end tag", "escape", "bidi", "wide"])
async def test_dialogs(kind: str) -> None:
    text = HOSTILE[kind]
    async with running() as console:
        in_devices(console.site, text)
        console.site.see(port(2, "OPEN", "AC", bin_id=4711, bin_mode=text))
        console.mark(2, 3)
        await console.press("c")
        await console.dialog(PlanPreview)
        assert_unharmed(console)
        await console.press("n", "3", "r")
        await console.dialog(Form)
        await console.paste(text)
        assert_unharmed(console)
        await console.press("escape", "u")
        await console.dialog(Picker)
        await console.paste(text)
        assert_unharmed(console)
        await console.press("escape")
        await console.back()
        await console.press("1", "slash")
        await console.paste(text)
        assert_unharmed(console)
        await console.press("enter", "colon")
        await console.until(lambda: isinstance(console.app.screen, CommandPalette), "the palette")
        await console.paste(text)
        assert_unharmed(console)
        await console.press("escape")


async def test_what_came_of_an_order() -> None:
    async with running(size=(120, 60)) as console:
        await console.on_port(2)
        for text in HOSTILE.values():
            console.commands.failure = None
            console.commands.answers["port 2"] = result(Phase.REFUSED, text)
            await console.press("b")
            await console.back()
            console.commands.failure = NotAllowed(safe(text))
            await console.press("b")
            await console.back()
            assert_unharmed(console)
        assert len(console.toasts()) == 2 * len(HOSTILE)


async def test_the_palette_shows_reasons_as_text() -> None:
    async with running(size=(120, 70)) as console:
        console.site.see(port(1, "OPEN", "AC", bin_id=4711, bin_mode="[@click=app.quit]x[/]"))
        await console.on_port(1)
        await console.press("colon")
        await console.until(
            lambda: "[@click=app.quit]x[/]" in console.text(), "the reason, with its brackets"
        )
        assert_unharmed(console)


PARSERS = {"Static", "Label", "Link", "Markdown", "Tooltip"}
"""Widgets that read a plain string as markup; the console has its own, which do not."""

CONTENT_ONLY = {"border_title", "border_subtitle", "tooltip"}


def sources() -> list[Path]:
    return sorted(Path(console_app.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_no_string_reaches_something_that_parses_markup(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            assert name not in PARSERS, f"line {node.lineno}: {name} parses markup"
            if name == "notify":
                assert ast.unparse(named["markup"]) == "False", f"line {node.lineno}"
            if name == "Button":
                assert ast.unparse(node.args[0]).startswith("Content("), f"line {node.lineno}"
            if name in ("Input", "Entry") and "placeholder" in named:
                placeholder = named["placeholder"]
                assert isinstance(placeholder, ast.Constant | ast.Name), f"line {node.lineno}"
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in CONTENT_ONLY:
                    assert ast.unparse(node.value).startswith("Content("), f"line {node.lineno}"
