"""A bounded sample of the soak; `soak.py` goes on for as long as wanted."""

import json
import subprocess
import sys
from pathlib import Path

MINUTES = 0.25


def test_a_console_that_runs_for_a_while_uses_no_more_than_at_first() -> None:
    program = Path(__file__).with_name("soak.py")
    done = subprocess.run(
        [sys.executable, str(program), "--minutes", str(MINUTES), "--ports", "200", "--json"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    said = json.loads(done.stdout)
    assert said["faults"] == [], done.stderr
    assert done.returncode == 0
    assert said["samples"][-1]["keys"] > 20
