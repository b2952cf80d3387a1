"""What rules make of a number: the pages' worked examples, and which of several rules wins."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.mor.calls import DEVICE_RULE_CREATE, Profile
from console.mor.preview import ASSUMPTIONS, Preview, Side, Why, draft, preview
from console.mor.replies import DeviceRule
from console.text import safe

DST, SRC = Side.DST, Side.SRC


def rule(rule_id: int = 1, cut: str = "", add: str = "", lengths: str = "1..100", **more: Any) -> DeviceRule:
    low, _, high = lengths.partition("..")
    plain = DeviceRule(
        rule_id=rule_id,
        device_id=2,
        name=safe(f"rule {rule_id}"),
        enabled=True,
        cut=safe(cut),
        add=safe(add),
        minlen=int(low),
        maxlen=int(high),
        pr_type=safe("dst"),
        change_callerid_name=False,
    )
    return msgspec.structs.replace(plain, **more)


def whys(seen: Preview) -> dict[int, Why]:
    return {verdict.rule.rule_id: verdict.why for verdict in seen.verdicts}


# cut | add | lengths | number before | number after
WORKED_EXAMPLES = """
        | 00     | 1..100 | 37063011111     | 0037063011111
        | 89765# | 1..100 | 37063042438     | 89765#37063042438
 *#     |        | 1..100 | 999#37063042439 | 37063042439
 00     |        | 1..100 | 00123456789     | 123456789
        | 39     | 10..10 | 0612345678      | 390612345678
 00     |        | 14..14 | 00393331234567  | 393331234567
 39     |        | 12..12 | 390612345678    | 0612345678
"""


@pytest.mark.parametrize("line", WORKED_EXAMPLES.strip("\n").splitlines())
def test_the_worked_examples_of_the_pages(line: str) -> None:
    cut, add, lengths, before, after = (cell.strip() for cell in line.split("|"))
    seen = preview([rule(1, cut, add, lengths)], before, DST)
    assert (seen.number, whys(seen)) == (after, {1: Why.APPLIED})


def test_the_worked_example_of_a_caller_with_a_name() -> None:
    example = rule(1, "00", "", pr_type="src", change_callerid_name=True)
    seen = preview([example], "00123456789", SRC, "00123456789")
    assert (seen.name, seen.number) == ("123456789", "123456789")


@pytest.mark.parametrize(
    ("name_too", "name", "after"),
    [(False, "00123", "00123"), (True, "00123", "123"), (True, "Reception", "Reception"), (True, "", "")],
)
def test_the_name_changes_only_when_the_rule_says_so_and_fits_it(
    name_too: bool, name: str, after: str
) -> None:
    one = rule(1, "00", "", pr_type="src", change_callerid_name=name_too)
    assert preview([one], "00123456789", SRC, name).name == after


def test_a_rule_for_the_number_called_leaves_the_name() -> None:
    seen = preview([rule(1, "00", "", change_callerid_name=True)], "00123", DST, "00123")
    assert (seen.number, seen.name) == ("123", "00123")


@pytest.mark.parametrize(
    ("one", "number", "why"),
    [
        (rule(cut="353", add="0"), "353861234567", Why.APPLIED),
        (rule(cut="353", add="0"), "44861234567", Why.NO_PREFIX),
        (rule(cut="353", add="0"), "0353", Why.NO_PREFIX),
        (rule(cut="353"), "", Why.TOO_SHORT),
        (rule(add="39", lengths="10..10"), "123456789", Why.TOO_SHORT),
        (rule(add="39", lengths="10..10"), "12345678901", Why.TOO_LONG),
        (rule(add="39", lengths="10..10"), "1234567890", Why.APPLIED),
        (rule(cut="*#"), "37063042439", Why.NO_HASH),
        (rule(cut="*#"), "#", Why.APPLIED),
        (rule(cut="-", add="00"), "37063", Why.APPLIED),
        (rule(add="00", enabled=False), "37063", Why.OFF),
        (rule(add="00", pr_type="src"), "37063", Why.OTHER_SIDE),
        (rule(add="00", pr_type="both"), "37063", Why.OTHER_SIDE),
        (rule(add="00", minlen=None, maxlen=None), "1" * 200, Why.APPLIED),
    ],
)
def test_why_a_rule_is_applied_or_not(one: DeviceRule, number: str, why: Why) -> None:
    seen = preview([one], number, DST)
    assert whys(seen) == {1: why}
    assert seen.applied is (one if why is Why.APPLIED else None)
    assert why is Why.APPLIED or seen.number == number


@pytest.mark.parametrize(
    ("cut", "add", "number", "after"),
    [
        ("*#", "00", "999#370", "00370"),
        ("*#", "", "9#8#370", "8#370"),
        ("-", "00", "370", "370"),
        ("353", "0", "353861234567", "0861234567"),
        ("0", "", "00", "0"),
        ("0", "0", "0861", "0861"),
        ("370", "", "370", ""),
        ("*", "", "*21#", "21#"),
    ],
)
def test_cut_and_add(cut: str, add: str, number: str, after: str) -> None:
    assert preview([rule(1, cut, add)], number, DST).number == after


def test_the_lowest_id_that_fits_wins_and_is_the_only_one() -> None:
    rules = [rule(9, "", "9"), rule(3, "44", "3"), rule(5, "370", "5"), rule(7, "370", "7", enabled=False)]
    seen = preview(rules, "37063", DST)
    assert seen.number == "563"
    assert list(whys(seen).items()) == [
        (3, Why.NO_PREFIX),
        (5, Why.APPLIED),
        (7, Why.OFF),
        (9, Why.NOT_REACHED),
    ]
    assert seen.applied is rules[2]


def test_sending_as_received_wins_over_later_rules_too() -> None:
    seen = preview([rule(2, "", "00"), rule(1, "-")], "37063", DST)
    assert (seen.number, whys(seen)) == ("37063", {1: Why.APPLIED, 2: Why.NOT_REACHED})


def test_without_rules_a_number_stays() -> None:
    seen = preview([], "37063", SRC, "Léa")
    assert (seen.number, seen.name, seen.verdicts, seen.applied) == ("37063", "Léa", (), None)


def test_it_is_labelled_an_estimate() -> None:
    assert "estimate" in ASSUMPTIONS[0]
    assert preview([], "1", DST).assumptions is ASSUMPTIONS


def test_what_is_shown_is_safe() -> None:
    seen = preview([rule(1, "", "00")], "\x1b[31m", SRC, "\u202e")
    assert (seen.number, seen.name) == ("\\x1b[31m", "\\u202e")


def test_a_rule_that_is_about_to_be_created_comes_last() -> None:
    given = {"device_id": 2, "name": "new", "cut": "370", "add": "0"}
    new = draft(DEVICE_RULE_CREATE.check(given))
    assert (new.minlen, new.maxlen, new.pr_type, new.change_callerid_name) == (1, 100, "dst", False)
    assert preview([new], "37063", DST).number == "063"
    assert whys(preview([new, rule(8, "", "9")], "37063", DST)) == {8: Why.APPLIED, 0: Why.NOT_REACHED}


def test_a_draft_says_what_was_asked_for() -> None:
    asked = {
        "device_id": 2,
        "name": "new",
        "cut": "",
        "add": "0",
        "minlen": "9",
        "maxlen": 12,
        "pr_type": "src",
        "change_callerid_name": "1",
    }
    new = draft(DEVICE_RULE_CREATE.check(asked, Profile.Y2020))
    assert (new.cut, new.add, new.minlen, new.maxlen, new.pr_type) == ("", "0", 9, 12, "src")
    assert (new.enabled, new.change_callerid_name, new.rule_id) == (True, True, 0)


NUMBERS = st.text("0123456789#*+", max_size=12)
RULES = st.builds(
    rule,
    st.integers(1, 5),
    st.sampled_from(["", "0", "00", "370", "*#", "-"]),
    st.sampled_from(["", "0", "39", "9#"]),
    st.builds("{}..{}".format, st.integers(0, 12), st.integers(0, 12)),
    enabled=st.booleans(),
    pr_type=st.sampled_from([*Side]).map(str).map(safe),
    change_callerid_name=st.booleans(),
)


@given(st.lists(RULES, max_size=6), NUMBERS, st.sampled_from(Side), NUMBERS)
def test_every_rule_is_judged_and_at_most_one_applied(
    rules: list[DeviceRule], number: str, side: Side, name: str
) -> None:
    seen = preview(rules, number, side, name)
    assert sorted(id(verdict.rule) for verdict in seen.verdicts) == sorted(map(id, rules))
    applied = [verdict.rule for verdict in seen.verdicts if verdict.why is Why.APPLIED]
    assert len(applied) == (seen.applied is not None)
    if applied:
        assert preview(applied, number, side, name).number == seen.number
        assert applied[0].enabled
        assert applied[0].pr_type == side
    else:
        assert (seen.number, seen.name) == (number, name)
        assert all(preview([one], number, side).applied is None for one in rules)
