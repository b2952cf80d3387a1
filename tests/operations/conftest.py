"""Dispatchers and consoles that are closed at the end."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from console.operations.bulk import archive, recovery

from .hall import Console, Hall, Open
from .small import Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Callable[..., Bench]]:
    """Makes benches; see `Bench` for what it takes."""
    made: list[Bench] = []

    def make(*calls: Any, **more: Any) -> Bench:
        made.append(Bench(tmp_path / f"state{len(made)}", *calls, **more))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
async def consoles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Opens consoles on one journal; those that were killed count as ended."""
    opened: list[Console] = []

    def alive(process: str, _boot: str) -> bool:
        return any(one.journal._process == process and not one.journal.dead for one in opened)

    for module in (archive, recovery):
        monkeypatch.setattr(module, "lives", alive)

    def opening_one(hall: Hall, **more: Any) -> Console:
        one = Console(hall, tmp_path / "state", **more)
        one.journal._process = f"console-{len(opened)}"
        opened.append(one)
        return one

    yield opening_one
    for one in opened:
        if not one.journal.dead:
            await one.close()
