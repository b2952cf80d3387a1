"""Runs the programs of this folder, which do for a bounded time here what they do for as long as wanted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

MOST_SECONDS = 280
"""Seconds that a program may take on a busy machine; the tests that run one may take a little more."""


def figures(program: str, *options: str) -> Any:
    """Run a program to its end, and return the object it prints; its exit code says that all is well."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(program)), *options, "--json"],
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
