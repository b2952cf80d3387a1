"""CLIs: numbers by which the server knows which device is calling (mor.md 3.11 to 3.13)."""

from console.mor.calls.call import Call, Evidence, Repeat
from console.mor.calls.parameters import digits, filled, ident, number, numbers, switch, text, texts, user_id

DEVICE_CLIS_GET = Call(
    name="device_clis_get",
    summary="Lists CLIs: of a device, of a user, or all.",
    evidence=Evidence.PART,  # how several CLIs are laid out is not shown
    since="August 2015",
    params=(ident("devices_id", "only those of this device"), user_id("users_id")),
    marker="status/cli_id",
    listing="clis",
    row_start="cli_id",
    returns=(
        number("cli_id"),
        *texts("cli_cli", "cli_domain", "cli_device", "cli_description", "cli_added_at"),
        *texts("cli_updated_at", "cli_comment", "cli_email_callback", "cli_banned"),
    ),
    empty=("CLIs were not found",),
    errors=(
        "Device was not found",
        "CLIs were not found",
        "Access Denied",
        "You are not authorized to use this functionality",
        "User was not found",
        "Incorrect hash",
    ),
)

CLI_ADD = Call(
    name="cli_add",
    summary="Ties a number or a domain to a device.",
    mutating=True,
    repeat=Repeat.REFUSED,
    evidence=Evidence.WIKI,
    params=(
        ident("device_id", "the device", required=True),
        text("cli_number", "the number, digits only"),
        text("cli_domain", "the domain"),
        text("cli_description", "words about it"),
        text("comment"),
        switch("banned", "1 keeps it from calling"),
        ident("ivr_id", "the IVR that answers it"),
    ),
    hashed=("device_id", "cli_number"),
    one_of=("cli_number", "cli_domain"),
    checks=(digits("cli_number"),),
    description_param="cli_description",
    marker="status",
    texts=("CLI successfully created",),
    errors=(
        "CLI must be numeric",
        "CLI already exists. It is assigned to user_name device",
        "CLI Number cannot be empty",
        "IVR was not found",
        "Device ID cannot be empty",
        "Access Denied",
        "You are not authorised to use this functionality",
        "Incorrect hash",
    ),
)

CLI_DELETE = Call(
    name="cli_delete",
    summary="Unties a number from its device.",
    mutating=True,
    destructive=True,
    repeat=Repeat.REFUSED,
    evidence=Evidence.WIKI,
    params=(text("cli_number", "the number, digits only", required=True),),
    hashed=("cli_number",),
    checks=(filled("cli_number"), digits("cli_number")),
    marker="status",
    texts=("CLI successfully deleted",),
    errors=(
        "CLI was not found",
        "Access Denied",
        "You are not authorised to use this functionality",
        "Incorrect hash",
    ),
)

CLI_INFO_GET = Call(
    name="cli_info_get",
    old_name="cli_get_info",
    summary="Finds the device that a number is tied to.",
    evidence=Evidence.WIKI,
    since="2013",
    params=(text("cli", "the number", required=True), text("domain", "its domain")),
    checks=(filled("cli"),),
    marker="cli",
    listing="cli",
    record="cli/device",
    returns=numbers("user_id", "device_id"),
    errors=("CLI not found", "CLI is empty", "Access Denied", "Bad login", "Incorrect hash"),
)

CLIS = (DEVICE_CLIS_GET, CLI_ADD, CLI_DELETE, CLI_INFO_GET)
