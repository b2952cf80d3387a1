"""MOR calls to signed form bodies."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from console.fields import Arguments, Field, Invalid, Kind, Value, check
from console.mor.calls import Call, Profile
from console.mor.signing import sign
from console.secret import Secret

CONTENT_TYPE = "application/x-www-form-urlencoded"

_USER = Field(name="user", kind=Kind.TEXT, high=255)
_KEY = Field(name="secret", kind=Kind.SECRET, high=4096)
_PASSWORD = Field(name="password", kind=Kind.SECRET, high=4096)


class Caller(Struct, frozen=True):
    """Who is calling, and in which dialect: `password` only for servers that still want one.

    Raises:
        Invalid: a text that could not be sent as it is, such as half a character.
    """

    user: str
    secret: Secret
    password: Secret | None = None
    profile: Profile = Profile.Y2019

    def __post_init__(self) -> None:
        check(_USER, self.user)
        check(_KEY, self.secret)
        if self.password is not None:
            check(_PASSWORD, self.password)


def checked(call: Call, given: Mapping[str, object], caller: Caller) -> dict[str, Value]:
    """Return the values of a call, typed and checked, ready to encode for that caller.

    Raises:
        Invalid: a value or combination that cannot be right, or a call that asks for the caller's
            password where none is configured.
    """
    if call.needs_password and not caller.password:
        raise Invalid("password", "missing", f"a password in the settings: {call.name} asks for it")
    return call.check(given, caller.profile)


def encode(call: Call, arguments: Arguments, caller: Caller) -> bytes:
    """Return the form body of a checked call, signed where the call is."""
    params = {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in params_of(arguments, caller).items()
    }
    if call.signed:
        params["hash"] = sign(call, params, caller.secret, caller.profile)
    return urlencode(params).encode()


def params_of(arguments: Arguments, caller: Caller) -> dict[str, str | Secret]:
    """Return what a call sends, by name and in order, but for the hash."""
    params = {name: _text(value) for name, value in arguments.items()}
    params["u"] = caller.user
    if caller.password:
        params["p"] = caller.password
    return params


def _text(value: Any) -> str | Secret:
    match value:
        case Secret():
            return value
        case bool():
            return "1" if value else "0"
        case _:
            return str(value)
