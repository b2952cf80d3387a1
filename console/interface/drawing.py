"""What a line of the screen is made of: pieces of text with a tone; no Textual here.

A tone says what a piece means, and the theme decides how that looks, so that rows can be
tested as plain values. Every tone that matters also has a word or a mark beside it.
"""

import re
from collections import deque
from collections.abc import Iterable
from enum import StrEnum
from itertools import takewhile
from typing import TypeAlias

from rich.cells import cell_len, chop_cells, set_cell_size

MOVE_CELLS = 8
"""Cells that cost a terminal as many bytes as a move of its cursor."""


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


class Cover(StrEnum):
    """What lies over the tones of a piece: the cursor, where keys act or where it waits."""

    CURSOR = "cursor"
    WAITING = "cursor-blurred"


Piece: TypeAlias = tuple[str, Tone | Cover]
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
    broken too. A key stays with the first word of what it does.
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
                keys = _keys_before(lines[-1], (width - indent) // 2)
                lines.append([*margin, *keys])
                room, fresh, word = width - indent - _cells_of(keys), not keys, word.lstrip()
            if cell_len(word) > room:
                word, *rest = chop_cells(word, max(room, 2))
                words.extendleft(reversed(chop_cells("".join(rest), max(width - indent, 2))))
            lines[-1].append((word, tone))
            room, fresh = room - cell_len(word), False
    return [tuple(pieces) for pieces in lines]


def _keys_before(pieces: list[Piece], most: int) -> list[Piece]:
    """Take the keys off the end of a line and return them; none if they are all of it, or too long."""
    keys = [*takewhile(lambda piece: piece[1] is Tone.KEY, reversed(pieces))][::-1]
    if not keys or len(keys) == len(pieces) or not 0 < _cells_of(keys) < most:
        return []
    del pieces[-len(keys) :]
    return keys


def _cells_of(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def changed_spans(before: Line, after: Line) -> list[tuple[int, int]]:
    """Return where two lines of one width differ: spans from a first cell to the one after the last.

    Only these are sent to the terminal. Two spans are one where few cells of one tone lie between
    them: a move of the terminal's own cursor costs more than those cells.
    """
    if before == after:
        return []  # the usual case, and much cheaper than cell by cell
    old, new = _cells(before), _cells(after)
    if len(old) != len(new):
        return [(0, max(len(old), len(new)))]
    spans: list[tuple[int, int]] = []
    for index, (a, b) in enumerate(zip(old, new, strict=True)):
        if a == b:
            continue
        end = spans[-1][1] if spans else -MOVE_CELLS
        if index - end < MOVE_CELLS and all(cell[2] is new[end - 1][2] for cell in new[end:index]):
            spans[-1] = spans[-1][0], index + 1
        else:
            spans.append((index, index + 1))
    return spans


def _cells(line: Line) -> list[tuple[str, int, Tone | Cover]]:
    """Return what stands in each cell: a character, which half of a wide one, and its tone."""
    cells: list[tuple[str, int, Tone | Cover]] = []
    for text, tone in line:
        for char in text:
            width = cell_len(char)
            if width or not cells:
                cells.extend((char, half, tone) for half in range(max(width, 1)))
            else:  # a mark on the character before, which is both halves of that
                whole = cells[-1][1] + 1
                cells[-whole:] = [(base + char, half, under) for base, half, under in cells[-whole:]]
    return cells
