"""Devices over the API: details, creating, changing, deleting."""

import gzip
from typing import Any

import pytest

from console.mor.calls import DEVICE_DETAILS_GET, find
from console.secret import HIDDEN
from console.simulator.calls.callflow import FORWARD
from console.simulator.softswitch import Softswitch
from console.simulator.telephony import Device, Step

from .phones import KEY, RESELLER_KEY, ask, error, phones, said, signed, values

CREATE = ("user_id", "description", "pin", "type", "devicegroup_id", "caller_id")
UPDATE = ("device", "authentication", "username", "host", "port")
UPDATED = "<page> <status> <success>Device successfully updated</success> </status> </page>"


def details(world: Softswitch, device_id: int = 2) -> dict[str, str]:
    return values(said(world, "device_details_get", "device_id", device_id=str(device_id)))


def create(world: Softswitch, **params: str | None) -> str:
    return said(world, "device_create", *CREATE, **{"user_id": "100", **params})


def update(world: Softswitch, **params: str | None) -> str:
    return said(world, "device_update", *UPDATE, **{"device": "2", **params})


def delete(world: Softswitch, device_id: str = "2", **more: Any) -> str:
    return said(world, "device_delete", "device", device=device_id, **more)


# Details


def test_details_have_every_documented_field_in_the_order_of_the_page() -> None:
    page = said(phones(), "device_details_get", "device_id", device_id="2")
    documented = [field.name for field in DEVICE_DETAILS_GET.returns]
    places = [page.index(f"<{name}>") for name in documented]
    assert places == sorted(places)
    assert "<secret>s&lt;3&amp;cr3t</secret>" in page
    assert "<codecs>\n    <audio_codecs>alaw,ulaw,g729</audio_codecs>\n  </codecs>\n</page>" in page


def test_details_tell_a_device_known_by_its_address() -> None:
    world = phones()
    assert (details(world)["host"], details(world)["dynamic"]) == ("dynamic", "yes")
    world.devices[2].by_address = True
    assert (details(world)["host"], details(world)["dynamic"]) == ("10.0.0.7", "no")


def test_details_by_login_name_and_the_id_wins() -> None:
    world = phones()
    assert values(said(world, "device_details_get", "device_u", device_u="gate"))["id"] == "2"
    both = said(world, "device_details_get", "device_id", device_id="7", device_u="gate")
    assert values(both)["id"] == "7"
    hashed_both = said(world, "device_details_get", "device_id", "device_u", device_id="7", device_u="gate")
    assert hashed_both == error("Incorrect hash")


@pytest.mark.parametrize("named", [{"device_id": "9"}, {"device_id": "x"}, {"device_u": "north-1"}, {}])
def test_details_of_a_device_that_is_not_the_callers(named: dict[str, str]) -> None:
    assert said(phones(), "device_details_get", *named, **named) == error("Device was not found")


# Creating


def test_a_new_device_has_the_next_id_and_the_servers_own_password() -> None:
    world = phones()
    page = create(world, description="gate phone", pin="4711", type="IAX2", caller_id="42")
    assert page == "<page>\n  <status>Device created</status>\n  <id>10</id>\n</page>"
    device = world.devices[10]
    assert (device.user_id, device.description, device.pin) == (100, "gate phone", "4711")
    assert (device.device_type, device.caller_number, len(device.secret)) == ("IAX2", "42", 12)
    assert "<device_id>10</device_id>" in said(world, "devices_get", "user_id", user_id="100")


def test_newer_servers_also_answer_name_and_password() -> None:
    world = phones(profile="live")
    made = values(create(world))
    device = world.devices[10]
    assert made == {
        "status": "Device created",
        "id": "10",
        "username": device.username,
        "password": device.secret,
    }


def test_a_pin_is_drawn_only_when_none_is_sent() -> None:
    world = phones()
    create(world)
    create(world, pin="")
    assert len(world.devices[10].pin) == 6
    assert world.devices[11].pin == ""


def test_the_first_device_of_a_user_is_its_primary_one() -> None:
    world = phones()
    create(world, user_id="101")
    create(world, user_id="101")
    assert [device.primary for device in world.devices_of(world.users[101])] == [True, False]


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"user_id": None}, "User was not found"),
        ({"user_id": "200"}, "User was not found"),
        ({"type": "sip"}, "Device_type_invalid"),
        ({"devicegroup_id": "77"}, "Device_group_invalid"),
        ({"pin": "12a"}, "Pin_must_be_numeric"),
        ({"pin": "0815"}, "Pin_is_already_used"),
    ],
)
def test_device_create_refuses(params: dict[str, str | None], text: str) -> None:
    world = phones()
    world.devices[9].pin = "0815"
    assert create(world, **params) == error(text)
    assert len(world.devices) == 3


def test_a_device_that_cannot_be_stored_is_refused_with_a_message() -> None:
    page = create(phones(), description="x" * 256)
    assert page == (
        "<page> <error>Device was not created <message>Description is not valid</message></error> </page>"
    )


def test_groups_are_those_in_use_and_the_primary_one() -> None:
    for group in ("1", "100", ""):
        assert "Device created" in create(phones(), devicegroup_id=group)


# Changing


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ({"username": "door"}, {"username": "door", "name": "door"}),
        ({"authentication": "1", "host": "10.0.0.9", "port": "5061"}, {"host": "10.0.0.9", "port": "5061"}),
        ({"password": "n3w"}, {"secret": "n3w"}),
        ({"callerid_name": "Gate", "callerid_number": "12"}, {"callerid": '"Gate" &lt;12&gt;'}),
        ({"callerid_number": "12"}, {"callerid": "&lt;12&gt;"}),
        ({"trunk": "2"}, {"istrunk": "2"}),
        ({"new_location_id": "3"}, {"location_id": "3"}),
        ({"pin": ""}, {"pin": ""}),
        ({"pin": "99"}, {"pin": "99"}),
        ({"extension": "12#"}, {"extension": "12#"}),
        ({"call_limit": "2", "inbound_call_limit": "0"}, {"call_limit": "2", "inbound_call_limit": "0"}),
        ({"transport": "udp,tcp", "encryption": "1"}, {"transport": "udp,tcp", "encryption": "1"}),
        ({"ringing_timeout": "10"}, {"ringing_timeout": "10"}),
        ({"balance": "-1.50", "device_balance_enabled": "1"}, {"balance": "-1.50"}),
        ({"authentication": "1", "hostname": "gate.hall"}, {"hostname": "gate.hall"}),
        ({"comment": "moved", "language": "en", "fromuser": "x"}, {"comment": "moved", "fromuser": "x"}),
        ({"fax_email_add": "a@b"}, {"fax_emails": "a@b"}),
    ],
)
def test_what_is_named_is_changed(params: dict[str, str], shown: dict[str, str]) -> None:
    world = phones()
    before = details(world)
    assert update(world, **params) == UPDATED
    after = details(world)
    assert {name: after[name] for name in shown} == shown
    for name in ("description", "devicegroup_id", "device_type"):
        assert after[name] == before[name]


@pytest.mark.parametrize(
    "params",
    [
        {"trunk": "3"},
        {"ringing_timeout": "9"},
        {"transport": "sctp"},
        {"pin": "12a"},
        {"pin": "0815"},
        {"extension": "101"},
        {"extension": "A b"},
        {"hidden": "2"},
        {"port": "5061"},
        {"authentication": "2"},
        {"host": "10.0.0.9"},
        {"hostname": "gate.hall"},
        {"username": ""},
        {"password": ""},
        {"comment": "x" * 256},
        {"comment": "a\x00b"},
        {"balance": "much"},
        {},
    ],
)
def test_a_value_that_does_not_fit_is_a_success_without_effect(params: dict[str, str]) -> None:
    world = phones()
    world.devices[9].pin, world.devices[9].extension = "0815", "101"
    before = details(world)
    assert update(world, **params) == UPDATED
    assert details(world) == before


def test_a_device_known_by_its_address_has_no_password_to_change() -> None:
    world = phones()
    update(world, authentication="1", password="n3w", username="door")
    assert (world.devices[2].secret, world.devices[2].username) == ("s<3&cr3t", "gate")


def test_fax_addresses_come_and_go() -> None:
    world = phones()
    for params in ({"fax_email_add": "a@b"}, {"fax_email_add": "c@d"}, {"fax_email_delete": "a@b"}):
        update(world, **params)
    assert details(world)["fax_emails"] == "c@d"


def test_hiding_takes_a_device_out_of_the_list_of_those_shown() -> None:
    world = phones()
    update(world, hidden="1")
    shown = said(world, "devices_get", "user_id", user_id="100", show_hidden_devices="0")
    assert "<device>" not in shown
    update(world, hidden="0")
    assert not world.devices[2].hidden


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"device": "9"}, "Device was not found"),
        ({"device": None}, "Device was not found"),
        ({"new_location_id": "77"}, "Location was not found"),
    ],
)
def test_device_update_refuses(params: dict[str, str | None], text: str) -> None:
    assert update(phones(), **params) == error(text)


def test_the_hash_of_an_update_covers_what_is_sent_of_the_five() -> None:
    world = phones()
    params = {"device": "2", "username": "door", "comment": "x"}
    assert said(world, "device_update", "device", "username", **params) == UPDATED
    assert said(world, "device_update", "device", **params) == error("Incorrect hash")
    assert said(world, "device_update", "device", "username", "comment", **params) == error("Incorrect hash")


# Deleting


@pytest.mark.parametrize("name", ["device_delete", "device_destroy"])
def test_a_device_is_deleted_with_all_that_was_about_it(name: str) -> None:
    world = phones()
    world.add_rule(2, "x")
    world.add_cli(world.devices[2], "123")
    assert said(world, name, "device", device="2") == "<page> <status>Device was deleted</status> </page>"
    assert (2 in world.devices, world.rules, world.clis) == (False, {}, {})
    assert said(world, name, "device", device="2") == error("Device was not found")


def test_a_device_that_another_forwards_to_stays() -> None:
    world = phones()
    world.set_step(world.devices[7], "Busy", Step(FORWARD, ("2", "local"), 2))
    assert delete(world) == error("Device has forwarded calls - we cannot delete it")
    assert "deleted" in delete(world, "7")
    assert "deleted" in delete(world)


def test_a_device_that_gets_faxes_stays() -> None:
    world = phones()
    order = ("device_id", "state", "callflow_action")
    params = {"device_id": "2", "callflow_action": "fax_detect", "state": "before_call", "fax_device": "7"}
    said(world, "device_callflow_update", *order, **params)
    expected = "Unable to delete this device - it is used in Call Flow for Fax Detect"
    assert delete(world, "7") == error(expected)


def test_every_other_reason_of_the_page_keeps_a_device() -> None:
    call = find("device_delete")
    assert call is not None
    reasons = [text for text in call.errors if text.startswith(("Cannot", "Device has Dial", "One or more"))]
    assert len(reasons) == 4
    for text in reasons:
        world = phones()
        world.devices[2].held_by = text
        assert delete(world) == error(text)
        assert 2 in world.devices


def test_registration_over_the_api_can_be_off() -> None:
    world = phones(registration_allowed=False)
    assert delete(world) == error("Registration over API is disabled")
    assert delete(world, hash="x") == error("Incorrect hash")


# Phones of users


def test_a_softphone_of_any_user_gets_its_own_device_without_a_hash() -> None:
    world = phones()
    world.users[100].password = "hallpw"
    found = values(ask(world, "morphone_details_get", "u=hall&p=hallpw").body.decode())
    assert (found["username"], found["password"]) == ("gate", "s&lt;3&amp;cr3t")
    assert {"server_ip", "server_port", "did_number", "enabled_codecs"} <= found.keys()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("u=hall&p=wrong", "Bad login"),
        ("u=hall", "Bad login"),
        ("u=nobody&p=x", "Bad login"),
        ("u=yard&p=yardpw", "Device was not found"),
    ],
)
def test_a_softphone_without_a_device(query: str, text: str) -> None:
    world = phones()
    world.users[100].password, world.users[101].password = "hallpw", "yardpw"
    assert ask(world, "morphone_details_get", query).body.decode() == error(text)


# What is kept of it


def test_the_record_hides_pins_and_passwords() -> None:
    world = phones()
    create(world, pin="4711", description="x")
    update(world, password="n3w", pin="")
    first, second = (entry.arguments for entry in world.record.entries)
    assert (first["pin"], first["description"]) == (HIDDEN, "x")
    assert (second["password"], second["pin"]) == (HIDDEN, "")


def test_resellers_change_only_their_own() -> None:
    world = phones()
    assert delete(world, "9") == error("Device was not found")
    assert "deleted" in delete(world, "9", u="dock", key=RESELLER_KEY)


def test_old_and_new_names_are_gzipped_alike() -> None:
    for name in ("devices_get", "device_list"):
        query = f"u=admin&user_id=100&hash={signed(KEY, '100')}"
        reply = ask(phones(), name, query, accept_encoding="gzip")
        assert b"<devices>" in gzip.decompress(reply.body)


def test_a_device_answers_by_its_channel_even_without_a_name() -> None:
    assert Device(5, 100, "FAX").channel == "FAX/5"
