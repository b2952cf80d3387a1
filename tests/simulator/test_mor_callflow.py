"""Call flows over the API: the states, what each action makes of them, and what is refused."""

import pytest

from console.simulator.softswitch import Softswitch

from .phones import error, phones, said

ORDER = ("device_id", "state", "callflow_action")
UPDATED = "<page> <status> <success>Call Flow successfully updated</success> </status> </page>"
REFUSED = error("Call Flow was not updated")


def flow(world: Softswitch, device_id: str = "2", **more: str) -> str:
    return said(world, "device_callflow_get", "device_id", device_id=device_id, **more)


def update(world: Softswitch, **params: str) -> str:
    return said(world, "device_callflow_update", *ORDER, **{"device_id": "2", **params})


def test_a_flow_has_every_state_once_and_in_order() -> None:
    page = flow(phones())
    assert page.startswith(
        "<page>\n  <user>hall</user>\n  <device>SIP/gate</device>\n  <callflow>\n"
        "    <state>Before call</state>\n    <priority>1</priority>\n"
        "    <action></action>\n    <data></data>\n  </callflow>\n"
    )
    states = ["Before call", "Call", "Answered", "No answer", "Busy", "Failed"]
    places = [page.index(f"<state>{state}</state>") for state in states]
    assert places == sorted(places)
    assert page.count("<callflow>") == 6
    assert "data2" not in page


def test_the_newest_servers_answer_five_data() -> None:
    page = flow(phones(profile="live"))
    assert "<data></data>\n    <data2></data2>\n    <data3></data3>\n    <data4></data4>\n    <data5>" in page


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        (
            {"callflow_action": "forward", "state": "busy", "forward_to_device": "7"},
            ("Forward", "7", "local"),
        ),
        (
            {"callflow_action": "forward", "state": "no_answer", "external_number": "123"},
            ("Forward", "123", "external"),
        ),
        (
            {"callflow_action": "fax_detect", "state": "before_call", "fax_device": "7"},
            ("Fax detect", "7", ""),
        ),
        ({"callflow_action": "voicemail", "state": "failed", "voicemail": "12"}, ("Voicemail", "12", "")),
        ({"callflow_action": "empty", "state": "busy"}, ("", "", "")),
    ],
)
def test_each_action(params: dict[str, str], shown: tuple[str, str, str]) -> None:
    world = phones(profile="live")
    assert update(world, **params) == UPDATED
    action, data, data2 = shown
    expected = f"<action>{action}</action>\n    <data>{data}</data>\n    <data2>{data2}</data2>"
    assert expected in flow(world)


def test_the_caller_id_of_a_forwarded_call_is_kept() -> None:
    world = phones(profile="live")
    update(world, callflow_action="forward", state="busy", external_number="1", custom="555")
    assert "<data3>custom</data3>\n    <data4>555</data4>" in flow(world)


@pytest.mark.parametrize(
    ("params", "answer"),
    [
        ({"device_id": "9", "callflow_action": "empty", "state": "busy"}, error("Device was not found")),
        ({"callflow_action": "empty", "state": "answered"}, REFUSED),
        ({"callflow_action": "dance", "state": "busy"}, REFUSED),
        ({"callflow_action": "fax_detect", "state": "busy", "fax_device": "7"}, REFUSED),
        ({"callflow_action": "forward", "state": "busy"}, REFUSED),
        (
            {"callflow_action": "forward", "state": "busy", "forward_to_device": "9"},
            error("Device was not found"),
        ),
    ],
)
def test_what_is_refused_changes_nothing(params: dict[str, str], answer: str) -> None:
    world = phones()
    before = flow(world)
    assert update(world, **params) == answer
    assert flow(world) == before


def test_the_flow_of_a_device_that_is_not_the_callers() -> None:
    assert flow(phones(), "9") == error("Device was not found")
    assert flow(phones(), u="books") == error("You are not authorised to use this functionality")
