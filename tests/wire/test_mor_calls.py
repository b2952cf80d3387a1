"""The MOR calls say what the vendor's pages say, and refuse what cannot be right."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from console.fields import Invalid, Kind
from console.mor.calls import CALLS, Call, Profile, find

DEVICE_FIELDS = "device_id device_type devicegroup_id primary_device username secret ipaddr port callerid"
RULE_FIELDS = (
    "id device_id name enabled cut add minlen maxlen pr_type change_callerid_name devicerulegroup_id"
)
USER_FIELDS = "id username first_name last_name balance blocked lcr_id tariff_id owner_id usertype hidden"


class Facts(NamedTuple):
    """`name!` is required; `place` is where a success stands, below the root page."""

    name: str
    mutating: bool
    params: tuple[str, ...]
    hashed: tuple[str, ...]
    place: str
    fields: str = ""
    errors: frozenset[str] = frozenset()


DOCUMENTED = [
    Facts(
        "devices_get",
        False,
        ("user_id!", "show_hidden_devices=1"),
        ("user_id",),
        "devices/device",
        DEVICE_FIELDS,
        frozenset({"User not found", "user_id is empty", "Bad login", "Incorrect hash"}),
    ),
    Facts(
        "device_rules_get",
        False,
        ("device_id!",),
        ("device_id",),
        "status/device_rules/device_rule",
        RULE_FIELDS,
        frozenset({"Device was not found", "Device has no rules", "Incorrect hash"}),
    ),
    Facts(
        "device_rule_create",
        True,
        (
            *("device_id!", "name!", "cut", "add"),
            *("minlen=1", "maxlen=100", "pr_type=dst", "change_callerid_name=0"),
        ),
        ("device_id", "name", "cut", "add"),
        "status/success",
        "",
        frozenset(
            {
                "Incorrect hash",
                "Add failed",
                "Device was not found",
                "name cannot be blank",
                "cut cannot be blank",
                "add cannot be blank",
                "both add and cut cannot be blank",
            }
        ),
    ),
    Facts(
        "users_get",
        False,
        ("uniquehash",),
        ("u", "p"),
        "status/users/user",
        USER_FIELDS,
        frozenset(
            {
                "API Requests are disabled",
                "GET Requests are disabled",
                "Access Denied",
                "Incorrect hash",
                "You are not authorized to view this page",
            }
        ),
    ),
]


def call(name: str) -> Call:
    found = find(name)
    assert found is not None
    return found


@pytest.mark.parametrize("facts", DOCUMENTED, ids=lambda facts: facts.name)
def test_a_call_is_as_documented(facts: Facts) -> None:
    one = call(facts.name)
    params = tuple(
        f"{field.name}{'!' * field.required}{'=' * bool(field.default)}{field.default}"
        for field in one.params
    )
    assert params == facts.params
    assert one.mutating is facts.mutating
    assert one.recipe(Profile.Y2019) == facts.hashed
    assert "/".join(filter(None, (one.marker, one.record))) == facts.place
    assert " ".join(field.name for field in one.returns) == facts.fields
    assert set(one.errors) == facts.errors


def test_names_old_and_new() -> None:
    assert [one.name for one in CALLS] == [facts.name for facts in DOCUMENTED]
    assert [one.old_name for one in CALLS] == ["device_list", "", "", ""]
    assert find("device_rule_update") is None
    assert find("device_list") is None


def test_an_empty_list_of_rules_is_an_error_text() -> None:
    assert {one.name: one.empty for one in CALLS if one.empty} == {
        "device_rules_get": ("Device has no rules",)
    }


def test_passwords_and_hashes_are_secret_fields() -> None:
    secret = {
        (one.name, field.name)
        for one in CALLS
        for field in (*one.params, *one.returns)
        if field.kind is Kind.SECRET
    }
    assert secret == {("devices_get", "secret"), ("users_get", "uniquehash")}


def test_the_recipes_of_a_rule() -> None:
    create = call("device_rule_create")
    assert create.recipe(Profile.Y2020) == ("device_id", "name", "cut", "add")
    assert create.recipe(Profile.LIVE) == ("device_id",)
    for name in ("devices_get", "device_rules_get", "users_get"):
        assert {call(name).recipe(profile) for profile in Profile} == {call(name).recipe(Profile.Y2019)}


RULE: Mapping[str, object] = {"device_id": 2, "name": "myrule", "cut": "353", "add": "0"}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"cut": "*#"},
        {"cut": "-", "add": "00#"},
        {"add": "0", "minlen": "10", "maxlen": 10},
        {"pr_type": "src", "change_callerid_name": "1"},
        {"name": "Łódź, line 2"},
    ],
)
@pytest.mark.parametrize("profile", Profile)
def test_right_rules_pass(changed: dict[str, object], profile: Profile) -> None:
    checked = call("device_rule_create").check({**RULE, **changed}, profile)
    assert set(checked) == {*RULE, *changed}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"device_id": 0}, "device_id is 0: wanted a whole number 1 to 2147483647"),
        ({"device_id": "x"}, "device_id is x"),
        ({"device_id": None}, "device_id is missing"),
        ({"name": None}, "name is missing"),
        ({"name": ""}, "name is blank"),
        ({"name": "  "}, "name is blank"),
        ({"name": "x" * 256}, "wanted text of at most 255 characters"),
        ({"name": "a\nb"}, "name is a\\x0ab"),
        ({"cut": "", "add": ""}, "cut is blank"),
        ({"cut": None, "add": " "}, "cut is blank"),
        ({"minlen": -1}, "minlen is -1"),
        ({"minlen": "ten"}, "minlen is ten"),
        ({"minlen": 12, "maxlen": 10}, "maxlen is 10: wanted at least minlen, 12"),
        ({"minlen": 101}, "maxlen is 100: wanted at least minlen, 101"),
        ({"maxlen": 0}, "maxlen is 0: wanted at least minlen, 1"),
        ({"pr_type": "both"}, "pr_type is both: wanted one of dst, src"),
        ({"change_callerid_name": "2"}, "wanted one of 0, 1"),
        ({"device": 2}, "device is unknown: wanted one of device_id, name"),
        ({"u": "admin"}, "u is unknown"),
    ],
)
@pytest.mark.parametrize("profile", Profile)
def test_wrong_rules_are_named(changed: dict[str, object], message: str, profile: Profile) -> None:
    with pytest.raises(Invalid) as raised:
        call("device_rule_create").check({**RULE, **changed}, profile)
    assert message in str(raised.value)


@pytest.mark.parametrize("blank", ["cut", "add"])
@pytest.mark.parametrize("value", ["", " ", None])
def test_a_blank_pattern_is_refused_where_the_server_would(blank: str, value: str | None) -> None:
    create = call("device_rule_create")
    with pytest.raises(Invalid, match=f"{blank} is blank: wanted a pattern: servers of the 2019 profile"):
        create.check({**RULE, blank: value}, Profile.Y2019)
    for profile in (Profile.Y2020, Profile.LIVE):
        assert create.check({**RULE, blank: value}, profile)["name"] == "myrule"
