"""Tables as CSV: written so that no cell becomes a formula, read so that every bad row is named.

Rule 66 of operations-safety; a spreadsheet runs what begins with one of a few characters.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Return `rows` as CSV with a header, as RFC 4180 has it; columns as given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # with less, a lone CR would not be quoted
    writer.writerow(columns)
    writer.writerows([csv_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def csv_cell(value: object) -> str:
    """Return text as it is, but never as a formula, and the rest as in JSON; None is blank."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "'" + value if value.startswith(FORMULA_STARTS) else value
    return json.dumps(value, default=str)
