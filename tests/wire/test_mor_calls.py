"""The MOR calls say what the vendor's pages say, and refuse what cannot be right."""

from collections.abc import Mapping

import pytest

from console.fields import Invalid, Kind
from console.mor.calls import CALLS, Call, Evidence, Profile, Repeat, find

from .mor_facts import DOCUMENTED, ROW_FIELDS, Facts


def call(name: str) -> Call:
    found = find(name)
    assert found is not None
    return found


@pytest.mark.parametrize("facts", DOCUMENTED, ids=lambda facts: facts.name)
def test_a_call_is_as_documented(facts: Facts) -> None:
    one = call(facts.name)
    params = (
        f"{field.name}{'!' * field.required}{'=' * bool(field.default)}{field.default}"
        for field in one.params
    )
    assert " ".join(params) == facts.params
    assert " ".join(one.recipe(Profile.Y2019)) == facts.hashed
    assert (one.record or one.marker) == facts.place
    assert (one.texts, one.old_name) == (facts.texts, facts.old_name)
    assert sorted(one.errors) == sorted(facts.errors)
    if one.listing:
        assert " ".join(field.name for field in one.returns) == ROW_FIELDS[facts.name]


def test_the_catalogue_has_the_eighteen_calls_once() -> None:
    assert sorted(one.name for one in CALLS) == sorted(facts.name for facts in DOCUMENTED)
    assert len(CALLS) == 18
    assert find("device_rule_update") is None
    assert find("device_list") is None


def test_what_each_call_does() -> None:
    words = {
        one.name: f"{one.repeat}{', loses something' * one.destructive}" for one in CALLS if one.mutating
    }
    assert words == {
        "device_create": "unsafe",
        "device_update": "harmless",
        "device_delete": "refused, loses something",
        "device_rule_create": "unsafe",
        "device_rule_delete": "refused, loses something",
        "device_callflow_update": "harmless, loses something",
        "cli_add": "refused",
        "cli_delete": "refused, loses something",
    }
    reads = [one for one in CALLS if not one.mutating]
    assert all(one.repeat is Repeat.FREE and not one.destructive for one in reads)


def test_how_well_each_call_is_documented() -> None:
    named = {kind: {one.name for one in CALLS if one.evidence is kind} for kind in Evidence}
    assert named[Evidence.SOURCE] == {"devices_get", "device_rule_create"}
    assert named[Evidence.CLIENT] == {"device_callflow_update"}
    assert named[Evidence.PART] == {
        *("device_details_get", "device_create", "device_update", "device_callflow_get"),
        *("device_clis_get", "user_details_get"),
    }


def test_an_empty_list_can_be_an_error_text_or_an_empty_page() -> None:
    assert {one.name: one.empty for one in CALLS if one.empty} == {
        "device_rules_get": ("Device has no rules",),
        "device_clis_get": ("CLIs were not found",),
    }
    assert [one.name for one in CALLS if one.empty_page] == ["devices_get"]


def test_which_calls_prove_who_is_calling_how() -> None:
    assert [one.name for one in CALLS if not one.signed] == ["morphone_details_get"]
    assert [one.name for one in CALLS if one.needs_password] == ["morphone_details_get"]


def test_where_a_creation_keeps_pin_and_description() -> None:
    create = call("device_create")
    assert (create.pin_param, create.description_param) == ("pin", "description")
    for one in CALLS:
        kinds = {field.name: field.kind for field in one.params}
        assert not one.pin_param or kinds[one.pin_param] is Kind.SECRET
        assert not one.description_param or kinds[one.description_param] is Kind.TEXT


def every_field(one: Call) -> list[tuple[str, Kind]]:
    fields = [*one.params, *one.header, *one.returns]
    return [(field.name, field.kind) for group in fields for field in (group, *group.fields)]


def test_passwords_and_hashes_are_secret_fields_everywhere() -> None:
    hidden = {"secret", "password", "pin", "uniquehash"}
    found = [(one.name, name) for one in CALLS for name, kind in every_field(one) if kind is Kind.SECRET]
    assert found == [(one.name, name) for one in CALLS for name, _ in every_field(one) if name in hidden]
    assert len(found) == 9


def test_the_recipes_of_a_rule() -> None:
    create = call("device_rule_create")
    assert create.recipe(Profile.Y2020) == ("device_id", "name", "cut", "add")
    assert create.recipe(Profile.LIVE) == ("device_id",)
    for one in CALLS:
        if one is not create:
            assert {one.recipe(profile) for profile in Profile} == {one.recipe(Profile.Y2019)}


FREE_TEXTS = [
    (one.name, field.name) for one in CALLS for field in one.params if field.kind in (Kind.TEXT, Kind.SECRET)
]


@pytest.mark.parametrize(("name", "field"), FREE_TEXTS)
def test_no_text_carries_what_could_steer_a_terminal_or_a_line(name: str, field: str) -> None:
    (right,) = (facts.given for facts in DOCUMENTED if facts.name == name)
    if field == "device_u":
        right = {}  # it excludes device_id
    for wrong in ("c4nary\n", "c4nary\x00", "\x1b]c4nary", "c4nary\u202e", "half \ud800", "c4nary" * 43):
        with pytest.raises(Invalid) as raised:
            call(name).check({**right, field: wrong})
        assert raised.value.parameter == field
        secret = dict(every_field(call(name)))[field] is Kind.SECRET
        assert not secret or "c4nary" not in str(raised.value)


@pytest.mark.parametrize("facts", DOCUMENTED, ids=lambda facts: facts.name)
def test_what_is_required_is_asked_for(facts: Facts) -> None:
    one = call(facts.name)
    assert {name: str(value) for name, value in one.check(facts.given).items()} == {
        name: "***" if name == "pin" else value for name, value in facts.given.items()
    }
    for name in (name.rstrip("!") for name in facts.params.split() if name.endswith("!")):
        with pytest.raises(Invalid, match=f"^{name} is missing"):
            one.check({**facts.given, name: None})


RIGHT = [
    ("devices_get", {"user_id": 0}),
    ("device_details_get", {"device_u": "101"}),
    ("device_create", {"user_id": 2}),
    ("device_create", {"user_id": 2, "pin": "", "type": ""}),
    ("device_create", {"user_id": 2, "pin": "0" * 255, "type": "Virtual"}),
    ("device_update", {"device": 2, "authentication": "0", "password": "aB3+&% #"}),
    ("device_update", {"device": 2, "authentication": "1", "hostname": "pbx.example"}),
    # A client sends all five that are hashed, whatever the authentication (mor.md 6).
    ("device_update", {"device": 2, "authentication": "0", "username": "u", "host": "h", "port": 0}),
    ("device_update", {"device": 2, "extension": "a9#*", "balance": "-12.5", "transport": "udp,tcp"}),
    ("device_update", {"device": 2, "pin": "", "extension": "", "ringing_timeout": 10}),
    (
        "device_callflow_update",
        {"device_id": 2, "callflow_action": "fax_detect", "state": "before_call", "fax_device": 3},
    ),
    ("device_clis_get", {}),
    ("device_clis_get", {"devices_id": 2, "users_id": 0}),
    ("cli_add", {"device_id": 2, "cli_domain": "x.example"}),
    ("cli_add", {"device_id": 2, "cli_number": "", "cli_domain": "x.example"}),
    ("user_details_get", {"username": "lea"}),
]


@pytest.mark.parametrize(("name", "given"), RIGHT)
def test_right_values_pass(name: str, given: Mapping[str, object]) -> None:
    assert set(call(name).check(given)) == set(given)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("device_details_get", {}, "device_id is missing: wanted device_id or device_u"),
        ("device_details_get", {"device_u": " "}, "device_id is missing: wanted device_id or device_u"),
        ("device_details_get", {"device_id": 5, "device_u": "101"}, "never both"),
        ("device_create", {"user_id": 2, "pin": "12x4"}, "pin is not shown: wanted digits only"),
        ("device_create", {"user_id": 2, "pin": "١٢٣"}, "pin is not shown: wanted digits only"),
        ("device_create", {"user_id": 2, "pin": " "}, "pin is not shown: wanted digits only"),
        ("device_create", {"user_id": 2, "type": "sip"}, "type is sip: wanted one of SIP, IAX2"),
        ("device_update", {"device": 0}, "device is 0"),
        ("device_update", {"device_id": 2}, "device_id is unknown"),
        ("device_update", {"device": 2, "pin": "12x4"}, "pin is not shown: wanted digits only"),
        ("device_update", {"device": 2, "port": 65536}, "port is 65536"),
        ("device_update", {"device": 2, "ringing_timeout": 9}, "wanted a whole number 10 to"),
        ("device_update", {"device": 2, "trunk": "3"}, "trunk is 3"),
        ("device_update", {"device": 2, "extension": "A1"}, "extension is A1: wanted a-z, 0-9, # and *"),
        ("device_update", {"device": 2, "balance": "12,5"}, "balance is 12,5: wanted an amount"),
        ("device_update", {"device": 2, "hostname": "h"}, "wanted authentication 1 beside it"),
        (
            "device_update",
            {"device": 2, "authentication": "0", "hostname": "h"},
            "wanted authentication 1 beside it",
        ),
        (
            "device_update",
            {"device": 2, "authentication": "1", "password": "c4nary"},
            "password is not shown: wanted it left out",
        ),
        (
            "device_callflow_update",
            {"device_id": 2, "callflow_action": "fax_detect", "state": "busy"},
            "state is busy: wanted before_call",
        ),
        ("cli_add", {"device_id": 2}, "cli_number is missing: wanted cli_number or cli_domain"),
        ("cli_add", {"device_id": 2, "cli_number": "", "cli_domain": " "}, "cli_number is missing"),
        ("cli_add", {"device_id": 2, "cli_number": "+370"}, "cli_number is +370: wanted digits only"),
        ("cli_delete", {"cli_number": ""}, "cli_number is blank"),
        ("cli_delete", {"cli_number": "1a"}, "cli_number is 1a: wanted digits only"),
        ("cli_info_get", {"cli": " "}, "cli is blank"),
        ("user_details_get", {}, "user_id is missing: wanted user_id or username"),
        ("user_details_get", {"user_id": 3, "username": ""}, "username is blank"),
        ("system_version_get", {"u": "admin"}, "u is unknown: wanted no parameters at all"),
    ],
)
def test_wrong_values_are_named(name: str, given: Mapping[str, object], message: str) -> None:
    with pytest.raises(Invalid) as raised:
        call(name).check(given)
    assert message in str(raised.value)
    assert "c4nary" not in str(raised.value)


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
