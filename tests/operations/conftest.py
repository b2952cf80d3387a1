"""A dispatcher on a journal of its own, closed at the end."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

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
