"""The form body of a MOR call, read back with the standard library's own parser."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.fields import Invalid
from console.mor.calls import Profile, find
from console.mor.signing import digest
from console.mor.wire import Caller, encode
from console.secret import Secret

KEY = Secret("c4nary-key")
CALLER = Caller(user="admin", secret=KEY)
RULE: Mapping[str, object] = {"device_id": 2, "name": "myrule", "cut": "353", "add": "0"}


def sent(name: str, given: Mapping[str, object], caller: Caller = CALLER) -> dict[str, str]:
    call = find(name)
    assert call is not None
    body = encode(call, call.check(given, caller.profile), caller)
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@pytest.mark.parametrize(
    ("name", "given", "params", "hashed"),
    [
        ("devices_get", {"user_id": "100"}, {"user_id": "100"}, ["100"]),
        (
            "devices_get",
            {"user_id": 100, "show_hidden_devices": "0"},
            {"user_id": "100", "show_hidden_devices": "0"},
            ["100"],
        ),
        ("device_rules_get", {"device_id": 2}, {"device_id": "2"}, ["2"]),
        (
            "device_rule_create",
            {**RULE, "minlen": 1, "pr_type": "src"},
            {"device_id": "2", "name": "myrule", "cut": "353", "add": "0", "minlen": "1", "pr_type": "src"},
            ["2", "myrule", "353", "0"],
        ),
        ("users_get", {}, {}, ["admin"]),
        ("users_get", {"uniquehash": "abc"}, {"uniquehash": "abc"}, ["admin"]),
    ],
)
def test_what_is_sent(
    name: str, given: Mapping[str, object], params: dict[str, str], hashed: list[str]
) -> None:
    assert sent(name, given) == {**params, "u": "admin", "hash": digest(hashed, KEY)}


def test_the_password_goes_only_where_it_is_configured() -> None:
    caller = Caller(user="admin", secret=KEY, password=Secret("admin1"))
    assert sent("devices_get", {"user_id": 100}, caller) == {
        "user_id": "100",
        "u": "admin",
        "p": "admin1",
        "hash": digest(["100"], KEY),
    }
    assert sent("users_get", {}, caller)["hash"] == digest(["admin", "admin1"], KEY)


@pytest.mark.parametrize("profile", Profile)
def test_the_profile_only_changes_the_hash(profile: Profile) -> None:
    caller = Caller(user="admin", secret=KEY, profile=profile)
    wanted = ["2"] if profile is Profile.LIVE else ["2", "myrule", "353", "0"]
    assert sent("device_rule_create", RULE, caller) == {
        **{name: str(value) for name, value in RULE.items()},
        "u": "admin",
        "hash": digest(wanted, KEY),
    }


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("a%b", b"a%25b"),
        ("a#b", b"a%23b"),
        ("a+b", b"a%2Bb"),
        ("a&b", b"a%26b"),
        ("a=b", b"a%3Db"),
        ("é倉", b"%C3%A9%E5%80%89"),
        ("a;b", b"a%3Bb"),
    ],
)
def test_special_characters_are_encoded_but_hashed_raw(value: str, encoded: bytes) -> None:
    call = find("device_rule_create")
    assert call is not None
    body = encode(call, call.check({**RULE, "cut": value}), CALLER)
    assert b"&cut=" + encoded + b"&" in body
    assert sent("device_rule_create", {**RULE, "cut": value})["cut"] == value
    assert sent("device_rule_create", {**RULE, "cut": value})["hash"] == digest(
        ["2", "myrule", value, "0"], KEY
    )


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_any_text_arrives_as_it_was_typed(text: str) -> None:
    params = sent("device_rule_create", {**RULE, "name": text, "add": text})
    assert (params["name"], params["add"]) == (text, text)
    assert params["hash"] == digest(["2", text, "353", text], KEY)


def test_neither_key_nor_password_shows() -> None:
    caller = Caller(user="admin", secret=KEY, password=Secret("c4nary-password"))
    assert "c4nary" not in repr(caller)
    assert "c4nary-key" not in str(sent("device_rule_create", RULE, caller))


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "half \ud800", "secret": KEY},
        {"user": "a\nb", "secret": KEY},
        {"user": "admin", "secret": Secret("c4nary \udcff")},
        {"user": "admin", "secret": KEY, "password": Secret("c4nary\x00")},
    ],
)
def test_a_caller_that_could_not_be_sent_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid) as raised:
        Caller(**wrong)  # type: ignore[arg-type]
    assert "c4nary" not in str(raised.value)
