"""How devices and users look in lists."""

import pytest

from console.interface.device_rows import device_row, user_words
from console.interface.drawing import Tone, plain
from console.state.quality import Quality

from .world import device, user


def test_a_device_as_a_row() -> None:
    row = device_row(device(7, "reception", callerid="Reception <101>"), Quality.LIVE, marked=True)
    assert plain(row) == "* 7       SIP      reception        10.0.0.7:5060"


@pytest.mark.parametrize("address", [{"ipaddr": "0.0.0.0"}, {"ipaddr": ""}, {"port": "0"}, {"port": ""}])
def test_a_phone_without_an_address_is_not_registered(address: dict[str, str]) -> None:
    assert plain(device_row(device(8, **address), Quality.LIVE, marked=False)).endswith("not registered")


@pytest.mark.parametrize("quality", [quality for quality in Quality if quality is not Quality.LIVE])
@pytest.mark.parametrize("ipaddr", ["10.0.0.7", "0.0.0.0"])
def test_a_stale_device_never_has_the_look_of_a_live_one(quality: Quality, ipaddr: str) -> None:
    row = device_row(device(7, ipaddr=ipaddr), quality, marked=False)
    assert {tone for text, tone in row if text.strip()} == {Tone.STALE}


def test_users_by_id_login_and_name() -> None:
    assert user_words(user(100, "hall2", "Hall", "Two")) == "100 hall2 (Hall Two)"
    assert user_words(user(3, "spare")) == "3 spare"
