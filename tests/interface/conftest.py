"""What every test of the interface starts from: dialogs that listen at once, and a known local time."""

import time
from collections.abc import Iterator

import pytest

from console.interface.screens import dialog


@pytest.fixture(autouse=True)
def _prompt_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let dialogs listen at once; the tests of their deaf moment set it themselves."""
    monkeypatch.setattr(dialog, "DEAF_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let local time be UTC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()
