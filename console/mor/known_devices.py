"""The devices of a user, read again and again: what has not changed is not made anew.

A hundred thousand devices take a second to read and sixty megabytes to hold, and from one read to
the next hardly any of them changes.
"""

from collections.abc import Mapping

from console.mor import rows, wire
from console.mor.calls import Call
from console.mor.replies import Device


class KnownDevices:
    """The devices of one user as they were read last."""

    def __init__(self, user_id: int) -> None:
        self._user_id = user_id
        # Large replies are read in threads: both change together, so that they always fit.
        self._known: tuple[int | None, tuple[Device, ...]] = (None, ())

    def read(self, call: Call, body: bytes) -> tuple[Device, ...]:
        """Return the devices in a reply of the call; the very same ones as before where they are equal.

        Raises:
            ServerError, DocumentError: as `wire.decode_rows`.
        """
        same = hash(body)  # 64 bits, keyed anew in each process
        last, devices = self._known
        if same == last:
            return devices
        before = {device.device_id: device for device in devices}
        devices = wire.decode_rows(call, body, lambda row: self._device(row, before))
        self._known = (same, devices)
        return devices

    def _device(self, row: Mapping[str, str], known: Mapping[int, Device]) -> Device | None:
        device = rows.device(self._user_id, row)
        before = None if device is None else known.get(device.device_id)
        return before if before == device else device
