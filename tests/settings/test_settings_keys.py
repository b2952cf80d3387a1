"""Secrets: read from where the settings say, refused when others may read them, never shown."""

import os
import traceback
from pathlib import Path

import pytest

from console.settings import Mor, SettingsError, base_url, read_keys
from console.settings.values import FilePath, VariableName

STRONG = "0123456789abcdefghijklmnopqrstuv"
CANARY = "canary-" + STRONG


def mor_with(file: Path | None = None, variable: str | None = None) -> Mor:
    return Mor(
        url=base_url("https://10.0.0.9"),
        user="admin",
        secret_file=FilePath(file) if file else None,
        secret_env=VariableName(variable) if variable else None,
    )


def written(path: Path, data: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(data)
    path.chmod(mode)
    return path


def refusal(mor: Mor) -> str:
    with pytest.raises(SettingsError) as refused:
        read_keys(mor)
    shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
    assert CANARY not in shown
    return str(refused.value)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_a_file(tmp_path: Path, ending: bytes) -> None:
    keys = read_keys(mor_with(written(tmp_path / "key", STRONG.encode() + ending)))
    assert keys.secret.reveal() == STRONG
    assert keys.password is None
    assert keys.warnings == ()


def test_a_file_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    written(tmp_path / "key", STRONG.encode(), 0o400)
    assert read_keys(mor_with(Path("~/key"))).secret.reveal() == STRONG


def test_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOR_KEY", STRONG)
    assert read_keys(mor_with(variable="MOR_KEY")).secret.reveal() == STRONG


def test_a_password_beside_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOR_KEY", STRONG)
    file = FilePath(written(tmp_path / "password", b"opensesame\n"))
    mor = Mor(
        url=base_url("https://10.0.0.9"), user="a", secret_env=VariableName("MOR_KEY"), password_file=file
    )
    keys = read_keys(mor)
    assert keys.password is not None and keys.password.reveal() == "opensesame"
    file.unlink()
    assert refusal(mor).startswith("password_file: there is no such file")


def test_a_short_key_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOR_KEY", STRONG[:31])
    (warning,) = read_keys(mor_with(variable="MOR_KEY")).warnings
    assert "31 characters" in warning and "32" in warning


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644])
def test_a_file_that_others_may_touch(tmp_path: Path, mode: int) -> None:
    file = written(tmp_path / "the key", CANARY.encode(), mode)
    assert refusal(mor_with(file)) == f"secret_file: others may use {file}: run chmod 600 '{file}'"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (CANARY.encode() + b"\n\n", "more than one line of plain text"),
        (b"user\n" + CANARY.encode(), "more than one line of plain text"),
        (CANARY.encode() + b"\0", "more than one line of plain text"),
        (b"\xef\xbb\xbf" + CANARY.encode(), "more than one line of plain text"),
        (CANARY.encode() + b"\xff", "more than one line of plain text"),
        (CANARY.encode() * 200, "longer than 4,096 bytes"),
    ],
)
def test_a_file_that_holds_no_secret(tmp_path: Path, data: bytes, words: str) -> None:
    message = refusal(mor_with(written(tmp_path / "key", data)))
    assert message.startswith("secret_file: ")
    assert words in message


def test_what_is_no_file(tmp_path: Path) -> None:
    assert refusal(mor_with(tmp_path)) == "secret_file: the file cannot be read: Is a directory"
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert refusal(mor_with(tmp_path / "pipe")).endswith("it is not a regular file")
    assert refusal(mor_with(Path("/a\0b"))).endswith("the path is not one")
    assert refusal(mor_with(Path("~nobody-of-that-name/key"))).endswith("the path is not one")


def test_a_missing_file_is_not_named_since_its_name_may_be_the_secret(tmp_path: Path) -> None:
    message = refusal(mor_with(tmp_path / CANARY))
    assert message == "secret_file: there is no such file; a relative path starts beside the settings file"


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("MOR_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("MOR_KEY", value)
    message = refusal(mor_with(variable="MOR_KEY"))
    assert message == "secret_env: the environment variable MOR_KEY is not set"


def test_a_variable_that_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOR_KEY", CANARY + "\n")
    assert "more than one line" in refusal(mor_with(variable="MOR_KEY"))


def test_keys_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOR_KEY", CANARY)
    mor = mor_with(variable="MOR_KEY")
    keys = read_keys(mor)
    assert CANARY not in f"{keys} {keys!r} {keys.secret} {mor!r}"
    assert "***" in repr(keys)
