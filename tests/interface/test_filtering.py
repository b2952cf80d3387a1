"""The words of the ports filter."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.interface.filtering import Candidate, UnknownWord, parse
from console.state.entities import Port
from console.state.quality import Quality

from .world import case_in_error, closed, port, with_bin

PORTS = {
    1: closed(1, "CO"),
    2: with_bin(2, 101337),
    3: case_in_error(3, 101499),
    4: port(4, "RUNOUT", "ECO"),
    6: port(6, "DISABLED"),
    105: port(105, "OPEN", "AC", case="NOOP"),
    150: None,
    250: port(250, None, None),
}
STALE = {4, 150}
MARKED = {1, 105}


KEPT = [
    ("", set(PORTS)),
    ("   ", set(PORTS)),
    ("mode:open", {2, 3, 105}),
    ("MODE:Op", {2, 3, 105}),
    ("mode:", set(PORTS)),
    ("type:ac", {3, 105}),
    ("bin:101337", {2}),
    ("bin:101", {2, 3}),
    ("case:erso", {3}),
    ("case:n", {105}),
    ("105", {105}),
    ("3-105", {3, 4, 6, 105}),
    ("105-3", {3, 4, 6, 105}),
    ("stale", STALE),
    ("live", set(PORTS) - STALE),
    ("alarm", {3}),
    ("marked", MARKED),
    ("open", {2, 3, 4, 105}),
    ("closed", {1}),
    ("runout", {4}),
    ("erso", {3}),
    ("eco", {4}),
    ("-closed", set(PORTS) - {1}),
    ("-mode:open", set(PORTS) - {2, 3, 105}),
    ("-1-105", {150, 250}),
    ("--closed", {1}),
    ("type:ac -alarm", {105}),
    ("open -marked", {2, 3, 4}),
    ("nothing like that", set()),
    ("12345", set()),
    ("-", set()),
]
"""What is typed, and the ports it keeps."""

WORDS = st.sampled_from([text for text, _ in KEPT if len(text.split()) == 1])


def candidate(port_id: int) -> Candidate:
    reading = PORTS[port_id]
    known = Port(port_id=port_id, reading=reading, seen_at=None if reading is None else 0.0)
    quality = Quality.STALE if port_id in STALE else Quality.LIVE
    return Candidate(port=known, quality=quality, marked=port_id in MARKED)


def kept(text: str) -> set[int]:
    keeps = parse(text).keeps
    return {port_id for port_id in PORTS if keeps(candidate(port_id))}


@pytest.mark.parametrize(("text", "ids"), KEPT)
def test_what_words_keep(text: str, ids: set[int]) -> None:
    assert kept(text) == ids


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    assert kept(text) <= set(PORTS)


@given(WORDS)
def test_a_minus_turns_a_word_round(word: str) -> None:
    assert kept(f"-{word}") == set(PORTS) - kept(word) or word == "-"


@given(WORDS, WORDS)
def test_all_words_must_hold(a: str, b: str) -> None:
    assert kept(f"{a} {b}") == kept(a) & kept(b)


@pytest.mark.parametrize(("text", "asks"), [("marked", True), ("-Marked 1-5", True), ("open", False)])
def test_a_filter_knows_whether_marks_matter_to_it(text: str, asks: bool) -> None:
    assert parse(text).asks_for_marks is asks


@pytest.mark.parametrize("unknown", ["mode:open", "type:ac", "bin:1", "case:n", "open", "closed", "alarm"])
def test_what_was_never_seen_matches_no_state(unknown: str) -> None:
    never: dict[str, Any] = {"quality": Quality.NEVER, "marked": False}
    assert not parse(unknown).keeps(Candidate(port=Port(port_id=1), **never))


@pytest.mark.parametrize(
    "words",
    ["mode:clos", "type:AC", "-open", "alarm", "1-3", "bin:10", "case:erso", "live", "-stale", "-1-3"],
)
def test_a_word_that_means_one_thing_is_taken_unseen(words: str) -> None:
    assert len(parse(words, strict=True).words) == 1


@pytest.mark.parametrize(
    "words",
    [
        *("clsoed", "-clsoed", "mode:", "-mode:", "mode:x", "type:zz", "marked", "-marked"),
        *("1-", "1-2-3", "12345", "-", "--open", "bin:", "colour:red", "é", "٣", "closed clsoed"),
    ],
)
def test_a_word_that_means_nothing_is_refused_where_nobody_looks(words: str) -> None:
    with pytest.raises(UnknownWord, match="no word"):
        parse(words, strict=True)


@given(st.text())
def test_what_is_taken_unseen_keeps_the_same_as_what_is_typed(text: str) -> None:
    try:
        strict = parse(text, strict=True)
    except UnknownWord:
        return
    candidate = Candidate(Port(port_id=1, reading=closed(1, "CO")), Quality.LIVE, marked=False)
    assert strict.keeps(candidate) == parse(text).keeps(candidate)
