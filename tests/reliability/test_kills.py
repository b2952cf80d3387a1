"""A bounded sample of consoles that are killed in the middle of a run; `kills.py` does as many as wanted."""

import pytest

from .programs import MOST_SECONDS, figures

KILLS, PORTS = 200, 12


@pytest.mark.timeout(MOST_SECONDS + 20)
def test_a_killed_console_leaves_nothing_untold() -> None:
    counted = figures("kills.py", "--kills", str(KILLS), "--ports", str(PORTS), "--seed", "7")
    assert counted["kills"] == KILLS
    assert counted["executed"] > KILLS
    for name in ("executed_without_intent", "lost_records", "sent_twice", "not_resumable", "wrong_verdicts"):
        assert counted[name] == 0, name
