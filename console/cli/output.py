"""How verbs print: plain columns for people, JSON and CSV for programs."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from console.operations.sheets import as_csv
from console.text import safe

Row = Mapping[str, object]


def print_rows(rows: Sequence[Row], columns: Sequence[str], form: str, out: TextIO | None = None) -> None:
    """Print `rows` as `plain`, `json` (one array) or `csv`; columns as given."""
    stream = out or sys.stdout
    match form:
        case "json":
            print(as_json([{name: row.get(name) for name in columns} for row in rows]), file=stream)
        case "csv":
            print(as_csv(rows, columns), end="", file=stream)
        case _:
            _print_columns(rows, columns, stream)


def as_json(value: object) -> str:
    """Return `value` as one line of ASCII JSON: safe on any terminal."""
    return json.dumps(value, default=str)


def fail(message: str) -> None:
    """Say on stderr what went wrong."""
    print(f"portside: {message}", file=sys.stderr)


def _print_columns(rows: Sequence[Row], columns: Sequence[str], out: TextIO) -> None:
    table = [list(columns), *([_plain_cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[index]) for line in table) for index in range(len(columns))]
    for line in table:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip(), file=out
        )


def _plain_cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return safe(str(value))
