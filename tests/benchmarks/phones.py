"""Made-up phones, as many as wanted."""

from console.mor.replies import Device, User
from console.text import SafeText

PLACES = ("gate", "office", "crane", "pick", "reception", "dock", "pack", "hall")


def owner(user_id: int) -> User:
    """Return a user who has phones."""
    return User(user_id, SafeText("hall"), SafeText(""), SafeText(""), False, SafeText("user"))


def phones(number: int, user_id: int) -> tuple[Device, ...]:
    """Return so many registered phones of a user."""
    return tuple(
        Device(
            device_id=device_id,
            user_id=user_id,
            device_type=SafeText("SIP" if device_id % 3 else "IAX2"),
            username=SafeText(f"{PLACES[device_id * 7 % len(PLACES)]}-{device_id}"),
            ipaddr=SafeText(f"10.{device_id >> 16}.{device_id >> 8 & 255}.{device_id & 255}"),
            port=SafeText("5060"),
            primary=False,
            devicegroup_id=SafeText("1"),
            callerid=SafeText(f'"Phone {device_id}" <{4000 + device_id}>'),
        )
        for device_id in range(1, number + 1)
    )
