"""What happens to a call to a device, state by state (mor.md 3.10)."""

from console.fields import Arguments, Invalid
from console.mor.calls.call import Call, Evidence, Profile, Repeat
from console.mor.calls.parameters import choice, ident, number, text, texts

DEVICE_CALLFLOW_GET = Call(
    name="device_callflow_get",
    summary="Reads what a device does with calls, state by state.",
    evidence=Evidence.PART,  # the name of the first data element is lost
    since="2013",
    params=(ident("device_id", "the device", required=True),),
    hashed=("device_id",),
    marker="callflow",
    listing="callflow",
    record="callflow",
    header=texts("user", "device"),
    returns=(
        text("state"),
        number("priority"),
        *texts("action", "data", "data2", "data3", "data4", "data5"),
    ),
    errors=(
        "Device was not found",
        "You are not authorised to use this functionality",
        "User was not found",
        "Incorrect hash",
    ),
)


def _check_fax(arguments: Arguments, _profile: Profile) -> None:
    if arguments["callflow_action"] == "fax_detect" and arguments["state"] != "before_call":
        raise Invalid("state", arguments["state"], "before_call: faxes are only detected there")


# The published hash fits no order of parameters; this one is that of the newest public client. A wrong
# recipe is answered with `Incorrect hash`, and then nothing was written. The words of a success are lost,
# so its place is taken from device_update, the sister call.
DEVICE_CALLFLOW_UPDATE = Call(
    name="device_callflow_update",
    summary="Replaces what a device does with calls in one state.",
    mutating=True,
    destructive=True,
    repeat=Repeat.HARMLESS,
    evidence=Evidence.CLIENT,
    since="MOR X4",
    params=(
        ident("device_id", "the device", required=True),
        choice(
            "callflow_action",
            ("empty", "forward", "fax_detect", "voicemail"),
            "fax_detect only for before_call",
            required=True,
        ),
        choice(
            "state",
            ("before_call", "no_answer", "failed", "busy"),
            "which part of the flow is replaced",
            required=True,
        ),
        ident("forward_to_device", "device that gets the call"),
        text("external_number", "number that gets the call"),
        ident("fax_device", "device that gets faxes"),
        text("voicemail"),
        choice("device_callerid", ("true",), "forward with the caller ID of the device"),
        choice("src_callerid", ("true",), "forward with the caller's own ID"),
        ident("did_id", "forward with this DID as caller ID"),
        text("custom", "forward with this caller ID"),
    ),
    hashed=("device_id", "state", "callflow_action"),
    checks=(_check_fax,),
    marker="status/success",
    errors=("Incorrect hash",),
)

CALLFLOWS = (DEVICE_CALLFLOW_GET, DEVICE_CALLFLOW_UPDATE)
