"""Colour themes: the shipped ones are whole, and a wrong one says where it is wrong."""

import tomllib
from pathlib import Path

import pytest

from console.interface.drawing import Tone
from console.interface.themes import ThemeError, load_themes, read_theme
from console.resources import shipped

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


def test_the_first_two_are_there() -> None:
    assert {"dark", "ansi-dark"} <= set(load_themes())


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
