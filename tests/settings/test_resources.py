"""The files that ship: found in a wheel and in a checkout, and nothing else found."""

from pathlib import Path

import pytest

from console import resources
from console.resources import ResourceError, shipped


def test_in_a_checkout() -> None:
    assert shipped("config", "example.toml").is_file()
    assert shipped("config").is_dir()


def test_in_a_wheel_only_the_package_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = tmp_path / "console" / "shipped"
    (packaged / "config").mkdir(parents=True)
    (packaged / "config" / "example.toml").write_text("from the wheel")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "other.toml").write_text("of somebody else")
    monkeypatch.setattr(resources, "_PACKAGED", packaged)
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path)
    assert shipped("config", "example.toml").read_text() == "from the wheel"
    with pytest.raises(ResourceError):
        shipped("config", "other.toml")


@pytest.mark.parametrize(
    "name", ["nothing.toml", "../pyproject.toml", "..", "/etc/passwd", "a\0b", "\x1b[2J", "", "."]
)
def test_what_does_not_ship_says_so(name: str) -> None:
    with pytest.raises(ResourceError) as refused:
        shipped("config", name)
    assert "does not ship with portside" in str(refused.value)
    assert str(refused.value).isprintable()
