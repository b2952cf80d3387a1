"""What a MOR call is: its parameters, its hash recipe, the shape of its success, its error texts."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from console.fields import Arguments, Field, Invalid, Value, gather


class Profile(StrEnum):
    """The three published recipes of device_rule_create (mor.md 3.8)."""

    Y2019 = "2019"
    Y2020 = "2020"
    LIVE = "live"


class Repeat(StrEnum):
    """What a second, equal call does (mor.md 3.1); no command is ever repeated by itself."""

    FREE = "free"
    HARMLESS = "harmless"
    REFUSED = "refused"
    UNSAFE = "unsafe"


class Evidence(StrEnum):
    """How well a call is documented (mor.md, marks)."""

    SOURCE = "source page"
    WIKI = "wiki page"
    PART = "part of a wiki page"
    CLIENT = "other people's clients"
    """The pages leave out what is needed: not confirmed before a live server has answered one."""


Check: TypeAlias = Callable[[Arguments, Profile], None]
"""Raises Invalid when checked values cannot stand together, or one has the wrong form."""


class Call(Struct, frozen=True, kw_only=True):
    """One call of the API.

    `hashed` lists, in order, the parameters that go into the hash; a call that is not `signed` has
    none. `one_of` are parameters of which at least one must say something. `needs_password` calls
    prove who calls with the caller's password.

    `marker` is the path below the root that a success carries. Of a list, `listing` is the name
    under which a reply keeps the rows, `record` the path below the root of the elements that hold a
    row each, and `returns` the fields of a row; `header` are fields beside the rows. `row_start`
    takes the place of `record` where pages show no element around a row: each begins at that field.
    `texts` are the success words; `empty` are errors that only mean an empty list, and with
    `empty_page` a page without anything in it does too.

    `destructive` commands lose something that no other call brings back as it was. `pin_param` and
    `description_param` name the parameters of a creation that carry the PIN and the words by which
    what was created can be found again (operations-safety rule 7).
    """

    name: str
    summary: str
    mutating: bool = False
    destructive: bool = False
    repeat: Repeat = Repeat.FREE
    evidence: Evidence
    since: str = ""
    old_name: str = ""
    params: tuple[Field, ...] = ()
    signed: bool = True
    hashed: tuple[str, ...] = ()
    hashed_by_profile: Mapping[Profile, tuple[str, ...]] = {}
    needs_password: bool = False
    one_of: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    pin_param: str = ""
    description_param: str = ""
    marker: str
    listing: str = ""
    record: str = ""
    row_start: str = ""
    header: tuple[Field, ...] = ()
    returns: tuple[Field, ...] = ()
    texts: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    empty_page: bool = False
    errors: tuple[str, ...] = ()

    def recipe(self, profile: Profile) -> tuple[str, ...]:
        """Return the ordered parameter names that are hashed on a server of that profile."""
        return self.hashed_by_profile.get(profile, self.hashed)

    def check(self, given: Mapping[str, object], profile: Profile = Profile.Y2019) -> dict[str, Value]:
        """Return `given` typed and checked, ready to send.

        Raises:
            Invalid: a value or a combination that the server would have to refuse.
        """
        arguments = gather(self.params, given)
        if self.one_of and all(blank(arguments, name) for name in self.one_of):
            raise Invalid(self.one_of[0], "missing", " or ".join(self.one_of))
        for check in self.checks:
            check(arguments, profile)
        return arguments


def blank(arguments: Arguments, name: str) -> bool:
    """Return whether a value says nothing; a text of spaces is blank to the server too."""
    return not str(arguments.get(name, "")).strip()
