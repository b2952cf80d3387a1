"""The MOR API calls as data: parameters, hash recipes, success shapes, error texts.

Facts from mor.md section 3. `u` (and, on old servers, `p`) belong to every call and are added
by the client, so they are not listed; `users_get` is the one call that hashes them.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from console.fields import Arguments, Field, Invalid, Kind, Value, gather


class Profile(StrEnum):
    """The three published recipes of device_rule_create (mor.md 3.8)."""

    Y2019 = "2019"
    Y2020 = "2020"
    LIVE = "live"


class Call(Struct, frozen=True, kw_only=True):
    """One call of the API.

    `hashed` lists, in order, the parameters that go into the hash. `marker` is the path below the
    root that a success carries; `record` names the repeated element that holds one row of a list.
    `texts` are the success words; `empty` are errors that only mean an empty list. `one_of` are
    parameters of which at least one is needed; `rule` raises Invalid on a wrong combination.
    """

    name: str
    mutating: bool
    summary: str
    old_name: str = ""
    params: tuple[Field, ...] = ()
    hashed: tuple[str, ...] = ()
    hashed_by_profile: Mapping[Profile, tuple[str, ...]] = {}
    one_of: tuple[str, ...] = ()
    marker: str = ""
    record: str = ""
    returns: tuple[Field, ...] = ()
    texts: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    rule: Callable[[Arguments, Profile], None] | None = None
    since: str = ""

    def recipe(self, profile: Profile) -> tuple[str, ...]:
        """Return the ordered parameter names that are hashed on a server of that profile."""
        return self.hashed_by_profile.get(profile, self.hashed)

    def check(self, given: Mapping[str, object], profile: Profile = Profile.Y2019) -> dict[str, Value]:
        """Return `given` typed and checked, ready to send.

        Raises:
            Invalid: a value or a combination that the server would have to refuse.
        """
        arguments = gather(self.params, given)
        if self.one_of and not any(name in arguments for name in self.one_of):
            raise Invalid(self.one_of[0], "missing", " or ".join(self.one_of))
        if self.rule:
            self.rule(arguments, profile)
        return arguments


def _check_rule(arguments: Arguments, profile: Profile) -> None:
    # A text of spaces is blank to the server too.
    blank = [name for name in ("cut", "add") if not str(arguments.get(name, "")).strip()]
    if not str(arguments["name"]).strip():
        raise Invalid("name", "blank", "a name")
    if profile is Profile.Y2019 and blank:
        raise Invalid(blank[0], "blank", "a pattern: servers of the 2019 profile refuse a blank one")
    if len(blank) == 2:
        raise Invalid("cut", "blank", "a cut or an add pattern: both blank are refused")
    low, high = arguments.get("minlen", 1), arguments.get("maxlen", 100)
    if isinstance(low, int) and isinstance(high, int) and high < low:
        raise Invalid("maxlen", high, f"at least minlen, {low}")


ID_LIMIT = 2_147_483_647
DEVICE_TYPES = ("SIP", "IAX2", "H323", "FAX", "Virtual", "ZAP", "Skype")


def _id(name: str, meaning: str, *, required: bool = True) -> Field:
    return Field(name=name, kind=Kind.INTEGER, low=1, high=ID_LIMIT, meaning=meaning, required=required)


def _number(name: str, meaning: str, low: int = 0, high: int = ID_LIMIT, **more: object) -> Field:
    return Field(name=name, kind=Kind.INTEGER, low=low, high=high, meaning=meaning, **more)  # type: ignore[arg-type]


def _text(name: str, meaning: str = "", *, required: bool = False) -> Field:
    return Field(name=name, kind=Kind.TEXT, high=255, meaning=meaning, required=required)


def _secret(name: str, meaning: str = "") -> Field:
    return Field(name=name, kind=Kind.SECRET, high=255, meaning=meaning)


def _choice(name: str, choices: tuple[str, ...], meaning: str, default: str = "") -> Field:
    return Field(name=name, kind=Kind.CHOICE, choices=choices, meaning=meaning, default=default)


def _switch(name: str, meaning: str, default: str = "") -> Field:
    return _choice(name, ("0", "1"), meaning, default)


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(_text(name) for name in names)


DEVICES_GET = Call(
    name="devices_get",
    old_name="device_list",
    mutating=False,
    summary="Lists the devices of a user.",
    params=(
        _number("user_id", "the user; 0 is the administrator", required=True),
        _switch("show_hidden_devices", "0 leaves out blocked and hidden devices", "1"),
    ),
    hashed=("user_id",),
    marker="devices",
    record="device",
    returns=(
        _number("device_id", ""),
        *_texts("device_type", "devicegroup_id", "primary_device", "username"),
        _secret("secret"),
        *_texts("ipaddr", "port", "callerid"),
    ),
    errors=("User not found", "user_id is empty", "Bad login", "Incorrect hash"),
    since="MOR X4 (device_list before)",
)

DEVICE_RULES_GET = Call(
    name="device_rules_get",
    mutating=False,
    summary="Lists the rules of a device.",
    params=(_id("device_id", "the device"),),
    hashed=("device_id",),
    marker="status/device_rules",
    record="device_rule",
    returns=(
        _number("id", ""),
        _number("device_id", ""),
        *_texts("name", "enabled", "cut", "add"),
        _number("minlen", ""),
        _number("maxlen", ""),
        *_texts("pr_type", "change_callerid_name"),
        _number("devicerulegroup_id", ""),
    ),
    empty=("Device has no rules",),
    errors=("Device was not found", "Device has no rules", "Incorrect hash"),
    since="April 2019",
)

DEVICE_RULE_CREATE = Call(
    name="device_rule_create",
    mutating=True,
    summary="Gives a device a rule.",
    params=(
        _id("device_id", "device on which the rule will be created"),
        _text("name", "name of the rule", required=True),
        _text("cut", "prefix to remove; *# removes up to #, - sends the number as received"),
        _text("add", "prefix to put in front"),
        _number("minlen", "shortest number it applies to", 0, 1000, default="1"),
        _number("maxlen", "longest number it applies to", 0, 1000, default="100"),
        _choice("pr_type", ("dst", "src"), "the number called, or the caller's", "dst"),
        _switch("change_callerid_name", "also change the caller's name", "0"),
    ),
    hashed=("device_id", "name", "cut", "add"),
    hashed_by_profile={Profile.LIVE: ("device_id",)},
    marker="status/success",
    texts=("Rule added",),
    errors=(
        "Incorrect hash",
        "Add failed",
        "Device was not found",
        "name cannot be blank",
        "cut cannot be blank",
        "add cannot be blank",
        "both add and cut cannot be blank",
    ),
    rule=_check_rule,
    since="April 2019",
)

USERS_GET = Call(
    name="users_get",
    mutating=False,
    summary="Lists the users the caller may see.",
    params=(_secret("uniquehash", "instead of a password"),),
    hashed=("u", "p"),
    marker="status/users",
    record="user",
    returns=(
        _number("id", ""),
        *_texts("username", "first_name", "last_name", "balance", "blocked", "lcr_id", "tariff_id"),
        *_texts("owner_id", "usertype", "hidden"),
    ),
    errors=(
        "API Requests are disabled",
        "GET Requests are disabled",
        "Access Denied",
        "Incorrect hash",
        "You are not authorized to view this page",
    ),
    since="MOR X8",
)

CALLS: tuple[Call, ...] = (DEVICES_GET, DEVICE_RULES_GET, DEVICE_RULE_CREATE, USERS_GET)

_BY_NAME = {call.name: call for call in CALLS}


def find(name: str) -> Call | None:
    """Return the call of that name, or None."""
    return _BY_NAME.get(name)
