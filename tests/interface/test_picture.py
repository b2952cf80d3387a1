"""The key that saves the screen as a picture."""

from pathlib import Path

import pytest

from console.interface import picture
from console.interface.screens import workspace

from .screen import running


async def test_the_screen_is_saved_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        workspace, "save_picture", lambda _folder, svg: picture.save_picture(tmp_path / "new", svg)
    )
    async with running() as console:
        await console.press("P", "P")
        assert "saved" in console.text()
        await console.until(lambda: len(console.site.exported) == 2, "the records")
        saved = sorted((tmp_path / "new").iterdir())
        assert sorted(console.site.exported) == saved
    one, other = saved
    assert one.name != other.name
    assert one.stat().st_mode & 0o777 == 0o600
    svg = one.read_text("utf-8")
    assert svg.startswith("<svg") and "Hall&#160;2" in svg


async def test_a_picture_that_cannot_be_saved_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(
        workspace, "save_picture", lambda _folder, svg: picture.save_picture(tmp_path / "file", svg)
    )
    async with running() as console:
        await console.press("P")
        assert "no picture" in console.text()
        assert console.site.exported == []
