"""The pages under docs/ that a program makes are what it would make now."""

import subprocess
import sys
from pathlib import Path

import pytest
from patience import PATIENCE

from .programs import ROOT, environment

SCRIPT = ROOT / "docs" / "make_methods.py"


def check(script: Path, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", str(script), "--check"]
    return subprocess.run(
        command, env=environment(home), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_the_list_of_methods_is_up_to_date(home: Path) -> None:
    done = check(SCRIPT, home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("page", ["# Methods and calls\n", None], ids=["another", "none"])
def test_a_page_that_is_not_up_to_date_is_said_to_be_so(home: Path, page: str | None) -> None:
    """Look at a copy: the same program with another page beside it."""
    for folder in ("console", "tests", "config", "themes"):
        (home / folder).symlink_to(ROOT / folder)
    (home / "docs").mkdir()
    (home / "docs" / SCRIPT.name).write_text(SCRIPT.read_text("utf-8"), "utf-8")
    if page is not None:
        (home / "docs" / "methods.md").write_text(page, "utf-8")
    done = check(home / "docs" / SCRIPT.name, home)
    words = "docs/methods.md is not up to date: run python docs/make_methods.py\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", words)


def test_no_method_is_missing_in_any_way() -> None:
    page = (ROOT / "docs" / "methods.md").read_text("utf-8")
    assert "**no**" not in page
