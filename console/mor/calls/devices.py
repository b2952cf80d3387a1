"""Devices: listing, details, creating, changing, deleting (mor.md 3.2 to 3.6)."""

from console.fields import Arguments, Field, Invalid, Kind
from console.mor.calls.call import Call, Evidence, Profile, Repeat
from console.mor.calls.parameters import (
    DEVICE_TYPES,
    choice,
    digits,
    ident,
    number,
    secret,
    shaped,
    switch,
    text,
    texts,
    user_id,
)

DEVICES_GET = Call(
    name="devices_get",
    old_name="device_list",
    summary="Lists the devices of a user.",
    evidence=Evidence.SOURCE,
    since="MOR X4 (device_list before)",
    params=(
        user_id(required=True),
        switch("show_hidden_devices", "0 leaves out blocked and hidden devices", "1"),
    ),
    hashed=("user_id",),
    marker="devices",
    listing="devices",
    record="devices/device",
    returns=(
        number("device_id"),
        *texts("device_type", "devicegroup_id", "primary_device", "username"),
        secret("secret"),
        *texts("ipaddr", "port", "callerid"),
    ),
    empty_page=True,
    errors=("User not found", "user_id is empty", "Bad login", "Incorrect hash"),
)

DEVICE_DETAILS_GET = Call(
    name="device_details_get",
    summary="Reads everything the server keeps about a device.",
    evidence=Evidence.PART,  # the stored sample is cut short: the set of fields is open
    since="MOR X5",
    params=(
        ident("device_id", "the device", excludes="device_u"),
        text("device_u", "login name of the device instead"),
    ),
    hashed=("device_id", "device_u"),
    one_of=("device_id", "device_u"),
    marker="device_type",
    returns=(
        *texts("id", "name", "host"),
        secret("secret"),
        *texts("context", "ipaddr", "port", "regseconds", "accountcode", "callerid", "extension"),
        *texts("voicemail_active", "username", "device_type", "user_id", "primary_did_id"),
        *texts("works_not_logged", "forward_to", "record", "transfer", "disallow", "allow", "deny"),
        *texts("permit", "nat", "qualify", "fullcontact", "canreinvite", "devicegroup_id", "dtmfmode"),
        *texts("callgroup", "pickupgroup", "fromuser", "fromdomain", "trustrpid", "sendrpid", "insecure"),
        *texts("progressinband", "videosupport", "description", "istrunk", "cid_from_dids"),
        secret("pin"),
        *texts("tell_balance", "tell_time", "tell_rtime_when_left", "repeat_rtime_every"),
        *texts("allowtransfer", "dynamic", "balance", "device_balance_enabled"),
        Field(name="codecs", kind=Kind.RECORD, fields=texts("audio_codecs")),
    ),
    errors=("Access Denied", "Device was not found", "Bad login", "Incorrect hash"),
)

DEVICE_CREATE = Call(
    name="device_create",
    summary="Gives a user a device.",
    mutating=True,
    repeat=Repeat.UNSAFE,
    evidence=Evidence.PART,  # later pages are known only through clients
    since="MOR 11",
    params=(
        user_id(required=True),
        text("description", "words to find it again by"),
        secret("pin", "digits, or blank for none; random digits when left out"),
        choice("type", (*DEVICE_TYPES, ""), "blank is the server's default type"),
        ident("devicegroup_id", "group of devices inside the user"),
        text("caller_id", "name and number that calls from it show"),
    ),
    hashed=("user_id", "description", "pin", "type", "devicegroup_id", "caller_id"),
    checks=(digits("pin"),),
    pin_param="pin",
    description_param="description",
    marker="id",
    returns=(text("status"), ident("id"), text("username"), secret("password")),
    texts=("Device created", "Device was created"),
    errors=(
        "User was not found",
        "Incorrect hash",
        "Dont be so smart",
        "Access Denied",
        "Device_type_invalid",
        "Device_group_invalid",
        "Pin_is_already_used",
        "Pin_must_be_numeric",
        "Device was not created",
    ),
)


def _check_authentication(arguments: Arguments, _profile: Profile) -> None:
    by_address = arguments.get("authentication")
    if "hostname" in arguments and by_address != "1":
        raise Invalid("hostname", arguments["hostname"], "authentication 1 beside it")
    if "password" in arguments and by_address == "1":
        raise Invalid("password", "not shown", "it left out: a device known by its address has none")


DEVICE_UPDATE = Call(
    name="device_update",
    summary="Changes settings of a device; what is left out stays as it is.",
    mutating=True,
    repeat=Repeat.HARMLESS,  # it sets values; only of fax_email_add that is not known
    evidence=Evidence.PART,  # the stored list of parameters is cut short, the errors are those of 2014
    since="May 2014",
    params=(
        ident("device", "the device", required=True),
        switch("authentication", "0 by name and password, 1 by address"),
        text("username", "login name, with authentication 0"),
        text("host", "address, with authentication 1"),
        number("port", "port, with authentication 1", 0, 65535),
        ident("new_location_id", "whose dialling rules it follows"),
        text("callerid_number", "number that calls from it show"),
        text("callerid_name", "name that calls from it show"),
        choice("trunk", ("0", "1", "2"), "0 no, 1 yes, 2 with ANI"),
        text("fax_email_add", "address that gets its faxes as well"),
        text("fax_email_delete", "address that gets its faxes no longer"),
        number("call_limit", "most calls at once; 0 is unlimited"),
        number("inbound_call_limit", "most incoming calls at once; 0 is unlimited"),
        text("fromuser"),
        secret("password", "new password, with authentication 0"),
        number("call_timeout", "longest call; 0 is unlimited", unit="s"),
        text("extension", "short number; a-z, 0-9, # and *"),
        secret("pin", "digits, or blank for none"),
        switch("hidden", "1 blocks it and hides it from lists"),
        text("language"),
        choice("allow_empty_callerid", ("1",), "since MOR X12"),
        text("comment", "since MOR X12"),
        switch("encryption", "since MOR X13"),
        choice("transport", ("udp", "tcp", "udp,tcp", "tcp,udp", "tls"), "since MOR X13"),
        text("hostname", "with authentication 1, since MOR X14"),
        switch("device_balance_enabled", "a balance of its own, since MOR X14"),
        text("balance", "an amount, since MOR X14"),
        number("ringing_timeout", "longest ringing, since MOR X16", 10, unit="s"),
        switch("callerid_control_by_dids", "needs DIDs and an empty callerid_number, since MOR X16"),
    ),
    hashed=("device", "authentication", "username", "host", "port"),
    checks=(
        _check_authentication,
        shaped("extension", "[a-z0-9#*]+", "a-z, 0-9, # and * only"),
        shaped("balance", r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "an amount, like 12.50"),
        digits("pin"),
    ),
    pin_param="pin",
    marker="status/success",
    texts=("Device successfully updated",),
    errors=("Incorrect hash", "Access Denied", "Device was not found", "Location was not found"),
)

DEVICE_DELETE = Call(
    name="device_delete",
    old_name="device_destroy",
    summary="Deletes a device; one that had calls can only be hidden.",
    mutating=True,
    destructive=True,
    repeat=Repeat.REFUSED,
    evidence=Evidence.WIKI,
    since="MOR 11 (device_destroy until 2013)",
    params=(ident("device", "the device", required=True),),
    hashed=("device",),
    marker="status",
    texts=("Device was deleted",),
    errors=(
        "Device was not found",
        "Incorrect hash",
        "Registration over API is disabled",
        "Dont be so smart",
        "Access Denied",
        "Cannot delete device - it has calls. You can only hide device's user. "
        "Why is that and how to do that - please read in manual.",
        "Device has forwarded calls - we cannot delete it",
        "Unable to delete this device - it is used in Call Flow for Fax Detect",
        "Device has Dial Plans - we cannot delete it",
        "One or more Location rules are using this Device",
        "Cannot delete device - it is assigned to Queue",
    ),
)

MORPHONE_DETAILS_GET = Call(
    name="morphone_details_get",
    summary="Reads what a MOR phone of the caller needs to log in.",
    evidence=Evidence.WIKI,
    since="MOR X4",
    signed=False,
    needs_password=True,
    marker="device",
    returns=(
        *texts("server_ip", "server_port", "did_number"),
        Field(
            name="device",
            kind=Kind.RECORD,
            fields=(text("username"), secret("password"), text("enabled_codecs")),
        ),
    ),
    errors=("Bad login", "Device was not found"),
)

DEVICES = (
    DEVICES_GET,
    DEVICE_DETAILS_GET,
    DEVICE_CREATE,
    DEVICE_UPDATE,
    DEVICE_DELETE,
    MORPHONE_DETAILS_GET,
)
