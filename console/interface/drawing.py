"""What a line of the screen is made of: pieces of text with a tone; no Textual here.

A tone says what a piece means, and the theme decides how that looks, so that rows can be
tested as plain values. Every tone that matters also has a word or a mark beside it.
"""

import re
from collections import deque
from enum import StrEnum
from typing import TypeAlias

from rich.cells import cell_len, chop_cells, set_cell_size


class Tone(StrEnum):
    """What a piece of text means."""

    PLAIN = "plain"
    DIM = "dim"
    TITLE = "title"
    GOOD = "good"
    WARN = "warn"
    ALARM = "alarm"
    STALE = "stale"
    UNKNOWN = "unknown"
    MARK = "mark"
    KEY = "key"


Piece: TypeAlias = tuple[str, Tone]
Line: TypeAlias = tuple[Piece, ...]


def plain(line: Line) -> str:
    """Return a line's text."""
    return "".join(text for text, _ in line)


def fit(text: str, width: int) -> str:
    """Return `text` cut or padded to `width` cells; a cut one ends in an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def fit_line(line: Line, width: int) -> Line:
    """Return a line cut or padded to `width` cells, neighbours of one tone merged."""
    pieces: list[Piece] = []
    left = width
    for text, tone in line:
        if left <= 0:
            break
        if not text:
            continue
        shown = text if cell_len(text) <= left else fit(text, left)
        left -= cell_len(shown)
        if pieces and pieces[-1][1] is tone:
            pieces[-1] = (pieces[-1][0] + shown, tone)
        else:
            pieces.append((shown, tone))
    if left > 0:
        pieces.append((" " * left, Tone.PLAIN))
    return tuple(pieces)


def wrap_line(line: Line, width: int, hang: int = 0) -> list[Line]:
    """Return a line broken between words to lines of at most `width` cells; tones are kept.

    All but the first start `hang` cells in, where that leaves room. A word longer than a line is
    broken too.
    """
    indent = hang if width >= 2 * hang + 2 else 0  # a wide character needs two cells
    margin: list[Piece] = [(" " * indent, Tone.PLAIN)] if indent else []
    lines: list[list[Piece]] = [[]]
    room, fresh = width, True
    for text, tone in line:
        words = deque(re.findall(r"\s*\S+|\s+", text))
        while words:
            word = words.popleft()
            if cell_len(word) > room and not fresh:
                lines.append([*margin])
                room, fresh, word = width - indent, True, word.lstrip()
            if cell_len(word) > room:
                word, *rest = chop_cells(word, max(room, 2))
                words.extendleft(["".join(rest)] if rest else [])
            lines[-1].append((word, tone))
            room, fresh = room - cell_len(word), False
    return [tuple(pieces) for pieces in lines]


def changed_span(before: Line, after: Line) -> tuple[int, int] | None:
    """Return the first cell that differs between two lines of one width, and the one after the last.

    None when nothing differs. Only this span is sent to the terminal.
    """
    if before == after:
        return None  # the usual case, and much cheaper than cell by cell
    old, new = _cells(before), _cells(after)
    if old == new:
        return None
    if len(old) != len(new):
        return 0, max(len(old), len(new))
    different = [index for index, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    return different[0], different[-1] + 1


def _cells(line: Line) -> list[tuple[str, Tone]]:
    cells: list[tuple[str, Tone]] = []
    for text, tone in line:
        for char in text:
            cells.append((char, tone))
            cells.extend(("", tone) for _ in range(cell_len(char) - 1))
    return cells
