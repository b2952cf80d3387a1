"""Several values together: unknown, missing, repeated and excluded ones, records and entries."""

from datetime import UTC, datetime

import pytest

from console.fields import Field, Invalid, Kind, gather, gather_pairs

PORT = Field(name="port_id", kind=Kind.INTEGER, low=1, high=2000, required=True)
CATEGORY = Field(name="category", kind=Kind.INTEGER, low=1, high=9, repeated=True, most=3, excludes="content")
CONTENT = Field(name="content", kind=Kind.INTEGER, low=0, high=9, repeated=True, excludes="category")
KEY = Field(name="uniquehash", kind=Kind.SECRET, high=8)
TASK = Field(
    name="task",
    kind=Kind.RECORD,
    repeated=True,
    fields=(
        Field(name="task_id", kind=Kind.INTEGER, low=1, high=9, required=True),
        Field(name="start", kind=Kind.TIME),
    ),
)
ENTRY = Field(
    name="entry",
    kind=Kind.ENTRY,
    repeated=True,
    fields=(
        Field(name="bin_id", kind=Kind.INTEGER, low=1, high=9),
        Field(name="content", kind=Kind.INTEGER, low=0, high=9),
        Field(name="begingroup", kind=Kind.BOOLEAN),
    ),
)
FIELDS = (PORT, CATEGORY, CONTENT, KEY)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"port_id": "4"}, {"port_id": 4}),
        ({"category": 1, "port_id": 4}, {"port_id": 4, "category": (1,)}),
        ({"port_id": 4, "category": ["1", 2]}, {"port_id": 4, "category": (1, 2)}),
        ({"port_id": 4, "category": None, "content": [0]}, {"port_id": 4, "content": (0,)}),
        ({"port_id": 4, "category": [], "content": "0"}, {"port_id": 4, "content": (0,)}),
        ({"port_id": 4, "category": (), "uniquehash": None}, {"port_id": 4}),
    ],
)
def test_values_come_back_typed_and_in_order(given: dict[str, object], taken: dict[str, object]) -> None:
    assert list(gather(FIELDS, given).items()) == list(taken.items())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "port_id is missing: wanted a whole number 1 to 2000"),
        ({"port_id": None}, "port_id is missing: wanted a whole number 1 to 2000"),
        ({"port_id": ""}, "port_id is : wanted a whole number 1 to 2000"),
        ({"port_id": [4]}, "port_id is a list: wanted a whole number 1 to 2000"),
        ({"port_id": 4, "category": [1, 2, 3, 4]}, "category is 4 values: wanted at most 3"),
        ({"port_id": 4, "category": [1, 0]}, "category is 0: wanted a whole number 1 to 9"),
        ({"port_id": 4, "category": [True]}, "category is true: wanted a whole number 1 to 9"),
        ({"port_id": 4, "category": [[1, 2], 3]}, "category is 1, 2: wanted a whole number 1 to 9"),
        (
            {"port_id": 4, "category": [1, 2], "content": [2]},
            "category is 1, 2: wanted it left out, or content left out: never both",
        ),
        (
            {"port_id": 4, "Category": 1},
            "Category is unknown: wanted one of port_id, category, content, uniquehash",
        ),
        (
            {"port_id": 4, "x\x1b[2J": None},
            "x\\x1b[2J is unknown: wanted one of port_id, category, content, uniquehash",
        ),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(Invalid) as raised:
        gather(FIELDS, given)
    assert str(raised.value) == message


def test_nothing_is_taken_where_nothing_is_expected() -> None:
    assert gather((), {}) == {}
    with pytest.raises(Invalid, match="port_id is unknown: wanted no parameters at all"):
        gather((), {"port_id": 4})


def test_the_value_of_an_unknown_name_is_not_repeated() -> None:
    with pytest.raises(Invalid) as raised:
        gather(FIELDS, {"port_id": 4, "uniquehsh": "hunter2"})
    assert "hunter2" not in str(raised.value) + raised.value.value


def test_pairs_make_lists_of_repeated_names() -> None:
    pairs = [("port_id", "4"), ("category", "1"), ("category", "2")]
    assert gather_pairs(FIELDS, pairs) == {"port_id": 4, "category": (1, 2)}
    assert gather_pairs(FIELDS, pairs[:2]) == {"port_id": 4, "category": (1,)}


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("port_id", "4"), ("port_id", "5")], "port_id is 2 values: wanted one value"),
        ([("uniquehash", "hunter1"), ("uniquehash", "hunter2")], "uniquehash is 2 values: wanted one value"),
        ([("nix", "1"), ("nix", "2")], "nix is unknown: wanted one of"),
    ],
)
def test_pairs_that_are_refused(pairs: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(Invalid) as raised:
        gather_pairs(FIELDS, pairs)
    assert str(raised.value).startswith(message)


def test_records_from_mappings_and_from_text() -> None:
    start = datetime(2026, 11, 22, 6, tzinfo=UTC)
    wanted = {"task": ({"task_id": 1}, {"task_id": 2, "start": start})}
    assert gather((TASK,), {"task": [{"task_id": 1}, {"start": start, "task_id": 2}]}) == wanted
    assert gather((TASK,), {"task": ["task_id:1", "task_id:2,start:2026-11-22T06:00:00Z"]}) == wanted
    assert gather((TASK,), {"task": "task_id:1"}) == {"task": ({"task_id": 1},)}


@pytest.mark.parametrize(
    "value", ["", "1", "task_id", "task_id:0", "task_id:1,task_id:2", "x\x1b:1", {}, 7, [[]]]
)
def test_records_that_are_refused(value: object) -> None:
    with pytest.raises(Invalid) as raised:
        gather((TASK,), {"task": [value]})
    assert str(raised.value).isprintable()


def test_entries_hold_exactly_one_value_in_order() -> None:
    given = ["bin_id:7", {"content": 0}, "begingroup", {"begingroup": True, "bin_id": None}]
    wanted = ({"bin_id": 7}, {"content": 0}, {"begingroup": True}, {"begingroup": True})
    assert gather((ENTRY,), {"entry": given}) == {"entry": wanted}


@pytest.mark.parametrize(
    "value",
    [{}, {"bin_id": None}, {"bin_id": 1, "content": 1}, {"begingroup": False}, "begingroup:false", ""],
)
def test_entries_that_are_refused(value: object) -> None:
    with pytest.raises(Invalid):
        gather((ENTRY,), {"entry": [value]})
