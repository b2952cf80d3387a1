"""Shows what the tests of reliability found as a table at the end of the output."""

from typing import Any

import pytest

from .test_fault_matrix import COLUMNS


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the fault matrix, a row for each fault that was tried."""
    rows = [
        dict(report.user_properties)["fault matrix"]
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        if "fault matrix" in dict(report.user_properties)
    ]
    if not rows:
        return
    table = [list(COLUMNS), *sorted(rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(COLUMNS))]
    terminalreporter.section("fault matrix (rule 3)")
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line("  ".join(cells).rstrip())
