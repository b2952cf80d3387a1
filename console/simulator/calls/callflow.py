"""Calls about what happens to a call to a device (mor.md 3.10).

The page of device_callflow_update has lost the words of its success and all but one error: those here
are the simulator's own.
"""

from collections.abc import Mapping

from console.mor.calls import Profile
from console.simulator.calls import pages
from console.simulator.calls.devices import owned
from console.simulator.calls.params import Params
from console.simulator.softswitch import Denied, Softswitch
from console.simulator.telephony import Device, Step, User

FORWARD = "Forward"
FAX_DETECT = "Fax detect"
VOICEMAIL = "Voicemail"

_STATES: Mapping[str, str] = {
    "before_call": "Before call",
    "no_answer": "No answer",
    "failed": "Failed",
    "busy": "Busy",
}

_HOLDS: Mapping[str, str] = {
    FORWARD: "Device has forwarded calls - we cannot delete it",
    FAX_DETECT: "Unable to delete this device - it is used in Call Flow for Fax Detect",
}


def device_callflow_get(world: Softswitch, caller: User, params: Params) -> str:
    """List what a device does with calls, state by state; the newest servers answer five data of each.

    Raises:
        Denied: the device is not the caller's.
    """
    device = owned(world, caller, params.get("device_id", ""))
    names = ["data", "data2", "data3", "data4", "data5"]
    shown = names if world.switches.profile is Profile.LIVE else names[:1]
    steps = world.flow_of(device)
    rows = [
        {"state": state, "priority": 1, "action": step.action, **_data(step, shown)}
        for state, step in steps.items()
    ]
    head = {"user": world.users[device.user_id].username, "device": device.channel}
    return pages.record_list(("page",), "callflow", rows, head)


def device_callflow_update(world: Softswitch, caller: User, params: Params) -> str:
    """Replace what a device does with calls in one state.

    Raises:
        Denied: a device is not the caller's, or action and state do not go together.
    """
    device = owned(world, caller, params.get("device_id", ""))
    state = _STATES.get(params.get("state", ""))
    if state is None:
        raise Denied("Call Flow was not updated")
    world.set_step(device, state, _step(world, caller, params, state))
    return pages.success("Call Flow successfully updated")


def held_by(world: Softswitch, device: Device) -> str:
    """Return why a device cannot be deleted while another's call flow leads to it; blank if none does."""
    reasons = [_HOLDS[step.action] for step in world.steps_to(device)]
    return reasons[0] if reasons else ""


def _step(world: Softswitch, caller: User, params: Params, state: str) -> Step:
    match params.get("callflow_action") or params.get("action"):
        case "empty":
            return Step()
        case "forward":
            return _forward(world, caller, params)
        case "fax_detect" if state == _STATES["before_call"]:
            fax = owned(world, caller, params.get("fax_device", ""))
            return Step(FAX_DETECT, (str(fax.device_id),), fax.device_id)
        case "voicemail":
            return Step(VOICEMAIL, (params.get("voicemail", ""),))
    raise Denied("Call Flow was not updated")


def _forward(world: Softswitch, caller: User, params: Params) -> Step:
    """Return the step that hands calls on: to whom, and with which caller ID."""
    shown_as = next(
        (name for name in ("device_callerid", "src_callerid", "did_id", "custom") if params.get(name)), ""
    )
    shown = params.get(shown_as, "")
    if params.get("forward_to_device"):
        target = owned(world, caller, params["forward_to_device"])
        return Step(FORWARD, (str(target.device_id), "local", shown_as, shown), target.device_id)
    if params.get("external_number"):
        return Step(FORWARD, (params["external_number"], "external", shown_as, shown))
    raise Denied("Call Flow was not updated")


def _data(step: Step, names: list[str]) -> dict[str, str]:
    values = [*step.data, *[""] * 5]
    return dict(zip(names, values, strict=False))
