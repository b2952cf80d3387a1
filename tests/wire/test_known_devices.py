"""Devices read again and again: the same while nothing changes, and never those of another reply."""

from collections.abc import Callable
from typing import Any

from console.mor.calls import find
from console.mor.known_devices import KnownDevices

CALL = find("devices_get")
assert CALL is not None


def listed(*ids: int) -> bytes:
    rows = "".join(f"<device><device_id>{one}</device_id></device>" for one in ids)
    return f"<page><devices>{rows}</devices></page>".encode()


def read(known: KnownDevices, body: bytes) -> tuple[int, ...]:
    assert CALL is not None
    return tuple(device.device_id for device in known.read(CALL, body))


def test_what_did_not_change_is_the_very_same() -> None:
    assert CALL is not None
    known = KnownDevices(100)
    first = known.read(CALL, listed(1, 2))
    assert known.read(CALL, listed(1, 2)) is first
    later = known.read(CALL, listed(2, 3))
    assert [device.device_id for device in later] == [2, 3]
    assert later[0] is first[1]


class Interrupted(KnownDevices):
    """Another thread reads another reply whenever something is kept."""

    meanwhile: Callable[[], Any] | None = None

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if self.meanwhile is not None and name != "meanwhile":
            work, self.meanwhile = self.meanwhile, None
            work()


def test_two_replies_at_a_time_are_not_taken_for_each_other() -> None:
    known = Interrupted(100)
    known.meanwhile = lambda: read(known, listed(8, 9))
    assert read(known, listed(1, 2)) == (1, 2)
    assert read(known, listed(1, 2)) == (1, 2)
    assert read(known, listed(8, 9)) == (8, 9)
