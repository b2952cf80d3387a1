"""A bounded sample of the soak; `soak.py` goes on for as long as wanted."""

import pytest

from .programs import MOST_SECONDS, figures

MINUTES, PORTS = 0.25, 100


@pytest.mark.timeout(MOST_SECONDS + 20)
def test_a_console_that_runs_for_a_while_uses_no_more_than_at_first() -> None:
    size = ("--minutes", str(MINUTES), "--ports", str(PORTS), "--devices", str(PORTS))
    said = figures("soak.py", *size, "--busy")
    assert said["faults"] == []
    assert said["samples"][-1]["keys"] > 20
