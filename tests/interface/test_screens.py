"""Whole screens as text, compared with files beside this one.

When a screen is meant to look different, write the files anew and review the difference:

    PORTSIDE_WRITE_SCREENS=1 python -m pytest tests/interface/test_screens.py
"""

import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.interface.screens import workspace
from console.state.entities import Phase
from console.text import safe

from .screen import Console, running
from .world import BIN, CASE, CLOSED, EMPTY, Site, command, hall

SCREENS = Path(__file__).with_name("screens")


class Afternoon(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Afternoon":
        """Return the time of day at which every screen was frozen."""
        return cls(2026, 3, 5, 14, 2, 11, tzinfo=tz or UTC)


def worked_in(site: Site) -> None:
    """See the hall some time after the first commands."""
    hall(site)
    site.store.note_command(command("a", phase=Phase.CONFIRMED, changed_at=1001.2))
    refused = command("b", "case_extract", f"port {CASE}", phase=Phase.REFUSED, code=1148)
    site.store.note_command(refused)
    lost = command("c", "openbin", f"port {EMPTY}", phase=Phase.UNKNOWN, reason=safe("timed out"))
    site.store.note_command(replace(lost, changed_at=1000.0))


SHOWN = {
    "workspace-120x40": ((120, 40), ""),
    "workspace-80x24": ((80, 24), ""),
    "workspace-60x24": ((60, 24), ""),
    "tiles-80x24": ((80, 24), "s v space space"),
    "dots-120x40": ((120, 40), "v v f"),
    "marked-and-filtered-120x40": ((120, 40), "space space slash o p e n enter"),
    "devices-80x24": ((80, 24), "3"),
    "activity-80x24": ((80, 24), "4"),
    "form-80x24": ((80, 24), "3 r w a v e tab 0 0"),
    "confirm-80x24": ((80, 24), "c"),
    "help-80x24": ((80, 24), "question_mark"),
    "users-120x40": ((120, 40), "3 u"),
}


def test_every_file_is_of_a_screen() -> None:
    assert {path.stem for path in SCREENS.glob("*.txt")} == set(SHOWN)


@pytest.mark.parametrize("name", SHOWN)
async def test_a_screen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    size, keys = SHOWN[name]
    async with running(worked_in, size=size) as console:
        await console.on_port(BIN if "confirm" in name else CLOSED)
        monkeypatch.setattr(workspace, "datetime", Afternoon)
        await console.press(*keys.split())
        compare(name, console)


def compare(name: str, console: Console) -> None:
    path = SCREENS / f"{name}.txt"
    if os.environ.get("PORTSIDE_WRITE_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(console.text() + "\n", "utf-8")
    assert console.lines() == path.read_text("utf-8").removesuffix("\n").split("\n")
