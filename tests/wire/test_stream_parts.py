"""The pure parts of following a stream: where lines end, and when a download is complete."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.autostore.events import Event, read_line
from console.autostore.stream import Download, Lines


def cut(limit: int, *pieces: bytes) -> list[bytes]:
    lines = Lines(limit)
    return [line for piece in pieces for line in lines.feed(piece)]


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ((b"AL,NOC\r\nDS\r\n",), [b"AL,NOC\r", b"DS\r"]),
        ((b"AL,", b"NOC\r", b"\nDS", b"\n"), [b"AL,NOC\r", b"DS"]),
        ((b"\r\n\n  \r\n",), []),
        ((b"AL,NOC",), []),
        ((b"",), []),
        ((b"12345678901234567890\nDS\n",), [b"12345678901", b"DS"]),
        ((b"1234567890", b"1", b"2345", b"6\n", b"DS\n"), [b"12345678901", b"DS"]),
        ((b"1234567890\n", b"DS\n"), [b"1234567890", b"DS"]),
    ],
)
def test_lines_are_cut(pieces: tuple[bytes, ...], lines: list[bytes]) -> None:
    assert cut(10, *pieces) == lines


def test_a_long_line_is_returned_as_soon_as_it_is_long() -> None:
    lines = Lines(10)
    assert lines.feed(b"x" * 10) == []
    assert lines.feed(b"x") == [b"x" * 11]
    assert lines.feed(b"x" * 10_000) == []
    assert lines.feed(b"\nDS\n") == [b"DS"]


DATA = st.lists(st.sampled_from([b"DS", b"\n", b"\r\n", b",", b"x" * 7, b"\xff\x00"]), max_size=40).map(
    b"".join
)


@given(DATA, st.lists(st.integers(0, 200)), st.integers(1, 20))
def test_where_the_pieces_end_makes_no_difference(data: bytes, cuts: list[int], limit: int) -> None:
    places = sorted({0, len(data), *(place for place in cuts if place <= len(data))})
    pieces = [data[begin:end] for begin, end in pairwise(places)]
    lines = cut(limit, *pieces)
    assert lines == cut(limit, data)
    assert all(0 < len(line) <= limit + 1 for line in lines)


@given(DATA)
def test_nothing_between_line_ends_is_lost(data: bytes) -> None:
    *ended, _ = data.split(b"\n")
    assert cut(10_000, data) == [line for line in ended if line.strip()]


def heard(*told: tuple[float, str]) -> Download:
    download = Download(quiet=1.0)
    for at, line in told:
        download.hear(event(line, at))
    return download


def event(line: str, at: float) -> Event:
    return read_line(line.encode(), at)


@pytest.mark.parametrize(
    "line",
    ["BL,1,1,5,5,120,G,0,330", "BD,1,330,ST", "CL,1,P,5,5", "LCL,5,5,BOTH", "CD,5,5,ST,0,5000", "DS"],
)
def test_a_line_of_a_download_puts_its_end_off(line: str) -> None:
    download = heard((10.0, "DS"), (10.5, line))
    assert download.wait(10.5) == 1.0
    assert not download.end(11.4)
    assert download.end(11.5)


@pytest.mark.parametrize(
    "line", ["BL,1,1", "BL,1,1,5,5,120,P", "BM,1,P", "HS,1,O,1", "AC,5,1,EREQ", "AL,BCK", "LF,1,5,5", "XX"]
)
def test_a_change_does_not_put_the_end_off(line: str) -> None:
    download = heard((10.0, "DS"), (10.9, line))
    assert download.wait(10.9) == pytest.approx(0.1)
    assert download.end(11.0)


def test_without_a_download_nothing_is_complete() -> None:
    download = heard((10.0, "BL,1,1,5,5,120,G,0,330"), (10.0, "CL,1,P,5,5"))
    assert download.wait(99.0) is None
    assert not download.end(99.0)


def test_each_download_is_complete_once() -> None:
    download = heard((10.0, "DS"), (10.5, "DS"))
    assert download.wait(99.0) == 0.0
    assert [download.end(99.0), download.end(99.0)] == [True, False]
    download.hear(event("DS", 100.0))
    assert [download.end(100.9), download.end(101.0)] == [False, True]
