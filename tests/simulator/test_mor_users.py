"""Users over the API, and who may make which call at all."""

import pytest

from console.mor.calls import CALLS
from console.simulator.calls import SERVED
from console.simulator.softswitch import Softswitch

from .phones import ask, error, phones, said, values

AUTHORISED = "You are not authorised to use this functionality"
AUTHORIZED = "You are not authorized to use this functionality"


def details(world: Softswitch, **params: str) -> str:
    return said(world, "user_details_get", "user_id", "username", **params)


@pytest.mark.parametrize(
    "named", [{"user_id": "100"}, {"username": "hall"}, {"user_id": "100", "username": "hall"}]
)
def test_a_user_is_found_by_id_or_name(named: dict[str, str]) -> None:
    page = details(phones(), **named)
    assert page.startswith("<page>\n  <pagename>Details</pagename>\n  <language>en</language>\n")
    assert values(page)["userid"] == "100"
    groups = [page.index(f"<{name}>") for name in ("details", "main_detail", "other_details", "registration")]
    assert groups == sorted(groups)
    assert "<first_name>Hall &amp; Co</first_name>" in page


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"user_id": "99"},
        {"user_id": "200"},
        {"username": "north"},
        {"user_id": "101", "username": "hall"},
    ],
)
def test_a_user_that_is_not_found(named: dict[str, str]) -> None:
    assert details(phones(), **named) == error("User was not found")


@pytest.mark.parametrize("call", ["user_details_get", "user_details"])
def test_the_published_hash_of_user_details_is_accepted(call: str) -> None:
    digest = "f7c3bc1d808e04732adf679965ccc34ca7ae3441"
    assert said(phones(), call, user_id="123", hash=digest) == error("User was not found")


@pytest.mark.parametrize("call", ["system_version_get", "get_version"])
def test_the_version_needs_the_key_alone(call: str) -> None:
    assert said(phones(), call) == "<page>\n  <version>MOR X16</version>\n</page>"
    assert said(phones(), call, key="wrong") == error("Incorrect hash")


# Who may call


def test_every_call_of_the_catalogue_is_served_by_both_of_its_names() -> None:
    assert {name for call in CALLS for name in (call.name, call.old_name) if name} == SERVED.keys()


@pytest.mark.parametrize("call", [call.name for call in CALLS])
def test_nobody_and_users_without_a_key_are_refused(call: str) -> None:
    answers = {ask(phones(), call, f"u={user}").body.decode() for user in ("", "nobody", "hall", "keyless")}
    refusals = {error(text) for text in ("Access Denied", "Bad login", AUTHORISED, AUTHORIZED)}
    assert answers <= {*refusals, error("You are not authorized to view this page")}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("devices_get", "Bad login"),
        ("device_create", "Access Denied"),
        ("device_update", "Access Denied"),
        ("device_delete", "Access Denied"),
        ("device_details_get", "Access Denied"),
        ("device_callflow_get", AUTHORISED),
        ("device_callflow_update", AUTHORISED),
        ("device_clis_get", AUTHORIZED),
        ("cli_add", AUTHORISED),
        ("cli_delete", AUTHORISED),
        ("users_get", "You are not authorized to view this page"),
    ],
)
def test_an_accountant_without_permission(call: str, text: str) -> None:
    assert ask(phones(), call, "u=books").body.decode() == error(text)


def test_an_accountant_acts_for_the_admin_with_the_admins_key() -> None:
    world = phones()
    rule = world.add_rule(2, "x")
    assert said(world, "users_get", "u", u="chief").count("<user>") == 8
    assert "SIP/gate" in said(world, "device_callflow_get", "device_id", u="chief", device_id="2")
    deleted = said(world, "device_rule_delete", "device_rule_id", u="books", device_rule_id=str(rule.id))
    assert deleted == (
        "<page> <status> <success>Device rule was successfully deleted</success> </status> </page>"
    )
    assert said(world, "users_get", "u", u="chief", key="wrong") == error("Incorrect hash")


@pytest.mark.parametrize(
    ("rule_id", "user"), [("77", "admin"), ("x", "admin"), ("1", "dock"), (None, "admin")]
)
def test_a_rule_that_is_not_the_callers_is_not_deleted(rule_id: str | None, user: str) -> None:
    world = phones()
    world.add_rule(2, "x")
    key = {"dock": "dock", "admin": "456789"}[user]
    answer = said(world, "device_rule_delete", "device_rule_id", u=user, key=key, device_rule_id=rule_id)
    assert answer == error("Device rule was not found")
    assert len(world.rules) == 1


@pytest.mark.parametrize(
    ("permissions", "reads", "writes"),
    [(None, True, True), ({}, False, False), ({"cli_add": 1}, False, False), ({"cli_add": 2}, False, True)],
)
def test_restricted_accounts(permissions: dict[str, int] | None, reads: bool, writes: bool) -> None:
    world = phones()
    world.users[9].api_permissions = permissions
    listing = said(world, "device_clis_get", u="chief")
    adding = said(world, "cli_add", "device_id", "cli_number", u="chief", device_id="2", cli_number="1")
    assert (listing == error("CLIs were not found")) == reads
    assert ("created" in adding) == writes
    assert reads or listing == error(AUTHORIZED)
