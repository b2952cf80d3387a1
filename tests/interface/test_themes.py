"""Colour themes: the shipped ones are whole, and a wrong one says where it is wrong."""

import tomllib
from pathlib import Path

import pytest

from console.interface.drawing import Tone
from console.interface.themes import ThemeError, load_themes, read_theme
from console.resources import shipped

from .screen import running

SHIPPED = sorted(shipped("themes").glob("*.toml"))
GOOD = shipped("themes").joinpath("dark.toml").read_text("utf-8")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_theme_loads_and_has_a_look_for_every_tone(path: Path) -> None:
    theme = read_theme(path)
    assert theme.name == path.stem
    for tone in Tone:
        assert theme.variables[f"tone-{tone}"]
        assert theme.variables[f"tone-{tone}-style"]
    assert theme.ansi is tomllib.loads(path.read_text("utf-8"))["ansi"]


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
async def test_nothing_is_written_in_the_colour_of_its_ground(name: str) -> None:
    async with running(theme=name, size=(80, 24)) as console:
        for keys in ("1 space s v v v", "3", "3 r tab tab tab tab tab"):
            await console.press(*keys.split())
            for text, style, _ in (segment for strip in console.strips() for segment in strip):
                front = style and style.color
                assert not text.strip() or not front or front.is_default or front != style.bgcolor, text


def test_the_themes_that_are_promised_are_there() -> None:
    promised = {"dark", "light", "high-contrast", "colour-blind", "ansi-dark", "ansi-light"}
    assert set(load_themes()) == promised


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2.1 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.1 defines it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


RGB = [path for path in SHIPPED if not path.stem.startswith("ansi")]


@pytest.mark.parametrize("path", RGB, ids=lambda path: path.stem)
def test_everything_can_be_read(path: Path) -> None:
    file = tomllib.loads(path.read_text("utf-8"))
    screen, tones = file["screen"], {name: look.split()[-1] for name, look in file["tones"].items()}
    pairs = [(tone, screen[ground]) for tone in tones.values() for ground in ("background", "panel")]
    pairs += [(screen["cursor_text"], screen[ground]) for ground in ("cursor", "cursor_waiting")]
    pairs += [(screen["foreground"], screen["border"]), (tones["key"], screen["cursor_waiting"])]
    assert min((contrast(*pair), pair) for pair in pairs)[0] >= 4.5


def test_what_is_not_normal_has_colours_of_its_own() -> None:
    theme = read_theme(shipped("themes") / "ansi-dark.toml")
    looks = {
        tone: theme.variables[f"tone-{tone}"] for tone in (Tone.PLAIN, Tone.ALARM, Tone.WARN, Tone.UNKNOWN)
    }
    assert len(set(looks.values())) == len(looks)


def test_a_person_s_own_theme_is_added_and_may_replace_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    (tmp_path / "dark.toml").write_text(GOOD.replace('foreground = "#c8d0d9"', 'foreground = "#ffffff"'))
    themes = load_themes([tmp_path, tmp_path / "not there"])
    assert themes["mine"].foreground == "#c8d0d9"
    assert themes["dark"].foreground == "#ffffff"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dark = true\nansi", "Expected '='"),
        ("dark = true", "ansi"),
        (GOOD.replace('border = "#2d3742"\n', ""), "border"),
        (GOOD.replace('"#c8d0d9"', '"grey"', 1), "$.screen.foreground"),
        (GOOD.replace('"bold #ff7b72"', '"blinking #ff7b72"'), "$.tones"),
        (GOOD.replace("[tones]", '[tones]\nsparkle = "#ffffff"'), "sparkle"),
        (GOOD.replace("[screen]", '[screen]\nshadow = "#ffffff"'), "shadow"),
        (GOOD.replace('plain = "#c8d0d9"\n', ""), "tones without a look: plain"),
        ("\x1b]0;x\x07 = 1", "line 1"),
    ],
)
def test_a_wrong_theme_names_the_file_and_the_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ThemeError) as error:
        load_themes([tmp_path])
    assert str(path) in str(error.value)
    assert words in str(error.value)
    assert "\x1b" not in str(error.value)


def test_a_theme_that_is_not_text_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ThemeError, match=r"wrong\.toml"):
        read_theme(path)


def test_a_theme_that_cannot_be_read_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match=r"nowhere\.toml"):
        read_theme(tmp_path / "nowhere.toml")
