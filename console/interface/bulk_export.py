"""Keeps reports as files: each under a name of its own, readable by its owner only (rule 66)."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from console.operations.bulk.report import Report, as_csv, as_json


def export(report: Report, form: str, folder: Path) -> Path:
    """Write a report as `csv` or `json` into a new file in `folder`, and return its path.

    Raises:
        OSError: it cannot be written.
    """
    text = as_csv(report) if form == "csv" else json.dumps(as_json(report), indent=2, default=str)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"run-{report.run}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.{form}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path
