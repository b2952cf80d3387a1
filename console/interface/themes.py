"""Colour themes: one TOML file each, shipped in `themes/` or a person's own beside the settings.

A theme gives the colours of the screen and, for every tone, a colour and a style.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from console.interface.drawing import Tone
from console.resources import shipped
from console.text import safe

Colour = Annotated[str, Meta(pattern=r"^(#[0-9a-fA-F]{6}|ansi_[a-z_]{3,20})$")]
Look = Annotated[
    str, Meta(pattern=r"^((bold|italic|underline|reverse|dim|strike) )*(#[0-9a-fA-F]{6}|ansi_[a-z_]{3,20})$")
]


class ThemeError(ValueError):
    """A theme file that cannot be used; the message names the file and what is wrong."""


class _Screen(Struct, frozen=True, forbid_unknown_fields=True):
    foreground: Colour
    background: Colour
    panel: Colour
    border: Colour
    focus: Colour
    cursor: Colour
    cursor_text: Colour
    cursor_waiting: Colour


class _ThemeFile(Struct, frozen=True, forbid_unknown_fields=True):
    dark: bool
    ansi: bool
    screen: _Screen
    tones: dict[Tone, Look]


def load_themes(folders: Iterable[Path] = ()) -> dict[str, Theme]:
    """Return the themes by name: the shipped ones, then those of `folders`, which may replace them.

    Raises:
        ThemeError: a file that is not a theme.
    """
    files = [path for folder in (shipped("themes"), *folders) for path in sorted(folder.glob("*.toml"))]
    return {path.stem: read_theme(path) for path in files}


def read_theme(path: Path) -> Theme:
    """Return the theme in a file; its name is the file's.

    Raises:
        ThemeError: it cannot be read, or is not a theme.
    """
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), type=_ThemeFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ThemeError(f"{safe(str(path))}: {safe(str(error))}") from None
    missing = [tone.value for tone in Tone if tone not in file.tones]
    if missing:
        raise ThemeError(f"{safe(str(path))}: tones without a look: {', '.join(missing)}")
    return _theme(path.stem, file)


def looks(theme: Theme, ground: RichColor | None) -> dict[str, Style]:
    """Return the terminal style of each tone on a background, and of the two kinds of cursor row."""
    given = theme.variables
    styles = {
        tone.value: Style.parse(given[f"tone-{tone}-style"])
        + Style(color=_rich(given[f"tone-{tone}"]), bgcolor=ground)
        for tone in Tone
    }
    for name, ground_of in (("cursor", "cursor"), ("cursor-blurred", "cursor-waiting")):
        styles[name] = Style(color=_rich(given["cursor-text"]), bgcolor=_rich(given[ground_of]))
    return styles


def _rich(colour: str) -> RichColor:
    return Color.parse(colour).rich_color


def _theme(name: str, file: _ThemeFile) -> Theme:
    screen, looks = file.screen, file.tones
    variables = {
        "border": screen.focus,
        "border-blurred": screen.border,
        "cursor": screen.cursor,
        "cursor-text": screen.cursor_text,
        "cursor-waiting": screen.cursor_waiting,
        "ansi-background": screen.background if file.dark else screen.foreground,
        "ansi-foreground": screen.foreground if file.dark else screen.background,
        "block-cursor-background": screen.cursor,
        "block-cursor-foreground": screen.cursor_text,
        "input-cursor-background": screen.foreground,
        "input-cursor-foreground": screen.background,
        "scrollbar": screen.border,
        "scrollbar-hover": screen.focus,
        "scrollbar-active": screen.focus,
        "scrollbar-background": screen.background,
        "scrollbar-background-hover": screen.background,
        "scrollbar-background-active": screen.background,
        "scrollbar-corner-color": screen.background,
    }
    for tone, look in looks.items():
        style, _, colour = look.rpartition(" ")
        variables[f"tone-{tone}"] = colour
        variables[f"tone-{tone}-style"] = style or "none"
    return Theme(
        name=name,
        dark=file.dark,
        ansi=file.ansi,
        primary=screen.focus,
        secondary=screen.border,
        accent=screen.focus,
        warning=_colour(looks[Tone.WARN]),
        error=_colour(looks[Tone.ALARM]),
        success=_colour(looks[Tone.GOOD]),
        foreground=screen.foreground,
        background=screen.background,
        surface=screen.background,
        panel=screen.panel,
        boost=screen.panel,
        variables=variables,
    )


def _colour(look: str) -> str:
    return look.rpartition(" ")[2]
