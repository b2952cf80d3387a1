"""The calls of the source pages, and users_get: what they answer, and every one of their error texts."""

from typing import Any
from urllib.parse import urlencode

import pytest

from console.simulator.telephony import DeviceRule

from .phones import KEY, RESELLER_KEY, ask, create_rule, error, phones, signed

KEYS = {"admin": KEY, "dock": RESELLER_KEY}


def answer(call: str, query: dict[str, str], *hashed: str, world: Any = None, **more: Any) -> str:
    digest = signed(KEYS.get(query.get("u", ""), KEY), *hashed)
    return ask(world or phones(), call, urlencode({"hash": digest, **query}), **more).body.decode()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({}, "Bad login"),
        ({"u": "nobody", "user_id": "100"}, "Bad login"),
        ({"u": "hall", "user_id": "100"}, "Bad login"),
        ({"u": "keyless", "user_id": "100"}, "Bad login"),
        ({"u": "admin", "user_id": "100", "p": "wrong"}, "Bad login"),
        ({"u": "admin"}, "user_id is empty"),
        ({"u": "admin", "user_id": ""}, "user_id is empty"),
        ({"u": "admin", "user_id": "99"}, "User not found"),
        ({"u": "admin", "user_id": "abc"}, "User not found"),
        ({"u": "admin", "user_id": "200"}, "User not found"),
        ({"u": "dock", "user_id": "100"}, "User not found"),
        ({"u": "dock", "user_id": "3"}, "User not found"),
    ],
)
def test_devices_get_refuses(query: dict[str, str], text: str) -> None:
    assert answer("devices_get", query, query.get("user_id", "")) == error(text)


def test_a_user_without_devices_has_an_empty_list() -> None:
    query = {"u": "admin", "user_id": "101"}
    assert answer("devices_get", query, "101") == "<page>\n  <devices>\n   </devices>\n </page>"


@pytest.mark.parametrize(
    ("show", "count"), [({}, 2), ({"show_hidden_devices": "1"}, 2), ({"show_hidden_devices": "0"}, 1)]
)
def test_hidden_devices_are_left_out_on_request(show: dict[str, str], count: int) -> None:
    page = answer("devices_get", {"u": "admin", "user_id": "100", **show}, "100")
    assert page.count("<device>") == count


@pytest.mark.parametrize("call", ["device_rules_get", "device_rule_create", "users_get"])
@pytest.mark.parametrize(
    "query", [{}, {"u": "nobody"}, {"u": "admin", "p": "wrong"}, {"u": "admin", "uniquehash": "no"}]
)
def test_other_calls_deny_access_to_strangers(call: str, query: dict[str, str]) -> None:
    assert answer(call, query) == error("Access Denied")


def test_who_may_not_call() -> None:
    assert answer("device_rules_get", {"u": "hall", "device_id": "2"}) == error("Access Denied")
    assert answer("users_get", {"u": "hall"}) == error("You are not authorized to view this page")


@pytest.mark.parametrize("device_id", [None, "", "99", "9", "x", "-2", "2 ", "²", "2" * 5000])
def test_a_device_that_is_not_the_callers_is_not_found(device_id: str | None) -> None:
    assert create_rule(phones(), device_id=device_id) == error("Device was not found")
    query = {"u": "admin", **({} if device_id is None else {"device_id": device_id})}
    assert answer("device_rules_get", query, device_id or "") == error("Device was not found")


@pytest.mark.parametrize(
    ("profile", "blank", "text"),
    [
        ("2019", {"name": ""}, "name cannot be blank"),
        ("2019", {"name": None}, "name cannot be blank"),
        ("2019", {"name": " "}, "name cannot be blank"),
        ("2019", {"name": "", "cut": "", "add": ""}, "name cannot be blank"),
        ("2019", {"cut": ""}, "cut cannot be blank"),
        ("2019", {"cut": None, "add": None}, "cut cannot be blank"),
        ("2019", {"add": ""}, "add cannot be blank"),
        ("2019", {"add": None}, "add cannot be blank"),
        ("2020", {"name": "", "cut": ""}, "name cannot be blank"),
        ("2020", {"cut": "", "add": None}, "both add and cut cannot be blank"),
    ],
)
def test_blank_fields_of_a_rule(profile: str, blank: dict[str, str | None], text: str) -> None:
    assert create_rule(phones(profile=profile), **blank) == error(text)


@pytest.mark.parametrize("blank", ["cut", "add"])
def test_newer_servers_take_a_rule_with_one_pattern(blank: str) -> None:
    assert "Rule added" in create_rule(phones(profile="2020"), **{blank: ""})
    assert "Rule added" in create_rule(phones(profile="live"), hash=signed(KEY, "2"), **{blank: None})


@pytest.mark.parametrize(
    "change",
    [
        {"name": "n" * 256},
        {"cut": "1" * 256},
        {"add": "1" * 256},
        {"name": "a\x00b"},
        {"cut": "\ufffe"},
        {"minlen": "-1"},
        {"minlen": "x"},
        {"maxlen": "1.5"},
        {"maxlen": "1" * 10},
        {"minlen": "5", "maxlen": "4"},
        {"minlen": "101"},
        {"pr_type": "SRC"},
        {"pr_type": "both"},
        {"change_callerid_name": "2"},
        {"change_callerid_name": "yes"},
    ],
)
def test_a_value_the_page_does_not_allow_fails(change: dict[str, str]) -> None:
    world = phones()
    assert create_rule(world, **change) == error("Add failed")
    assert world.rules_of(2) == []


def test_a_rule_gets_the_defaults_of_the_page() -> None:
    world = phones()
    create_rule(world)
    create_rule(world, name="n" * 255, minlen="12", maxlen="12", pr_type="src", change_callerid_name="1")
    assert world.rules_of(2) == [
        DeviceRule(1, 2, "myrule", 1, "353", "0", 1, 100, "dst", 0, 0),
        DeviceRule(2, 2, "n" * 255, 1, "353", "0", 12, 12, "src", 1, 0),
    ]


def test_rules_are_listed_escaped_and_by_id() -> None:
    world = phones()
    assert answer("device_rules_get", {"u": "admin", "device_id": "2"}, "2", world=world) == error(
        "Device has no rules"
    )
    create_rule(world, name="<b>&", cut="*#")
    assert answer("device_rules_get", {"u": "admin", "device_id": "2"}, "2", world=world) == (
        "<page>\n  <status>\n    <device_rules>\n      <device_rule>\n"
        "        <id>1</id>\n        <device_id>2</device_id>\n        <name>&lt;b&gt;&amp;</name>\n"
        "        <enabled>1</enabled>\n        <cut>*#</cut>\n        <add>0</add>\n"
        "        <minlen>1</minlen>\n        <maxlen>100</maxlen>\n        <pr_type>dst</pr_type>\n"
        "        <change_callerid_name>0</change_callerid_name>\n"
        "        <devicerulegroup_id>0</devicerulegroup_id>\n"
        "      </device_rule>\n    </device_rules>\n  </status>\n</page>"
    )


def test_users_get_shows_an_admin_everyone_and_a_reseller_its_own() -> None:
    everyone = answer("users_get", {"u": "admin", "p": "admin1"}, "admin", "admin1")
    assert everyone.count("<user>") == 8
    assert "<first_name>Hall &amp; Co</first_name>" in everyone
    assert "admin1" not in everyone
    own = answer("users_get", {"u": "dock"}, "dock")
    assert own.count("<user>") == 1
    assert "<username>north</username>" in own


def test_a_uniquehash_stands_in_for_the_password() -> None:
    world = phones(password_required=True)
    assert answer("users_get", {"u": "admin"}, "admin", world=world) == error("Access Denied")
    for proof, hashed in (({"p": "admin1"}, ("admin", "admin1")), ({"uniquehash": "unique"}, ("admin",))):
        assert "<users>" in answer("users_get", {"u": "admin", **proof}, *hashed, world=world)


def test_checks_come_in_order() -> None:
    for world, text in (
        (phones(enabled=False), "API Requests are disabled"),
        (phones(), "GET Requests are disabled"),
        (phones(get_allowed=True), "Access Denied"),
    ):
        answer = ask(world, "device_rule_create", "u=nobody&hash=x", verb="GET")
        assert answer.body.decode() == error(text)
    assert create_rule(phones(), device_id="99", name="", hash="x") == error("Incorrect hash")
    assert create_rule(phones(), device_id="99", name="") == error("Device was not found")


def test_an_unknown_call_is_an_error_text() -> None:
    assert ask(phones(), "device_rule_update", "u=admin").body.decode() == error("Unknown API call")


def test_the_alias_of_device_id_is_a_switch() -> None:
    alias = {"device_id": None, "device": "2", "hash": signed(KEY, "2", "myrule", "353", "0")}
    assert create_rule(phones(), **alias) == error("Incorrect hash")
    assert "Rule added" in create_rule(phones(device_alias=True), **alias)


def test_the_record_keeps_creates_without_what_proves_identity() -> None:
    world = phones()
    world.advance(3.0)
    create_rule(world, p="admin1")
    create_rule(world, cut="")
    answer("devices_get", {"u": "admin", "user_id": "100"}, "100", world=world)
    kept = [(entry.time, entry.method, entry.arguments, entry.result) for entry in world.record.entries]
    rule = {"u": "admin", "device_id": "2", "name": "myrule", "cut": "353", "add": "0"}
    assert kept == [
        (3.0, "device_rule_create", rule, "ok"),
        (3.0, "device_rule_create", {**rule, "cut": ""}, "cut cannot be blank"),
    ]
