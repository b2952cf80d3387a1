"""A reply as lines: values, groups, tables; secrets hidden, hostile text in view, long lists counted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.interface.drawing import Tone, plain
from console.interface.reply_lines import ROWS, WIDEST, reply_lines
from console.secret import Secret
from console.text import is_clean


def texts(reply: dict[str, Any]) -> list[str]:
    return [plain(line) for line in reply_lines(reply)]


SHOWN: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["The reply holds no values."]),
    ({"mode": 20, "stopcode": None}, ["mode      20", "stopcode  -"]),
    ({"is_ready": True, "getbin": False}, ["is_ready  true", "getbin    false"]),
    ({"status": "Device was deleted"}, ["status  Device was deleted"]),
    ({"secret": Secret("c4nary")}, ["secret  ***"]),
    ({"codecs": ("alaw", "ulaw"), "none": ()}, ["codecs  alaw, ulaw", "none    none"]),
    ({"status": {"success": "Rule added"}}, ["status", "  success  Rule added"]),
    (
        {"details": {"main": {"tariff": "t"}, "pin": Secret("c4nary")}},
        ["details", "  main", "    tariff  t", "  pin   ***"],
    ),
    (
        {"bins": ({"bin_id": 7, "content": None}, {"bin_id": 4000000, "mode": "GRID"})},
        ["bins  2", "  bin_id   content  mode", "  7        -", "  4000000           GRID"],
    ),
    (
        {"devices": ({"secret": Secret("c4nary"), "codecs": {"audio": "alaw"}},), "page": 1},
        ["devices  1", "  secret  codecs", "  ***     audio=alaw", "page     1"],
    ),
    ({"mixed": ({"a": 1}, "b")}, ["mixed  a=1, b"]),
    ({"港": 1, "a": 2}, ["港  1", "a   2"]),
    ({"bins": ({"名": "字字", "b": 1},)}, ["bins  1", "  名    b", "  字字  1"]),
]


@pytest.mark.parametrize(("reply", "lines"), SHOWN)
def test_a_reply(reply: dict[str, Any], lines: list[str]) -> None:
    assert texts(reply) == lines


def test_names_are_dim_and_headings_stand_out() -> None:
    lines = reply_lines({"mode": 20, "bins": ({"bin_id": 7},)})
    assert [tone for line in lines for _, tone in line] == [
        *(Tone.DIM, Tone.PLAIN),
        *(Tone.TITLE, Tone.DIM, Tone.PLAIN),
    ]


def test_a_long_value_takes_only_its_share_of_a_table() -> None:
    lines = texts({"rows": ({"name": "x" * 100, "id": 5},)})
    assert lines[-1] == "  " + "x" * (WIDEST - 1) + "…" + "  5"


def test_ten_thousand_rows_are_counted_and_only_the_first_are_drawn() -> None:
    rows = tuple({"bin_id": number} for number in range(10_000))
    lines = texts({"bins": rows})
    assert lines[0] == "bins  10000"
    assert lines[2:4] == ["  0", "  1"]
    assert lines[-1] == f"  and {10_000 - ROWS} more"
    assert len(lines) == ROWS + 3


HOSTILE = "\x1b]0;x\x07[red]‮\n"


def test_hostile_text_is_shown_for_what_it_is() -> None:
    shown = "\\x1b]0;x\\x07[red]\\u202e\\x0a"
    assert texts({HOSTILE: HOSTILE}) == [f"{shown}  {shown}"]
    assert texts({HOSTILE: {HOSTILE: 1}}) == [shown, f"  {shown}  1"]
    rows = ({HOSTILE: HOSTILE, "nested": {HOSTILE: HOSTILE}},)
    assert all(is_clean(line) for line in texts({"rows": rows}))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(Secret("c4nary")),
    lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=15,
)


@given(st.dictionaries(st.text(), values))
def test_any_reply_can_be_shown(reply: dict[str, Any]) -> None:
    lines = texts(reply)
    assert lines
    assert all(is_clean(line) for line in lines)
    assert "c4nary" not in "".join(lines)


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_the_columns_of_a_table_stand_under_each_other(texts_in: list[tuple[str, str]]) -> None:
    rows = tuple({"a": one, "字": other, "last": "|"} for one, other in texts_in)
    head, *drawn = texts({"rows": rows})[1:]
    places = {cell_len(line.removesuffix("|")) for line in drawn}
    assert places == {cell_len(head.removesuffix("last"))}
