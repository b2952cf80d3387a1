"""A reply as lines: names with values, lists of records as tables; pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from console.interface.drawing import Line, Tone, fit
from console.text import safe

WIDEST = 24
"""Cells that a column of a table takes at most."""

ROWS = 500
"""Rows of a table that are drawn; the rest is counted."""


def reply_lines(reply: Mapping[str, Any]) -> list[Line]:
    """Return a decoded reply as lines; secrets print as what hides them."""
    return list(_named(reply, "")) or [(("The reply holds no values.", Tone.DIM),)]


def _named(values: Mapping[str, Any], indent: str) -> Iterator[Line]:
    width = max((cell_len(safe(name)) for name in values), default=0)
    for name, value in values.items():
        title = f"{indent}{safe(name)}"
        if isinstance(value, Mapping):
            yield ((title, Tone.TITLE),)
            yield from _named(value, indent + "  ")
        elif _is_table(value):
            yield ((f"{title}  {len(value)}", Tone.TITLE),)
            yield from _table(value, indent + "  ")
        else:
            yield ((f"{indent}{fit(safe(name), width)}  ", Tone.DIM), (_words(value), Tone.PLAIN))


def _is_table(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and bool(value)
        and all(isinstance(row, Mapping) for row in value)
    )


def _table(rows: Sequence[Mapping[str, Any]], indent: str) -> Iterator[Line]:
    drawn = rows[:ROWS]
    names = list(dict.fromkeys(name for row in drawn for name in row))
    cells = [[_words(row.get(name, "")) for name in names] for row in drawn]
    heads = [safe(name) for name in names]
    widths = [min(WIDEST, max(map(cell_len, column))) for column in zip(heads, *cells, strict=True)]
    yield ((indent + _columns(heads, widths), Tone.DIM),)
    for row in cells:
        yield ((indent + _columns(row, widths), Tone.PLAIN),)
    if len(rows) > ROWS:
        yield ((f"{indent}and {len(rows) - ROWS} more", Tone.DIM),)


def _columns(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(fit(text, width) for text, width in zip(texts, widths, strict=True)).rstrip()


def _words(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return " ".join(f"{safe(str(name))}={_words(one)}" for name, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "none" if not value else ", ".join(_words(one) for one in value)
    return safe(str(value))
