"""How devices and users look as rows; pure."""

from console.interface.drawing import Line, Tone, fit
from console.mor.replies import Device, User
from console.state.quality import Quality

HEADER = "  id      type     name             address"


def device_row(device: Device, quality: Quality, *, marked: bool) -> Line:
    """Return one device as a row."""
    live = quality is Quality.LIVE
    value = Tone.PLAIN if live else Tone.STALE
    if device.registered:
        address = (f"{device.ipaddr}:{device.port}", value)
    else:
        address = ("not registered", Tone.DIM if live else Tone.STALE)
    return (
        ("* " if marked else "  ", Tone.MARK),
        (f"{device.device_id:<7d} ", value),
        (fit(device.device_type, 8) + " ", Tone.DIM if live else Tone.STALE),
        (fit(device.username or "-", 16) + " ", value),
        address,
    )


def user_words(user: User) -> str:
    """Return a user's name for a list."""
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return f"{user.user_id} {user.username}" + (f" ({name})" if name else "")
