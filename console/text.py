"""Makes text from outside safe to show.

Every string that reaches a terminal, a widget or a log passes `safe` once, at the
decoder that read it (operations-safety rules 53 to 55). The raw value stays with the
caller for the wire and for the journal.
"""

import unicodedata
from typing import NewType

SafeText = NewType("SafeText", str)
"""Text without control, format, surrogate, private-use or separator characters."""

LIMIT = 256
"""Characters shown of one value; the rest is cut with an ellipsis."""

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_MARKS_PER_BASE = 2


def safe(raw: str, limit: int = LIMIT) -> SafeText:
    """Return `raw` with everything that could steer a terminal written out visibly.

    Escape sequences are not parsed: the characters that start them become `\\x1b` and the
    like, in view. The result is NFC and at most `limit` characters; a combining mark that has
    no base character of its own, or is the third on one, is written out as well.
    """
    if len(raw) <= limit and raw.isascii() and raw.isprintable():
        return raw  # type: ignore[return-value]  # the name of the type is no check, and costs as much
    # Cut before normalising, so that a megabyte of marks costs no more than a line of text.
    shown = _escape(unicodedata.normalize("NFC", raw[: 2 * limit]))
    if len(shown) > limit or len(raw) > 2 * limit:
        shown = shown[: limit - 1] + "…"
    return SafeText(shown)


def is_clean(text: str) -> bool:
    """Return whether `text` has no character of the kinds that `safe` writes out."""
    return (text.isascii() and text.isprintable()) or not any(
        unicodedata.category(char) in _UNSAFE_CATEGORIES for char in text
    )


def _escape(text: str) -> str:
    out: list[str] = []
    marks = _MARKS_PER_BASE  # a first mark would sit on whatever stands before the text
    for char in text:
        category = unicodedata.category(char)
        if category in _UNSAFE_CATEGORIES:
            marks = _MARKS_PER_BASE  # and one after an escape would change how that reads
            out.append(_visible(char))
        elif category not in ("Mn", "Me") and not unicodedata.combining(char):
            marks = 0
            out.append(char)
        elif marks < _MARKS_PER_BASE:
            marks += 1
            out.append(char)
        else:
            out.append(_visible(char))
    return "".join(out)


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\U{code:08x}"
