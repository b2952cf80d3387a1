"""Settings on disk: where they are looked for, how they are read, how a first file is written."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.settings import Settings, SettingsError, begin, files, find, load, site_files, state_dir
from console.text import is_clean

SITE = '[sites.{}.autostore]\nurl = "http://10.0.0.5:44000"\nports = "1-40"\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "settings.toml"


def refusal(path: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        load(path)
    return str(refused.value)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_option_wins_and_becomes_absolute(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    assert find(Path("settings.toml")) == path
    assert find().parts[-2:] == ("portside", "settings.toml")


def test_the_state_can_be_moved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSIDE_STATE_DIR", str(path.parent))
    assert state_dir() == path.parent
    monkeypatch.setenv("PORTSIDE_STATE_DIR", "")
    assert state_dir().name == "portside"


def test_sites_of_all_files_are_one(path: Path) -> None:
    path.write_text(SITE.format("hall1"))
    folder = path.parent / "sites.d"
    folder.mkdir()
    (folder / "b.toml").write_text(SITE.format("hall3"))
    (folder / "a.toml").write_text(SITE.format("hall2"))
    (folder / "note.txt").write_text("not looked at")
    (folder / ".draft.toml").write_text("not looked at")
    assert list(load(path).sites) == ["hall1", "hall2", "hall3"]
    assert [one.name for one in site_files(path)] == ["a.toml", "b.toml"]


def test_a_site_in_two_files_names_both(path: Path) -> None:
    path.write_text(SITE.format("hall1"))
    more = path.parent / "sites.d" / "found.toml"
    more.parent.mkdir()
    more.write_text(SITE.format("hall1"))
    assert refusal(path) == f"{more}: sites.hall1 is also in {path}: wanted in one file"


def test_sites_d_that_is_a_file(path: Path) -> None:
    path.write_text("")
    (path.parent / "sites.d").write_text("")
    assert refusal(path) == f"{path.parent / 'sites.d'}: cannot be listed: Not a directory"


def test_the_operator_is_the_login_name_unless_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "tech1\x1b")
    path.write_text("")
    assert load(path).operator == "tech1\\x1b"
    path.write_text('operator = "Ana"')
    assert load(path).operator == "Ana"


def test_a_login_without_a_name(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nobody)
    path.write_text("")
    assert load(path).operator == "unknown"


def test_a_byte_order_mark_is_no_error(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbftheme = "light"\r\n')
    assert load(path).theme == "light"


def test_a_missing_file_says_how_to_begin_one(path: Path) -> None:
    assert refusal(path) == (
        f"{path}: there is no settings file; portside config init --config {path} begins one"
    )
    assert refusal(find()).endswith("there is no settings file; portside config init begins one")


def test_a_folder(path: Path) -> None:
    path.mkdir()
    assert refusal(path) == f"{path}: cannot be read: Is a directory"


def test_a_file_as_folder(path: Path) -> None:
    path.write_text("")
    assert refusal(path / "settings.toml").endswith("cannot be read: Not a directory")


def test_a_named_pipe_does_not_hang(path: Path) -> None:
    os.mkfifo(path)
    assert refusal(path) == f"{path}: cannot be read: it is not a regular file"


def test_no_permission(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "_open_at_once", denied)
    assert refusal(path) == f"{path}: cannot be read: Permission denied"


def test_a_path_that_is_none() -> None:
    assert refusal(Path("/a\0b")) == "/a\\x00b: cannot be read: the path is not one"


def test_a_huge_file(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1024 * 1024 + 1)
    assert refusal(path) == f"{path}: cannot be read: it is longer than 1,048,576 bytes"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"theme = '\xff'", "is not UTF-8 at byte 10: save it as UTF-8"),
        ("theme = 'dark'".encode("utf-16"), "is not UTF-8 at byte 1"),
        (b"theme = '\0'", "is not TOML: Found invalid character '\\x00' (at line 1, column 10)"),
    ],
)
def test_bytes_that_are_no_settings(path: Path, data: bytes, words: str) -> None:
    path.write_bytes(data)
    assert refusal(path).startswith(f"{path}: {words}")


@given(st.binary())
def test_any_bytes_are_settings_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    try:
        assert isinstance(load(path), Settings)
    except SettingsError as error:
        assert is_clean(str(error))


def test_a_first_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "portside" / "settings.toml"
    old = os.umask(0)
    try:
        begin(path, "theme = 'dark'\n")
    finally:
        os.umask(old)
    assert path.read_text() == "theme = 'dark'\n"
    assert (mode(path), mode(path.parent), mode(path.parent.parent)) == (0o600, 0o700, 0o700)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("dangling", [False, True])
def test_a_first_file_never_replaces_another(path: Path, dangling: bool) -> None:
    if dangling:
        path.symlink_to("nowhere")
    else:
        path.write_text("mine")
    with pytest.raises(SettingsError) as refused:
        begin(path, "theirs")
    assert str(refused.value) == f"{path}: is there already, and was left as it is"
    assert list(path.parent.iterdir()) == [path]
    assert dangling or path.read_text() == "mine"


def test_a_first_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "portside").write_text("in the way")
    path = tmp_path / "portside" / "settings.toml"
    with pytest.raises(SettingsError) as refused:
        begin(path, "")
    assert str(refused.value) == f"{path}: cannot be written: File exists"


def test_a_full_disk_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match="cannot be written: No space left"):
        begin(path, "theme = 'dark'\n")
    assert list(path.parent.iterdir()) == []
