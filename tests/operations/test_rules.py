"""The order for a new rule, and how a rule in the list is known to be the one asked for."""

from typing import Any

import pytest
from state.small import rule

from console.mor.calls import DEVICE_RULE_CREATE
from console.operations.commands import RULE_FIELDS, add_rule, same_rule
from console.state.entities import RuleList, SourceName
from console.text import safe

from .small import port

ASKED = {"name": "myrule", "cut": "353", "add": "0"}


@pytest.mark.parametrize(
    ("asked", "there", "same"),
    [
        ({}, {}, True),
        ({}, {"name": "other"}, False),
        ({}, {"cut": ""}, False),
        ({}, {"add": "00"}, False),
        ({"cut": ""}, {"cut": ""}, True),
        ({"cut": None}, {"cut": ""}, True),
        ({"minlen": "5"}, {"minlen": 5}, True),
        ({"minlen": 5}, {"minlen": 1}, False),
        ({"minlen": "0"}, {"minlen": 0}, True),
        ({"minlen": 0}, {"minlen": 0}, True),
        ({"minlen": 0}, {"minlen": 1}, False),
        ({"minlen": ""}, {}, True),
        ({}, {"minlen": None}, False),
        ({"maxlen": "14"}, {"maxlen": 14}, True),
        ({}, {"maxlen": 14}, False),
        ({"pr_type": "src"}, {"pr_type": "src"}, True),
        ({"pr_type": "src"}, {}, False),
        ({"change_callerid_name": "1"}, {"change_callerid_name": True}, True),
        ({"change_callerid_name": "0"}, {"change_callerid_name": True}, False),
        ({"change_callerid_name": 1}, {"change_callerid_name": True}, True),
        ({}, {"enabled": False}, True),
        ({"name": "Cafe\u0301"}, {"name": safe("Cafe\u0301")}, True),
    ],
)
def test_same_rule(asked: dict[str, Any], there: dict[str, Any], same: bool) -> None:
    assert same_rule(rule(1, **there), {**ASKED, **asked}) is same


def listed(*rules: Any) -> RuleList:
    return RuleList(device_id=2, rules=rules)


@pytest.mark.parametrize(
    ("before", "after", "reached"),
    [
        (listed(), listed(rule(1)), True),
        (listed(rule(1)), listed(rule(1)), False),
        (listed(rule(1)), listed(rule(1), rule(2)), True),
        (listed(rule(1)), listed(rule(1), rule(2, name="other")), False),
        (listed(), listed(), False),
        (port(), listed(rule(1)), False),
    ],
)
def test_only_a_rule_that_was_not_there_before_is_the_new_one(before: Any, after: Any, reached: bool) -> None:
    goal = add_rule(2, ASKED).goal
    assert goal is not None
    assert goal.reached(before, after) is reached


@pytest.mark.parametrize(
    ("now", "hindrance"),
    [
        (listed(), None),
        (listed(rule(1, name="other"), rule(2, cut="")), None),
        (listed(rule(1, name="other"), rule(2)), "has this rule"),
        (port(), None),
    ],
)
def test_a_rule_that_is_there_by_then_is_not_added_again(now: Any, hindrance: str | None) -> None:
    goal = add_rule(2, ASKED).goal
    assert goal is not None
    assert goal.hindrance(now) == hindrance


def test_the_order() -> None:
    order = add_rule(2, ASKED)
    assert (order.system, order.method, order.target) == (SourceName.MOR, "device_rule_create", "device 2")
    assert order.arguments == {"device_id": 2, **ASKED}


def test_no_value_given_can_turn_it_to_another_device() -> None:
    assert add_rule(2, {"device_id": 3, **ASKED}).arguments["device_id"] == 2


def test_the_form_asks_for_all_but_the_device() -> None:
    names = {field.name for field in DEVICE_RULE_CREATE.params}
    assert {field.name for field in RULE_FIELDS} == names - {"device_id"}
