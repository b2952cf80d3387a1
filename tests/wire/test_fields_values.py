"""One value of each kind: what is taken, as what, and how the rest is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.fields import Field, Invalid, Kind, check, whole_number
from console.secret import Secret

PORT = Field(name="port_id", kind=Kind.INTEGER, low=1, high=2000)
BIN_TYPE = Field(name="bin_type", kind=Kind.INTEGER, choices=("1", "2", "5"))
FLAG = Field(name="all", kind=Kind.BOOLEAN)
TIME = Field(name="req_time", kind=Kind.TIME)
MODE = Field(name="port_mode", kind=Kind.CHOICE, choices=("OPEN", "SWAP"))
TEXT = Field(name="name", kind=Kind.TEXT, high=8)
GMT = timezone(timedelta(0), "GMT")
KEY = Field(name="uniquehash", kind=Kind.SECRET, high=8)


@pytest.mark.parametrize("value", [1, 2000, "1", "2000", "0007"])
def test_numbers_in_range(value: object) -> None:
    assert check(PORT, value) == int(str(value))
    assert type(check(PORT, value)) is int


HUGE = 10**5000
OUT_OF_RANGE = [0, 2001, -1, "0", "2001", "-1", "9" * 13]
NOT_PLAIN_DIGITS = ["abc", "", "+4", " 4", "4 ", "4\n", "４", "٤", "4.0", "4_0", "0x4", "1e3"]
NOT_A_NUMBER = [4.0, True, False, None, b"4", [4], (4,)]
TOO_LONG = [pytest.param(HUGE, id="huge"), pytest.param("9" * 100_000, id="long")]


@pytest.mark.parametrize("value", [*OUT_OF_RANGE, *NOT_PLAIN_DIGITS, *NOT_A_NUMBER, *TOO_LONG])
def test_numbers_that_are_refused(value: object) -> None:
    with pytest.raises(Invalid) as raised:
        check(PORT, value)
    assert raised.value.parameter == "port_id"
    assert str(raised.value).startswith("port_id is ")
    assert str(raised.value).endswith(": wanted a whole number 1 to 2000")
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(("value", "taken"), [("1", 1), (5, 5), ("5", 5)])
def test_numbers_from_a_list(value: object, taken: int) -> None:
    assert check(BIN_TYPE, value) == taken


@pytest.mark.parametrize("value", [0, 3, "16", "x", pytest.param(HUGE, id="huge")])
def test_numbers_outside_a_list(value: object) -> None:
    with pytest.raises(Invalid, match="wanted one of 1, 2, 5"):
        check(BIN_TYPE, value)


@pytest.mark.parametrize("value", [True, "true", "TRUE", "True", "1"])
def test_true(value: object) -> None:
    assert check(FLAG, value) is True


@pytest.mark.parametrize("value", [False, "false", "FALSE", "0"])
def test_false(value: object) -> None:
    assert check(FLAG, value) is False


@pytest.mark.parametrize("value", ["", "yes", "on", " true", 1, 0, None, "ｔｒｕｅ"])
def test_neither_true_nor_false(value: object) -> None:
    with pytest.raises(Invalid, match=r"all is .*: wanted true or false"):
        check(FLAG, value)


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("2026-11-22T06:00:00Z", datetime(2026, 11, 22, 6, tzinfo=UTC)),
        ("2026-11-22T06:00:00+00:00", datetime(2026, 11, 22, 6, tzinfo=UTC)),
        ("2026-11-22T06:00:00.999999Z", datetime(2026, 11, 22, 6, tzinfo=UTC)),
        (datetime(2026, 11, 22, 6, 0, 0, 500, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC)),
        (datetime(2026, 1, 5, 6, tzinfo=GMT), datetime(2026, 1, 5, 6, tzinfo=UTC)),
        ("1971-01-01T00:00:00Z", datetime(1971, 1, 1, tzinfo=UTC)),
        ("2038-01-18T23:59:59Z", datetime(2038, 1, 18, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_times_in_utc_become_whole_seconds(value: object, taken: datetime) -> None:
    moment = check(TIME, value)
    assert moment == taken
    assert isinstance(moment, datetime)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T06:00:00",  # local: nobody said whose
        "2026-11-22T06:00:00+01:00",
        "2026-11-22T06:00:00-00:00",
        datetime(2026, 11, 22, 6),  # noqa: DTZ001
        datetime(2026, 11, 22, 6, tzinfo=timezone(timedelta(hours=1))),
        "1970-12-31T23:59:59Z",
        "2038-01-19T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-02-30T06:00:00Z",
        "2026-11-22T06:00:60Z",
        "2026-11-22T25:00:00Z",
        "2026-11-22 06:00:00Z",
        "2026-11-22T06:00Z",
        "2026-11-22t06:00:00z",
        "２０２６-11-22T06:00:00Z",
        "2026-11-22T06:00:00Z\n",
        "2026-11-22",
        "now",
        "",
        1_795_000_000,
        None,
    ],
)
def test_other_times_are_refused(value: object) -> None:
    with pytest.raises(Invalid) as raised:
        check(TIME, value)
    assert "wanted a UTC time 1971-01-01 to 2038-01-18, like 2026-11-22T06:00:00Z" in str(raised.value)


def test_choices() -> None:
    assert check(MODE, "OPEN") == "OPEN"
    for value in ("open", "CLOSED", " OPEN", "", 1, None):
        with pytest.raises(Invalid, match=r"port_mode is .*: wanted one of OPEN, SWAP"):
            check(MODE, value)


@pytest.mark.parametrize("value", ["", "12345678", "Łódź 倉", "a\u00a0b", "*#", "0"])
def test_text_is_kept_as_it_is(value: str) -> None:
    assert check(TEXT, value) == value


@pytest.mark.parametrize("value", ["123456789", "a\nb", "\x1b[m", "\u202e", "half \ud800", "\x9b", 4, None])
def test_text_that_is_refused(value: object) -> None:
    with pytest.raises(Invalid) as raised:
        check(TEXT, value)
    assert "wanted text of at most 8 characters without control characters" in str(raised.value)
    assert str(raised.value).isprintable()


def test_secrets_become_secrets() -> None:
    assert check(KEY, "hunter2") == Secret("hunter2")
    assert check(KEY, Secret("hunter2")) == Secret("hunter2")


@pytest.mark.parametrize("value", ["hunter2-too-long", "hunt\ner2", Secret("hunter2-too-long"), 2222222])
def test_a_refused_secret_is_not_repeated(value: object) -> None:
    with pytest.raises(Invalid) as raised:
        check(KEY, value)
    error: BaseException | None = raised.value
    assert "uniquehash is not shown" in str(error)
    while error is not None:
        assert "hunt" not in repr(error.args) + repr(vars(error))
        assert "2222" not in repr(error.args) + repr(vars(error))
        error = error.__context__


@given(st.text() | st.text("0123456789-+ _٤４", max_size=14))
def test_whole_numbers_are_plain_digits(text: str) -> None:
    number = whole_number(text)
    digits = text.removeprefix("-")
    plain = digits.isascii() and digits.isdigit() and len(digits) <= 12
    assert number == (int(text) if plain else None)


@given(st.integers(-(10**13), 10**13))
def test_a_number_and_its_digits_are_the_same_value(number: int) -> None:
    def taken(value: object) -> object:
        try:
            return check(PORT, value)
        except Invalid:
            return None

    assert taken(number) == taken(str(number)) == (number if 1 <= number <= 2000 else None)
