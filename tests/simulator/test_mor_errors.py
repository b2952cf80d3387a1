"""Every error text that the catalogue documents for a call is answered by that call, exactly so."""

from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec import Struct

from console.mor.calls import CALLS, Call
from console.simulator.calls.callflow import FAX_DETECT, FORWARD
from console.simulator.softswitch import Softswitch
from console.simulator.telephony import Step

from .phones import ask, error, phones

NOT_ANSWERED = {
    ("device_create", "Dont be so smart"),  # the words of servers of 2011 to 2013 for Access Denied
    ("device_delete", "Dont be so smart"),
    ("device_details_get", "Bad login"),
    ("cli_info_get", "Bad login"),
    ("device_callflow_get", "User was not found"),  # no device is without a user
}


class Way(Struct, frozen=True):
    """How a text comes about: what is sent, by whom, and how the server is switched."""

    params: dict[str, str] = {}
    u: str = "admin"
    verb: str = "POST"
    switches: dict[str, Any] = {}
    held_by: str = ""


RULE = {"device_id": "2", "name": "n", "cut": "1", "add": "2"}
CLI = {"device_id": "2", "cli_number": "1"}
CREATE = {"user_id": "100"}
DEVICE = {"device": "2"}

GENERAL = {
    "Incorrect hash": Way(switches={"hash_checked": True}),
    "Access Denied": Way(u="nobody"),
    "Bad login": Way(u="nobody"),
    "API Requests are disabled": Way(switches={"enabled": False}),
    "GET Requests are disabled": Way(verb="GET"),
    "You are not authorized to use this functionality": Way(u="books"),
    "You are not authorised to use this functionality": Way(u="books"),
    "You are not authorized to view this page": Way(u="books"),
    "Device was not found": Way({"device": "9", "device_id": "9", "devices_id": "9"}),
    "User was not found": Way({"user_id": "99", "users_id": "99"}),
    "Registration over API is disabled": Way(DEVICE, switches={"registration_allowed": False}),
}

WAYS = {
    ("devices_get", "User not found"): Way({"user_id": "99"}),
    ("devices_get", "user_id is empty"): Way(),
    ("device_create", "Device_type_invalid"): Way({**CREATE, "type": "x"}),
    ("device_create", "Device_group_invalid"): Way({**CREATE, "devicegroup_id": "x"}),
    ("device_create", "Pin_is_already_used"): Way({**CREATE, "pin": "0815"}),
    ("device_create", "Pin_must_be_numeric"): Way({**CREATE, "pin": "x"}),
    ("device_create", "Device was not created"): Way({**CREATE, "description": "x" * 256}),
    ("device_update", "Location was not found"): Way({**DEVICE, "new_location_id": "x"}),
    ("device_rules_get", "Device has no rules"): Way({"device_id": "2"}),
    ("device_rule_create", "Add failed"): Way({**RULE, "minlen": "x"}),
    ("device_rule_create", "name cannot be blank"): Way({**RULE, "name": ""}),
    ("device_rule_create", "cut cannot be blank"): Way({**RULE, "cut": ""}),
    ("device_rule_create", "add cannot be blank"): Way({**RULE, "add": ""}),
    ("device_rule_create", "both add and cut cannot be blank"): Way(
        {**RULE, "add": "", "cut": ""}, switches={"profile": "2020"}
    ),
    ("device_rule_delete", "Device rule was not found"): Way({"device_rule_id": "9"}),
    ("device_clis_get", "CLIs were not found"): Way({"devices_id": "7"}),
    ("cli_add", "CLI must be numeric"): Way({**CLI, "cli_number": "x"}),
    ("cli_add", "CLI already exists. It is assigned to user_name device"): Way({**CLI, "cli_number": "777"}),
    ("cli_add", "CLI Number cannot be empty"): Way({"device_id": "2"}),
    ("cli_add", "IVR was not found"): Way({**CLI, "ivr_id": "x"}),
    ("cli_add", "Device ID cannot be empty"): Way({"cli_number": "1"}),
    ("cli_delete", "CLI was not found"): Way({"cli_number": "1"}),
    ("cli_info_get", "CLI not found"): Way({"cli": "1"}),
    ("cli_info_get", "CLI is empty"): Way(),
    ("morphone_details_get", "Device was not found"): Way({"p": "yardpw"}, u="yard"),
    ("device_delete", "Device has forwarded calls - we cannot delete it"): Way(DEVICE, held_by=FORWARD),
    ("device_delete", "Unable to delete this device - it is used in Call Flow for Fax Detect"): Way(
        DEVICE, held_by=FAX_DETECT
    ),
}

DOCUMENTED = [(call, text) for call in CALLS for text in call.errors if (call.name, text) not in NOT_ANSWERED]


def switch(way: Way) -> Softswitch:
    world = phones(**{"hash_checked": False, **way.switches})
    world.users[101].password = "yardpw"
    world.devices[9].pin = "0815"
    world.add_cli(world.devices[2], "777")
    if way.held_by in (FORWARD, FAX_DETECT):
        world.set_step(world.devices[7], "Busy", Step(way.held_by, ("2", "local"), 2))
    else:
        world.devices[2].held_by = way.held_by
    return world


def the_way(call: Call, text: str) -> Way:
    """How the text comes about; what else holds a device is told in the text itself."""
    found = WAYS.get((call.name, text)) or GENERAL.get(text)
    return found or Way(DEVICE, held_by=text)


@pytest.mark.parametrize(("call", "text"), DOCUMENTED, ids=lambda one: getattr(one, "name", one))
def test_every_documented_error_is_answered(call: Call, text: str) -> None:
    way = the_way(call, text)
    query = urlencode({"u": way.u, **way.params})
    body = ask(switch(way), call.name, query, verb=way.verb).body.decode()
    expected = error(text.replace("user_name", "hall"))
    assert body.replace(" <message>Description is not valid</message>", "") == expected


def test_only_reasons_to_keep_a_device_have_no_way_of_their_own() -> None:
    others = {
        call.name for call, text in DOCUMENTED if not (WAYS.get((call.name, text)) or GENERAL.get(text))
    }
    assert others == {"device_delete"}


def test_nothing_else_is_left_out() -> None:
    documented = {(call.name, text) for call in CALLS for text in call.errors}
    assert documented >= NOT_ANSWERED | WAYS.keys()
