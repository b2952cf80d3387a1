"""The MOR API calls as data, by subject: parameters, hash recipes, success shapes, error texts.

Facts from mor.md section 3. `u` (and, on old servers, `p`) belong to every call and are added
by the client, so they are not listed; `users_get` is the one call that hashes them.
"""

from console.mor.calls.call import Call, Evidence, Profile, Repeat
from console.mor.calls.callflows import CALLFLOWS, DEVICE_CALLFLOW_GET, DEVICE_CALLFLOW_UPDATE
from console.mor.calls.clis import CLI_ADD, CLI_DELETE, CLI_INFO_GET, CLIS, DEVICE_CLIS_GET
from console.mor.calls.devices import (
    DEVICE_CREATE,
    DEVICE_DELETE,
    DEVICE_DETAILS_GET,
    DEVICE_UPDATE,
    DEVICES,
    DEVICES_GET,
    MORPHONE_DETAILS_GET,
)
from console.mor.calls.parameters import DEVICE_TYPES, ID_LIMIT, TEXT_LIMIT
from console.mor.calls.rules import DEVICE_RULE_CREATE, DEVICE_RULE_DELETE, DEVICE_RULES_GET, RULES
from console.mor.calls.users import SYSTEM_VERSION_GET, USER_DETAILS_GET, USERS, USERS_GET

__all__ = [
    "CALLS",
    "CLI_ADD",
    "CLI_DELETE",
    "CLI_INFO_GET",
    "DEVICES_GET",
    "DEVICE_CALLFLOW_GET",
    "DEVICE_CALLFLOW_UPDATE",
    "DEVICE_CLIS_GET",
    "DEVICE_CREATE",
    "DEVICE_DELETE",
    "DEVICE_DETAILS_GET",
    "DEVICE_RULES_GET",
    "DEVICE_RULE_CREATE",
    "DEVICE_RULE_DELETE",
    "DEVICE_TYPES",
    "DEVICE_UPDATE",
    "GLOBAL_ERRORS",
    "ID_LIMIT",
    "MORPHONE_DETAILS_GET",
    "SYSTEM_VERSION_GET",
    "TEXT_LIMIT",
    "USERS_GET",
    "USER_DETAILS_GET",
    "Call",
    "Evidence",
    "Profile",
    "Repeat",
    "find",
]

CALLS: tuple[Call, ...] = (*DEVICES, *RULES, *CALLFLOWS, *CLIS, *USERS)

GLOBAL_ERRORS = ("API Requests are disabled", "GET Requests are disabled", "Incorrect hash", "Access Denied")
"""Texts that any call may be answered with (mor.md sections 1.2 and 4)."""

_BY_NAME = {call.name: call for call in CALLS}


def find(name: str) -> Call | None:
    """Return the call of that name, or None."""
    return _BY_NAME.get(name)
