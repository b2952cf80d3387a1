"""Wishes from a CSV table: every bad row is named with its line and reason, or all are taken; pure."""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from console.fields import Field, Kind, whole_number
from console.operations.bulk.action import Action
from console.operations.bulk.actions import ACTIONS
from console.operations.bulk.wishes import Wish
from console.operations.sheets import FORMULA_STARTS
from console.secret import Secret
from console.text import safe

TARGET_COLUMNS = ("target", "port", "device", "user")
MOST_ROWS = 100_000


class RowProblem(Struct, frozen=True):
    """What is wrong with a row; line 0 is the file as a whole."""

    line: int
    reason: str


class BadRows(ValueError):
    """The table is not taken, none of it; `problems` name every bad row."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {one.line}: {one.reason}" for one in problems[:3]))


def read(table: str | bytes, action: str = "") -> tuple[Wish, ...]:
    """Return the wishes in a CSV table with a header.

    A row names its target in one column (`target`, `port`, `device` or `user`), its action in
    `action` unless one is given for all, and values in columns named as the action's fields; several
    values of one field stand in one cell, with blanks between. A blank cell is a value left out.

    Raises:
        BadRows: not UTF-8, unknown columns, no rows, or any row that cannot be a wish.
    """
    header, rows = _table(table)
    target = _target_column(header, action)
    wishes: list[Wish] = []
    problems: list[RowProblem] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        try:
            wish = _wish(line, header, cells, target, action)
            first = seen.setdefault(_identity(wish), line)
            if first != line:
                raise ValueError(f"the same as line {first}")
            wishes.append(wish)
        except ValueError as error:
            problems.append(RowProblem(line, str(error)))
    if problems:
        raise BadRows(problems)
    return tuple(wishes)


def _table(table: str | bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the rows that are not empty, each with the number of its first line."""
    text = table if isinstance(table, str) else _decoded(table)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
            if len(found) > MOST_ROWS:
                raise BadRows([RowProblem(line, f"more than {MOST_ROWS} rows")])
    except csv.Error as error:
        raise BadRows([RowProblem(line, f"not CSV: {error}")]) from None
    if len(found) < 2:
        raise BadRows([RowProblem(0, "wanted a header and at least one row")])
    return [name.lower() for name in found[0][1]], found[1:]


def _decoded(table: bytes) -> str:
    try:
        return table.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = table[: error.start].count(b"\n") + 1
        raise BadRows([RowProblem(line, "not UTF-8: save the file as UTF-8")]) from None


def _target_column(header: Sequence[str], action: str) -> str:
    """Return the column of the targets, if the header is right.

    Raises:
        BadRows: it is not.
    """
    problems: list[str] = []
    if action and action not in ACTIONS:
        problems.append(f"there is no {safe(action, 40)}: wanted one of {', '.join(ACTIONS)}")
    targets = [name for name in header if name in TARGET_COLUMNS]
    if len(targets) != 1:
        problems.append(f"wanted one column for the targets: {' or '.join(TARGET_COLUMNS)}")
    if not action and "action" not in header:
        problems.append("wanted a column action")
    problems += (
        f"column {safe(name, 40)} is there twice" for name in dict.fromkeys(header) if header.count(name) > 1
    )
    known = {"action", *TARGET_COLUMNS, *(field.name for one in _meant(action) for field in one.fields)}
    problems += (
        f"no column is called {safe(name, 40) or '(blank)'}"
        for name in dict.fromkeys(header)
        if name not in known
    )
    if problems:
        raise BadRows([RowProblem(1, problem) for problem in problems])
    return targets[0]


def _meant(action: str) -> Sequence[Action]:
    return [ACTIONS[action]] if action in ACTIONS else list(ACTIONS.values())


def _wish(line: int, header: Sequence[str], cells: Sequence[str], target: str, action: str) -> Wish:
    """Return what a row asks for.

    Raises:
        ValueError: with what is wrong.
    """
    if len(cells) != len(header):
        raise ValueError(f"{len(cells)} cells under {len(header)} columns")
    row = dict(zip(header, cells, strict=True))
    name = row.pop("action", "") or action
    if action and name != action:
        raise ValueError(f"its action is {safe(name, 40)}, and {action} was asked for")
    if name not in ACTIONS:
        raise ValueError(f"there is no action {safe(name, 40) or '(blank)'}")
    number = whole_number(row.pop(target))
    if number is None or number < 0:
        raise ValueError(f"its {target} is not a number")
    return Wish(action=name, target=number, values=_values(ACTIONS[name], row), line=line)


def _values(action: Action, row: Mapping[str, str]) -> dict[str, object]:
    fields = {field.name: field for field in action.fields}
    values: dict[str, object] = {}
    for column, cell in row.items():
        if not cell:
            continue
        field = fields.get(column)
        if field is None:
            raise ValueError(f"{action.id} takes no {column}")
        values[column] = _value(field, cell)
    return values


def _value(field: Field, cell: str) -> object:
    if field.kind is Kind.SECRET:
        return Secret(cell)
    if cell.startswith("'") and cell[1:2] in FORMULA_STARTS:
        return cell[1:]  # as this program writes such text itself
    if cell.startswith(FORMULA_STARTS) and not _PLAIN.fullmatch(cell):
        raise ValueError(f"{field.name} begins like a formula: put a ' before it if it is meant so")
    return cell.split() if field.repeated else cell


_PLAIN = re.compile(r"-|[+-][0-9]+", re.ASCII)
"""What begins like a formula and is none: numbers, and the cut that sends one as received (mor.md 5.2)."""


def _identity(wish: Wish) -> tuple[str, str]:
    values = repr(sorted(wish.values.items())) if ACTIONS[wish.action].repeats else ""
    return f"{ACTIONS[wish.action].word} {wish.target}", values
