"""Hashes that were published and verify, and who may call with which (mor.md section 2)."""

from urllib.parse import urlencode

import pytest

from .phones import KEY, RESELLER_KEY, ask, create_rule, error, phones, signed

INCORRECT = error("Incorrect hash")


@pytest.mark.parametrize(
    ("call", "params", "key", "digest"),
    [
        ("devices_get", {"user_id": "100"}, "456789", "71516eea4850f7e0300ac86adf9fb64bca845aa7"),
        ("users_get", {"p": "admin1"}, "secret", "c420ef706a02e6449994b7575b25ef5f74cc722b"),
        (
            "device_rule_create",
            {"device_id": "2", "name": "myrule", "cut": "353", "add": "0"},
            "secret",
            "52d321577326f704767d0b6e5be330ab1c37357f",
        ),
        ("device_rules_get", {"device_id": "2"}, "secret", "38282ca5e65e63746498ef5b39a2fe71c6448df4"),
    ],
)
def test_verified_hashes_are_accepted(call: str, params: dict[str, str], key: str, digest: str) -> None:
    query = urlencode({"u": "admin", **params, "hash": digest})
    assert ask(phones(key=key), call, query).body.decode() != INCORRECT
    assert ask(phones(key=key + "x"), call, query).body.decode() == INCORRECT


def test_a_blank_value_hashes_like_an_absent_one() -> None:
    digest = "b8519cc4ae3ac68db9ec4fc09b585cce38d4496a"
    for add in ("", None):
        world = phones(key="secret", profile="2020")
        assert "Rule added" in create_rule(world, add=add, hash=digest)


@pytest.mark.parametrize(
    ("profile", "right", "wrong"),
    [
        ("2019", ("2", "myrule", "353", "0"), ("2",)),
        ("2020", ("2", "myrule", "353", "0"), ("2",)),
        ("live", ("2",), ("2", "myrule", "353", "0")),
    ],
)
def test_each_profile_has_its_recipe(profile: str, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    assert "Rule added" in create_rule(phones(profile=profile), hash=signed(KEY, *right))
    assert create_rule(phones(profile=profile), hash=signed(KEY, *wrong)) == INCORRECT


@pytest.mark.parametrize(
    "hash_", ["", "x", "é", signed(KEY, "100").upper(), signed(KEY, "1000"), signed(RESELLER_KEY, "100")]
)
def test_wrong_hashes(hash_: str) -> None:
    query = urlencode({"u": "admin", "user_id": "100", "hash": hash_})
    assert ask(phones(), "devices_get", query).body.decode() == INCORRECT


def test_the_key_is_the_callers_own() -> None:
    query = urlencode({"u": "dock", "user_id": "200", "hash": signed(RESELLER_KEY, "200")})
    assert b"<device_id>9</device_id>" in ask(phones(), "devices_get", query).body


def test_letters_outside_ascii_are_hashed_as_utf8() -> None:
    assert "Rule added" in create_rule(phones(), name="Tür & Tor")


def test_hash_checking_can_be_disabled() -> None:
    assert ask(phones(hash_checked=False), "devices_get", "u=admin&user_id=100").body.startswith(b"<page>\n")
