"""CLIs over the API: adding, listing, finding, deleting."""

import gzip
from typing import Any

import pytest

from console.simulator.softswitch import Softswitch

from .phones import KEY, RESELLER_KEY, ask, error, phones, said, signed

ADDED = "<page> <status>CLI successfully created</status> </page>"


def add(world: Softswitch, **params: str | None) -> str:
    given = {"device_id": "2", "cli_number": "12345", **params}
    return said(world, "cli_add", "device_id", "cli_number", **given)


def listed(world: Softswitch, **params: Any) -> str:
    return said(world, "device_clis_get", **params)


def test_a_cli_is_listed_as_added() -> None:
    world = phones()
    more = {"cli_description": "a & b", "comment": "c", "banned": "1", "ivr_id": "2"}
    assert add(world, **more) == ADDED
    assert listed(world) == (
        "<page>\n  <status>\n    <cli_id>1</cli_id>\n    <cli_cli>12345</cli_cli>\n"
        "    <cli_domain></cli_domain>\n    <cli_device>SIP/gate</cli_device>\n"
        "    <cli_description>a &amp; b</cli_description>\n"
        "    <cli_added_at>2016-12-12 13:55:00 +0000</cli_added_at>\n"
        "    <cli_updated_at>2016-12-12 13:55:00 +0000</cli_updated_at>\n"
        "    <cli_comment>c</cli_comment>\n    <cli_email_callback>0</cli_email_callback>\n"
        "    <cli_banned>1</cli_banned>\n  </status>\n</page>"
    )


def test_several_clis_follow_one_another() -> None:
    world = phones()
    for number in ("1", "2", "3"):
        add(world, cli_number=number)
    assert listed(world).count("<status>") == 1
    assert listed(world).count("<cli_id>") == 3


def test_clis_of_one_device_or_one_user() -> None:
    world = phones()
    add(world)
    add(world, device_id="7", cli_number="77")
    assert "12345" not in listed(world, devices_id="7")
    assert listed(world, users_id="100").count("<cli_id>") == 2
    assert listed(world, users_id="101") == error("CLIs were not found")
    assert listed(world, devices_id="9") == error("Device was not found")
    assert listed(world, users_id="200") == error("User was not found")


def test_having_none_is_an_error() -> None:
    assert listed(phones()) == error("CLIs were not found")


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"device_id": None}, "Device ID cannot be empty"),
        ({"device_id": "", "cli_number": ""}, "Device ID cannot be empty"),
        ({"cli_number": ""}, "CLI Number cannot be empty"),
        ({"cli_number": "+12"}, "CLI must be numeric"),
        ({"cli_number": "²"}, "CLI must be numeric"),
        ({"ivr_id": "77"}, "IVR was not found"),
        ({"device_id": "9"}, "Access Denied"),
        ({"comment": "x" * 256}, "Access Denied"),
        ({"cli_number": "777"}, "CLI already exists. It is assigned to north device"),
    ],
)
def test_cli_add_refuses(params: dict[str, str | None], text: str) -> None:
    world = phones()
    world.add_cli(world.devices[9], "777")
    assert add(world, **params) == error(text)
    assert len(world.clis) == 1


def test_a_domain_needs_no_number_and_is_not_hashed() -> None:
    world = phones()
    for domain in ("a.b", "c.d"):
        assert add(world, cli_number=None, cli_domain=domain) == ADDED


def test_the_published_hash_of_cli_add_is_accepted() -> None:
    world = phones(key="secret")
    published = "1ba6df6ad2532aea7ca035be29b7dd63feb1df88"
    assert add(world, cli_number="1234678", hash=published) == ADDED


def test_a_cli_is_found_by_number_and_domain() -> None:
    world = phones()
    add(world, cli_domain="a.b")
    found = "<page>\n  <cli>\n    <device>\n      <user_id>100</user_id>\n      <device_id>2</device_id>\n"
    for call in ("cli_info_get", "cli_get_info"):
        assert said(world, call, cli="12345").startswith(found)
    assert said(world, "cli_info_get", cli="12345", domain="a.b").startswith(found)
    for params in ({"cli": "1"}, {"cli": "12345", "domain": "x.y"}):
        assert said(world, "cli_info_get", **params) == error("CLI not found")
    assert said(world, "cli_info_get", cli="12345", u="dock", key=RESELLER_KEY) == error("CLI not found")
    assert said(world, "cli_info_get") == error("CLI is empty")


def test_a_cli_is_deleted_once() -> None:
    world = phones()
    add(world)
    add(world, cli_number=None, cli_domain="a.b")

    def delete(number: str) -> str:
        return said(world, "cli_delete", "cli_number", cli_number=number)

    assert delete("12345") == "<page> <status>CLI successfully deleted</status> </page>"
    assert delete("12345") == delete("") == error("CLI was not found")
    assert len(world.clis) == 1


def test_the_three_cli_calls_are_gzipped_and_the_list_is_not() -> None:
    for call, gzipped in (("cli_add", True), ("cli_delete", True), ("cli_info_get", True)):
        reply = ask(phones(), call, "u=nobody", accept_encoding="gzip")
        assert (gzip.decompress(reply.body) == error("Access Denied").encode()) == gzipped
    query = f"u=admin&hash={signed(KEY)}"
    assert ask(phones(), "device_clis_get", query, accept_encoding="gzip").headers == {}
