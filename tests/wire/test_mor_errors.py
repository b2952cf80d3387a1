"""Every error text of the pages has its class; anything else is of none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.mor.calls import CALLS, DEVICE_CLIS_GET, DEVICE_RULES_GET, DEVICES_GET, GLOBAL_ERRORS
from console.mor.errors import ErrorClass, classify

from .mor_facts import DELETED_WITH_CALLS

CLASSES = {
    ErrorClass.HASH: ["Incorrect hash"],
    ErrorClass.ACCESS: ["Access Denied", "Bad login", "Dont be so smart"],
    ErrorClass.PERMISSION: [
        "You are not authorized to use this functionality",
        "You are not authorised to use this functionality",
        "You are not authorized to view this page",
    ],
    ErrorClass.DISABLED: [
        "API Requests are disabled",
        "GET Requests are disabled",
        "Registration over API is disabled",
    ],
    ErrorClass.NOT_FOUND: [
        "User not found",
        "User was not found",
        "Device was not found",
        "Device rule was not found",
        "Location was not found",
        "CLI not found",
        "CLI was not found",
        "IVR was not found",
    ],
    ErrorClass.INVALID: [
        "user_id is empty",
        "CLI is empty",
        "name cannot be blank",
        "cut cannot be blank",
        "add cannot be blank",
        "both add and cut cannot be blank",
        "Device_type_invalid",
        "Device_group_invalid",
        "Pin_must_be_numeric",
        "CLI must be numeric",
        "CLI Number cannot be empty",
        "Device ID cannot be empty",
        "Password must be longer than 7 characters or short passwords in Devices should be allowed",
        "Password must contain at least one numeric value, capital and lowercase symbol",
    ],
    ErrorClass.TAKEN: [
        "Pin_is_already_used",
        "CLI already exists. It is assigned to user_name device",
        "CLI already exists. It is assigned to Léa (dock 4) device",
    ],
    ErrorClass.IN_USE: [
        DELETED_WITH_CALLS,
        "Device has forwarded calls - we cannot delete it",
        "Unable to delete this device - it is used in Call Flow for Fax Detect",
        "Device has Dial Plans - we cannot delete it",
        "One or more Location rules are using this Device",
        "Cannot delete device - it is assigned to Queue",
    ],
    ErrorClass.FAILED: ["Add failed", "Device was not created", "Device was not created Name is taken"],
    ErrorClass.OTHER: [
        "",
        "Unknown API call",
        "Incorrect hash!",
        "x Incorrect hash",
        "Device was found",
        "Account is suspended",
    ],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in CLASSES.items() for text in texts]
)
def test_a_text_and_its_class(kind: ErrorClass, text: str) -> None:
    for call in CALLS:
        assert classify(call, text) is kind
        assert classify(call, f" {text.upper()}\n") is kind


def test_every_text_of_the_catalogue_has_a_class() -> None:
    for call in CALLS:
        for text in (*call.errors, *GLOBAL_ERRORS):
            assert classify(call, text) is not ErrorClass.OTHER, (call.name, text)


def test_an_empty_list_is_only_that_for_the_call_that_says_so() -> None:
    assert classify(DEVICE_RULES_GET, "Device has no rules") is ErrorClass.EMPTY
    assert classify(DEVICE_CLIS_GET, "CLIs were not found") is ErrorClass.EMPTY
    assert classify(DEVICES_GET, "Device has no rules") is ErrorClass.OTHER
    assert classify(DEVICE_RULES_GET, "CLIs were not found") is ErrorClass.OTHER


@given(st.text())
def test_any_text_has_a_class(text: str) -> None:
    assert classify(DEVICES_GET, text) in ErrorClass
