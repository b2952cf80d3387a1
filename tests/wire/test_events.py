"""Lines of the Log Publisher: every documented one, every damage to one, and any bytes at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from console.autostore import events
from console.autostore.events import (
    LINE_LIMIT,
    Alert,
    AlertCode,
    BinDefined,
    BinLocated,
    BinModeChanged,
    CaseChanged,
    CellDefined,
    CellLocked,
    DownloadBegun,
    Event,
    HatchMoved,
    HatchPosition,
    LiftCellLocked,
    LiftLock,
    LockMode,
    PortLocationFailed,
    Unreadable,
    Unrecognised,
    read_line,
)
from console.autostore.values import BIN_MODE_LETTERS
from console.text import is_clean, safe

NOW = 17.5

DOCUMENTED: list[tuple[str, type[Event], dict[str, Any]]] = [
    ("AC,5,10001,EREQ", CaseChanged, {"port_id": 5, "bin_id": 10001, "case_state": "EREQ"}),
    ("AC,2000,4000000,CR", CaseChanged, {"port_id": 2000, "bin_id": 4000000, "case_state": "CR"}),
    ("AL,NOC", Alert, {"alert_code": "NOC"}),
    ("AL,DSTP", Alert, {"alert_code": "DSTP"}),
    ("BD,10001,330,ST", BinDefined, {"bin_id": 10001, "height": 330, "variant": "ST"}),
    ("BL,15001,1", BinLocated, {"bin_id": 15001, "grid_id": 1}),
    ("BL,15001,1,0,0", BinLocated, {"bin_id": 15001, "grid_id": 1}),
    ("BL,15001,1,0,0,0", BinLocated, {"bin_id": 15001, "grid_id": 1}),
    ("BL,15001,1,0,0,0,R", BinLocated, {"bin_id": 15001, "grid_id": 1, "mode": "TOGRID"}),
    (
        "BL,15001,1,15,12,-330",
        BinLocated,
        {"bin_id": 15001, "grid_id": 1, "xpos": 15, "ypos": 12, "depth": -330},
    ),
    (
        "BL,15001,1,15,12,1,P",
        BinLocated,
        {"bin_id": 15001, "grid_id": 1, "xpos": 15, "ypos": 12, "depth": 1, "mode": "PORT"},
    ),
    (
        "BL,15001,1,15,12,120,G,0,330",
        BinLocated,
        {"bin_id": 15001, "grid_id": 1, "xpos": 15, "ypos": 12, "depth": 120}
        | {"mode": "GRID", "content": 0, "height": 330},
    ),
    ("BM,10001,X", BinModeChanged, {"bin_id": 10001, "bin_mode": "OUTSIDE"}),
    ("BM,10001,OPEN", BinModeChanged, {"bin_id": 10001, "bin_mode": "OPEN"}),
    (
        "CD,1,1024,OV,-500,5400",
        CellDefined,
        {"xpos": 1, "ypos": 1024, "cell_type": "OV", "min_depth": -500, "max_depth": 5400},
    ),
    ("CL,1,L,15,12", CellLocked, {"grid_id": 1, "lock_mode": "L", "xpos": 15, "ypos": 12}),
    ("DS", DownloadBegun, {}),
    ("HS,1,O,1", HatchMoved, {"port_id": 1, "hatch_position": "O", "port_index": 1}),
    ("HS,1,FO,2", HatchMoved, {"port_id": 1, "hatch_position": "FO", "port_index": 2}),
    ("LCL,15,12,BOTH", LiftCellLocked, {"xpos": 15, "ypos": 12, "lock_state": "BOTH"}),
    ("LF,1,15,12", PortLocationFailed, {"grid_id": 1, "xpos": 15, "ypos": 12}),
]
"""The lines that the pages of the tags describe, and what they say."""

WHOLE = [one for one in DOCUMENTED if one[1] is not BinLocated or "height" in one[2]]
"""Those that do not go on with documented fields."""


def each(documented: list[tuple[str, type[Event], dict[str, Any]]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("line", "shape", "values"), documented, ids=[one[0] for one in documented]
    )


@each(DOCUMENTED)
@pytest.mark.parametrize("ending", ["", "\r\n", "\n"])
def test_every_documented_line(line: str, ending: str, shape: type[Event], values: dict[str, Any]) -> None:
    assert read_line(f"{line}{ending}".encode(), NOW) == shape(at=NOW, **values)


def test_every_documented_tag_is_tried() -> None:
    tags = {"AC", "AL", "BD", "BL", "BM", "CD", "CL", "DS", "HS", "LCL", "LF"}
    assert {line.partition(",")[0] for line, _, _ in DOCUMENTED} == tags == set(events._LINES)


@each(WHOLE)
def test_surplus_fields_are_kept_and_change_nothing(
    line: str, shape: type[Event], values: dict[str, Any]
) -> None:
    told = read_line(f"{line},2026-11-22T06:00:00Z,\x1b[2J".encode(), NOW)
    assert told == shape(at=NOW, surplus="2026-11-22T06:00:00Z,\\x1b[2J", **values)  # type: ignore[arg-type]


@each(DOCUMENTED)
def test_blanks_around_fields_are_nothing(line: str, shape: type[Event], values: dict[str, Any]) -> None:
    assert read_line(line.replace(",", " , ").encode(), NOW) == shape(at=NOW, **values)


@each(DOCUMENTED)
def test_a_byte_order_mark_is_nothing(line: str, shape: type[Event], values: dict[str, Any]) -> None:
    assert read_line(b"\xef\xbb\xbf" + line.encode(), NOW) == shape(at=NOW, **values)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"AC", "port_id is empty: wanted 1 to 2000"),
        (b"AC,5", "bin_id is empty: wanted 1 to 4000000"),
        (b"AC,5,10001", "case_state is empty: wanted a code"),
        (b"AC,0,10001,EREQ", "port_id is 0: wanted 1 to 2000"),
        (b"AC,2001,10001,EREQ", "port_id is 2001: wanted 1 to 2000"),
        (b"AC,5,4000001,EREQ", "bin_id is 4000001: wanted 1 to 4000000"),
        (b"AC,-5,10001,EREQ", "port_id is -5: wanted 1 to 2000"),
        (b"AC,5.0,10001,EREQ", "port_id is 5.0: wanted 1 to 2000"),
        (b"AC,+5,10001,EREQ", "port_id is +5: wanted 1 to 2000"),
        (b"AC,5_0,10001,EREQ", "port_id is 5_0: wanted 1 to 2000"),
        (b"AC,5\x00,10001,EREQ", "port_id is 5\\x00: wanted 1 to 2000"),
        (b"AC,5\r,10001,EREQ", "port_id is 5\\x0d: wanted 1 to 2000"),
        (b"AC,\xd9\xa3,10001,EREQ", "port_id is ٣: wanted 1 to 2000"),
        (b"AC,\xff,10001,EREQ", "port_id is \\xff: wanted 1 to 2000"),
        (b"AC," + b"9" * 5000 + b",1,EREQ", "port_id is 999"),
        (b"BL,1", "grid_id is empty: wanted 1 to 1024"),
        (b"BL,1,1,15", "xpos and ypos are not both of a cell"),
        (b"BL,1,1,15,0", "xpos and ypos are not both of a cell"),
        (b"BL,1,1,,12", "xpos and ypos are not both of a cell"),
        (b"BL,1,1,1025,12", "xpos is 1025: wanted 0 to 1024"),
        (b"BL,1,1,15,12,deep", "depth is deep: wanted -1000000 to 1000000"),
        (b"BL,1,1,15,12,1,P,10000001", "content is 10000001: wanted 0 to 10000000"),
        (b"CL,1,L,xpos,ypos", "xpos is xpos: wanted 1 to 1024"),
        (b"HS,1,O", "port_index is empty: wanted 1 to 2"),
        (b"HS,1,O,3", "port_index is 3: wanted 1 to 2"),
        (b"LCL,0,12,BOTH", "xpos is 0: wanted 1 to 1024"),
        (b"AL,", "alert_code is empty: wanted a code"),
    ],
)
def test_a_line_that_cannot_be_right_says_why(line: bytes, reason: str) -> None:
    told = read_line(line, NOW)
    assert isinstance(told, Unreadable)
    assert told.reason.startswith(reason)
    assert told.at == NOW


@pytest.mark.parametrize(
    ("line", "tag"),
    [
        (b"PM,5,O", "PM"),
        (b"", ""),
        (b",,,", ""),
        (b"ds", "ds"),
        (b"HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"),
        (b"\x16\x03\x01\x02", "\\x16\\x03\\x01\\x02"),
        (b"\x1b[2J,1", "\\x1b[2J"),
        (b"DS\x00", "DS\\x00"),
        (b"x" * 5000, "x" * 39 + "…"),
    ],
)
def test_a_tag_that_no_page_mentions_is_kept(line: bytes, tag: str) -> None:
    told = read_line(line, NOW)
    assert isinstance(told, Unrecognised)
    assert told.tag == tag
    assert told.text.startswith(tag.rstrip("…"))


@pytest.mark.parametrize(
    ("line", "code"),
    [(b"AL,NEW", "NEW"), (b"AL,\x1b]0;x\x07", "\\x1b]0;x\\x07"), (b"AL,\xe9", "\\xe9"), (b"AL,noc", "noc")],
)
def test_an_unknown_code_is_kept_and_safe(line: bytes, code: str) -> None:
    told = read_line(line, NOW)
    assert isinstance(told, Alert)
    assert told.alert_code == code
    assert not told.driver_lost


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        (b"AL,NOC", True),
        (b"AL,BCK", False),
        (b"AC,5,10001,CR", True),
        (b"AC,5,10001,EREQ", False),
        (b"CL,1,C,15,12", True),
        (b"CL,1,P,15,12", False),
        (b"CL,1,?,15,12", False),
        (b"LCL,15,12,CLEAR", True),
        (b"LCL,15,12,UNKNOWN", False),
        (b"BL,1,1,15,12,1,G,0,330", True),
        (b"BL,1,1,15,12,1,G", False),
    ],
)
def test_what_a_code_means(line: bytes, holds: bool) -> None:
    match read_line(line, NOW):
        case Alert() as told:
            assert told.driver_lost is holds
        case CaseChanged() as told:
            assert told.cancel_asked is holds
        case CellLocked() | LiftCellLocked() as told:
            assert told.cleared is holds
        case BinLocated() as told:
            assert told.complete is holds
        case other:
            pytest.fail(f"read as {other}")


def test_the_documented_codes() -> None:
    assert {*AlertCode} == {"NOC", "BCK", "DSTP"}
    assert {*HatchPosition} == {"U", "C", "B", "O", "FO"}
    assert {*LockMode} == {"L", "P", "C"}
    assert {*LiftLock} == {"BOTH", "CLEAR", "UNKNOWN"}


@pytest.mark.parametrize(
    ("earlier", "later", "same"),
    [
        (b"BM,1,P", b"BM,1,O", True),
        (b"BM,1,P", b"BM,2,P", False),
        (b"BM,1,P", b"BL,1,1", False),
        (b"BL,1,1", b"BL,1,1,5,5,120", True),
        (b"BL,1,1,5,5,120,G,0,330", b"BL,1,1", False),
        (b"BL,1,1,5,5,120,P", b"BL,1,1,5,5,120", False),
        (b"AC,5,1,EREQ", b"AC,5,1,ERSO", True),
        (b"AC,5,1,CR", b"AC,5,1,NOOP", False),
        (b"HS,1,O,1", b"HS,1,C,2", False),
        (b"CL,1,L,5,5", b"CL,1,C,5,5", True),
        (b"AL,NOC", b"AL,BCK", False),
        (b"XX,1", b"XX,2", True),
        (b"XX,1", b"YY,1", False),
    ],
)
def test_which_event_makes_another_out_of_date(earlier: bytes, later: bytes, same: bool) -> None:
    assert (read_line(earlier, 1.0).subject == read_line(later, 2.0).subject) is same


@pytest.mark.parametrize("limit", [10, 1000, LINE_LIMIT])
def test_a_line_at_its_limit_and_beyond(limit: int) -> None:
    line = b"AL,NOC,".ljust(limit, b"x")
    assert isinstance(read_line(line, NOW, limit), Alert)
    told = read_line(line + b"x", NOW, limit)
    assert isinstance(told, Unreadable)
    assert told.reason == f"the line is longer than {limit} bytes"
    assert told.text.startswith("AL,NOC,xxx")


def texts(event: Event) -> list[str]:
    return [value for value in structs.asdict(event).values() if isinstance(value, str)]


FIELD = st.integers(-10, 5_000_000).map(str) | st.sampled_from(["", "EREQ", "O", "xpos", "\x1b[2J", "é"])
LIKELY = st.builds(
    lambda tag, fields, end: ",".join([tag, *fields]).encode() + end,
    st.sampled_from(sorted(events._LINES)) | st.text(max_size=3),
    st.lists(FIELD | st.text(max_size=8), max_size=10),
    st.sampled_from([b"", b"\r\n", b"\r", b"\xff"]),
)


@given(st.binary(max_size=300) | LIKELY)
def test_any_bytes_are_an_event_of_safe_and_short_text(line: bytes) -> None:
    told = read_line(line, NOW)
    assert told.at == NOW
    assert hash(told.subject) is not None
    assert all(len(text) <= 256 and is_clean(text) for text in texts(told))


@given(st.binary(min_size=21, max_size=5000))
def test_what_lies_beyond_the_limit_is_not_looked_at(line: bytes) -> None:
    assert read_line(line, NOW, 20) == read_line(line[:20] + b"\x1b" * 5000, NOW, 20)


def numbers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


LOCATIONS = st.builds(
    BinLocated,
    at=st.just(NOW),
    bin_id=numbers(1, 4_000_000),
    grid_id=numbers(1, 1024),
    xpos=numbers(1, 1024),
    ypos=numbers(1, 1024),
    depth=numbers(-1_000_000, 1_000_000),
    mode=st.sampled_from(sorted(BIN_MODE_LETTERS)).map(safe),
    content=numbers(0, 10_000_000),
    height=st.sampled_from([220, 330, 425]),
)


@given(LOCATIONS)
def test_what_a_location_says_is_what_was_written(written: BinLocated) -> None:
    fields = [getattr(written, name) for name in written.__struct_fields__ if name not in ("at", "surplus")]
    told = read_line(f"BL,{','.join(map(str, fields))}".encode(), NOW)
    assert written.mode is not None
    assert told == structs.replace(written, mode=BIN_MODE_LETTERS[written.mode].value)
