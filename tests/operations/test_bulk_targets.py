"""Targets as people write them: which they are, and what is refused as a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.operations.bulk.targets import WrongTargets, devices, from_file, matching, ports
from console.settings.values import ids_text

KNOWN = range(1, 101)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7", (7,)),
        ("1-4,77", (1, 2, 3, 4, 77)),
        (" 77 , 1 - 2 ", (1, 2, 77)),
        ("all", tuple(KNOWN)),
        (" all ", tuple(KNOWN)),
    ],
)
def test_ports(text: str, found: tuple[int, ...]) -> None:
    assert ports(text, KNOWN) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no target was named"),
        ("  ", "no target was named"),
        (",", "a comma has no id beside it"),
        ("1,", "a comma has no id beside it"),
        ("1,,2", "a comma has no id beside it"),
        ("1,1", "1 is there twice"),
        ("1-5,4", "4 is there twice"),
        ("5-1", "runs backwards"),
        ("0", "not within 1 to 2000"),
        ("2001", "not within 1 to 2000"),
        ("1-2001", "not within 1 to 2000"),
        ("-4", '"-4" is not an id or a range'),
        ("ALL", '"ALL" is not an id or a range'),
        ("all,3", '"all" is not an id or a range'),
        ("*", '"*" is not an id or a range'),
        ("٣", "is not an id or a range"),
        ("1\x1b[2J", '"1\\x1b[2J" is not an id or a range'),
        ("99-103", "this site has no port 101, 102, 103"),
        ("101-120", "this site has no port 101, 102, 103, 104, 105 and 15 more"),
    ],
)
def test_what_is_refused(text: str, words: str) -> None:
    with pytest.raises(WrongTargets) as refusal:
        ports(text, KNOWN)
    assert words in str(refusal.value)
    assert str(refusal.value).isprintable()


def test_a_site_without_ports_has_no_all() -> None:
    with pytest.raises(WrongTargets, match="this site has no ports"):
        ports("all", ())


@given(st.sets(st.integers(1, 100), min_size=1))
def test_any_set_of_ports_can_be_written(ids: set[int]) -> None:
    assert ports(ids_text(ids), KNOWN) == tuple(sorted(ids))


@given(st.text())
def test_any_text_is_targets_or_refused_as_a_whole(text: str) -> None:
    try:
        found = ports(text, KNOWN)
    except WrongTargets as refusal:
        assert str(refusal)
    else:
        assert found == tuple(sorted(set(found)))
        assert set(found) <= set(KNOWN)


def test_devices_have_any_id_and_no_all() -> None:
    assert devices("190000-190002,2147483647") == (190000, 190001, 190002, 2147483647)
    for text in ("all", "", "2147483648", "1-200000"):
        with pytest.raises(WrongTargets):
            devices(text)


def test_a_filter_is_resolved_by_whoever_knows_it() -> None:
    def where(words: str) -> list[int]:
        return {"mode:closed": [9, 3, 3, 500], "none": []}[words]

    assert matching("mode:closed", where, KNOWN) == (3, 9)
    with pytest.raises(WrongTargets, match="no port is none"):
        matching("none", where, KNOWN)
    for empty in ("", " "):
        with pytest.raises(WrongTargets, match="the filter is empty: say all"):
            matching(empty, where, KNOWN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\ufeff1-3\r\n\r\n# the far end\r\n77, # and this\r\n", (1, 2, 3, 77)),
        ("4", (4,)),
    ],
)
def test_a_file_of_targets(text: str, found: tuple[int, ...]) -> None:
    assert ports(from_file(text), KNOWN) == found


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", ","])
def test_a_file_that_names_nothing(text: str) -> None:
    with pytest.raises(WrongTargets, match="the file names no target"):
        from_file(text)
