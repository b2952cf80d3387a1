"""What rules do to numbers: the page's worked examples, and what holds for any number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.simulator.dialling import dial
from console.simulator.telephony import DeviceRule


def rule(rule_id: int = 1, **more: object) -> DeviceRule:
    return DeviceRule(rule_id, 2, "x", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "number", "made"),
    [
        ({"add": "00"}, "37063011111", "0037063011111"),
        ({"add": "89765#"}, "37063042438", "89765#37063042438"),
        ({"cut": "*#"}, "999#37063042439", "37063042439"),
        ({"cut": "*#", "add": "0"}, "999#370#63", "0370#63"),
        ({"cut": "00", "pr_type": "src"}, "00123456789", "123456789"),
        ({"add": "39", "minlen": 10, "maxlen": 10}, "0123456789", "390123456789"),
        ({"add": "39", "minlen": 10, "maxlen": 10}, "012345678", "012345678"),
        ({"add": "39", "minlen": 10, "maxlen": 10}, "01234567890", "01234567890"),
        ({"cut": "-", "add": "99"}, "0123", "0123"),
        ({"cut": "9", "add": "00"}, "8370", "8370"),
        ({"cut": "*#", "add": "1"}, "0123", "0123"),
        ({"add": "1", "enabled": 0}, "0123", "0123"),
    ],
)
def test_examples(change: dict[str, object], number: str, made: str) -> None:
    assert dial([rule(**change)], number, str(change.get("pr_type", "dst"))) == made


def test_only_the_matching_rule_with_the_lowest_id_applies() -> None:
    rules = [rule(3, add="3"), rule(2, add="2"), rule(1, cut="7", add="1")]
    assert dial(rules, "55") == "255"
    assert dial(rules, "75") == "15"


def test_a_rule_is_for_numbers_called_or_for_numbers_calling() -> None:
    assert dial([rule(pr_type="src", add="1")], "5") == "5"
    assert dial([rule(add="1")], "5", "src") == "5"


NUMBERS = st.text(alphabet="0123456789#*+", max_size=20)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_end_of_a_number_is_never_lost(number: str, cut: str, add: str) -> None:
    made = dial([rule(cut=cut, add=add)], number)
    assert made == number or (made.startswith(add) and number.endswith(made.removeprefix(add)))
