"""A bounded sample of consoles that are killed in the middle of a run; `kills.py` does as many as wanted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 200


@pytest.mark.timeout(300)
def test_a_killed_console_leaves_nothing_untold() -> None:
    program = Path(__file__).with_name("kills.py")
    done = subprocess.run(
        [sys.executable, str(program), "--kills", str(KILLS), "--seed", "7", "--json"],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    print(done.stdout)
    assert figures["kills"] == KILLS
    assert figures["executed"] > KILLS
    for name in ("executed_without_intent", "lost_records", "sent_twice", "not_resumable", "wrong_verdicts"):
        assert figures[name] == 0, name
