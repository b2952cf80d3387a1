"""Rules that change numbers on their way to a device (mor.md 3.7 to 3.9)."""

from console.fields import Arguments, Invalid
from console.mor.calls.call import Call, Evidence, Profile, Repeat, blank
from console.mor.calls.parameters import choice, filled, ident, number, numbers, switch, text, texts

DEVICE_RULES_GET = Call(
    name="device_rules_get",
    summary="Lists the rules of a device.",
    evidence=Evidence.WIKI,
    since="April 2019",
    params=(ident("device_id", "the device", required=True),),
    hashed=("device_id",),
    marker="status/device_rules",
    listing="device_rules",
    record="status/device_rules/device_rule",
    returns=(
        *numbers("id", "device_id"),
        *texts("name", "enabled", "cut", "add"),
        *numbers("minlen", "maxlen"),
        *texts("pr_type", "change_callerid_name"),
        number("devicerulegroup_id"),
    ),
    empty=("Device has no rules",),
    errors=("Device was not found", "Device has no rules", "Incorrect hash"),
)


def _check_patterns(arguments: Arguments, profile: Profile) -> None:
    missing = [name for name in ("cut", "add") if blank(arguments, name)]
    if profile is Profile.Y2019 and missing:
        raise Invalid(missing[0], "blank", "a pattern: servers of the 2019 profile refuse a blank one")
    if len(missing) == 2:
        raise Invalid("cut", "blank", "a cut or an add pattern: both blank are refused")


def _check_lengths(arguments: Arguments, _profile: Profile) -> None:
    low, high = arguments.get("minlen", 1), arguments.get("maxlen", 100)
    if isinstance(low, int) and isinstance(high, int) and high < low:
        raise Invalid("maxlen", high, f"at least minlen, {low}")


DEVICE_RULE_CREATE = Call(
    name="device_rule_create",
    summary="Gives a device a rule.",
    mutating=True,
    repeat=Repeat.UNSAFE,
    evidence=Evidence.SOURCE,
    since="April 2019",
    params=(
        ident("device_id", "device on which the rule will be created", required=True),
        text("name", "name of the rule", required=True),
        text("cut", "prefix to remove; *# removes up to #, - sends the number as received"),
        text("add", "prefix to put in front"),
        number("minlen", "shortest number it applies to", 0, 1000, default="1"),
        number("maxlen", "longest number it applies to", 0, 1000, default="100"),
        choice("pr_type", ("dst", "src"), "the number called, or the caller's", default="dst"),
        switch("change_callerid_name", "also change the caller's name", "0"),
    ),
    hashed=("device_id", "name", "cut", "add"),
    hashed_by_profile={Profile.LIVE: ("device_id",)},
    checks=(filled("name"), _check_patterns, _check_lengths),
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
)

DEVICE_RULE_DELETE = Call(
    name="device_rule_delete",
    summary="Deletes a rule.",
    mutating=True,
    destructive=True,
    repeat=Repeat.REFUSED,
    evidence=Evidence.WIKI,
    params=(ident("device_rule_id", "the rule", required=True),),
    hashed=("device_rule_id",),
    marker="status/success",
    texts=("Device rule was successfully deleted",),
    errors=("Incorrect hash", "Device rule was not found"),
)

RULES = (DEVICE_RULES_GET, DEVICE_RULE_CREATE, DEVICE_RULE_DELETE)
