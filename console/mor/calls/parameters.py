"""Parameters, and conditions on them, that several calls share.

Where the pages give no size, texts have at most 255 characters and numbers 31 bits (mor.md
section 7).
"""

import re

from console.fields import Arguments, Field, Invalid, Kind
from console.mor.calls.call import Check, Profile, blank
from console.secret import Secret

ID_LIMIT = 2_147_483_647
TEXT_LIMIT = 255
DEVICE_TYPES = ("SIP", "IAX2", "H323", "FAX", "Virtual", "ZAP", "Skype")


def number(name: str, meaning: str = "", low: int = 0, high: int = ID_LIMIT, **more: object) -> Field:
    return Field(name=name, kind=Kind.INTEGER, low=low, high=high, meaning=meaning, **more)  # type: ignore[arg-type]


def ident(name: str, meaning: str = "", **more: object) -> Field:
    return number(name, meaning, 1, ID_LIMIT, **more)


def user_id(name: str = "user_id", *, required: bool = False) -> Field:
    return number(name, "the user; 0 is the administrator", required=required)


def text(name: str, meaning: str = "", *, required: bool = False) -> Field:
    return Field(name=name, kind=Kind.TEXT, high=TEXT_LIMIT, meaning=meaning, required=required)


def secret(name: str, meaning: str = "") -> Field:
    return Field(name=name, kind=Kind.SECRET, high=TEXT_LIMIT, meaning=meaning)


def choice(name: str, choices: tuple[str, ...], meaning: str, **more: object) -> Field:
    return Field(name=name, kind=Kind.CHOICE, choices=choices, meaning=meaning, **more)  # type: ignore[arg-type]


def switch(name: str, meaning: str, default: str = "") -> Field:
    return choice(name, ("0", "1"), meaning, default=default)


def texts(*names: str) -> tuple[Field, ...]:
    return tuple(text(name) for name in names)


def numbers(*names: str) -> tuple[Field, ...]:
    return tuple(number(name) for name in names)


def filled(*names: str) -> Check:
    """Return a check that none of `names` is given blank."""

    def check(arguments: Arguments, _profile: Profile) -> None:
        for name in names:
            if name in arguments and blank(arguments, name):
                raise Invalid(name, "blank", "something in it")

    return check


def shaped(name: str, pattern: str, wanted: str) -> Check:
    """Return a check that a text, when it is not blank, matches `pattern` as a whole."""
    whole = re.compile(pattern, re.ASCII)

    def check(arguments: Arguments, _profile: Profile) -> None:
        value = arguments.get(name, "")
        plain = value.reveal() if isinstance(value, Secret) else str(value)
        if plain and not whole.fullmatch(plain):
            raise Invalid(name, "not shown" if isinstance(value, Secret) else plain, wanted)

    return check


def digits(name: str) -> Check:
    """Return a check that a text has nothing but digits, or is blank."""
    return shaped(name, "[0-9]+", "digits only")
