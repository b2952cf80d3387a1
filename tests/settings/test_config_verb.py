"""`portside config`, and the site options that other verbs share."""

import argparse
import json
import tomllib
from pathlib import Path

import pytest

from console.cli import common
from console.cli.exit import Exit
from console.cli.main import main
from console.settings import SettingsError, load
from console.settings.document import defaults_toml

SITE = '[sites.hall2.autostore]\nurl = "http://10.0.0.5:44000"\nports = "1-40"\n'
CANARY = "canary-0123456789abcdefghijklmnopqr"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PORTSIDE_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "settings.toml"


def test_path_also_when_nothing_is_there(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "path", "--config", str(path)]) == Exit.DONE
    assert capsys.readouterr().out == f"{path}\n"
    assert main(["config", "path"]) == Exit.DONE
    assert capsys.readouterr().out.endswith("settings.toml\n")


def test_init_writes_an_example_that_loads_and_says_what_is_next(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "init", "--config", str(path)]) == Exit.DONE
    out = capsys.readouterr().out
    assert str(path) in out and "portside check" in out
    assert list(load(path).sites) == ["hall1"]


def test_init_refuses_a_second_time(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("theme = 'light'")
    assert main(["config", "init", "--config", str(path)]) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"portside: {path}: is there already, and was left as it is\n"
    assert path.read_text() == "theme = 'light'"


def test_show_names_its_files_and_is_toml(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(SITE)
    more = path.parent / "sites.d" / "found.toml"
    more.parent.mkdir()
    more.write_text(SITE.replace("hall2", "hall3"))
    assert main(["config", "show", "--config", str(path)]) == Exit.DONE
    out = capsys.readouterr().out
    assert out.startswith(f"# settings: {path}\n# sites: {more}\n# state: {path.parent / 'state'}\n")
    assert list(tomllib.loads(out)["sites"]) == ["hall2", "hall3"]


def test_show_as_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(SITE)
    assert main(["config", "show", "--json", "--config", str(path)]) == Exit.DONE
    shown = json.loads(capsys.readouterr().out)
    assert (shown["settings_file"], shown["site_files"]) == (str(path), [])
    assert shown["state_dir"] == str(path.parent / "state")
    assert shown["settings"]["sites"]["hall2"]["autostore"]["ports"] == "1-40"


def test_show_defaults_needs_no_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "show", "--defaults", "--config", "/nowhere"]) == Exit.DONE
    assert capsys.readouterr().out == defaults_toml()


@pytest.mark.parametrize("text", [None, "[", "prots = 1", 'secret = "' + CANARY + '"'])
def test_wrong_settings_are_usage_errors_on_stderr(
    path: Path, text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        path.write_text(text)
    assert main(["config", "show", "--config", str(path)]) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"portside: {path}: ")
    assert captured.err.count("\n") == 1
    assert CANARY not in captured.err


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_show_does_not_show_secrets(
    path: Path, form: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = path.parent / "mor.key"
    key.write_text(CANARY)
    monkeypatch.setenv("MOR_PASSWORD", CANARY)
    path.write_text(
        '[sites.hall2.mor]\nurl = "https://10.0.0.9"\nuser = "admin"\n'
        'secret_file = "./mor.key"\npassword_env = "MOR_PASSWORD"\n'
    )
    assert main(["config", "show", "--config", str(path), *form]) == Exit.DONE
    out = capsys.readouterr().out
    assert str(key) in out and "MOR_PASSWORD" in out
    assert CANARY not in out


@pytest.mark.parametrize("argv", [[], ["destroy"], ["show", "--json", "--defaults"], ["path", "--json"]])
def test_usage(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["config", *argv])
    assert left.value.code == Exit.USAGE
    assert "usage: portside config" in capsys.readouterr().err


def test_other_verbs_choose_a_site(path: Path) -> None:
    path.write_text(SITE + SITE.replace("hall2", "hall3"))
    parser = argparse.ArgumentParser()
    common.add_site_options(parser)
    chosen = common.chosen_site(parser.parse_args(["--config", str(path), "--site", "hall3"]))
    assert chosen.name == "hall3"
    assert chosen.site is chosen.settings.sites["hall3"]
    with pytest.raises(SettingsError, match="wanted one of hall2, hall3"):
        common.chosen_site(parser.parse_args(["--config", str(path)]))
