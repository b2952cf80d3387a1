"""What is said about a failed call is safe to show, and names its class."""

import pytest

from console.outcome import CallFailed, NotSent, Outcome, Refused, Unknown

HOSTILE = "no \x1b[2J\u202e [@click=app.quit]x"


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (Refused("openport", HOSTILE, 1000), Outcome.REFUSED),
        (Refused("device_rule_create", HOSTILE), Outcome.REFUSED),
        (NotSent(HOSTILE), Outcome.NOT_SENT),
        (Unknown(HOSTILE), Outcome.UNKNOWN),
    ],
)
def test_the_message_is_safe_in_every_form(failure: CallFailed, outcome: Outcome) -> None:
    assert failure.outcome is outcome
    for shown in (str(failure), failure.reason, repr(failure), *map(str, failure.args)):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "[@click=app.quit]x" in shown


def test_a_refusal_keeps_code_and_meaning() -> None:
    refused = Refused("openport", "The specified Port is closing.", 1001)
    assert (refused.method, refused.code) == ("openport", 1001)
    assert refused.meaning == "The specified Port is closing."
    assert str(refused) == "openport refused (1001): The specified Port is closing."
    assert str(Refused("devices_get", "Bad login")) == "devices_get refused: Bad login"
