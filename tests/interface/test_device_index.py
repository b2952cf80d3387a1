"""Devices in an order, and what a filter finds of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.interface import device_index
from console.interface.device_index import DeviceIndex, DeviceSort, find, index_devices
from console.mor.replies import Device

from .world import SECRET, device

WORDS = st.text(alphabet="abX 1.", max_size=4)
DEVICES = st.lists(
    st.builds(
        device,
        st.integers(1, 50),
        st.sampled_from(["alpha", "Beta", "gate-7", "", "ÄRA"]),
        device_type=st.sampled_from(["SIP", "IAX2"]),
        ipaddr=st.sampled_from(["10.0.0.7", "9.1.2.3", "0.0.0.0", "", "no address"]),
        callerid=st.sampled_from(["", "Office <101>"]),
    ),
    unique_by=lambda one: one.device_id,
    max_size=30,
)


def found(index: DeviceIndex, text: str) -> list[int]:
    return [index.ids[place] for place in find(index, text).places]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("7", True),
        ("sip", True),
        ("RECEP", True),
        ("10.0.0", True),
        ("office", True),
        ("recep 10.0", True),
        ("recep fax", False),
        ("not registered", False),
    ],
)
def test_every_word_must_stand_in_what_is_shown(text: str, matches: bool) -> None:
    index = index_devices([device(7, "reception", callerid="Office")], DeviceSort.ID)
    assert found(index, text) == ([7] if matches else [])


@given(DEVICES, st.text())
def test_no_filter_finds_a_secret_and_none_is_an_error(devices: list[Device], text: str) -> None:
    index = index_devices(devices, DeviceSort.ID)
    assert set(found(index, text)) <= set(index.by_id)
    assert found(index, SECRET) == []


@given(DEVICES, st.lists(WORDS, min_size=1, max_size=6), st.sampled_from(DeviceSort))
def test_typing_on_finds_what_a_fresh_look_would(
    devices: list[Device], texts: list[str], order: DeviceSort
) -> None:
    index, before = index_devices(devices, order), None
    for text in texts:
        before = find(index, text, before)
        assert list(before.places) == list(find(index, text).places)


ORDERS = {
    DeviceSort.ID: [1, 2, 3, 4],
    DeviceSort.NAME: [4, 2, 1, 3],
    DeviceSort.TYPE: [2, 1, 3, 4],
    DeviceSort.ADDRESS: [2, 1, 4, 3],
}


@pytest.mark.parametrize("order", DeviceSort)
def test_orders(order: DeviceSort) -> None:
    phones = [
        device(3, "gate-7", ipaddr="0.0.0.0"),
        device(1, "Crane", ipaddr="10.0.0.7"),
        device(4, "alpha", ipaddr="10.0.0.12"),
        device(2, "beta", device_type="IAX2", ipaddr="9.9.9.9"),
    ]
    assert list(index_devices(phones, order).ids) == ORDERS[order]


@given(DEVICES, st.sampled_from(DeviceSort), st.integers(1, 7))
def test_pieces_make_the_same_order_as_the_whole(
    devices: list[Device], order: DeviceSort, piece: int
) -> None:
    whole = index_devices(devices, order)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device_index, "PIECE", piece)
        assert index_devices(devices, order) == whole
    assert sorted(whole.ids) == sorted(one.device_id for one in devices)
    assert len(whole.texts) == len(whole.ids) == len(whole.by_id)
