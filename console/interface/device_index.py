"""A list of devices in an order, ready to be filtered as somebody types; pure.

A hundred thousand devices take a while to be put in order, which is done in short pieces: where
that happens on a thread, the thread of the screen gets its turn between them. To filter them
afterwards is one look at a text for each.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import chain, islice
from typing import Any

from msgspec import Struct

from console.mor.replies import Device

PIECE = 4000
"""Devices that are sorted in one go."""


class DeviceSort(StrEnum):
    """Orders of the devices pane; equals stand by id."""

    ID = "id"
    NAME = "name"
    TYPE = "type"
    ADDRESS = "address"


class DeviceIndex(Struct, frozen=True):
    """Devices in an order: `texts` are what a filter looks at, in the order of `ids`."""

    by_id: Mapping[int, Device] = {}
    ids: Sequence[int] = ()
    texts: Sequence[str] = ()


class Found(Struct, frozen=True):
    """What a filter keeps of an index, as places in its order."""

    words: Sequence[str]
    places: Sequence[int]


def index_devices(devices: Sequence[Device], order: DeviceSort) -> DeviceIndex:
    """Return the index of a list of devices."""
    by_id = {device.device_id: device for device in devices}
    key = _KEYS[order]
    ids = tuple(found[-1] for found in _sorted([(*key(one), one.device_id) for one in by_id.values()]))
    return DeviceIndex(by_id, ids, [_text(by_id[device_id]) for device_id in ids])


def find(index: DeviceIndex, text: str, before: Found | None = None) -> Found:
    """Return the devices in whose text every word stands.

    What was found `before` in the same index is all that is looked at where `text` only goes on.
    """
    words = tuple(text.lower().split())
    places: Sequence[int] = range(len(index.ids))
    if before is not None and all(any(old in word for word in words) for old in before.words):
        places = before.places
    texts = index.texts
    for word in words:
        places = [place for place in places if word in texts[place]]
    return Found(words, places)


def _text(device: Device) -> str:
    texts = device.device_type, device.username, device.ipaddr, device.callerid
    return f"{device.device_id} {' '.join(texts)}".lower()


def _address(device: Device) -> tuple[object, ...]:
    return not device.registered, tuple(part.zfill(3) for part in device.ipaddr.split("."))


_KEYS: dict[DeviceSort, Callable[[Device], tuple[object, ...]]] = {
    DeviceSort.ID: lambda device: (),
    DeviceSort.NAME: lambda device: (device.username.lower(),),
    DeviceSort.TYPE: lambda device: (device.device_type,),
    DeviceSort.ADDRESS: _address,
}


def _sorted(keys: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """Sort in pieces, then join them two by two: Python finds two sorted runs and merges them."""
    runs = [sorted(islice(keys, first, first + PIECE)) for first in range(0, len(keys), PIECE)]
    while len(runs) > 1:
        pairs = zip(runs[::2], chain(runs[1::2], [[]]), strict=False)
        runs = [sorted(one + other) for one, other in pairs]
    return runs[0] if runs else ()
