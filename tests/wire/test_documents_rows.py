"""Long lists are read row by row: all of them, within memory for a few."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.documents import LISTING, REPLY, DocumentError, Limits, parse_rows


def rows_of(body: bytes, limits: Limits = LISTING) -> list[str]:
    rows: list[str] = []
    parse_rows(body, "b", lambda row: rows.append(row.findtext("c", "")), limits)
    return rows


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5_000, 20_000])
@pytest.mark.parametrize("space", ["", "\n  ", " " * 3000])
def test_every_row_is_given_once_and_in_order(count: int, space: str) -> None:
    if len(space) * count > 10**7:
        count = 3_000
    body = "<a>" + "".join(f"{space}<b><c>{number}</c></b>" for number in range(count)) + f"{space}</a>"
    assert rows_of(body.encode()) == [str(number) for number in range(count)]


def test_what_is_not_a_row_remains() -> None:
    body = b"<a><head>1</head><list>" + b"<b><c>x</c></b>" * 10_000 + b"</list><tail>2</tail></a>"
    root = parse_rows(body, "b", lambda row: None)
    assert (root.findtext("head"), root.findtext("tail")) == ("1", "2")
    assert len(root.findall("list/b")) <= 1


def test_a_row_knows_where_it_stands() -> None:
    places: list[str] = []
    body = b"<a><x><b/></x><b><b/></b></a>"
    parse_rows(body, "b", lambda row: places.append("/".join(str(one.tag) for one in row.iterancestors())))
    assert places == ["x/a", "b/a", "a"]


def test_the_root_may_be_a_row() -> None:
    assert rows_of(b"<b><c>1</c></b>") == ["1"]


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_cut_list_is_refused_though_rows_were_seen(cut: int) -> None:
    body = b"<a>" + b"<b><c>1</c></b>" * 3 + b"</a>"
    with pytest.raises(DocumentError):
        rows_of(body[:-cut])


def test_an_error_from_taking_a_row_comes_through() -> None:
    def take(row: object) -> None:
        raise DocumentError("not this one")

    with pytest.raises(DocumentError, match="not this one"):
        parse_rows(b"<a><b/></a>", "b", take)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<a>" + b"<x/>" * 100_000 + b"</a>", "more than 5000 elements outside its rows"),
        (b"<a><b/>" + b"<x/>" * 100_000 + b"</a>", "more than 5000 elements outside its rows"),
        (b"<a><b>" + b"<x/>" * 100_000 + b"</b></a>", "more than 5000 elements outside its rows"),
        (b"<a>" + b"<b/>" * 2_000_000 + b"</a>", "more than 2000000 elements"),
        (b"<a><b>" + b"<x>" * 40 + b"</x>" * 40 + b"</b></a>", "nested deeper than 32"),
        (b"<a><b>" + b"<x>" * 40 + b"</x>" * 40 + b"</b><b/></a>", "nested deeper than 32"),
        (b"<a>" + b"<x>" * 40 + b"</x>" * 40 + b"</a>", "nested deeper than 32"),
        (b"<!DOCTYPE a><a/>", "a DTD or an entity"),
    ],
)
def test_limits_hold_inside_and_outside_of_rows(body: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        rows_of(body)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=30), max_size=30),
    st.integers(0, 200),
)
def test_text_survives_wherever_the_reader_stops_for_breath(texts: list[str], shift: int) -> None:
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in texts]
    head = "<a>" + " " * (64 * 1024 - 100 + shift)
    body = head + "\n".join(f"<b>{text}<c>{text}</c>{text}</b>{text}" for text in escaped) + "</a>"
    assert rows_of(body.encode()) == texts


MEASURE = """
import resource, sys
from console.documents import LISTING, DocumentError, parse_rows
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
parse_rows(b"<a><b><c/></b></a>", "b", lambda row: None)
body = {body}
before = peak()
try:
    parse_rows(body, "b", lambda row: None)
except DocumentError as error:
    print(error, file=sys.stderr)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted in other units elsewhere")
@pytest.mark.parametrize(
    "body",
    [
        'b"<a>" + b"<x/>" * 2_000_000 + b"</a>"',
        'b"<a>" + b"<x></x>" * 1_150_000 + b"</a>"',
        'b"<a><b>" + b"<x/>" * 2_000_000 + b"</b></a>"',
        'b"<a>" + b"<b><c>1</c></b>" * 150_000 + b"</a>"',
    ],
    ids=["tags", "pairs", "one row", "rows"],
)
def test_eight_megabytes_of_tags_cost_little_memory(body: str) -> None:
    script = MEASURE.replace("{body}", body)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 40


def test_a_list_has_its_own_limit_of_bytes() -> None:
    assert rows_of(b"<a>" + b" " * REPLY.bytes + b"<b/></a>") == [""]
    with pytest.raises(DocumentError, match="larger than 100 bytes"):
        rows_of(b"<a>" + b" " * 100 + b"</a>", Limits(bytes=100, elements=9))
