"""Lines: cut, padded, wrapped and compared by cells, whatever characters they hold."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.interface.drawing import Line, Tone, changed_spans, fit, fit_line, plain, wrap_line

TEXT = st.text(alphabet="ab c-_é漢字ｗ", max_size=20)
LINES = st.lists(st.tuples(TEXT, st.sampled_from(Tone)), max_size=5).map(tuple)
WIDTHS = st.integers(2, 40)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abc", 5, "abc  "),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("abcd", 1, "…"),
        ("abcd", 0, ""),
        ("漢字", 4, "漢字"),
        ("漢字", 3, "漢…"),
        ("漢字", 2, " …"),
        ("", 2, "  "),
    ],
)
def test_text_is_cut_or_padded_to_its_cells(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


@given(TEXT, st.integers(0, 40))
def test_fitted_text_has_the_width_asked_for(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


@given(LINES, st.integers(0, 40))
def test_a_fitted_line_has_the_width_asked_for_and_no_two_neighbours_of_one_tone(
    line: Line, width: int
) -> None:
    fitted = fit_line(line, width)
    assert cell_len(plain(fitted)) == width
    pieces = fitted[:-1] if cell_len(plain(line)) < width else fitted  # the padding stays apart
    assert all(before is not after for (_, before), (_, after) in pairwise(pieces))


@given(LINES, WIDTHS, st.integers(0, 12))
def test_a_wrapped_line_keeps_its_text_and_fits(line: Line, width: int, hang: int) -> None:
    wrapped = wrap_line(line, width, hang)
    assert all(cell_len(plain(part)) <= width for part in wrapped)
    assert "".join("".join(plain(part) for part in wrapped).split()) == "".join(plain(line).split())


@given(LINES, WIDTHS)
def test_a_wrapped_line_keeps_the_tone_of_every_character(line: Line, width: int) -> None:
    def toned(parts: list[Line]) -> list[tuple[str, Tone]]:
        return [(char, tone) for part in parts for text, tone in part for char in text if not char.isspace()]

    assert toned(wrap_line(line, width)) == toned([line])


def test_a_line_is_broken_between_words_and_the_rest_hangs() -> None:
    line: Line = (("  c   ", Tone.KEY), ("closes the port", Tone.PLAIN))
    assert [plain(part) for part in wrap_line(line, 14, hang=6)] == ["  c   closes", "      the port"]


def test_a_word_longer_than_the_line_is_broken_and_not_lost() -> None:
    assert [plain(part) for part in wrap_line((("call xxxxxxyy", Tone.PLAIN),), 6)] == [
        "call",
        "xxxxxx",
        "yy",
    ]


@given(LINES, LINES, WIDTHS)
def test_repainting_the_changed_spans_makes_the_new_line_of_the_old(a: Line, b: Line, width: int) -> None:
    before, after = fit_line(a, width), fit_line(b, width)
    old, new = _cells(before), _cells(after)
    ends = 0
    for first, end in changed_spans(before, after):
        assert ends <= first < end <= width, "in order, and apart"
        assert old[first] != new[first]
        assert old[end - 1] != new[end - 1]
        assert new[first][1] == 0, "not from the middle of a character on"
        old[first:end] = new[first:end]
        ends = end
    assert old == new


@given(LINES, WIDTHS)
def test_nothing_is_repainted_of_a_line_that_is_the_same(line: Line, width: int) -> None:
    assert changed_spans(fit_line(line, width), fit_line(line, width)) == []


def test_a_tone_alone_is_a_change() -> None:
    assert changed_spans((("ab", Tone.PLAIN),), (("a", Tone.PLAIN), ("b", Tone.STALE))) == [(1, 2)]


def test_lines_of_two_widths_differ_as_a_whole() -> None:
    assert changed_spans((("ab", Tone.PLAIN),), (("abc", Tone.PLAIN),)) == [(0, 3)]


@pytest.mark.parametrize(
    ("before", "after", "spans"),
    [
        ("a" + " " * 6 + "a", "b" + " " * 6 + "b", [(0, 8)]),
        ("a" + " " * 12 + "a", "b" + " " * 12 + "b", [(0, 1), (13, 14)]),
        ("漢", "字", [(0, 2)]),
        ("x漢x", "xé x", [(1, 3)]),
        ("e\u0301x", "e\u0300x", [(0, 1)]),
    ],
)
def test_what_is_sent_of_a_line(before: str, after: str, spans: list[tuple[int, int]]) -> None:
    assert changed_spans(((before, Tone.PLAIN),), ((after, Tone.PLAIN),)) == spans


def test_cells_of_another_tone_are_not_sent_again_for_the_sake_of_their_neighbours() -> None:
    before: Line = (("a", Tone.PLAIN), ("   ", Tone.DIM), ("a", Tone.PLAIN))
    after: Line = (("b", Tone.PLAIN), ("   ", Tone.DIM), ("b", Tone.PLAIN))
    assert changed_spans(before, after) == [(0, 1), (4, 5)]


def _cells(line: Line) -> list[tuple[str, int, object]]:
    """Return what stands in each cell: a character, which half of it if it is wide, and a tone."""
    return [(char, half, tone) for text, tone in line for char in text for half in range(cell_len(char))]


def test_a_key_stays_with_what_it_does() -> None:
    keys: Line = ((" a ", Tone.KEY), ("abort ", Tone.PLAIN), (" e E ", Tone.KEY), ("export ", Tone.PLAIN))
    assert [plain(part).rstrip() for part in wrap_line(keys, 17)] == [" a abort", " e E export"]
