"""Text from outside is made visible: nothing of it steers a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.text import LIMIT, is_clean, safe

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=80)
MARKS = st.text(st.sampled_from("a\u0301\u0307\u0323\u0489\u09be\U0001193d\x1b\u200d\u212bK"), max_size=40)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Port 4 [red] is open", "Port 4 [red] is open"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ("\x7f", "\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066isolate\u2069", "\\u2066isolate\\u2069"),
        ("zero\u200bwidth\u200d\ufeff", "zero\\u200bwidth\\u200d\\ufeff"),
        ("line\u2028para\u2029", "line\\u2028para\\u2029"),
        ("private \ue000", "private \\ue000"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("half \ud800", "half \\ud800"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("Łódź 倉庫 שלום", "Łódź 倉庫 שלום"),
        ("no\u00a0break", "no\u00a0break"),
    ],
)
def test_what_could_steer_a_terminal_is_written_out(raw: str, shown: str) -> None:
    assert safe(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("x\u0301\u0302", "x\u0301\u0302"),
        ("x" + "\u0301" * 4, "x\u0301\u0301\\u0301\\u0301"),
        ("\u0301 first", "\\u0301 first"),
        ("\x0a\u0301", "\\x0a\\u0301"),
    ],
)
def test_combining_marks_stay_with_their_base_and_are_few(raw: str, shown: str) -> None:
    assert safe(raw) == shown


@pytest.mark.parametrize(
    ("length", "cut"), [(LIMIT - 1, False), (LIMIT, False), (LIMIT + 1, True), (10**6, True)]
)
@pytest.mark.parametrize("letter", ["a", "ä", "\u0301", "\x1b"])
def test_length_is_bounded(letter: str, length: int, cut: bool) -> None:
    shown = safe(letter * length)
    assert len(shown) <= LIMIT
    if letter in "aä":
        assert shown == (letter * (LIMIT - 1) + "…" if cut else letter * length)
    else:
        assert shown.endswith("…")


@given(ANY_TEXT | MARKS, st.integers(8, 40))
def test_the_result_holds_nothing_unsafe(raw: str, limit: int) -> None:
    shown = safe(raw, limit)
    assert not UNSAFE & {unicodedata.category(char) for char in shown}
    assert unicodedata.is_normalized("NFC", shown)
    assert len(shown) <= limit


@given(ANY_TEXT | MARKS)
def test_making_safe_twice_changes_nothing(raw: str) -> None:
    assert safe(safe(raw)) == safe(raw)


@given(ANY_TEXT)
def test_clean_text_is_exactly_what_needs_no_escape(raw: str) -> None:
    assert is_clean(raw) == (not UNSAFE & {unicodedata.category(char) for char in raw})
