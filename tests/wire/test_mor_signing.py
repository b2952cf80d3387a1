"""Hashes: the vendor's examples that verify, the ones computed from inputs it published, the recipes.

The stale examples of the vendor's own pages appear only where they must not come out.
"""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.mor.calls import Profile, find
from console.mor.signing import digest, sign
from console.secret import Secret

VERIFIED = [
    (["100"], "456789", "71516eea4850f7e0300ac86adf9fb64bca845aa7"),
    (["123", "1252454580", "answered"], "Very Sercet Key", "b93c35d5c6183288322122561a3da7e09abb63b7"),
    (["123"], "456789", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
    (["5"], "456789", "65fd575c441513bd114b84c7dbdb01e0f2716d27"),
    ([], "secret", "e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4"),
    (["2", "1234678"], "secret", "1ba6df6ad2532aea7ca035be29b7dd63feb1df88"),
    (["admin", "admin1"], "secret", "c420ef706a02e6449994b7575b25ef5f74cc722b"),
    (["2", "7"], "secret", "297dab8c386794b2e947d52affb8f576c643569e"),
    (["6"], "456789", "67df827dec80a7241fb3fc4de22a90e62c5e8d93"),
    (["6", "2"], "456789", "37086d860581fabc278413cd1a417d5c079f6eba"),
]
COMPUTED = [
    (["2", "myrule", "353", "0"], "secret", "52d321577326f704767d0b6e5be330ab1c37357f"),
    (["2"], "secret", "38282ca5e65e63746498ef5b39a2fe71c6448df4"),
    (["2", "myrule", "353", ""], "secret", "b8519cc4ae3ac68db9ec4fc09b585cce38d4496a"),
    (["581"], "asdfghjkl", "b3b8a6f4063a0569212c91098627a9c394283bd6"),
    ([], "456789", "df2983700ffecb52e6649f0cb3981b66537083a4"),
]
RULE = {"device_id": "2", "name": "myrule", "cut": "353", "add": "0"}


@pytest.mark.parametrize(("values", "key", "sha1"), [*VERIFIED, *COMPUTED])
def test_vectors(values: list[str], key: str, sha1: str) -> None:
    assert digest(values, Secret(key)) == sha1


@pytest.mark.parametrize(
    ("name", "params", "profile", "key", "sha1"),
    [
        ("devices_get", {"user_id": "100"}, Profile.Y2019, "456789", VERIFIED[0][2]),
        ("device_delete", {"device": "123"}, Profile.Y2019, "456789", VERIFIED[2][2]),
        ("device_details_get", {"device_id": "5"}, Profile.Y2019, "456789", VERIFIED[3][2]),
        ("device_callflow_get", {"device_id": "100"}, Profile.Y2019, "456789", VERIFIED[0][2]),
        ("device_clis_get", {"devices_id": "7"}, Profile.Y2019, "secret", VERIFIED[4][2]),
        ("cli_add", {"device_id": "2", "cli_number": "1234678"}, Profile.Y2019, "secret", VERIFIED[5][2]),
        ("users_get", {"u": "admin", "p": "admin1"}, Profile.Y2019, "secret", VERIFIED[6][2]),
        ("user_details_get", {"user_id": "123"}, Profile.Y2019, "456789", VERIFIED[2][2]),
        ("device_rules_get", {"device_id": "2"}, Profile.LIVE, "secret", COMPUTED[1][2]),
        ("device_rule_create", RULE, Profile.Y2019, "secret", COMPUTED[0][2]),
        ("device_rule_create", RULE, Profile.Y2020, "secret", COMPUTED[0][2]),
        ("device_rule_create", RULE, Profile.LIVE, "secret", COMPUTED[1][2]),
        ("device_rule_create", {**RULE, "add": ""}, Profile.Y2020, "secret", COMPUTED[2][2]),
    ],
)
def test_a_call_is_signed_by_its_recipe(
    name: str, params: dict[str, str], profile: Profile, key: str, sha1: str
) -> None:
    call = find(name)
    assert call is not None
    unlisted = {"minlen": "1", "show_hidden_devices": "0", "uniquehash": "x", "hash": "y"}
    assert sign(call, params, Secret(key), profile) == sha1
    assert sign(call, {**unlisted, **params}, Secret(key), profile) == sha1


def test_the_stale_example_of_the_page_does_not_come_out() -> None:
    call = find("device_rule_create")
    assert call is not None
    hashes = {sign(call, RULE, Secret("secret"), profile) for profile in Profile}
    assert "297dab8c386794b2e947d52affb8f576c643569e" not in hashes


def test_the_order_is_the_recipe_not_the_request() -> None:
    call = find("device_rule_create")
    assert call is not None
    shuffled = dict(reversed(RULE.items()))
    assert sign(call, shuffled, Secret("secret"), Profile.Y2019) == COMPUTED[0][2]


def test_a_missing_value_is_like_a_blank_one() -> None:
    call = find("device_rule_create")
    assert call is not None
    short = {name: value for name, value in RULE.items() if name != "add"}
    assert sign(call, short, Secret("secret"), Profile.Y2020) == COMPUTED[2][2]


@given(st.lists(st.text(max_size=10), max_size=4), st.text(max_size=10))
def test_values_and_key_are_joined_in_utf_8(values: list[str], key: str) -> None:
    joined = "".join([*values, key]).encode()
    assert digest(values, Secret(key)) == hashlib.sha1(joined).hexdigest()
